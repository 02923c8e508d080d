"""The answer says what the summary says, in words."""

import pytest

from derisk.study.answer import answer_words, usd


@pytest.mark.parametrize(
    ("value_musd", "text"),
    [
        (1_234_567.0, "USD 1.23 trillion"),
        (12_345.0, "USD 12.3 billion"),
        (999_600.0, "USD 1.00 trillion"),
        (152.0, "USD 152 million"),
        (0.5, "USD 0.50 million"),
        (0.0, "less than USD 10,000"),
    ],
)
def test_money_has_three_figures(value_musd, text):
    assert usd(value_musd) == text


def summary(**changes):
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 0.0)
    return {
        "base_year": 2024,
        "start": "2026-01",
        "months": 12,
        "draws": 1,
        "converged_draws": 1,
        "value_added_lost_musd": flat,
        "forgone_value_musd": flat,
        "saved_musd": None,
        "by_region": [],
        "by_use": [],
        "shortfall": [],
        "peak_price_ratio": [],
        "without_remedies": None,
    } | changes


def test_calm_is_called_calm():
    assert answer_words(summary(months=1)).startswith("In one month nobody runs short")


def test_loss_place_price_and_levers_are_named():
    spread = {"mean": 100.0, "p05": 50.0, "p50": 100.0, "p95": 150.0, "cvar95": 150.0}
    worst = summary(
        converged_draws=50,
        value_added_lost_musd={key: 2 * value for key, value in spread.items()},
        forgone_value_musd=dict.fromkeys(spread, 7.0),
        by_region=[{"region": "DEU", "value_added_lost_musd": 5.0}, {"region": "JPN", "value_added_lost_musd": 9.0}],
        by_use=[{"use": "electronics", "value_added_lost_musd": 9.0}],
        peak_price_ratio=[
            {"good": "gallium", "region": "USA", "p05": 9.0, "p50": 90.0, "p95": 99.0, "rationed_share": 1.0},
            {"good": "ndfeb_magnet", "region": "MEX", "p05": 4.3, "p50": 4.3, "p95": 4.3, "rationed_share": 0.0},
            {"good": "ndfeb_magnet", "region": "JPN", "p05": 14.0, "p50": 160.4, "p95": 790.0, "rationed_share": 0.0},
        ],
        shortfall=[
            {"good": "ndfeb_magnet", "region": "MEX", "shortfall_t": 3.0},
            {"good": "ndfeb_magnet", "region": "JPN", "shortfall_t": 9.0},
        ],
        demand_elasticities=[{"good": "ndfeb_magnet", "value": 0.1, "status": "assumed"}],
    )
    text = answer_words(
        summary(converged_draws=50, value_added_lost_musd=spread, saved_musd=spread, without_remedies=worst)
    )
    assert text.startswith(
        "Over twelve months users go without tonnes worth USD 7.00 million; if they find no way round, up to"
    )
    assert "up to USD 200 million of value added (5 to 95 %: USD 100 million to USD 300 million) is at risk" in text
    assert "Japan and in electronics" in text
    price = "In Japan the price of NdFeB magnets reaches 160 times its base"
    assert f"{price} (5 to 95 %: 14 to 790 times; how far its users cut back is assumed)" in text
    assert "gallium must be rationed" in text
    brought = "The levers bring the value added at risk down to USD 100 million (5 to 95 %: USD 50.0 million to USD 150"
    assert brought in text
    assert "save" not in text  # the saving draw by draw is another number than the difference of the two medians


@pytest.mark.parametrize(("status", "told"), [("assumed", True), ("scenario", True), ("reported", False)])
def test_a_price_is_said_to_rest_on_an_assumption_only_where_it_does(status, told):
    peak = {"good": "gallium", "region": "JPN", "p05": 2.0, "p50": 3.0, "p95": 4.0, "rationed_share": 0.0}
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 100.0)
    stated = [{"good": "gallium", "value": 0.1, "status": status}]
    text = answer_words(summary(value_added_lost_musd=flat, peak_price_ratio=[peak], demand_elasticities=stated))
    assert ("3.0 times its base (how far its users cut back is assumed)" in text) is told
    assert "5 to 95 %" not in text  # one draw has no range


def test_levers_that_make_it_worse_are_said_to():
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 100.0)
    worse = dict.fromkeys(flat, 110.0)
    before = summary(value_added_lost_musd=flat)
    more = dict.fromkeys(flat, -10.0)
    text = answer_words(summary(value_added_lost_musd=worse, saved_musd=more, without_remedies=before))
    assert "The levers raise the value added at risk to USD 110 million." in text


def test_a_good_rationed_somewhere_is_not_given_a_price_elsewhere():
    peaks = [("dytb_oxide", "USA", 990.0, 1.0), ("dytb_oxide", "ITA", 856.0, 0.2), ("gallium", "JPN", 8.0, 0.0)]
    names = ("good", "region", "p50", "rationed_share")
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 100.0)
    rows = [dict(zip(names, peak, strict=True)) for peak in peaks]
    text = answer_words(summary(value_added_lost_musd=flat, peak_price_ratio=rows))
    assert "In Japan the price of gallium reaches 8.0 times its base; Dy-Tb oxide must be rationed" in text
    assert "Italy" not in text


def test_many_rationed_goods_are_a_list():
    goods = ("battery_anode", "dytb_oxide", "gallium", "germanium")
    rows = [{"good": good, "region": "USA", "p50": 9.0, "rationed_share": 1.0} for good in goods]
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 100.0)
    text = answer_words(summary(value_added_lost_musd=flat, peak_price_ratio=rows))
    assert "Battery anode graphite, Dy-Tb oxide, gallium and 1 more must be rationed" in text


def test_of_few_draws_the_range_is_from_the_lowest_to_the_highest_and_a_last_peak_still_rises():
    lost = {"mean": 100.0, "p05": 50.0, "p50": 100.0, "p95": 150.0, "cvar95": 150.0}
    peak = {"good": "gallium", "region": "JPN", "p05": 2.0, "p50": 3.0, "p95": 4.0, "rationed_share": 0.0}
    few = summary(converged_draws=4, value_added_lost_musd=lost, peak_price_ratio=[peak | {"month": "2026-12"}])
    text = answer_words(few)
    assert "of value added (lowest to highest of 4 draws: USD 50.0 million to USD 150 million) is at risk" in text
    assert "reaches 3.0 times its base, still rising at the end (lowest to highest: 2.0 to 4.0 times)" in text
    assert "still rising" not in answer_words(few | {"peak_price_ratio": [peak | {"month": "2026-11"}]})
