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


def lacked(good, region, share, *, tonnes):
    ends = {"shortfall_share_p05": 0.8 * share, "shortfall_share_p95": 1.2 * share}
    return {
        "good": good,
        "region": region,
        "shortfall_t": tonnes,
        "shortfall_share": share,
        "base_value_musd": 1.0,
    } | ends


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
        shortfall_by_region=[lacked("gallium", "USA", 0.43, tonnes=3.0), lacked("gallium", "CHN", 0.9, tonnes=9.0)],
        by_good=[
            {"good": "gallium", "paid_above_base_musd": 9e3},
            {"good": "ndfeb_magnet", "paid_above_base_musd": 80.0},
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
    missing = "43 % of the gallium they want (5 to 95 %: 34 % to 52 %)"
    assert f"Gallium must be rationed: whatever they pay, users in the United States go without {missing}." in text
    price = "dearer NdFeB magnets costs users most, USD 80.0 million above base prices: in Japan the price reaches 160"
    assert f"Of the other goods, {price} times its base (5 to 95 %: 14 to 790 times; how far its users cut" in text
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
    assert "Dy-Tb oxide must be rationed. In Japan the price of gallium reaches 8.0 times its base." in text
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


def peaks_of(*rows):
    names = ("good", "region", "p05", "p50", "p95", "rationed_share")
    return [dict(zip(names, row, strict=True)) for row in rows]


FLAT = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 100.0)
RISING = peaks_of(
    ("yttrium_oxide", "JPN", 16.0, 380.0, 990.0, 0.2),
    ("battery_anode", "USA", 2.1, 5.5, 8.3, 0.0),
    ("lithium_chemical", "USA", 1.0, 1.02, 1.1, 0.0),
)


def bills(**musd):
    return [{"good": good, "paid_above_base_musd": paid} for good, paid in musd.items()]


def test_the_price_told_is_of_the_good_that_costs_users_most_and_not_the_largest_ratio():
    text = answer_words(
        summary(
            converged_draws=4,
            value_added_lost_musd=FLAT,
            peak_price_ratio=RISING,
            by_good=bills(lithium_chemical=9e5, battery_anode=4842.0, yttrium_oxide=677.0),
        )
    )
    told = "Dearer battery anode graphite costs users most, USD 4.84 billion above base prices: in the United States"
    assert f"{told} the price reaches 5.5 times its base (lowest to highest: 2.1 to 8.3 times)." in text
    assert "yttrium" not in text  # the largest ratio
    assert "lithium" not in text  # the largest bill, of a price that prints as unmoved


def test_where_no_end_user_pays_more_the_largest_ratio_is_told_without_a_bill():
    text = answer_words(summary(value_added_lost_musd=FLAT, peak_price_ratio=RISING, by_good=[]))
    assert "In Japan the price of yttrium oxide reaches 380 times its base" in text
    assert "above base prices" not in text


@pytest.mark.parametrize(
    ("draws", "rationed_share", "end"),
    [
        (4, 0.0, "16 to 990 times"),
        (4, 0.25, "16 times to rationing at any price"),
        (50, 0.04, "16 to 990 times"),
        (50, 0.06, "16 times to rationing at any price"),
    ],
)
def test_a_range_whose_upper_end_is_rationed_ends_in_words(draws, rationed_share, end):
    peak = RISING[0] | {"rationed_share": rationed_share}
    text = answer_words(summary(converged_draws=draws, value_added_lost_musd=FLAT, peak_price_ratio=[peak]))
    assert f": {end})" in text


def test_a_range_that_prints_as_one_number_is_not_told():
    peak = RISING[1] | {"p05": 1.11, "p50": 1.12, "p95": 1.13}
    text = answer_words(summary(converged_draws=4, value_added_lost_musd=FLAT, peak_price_ratio=[peak]))
    assert "reaches 1.1 times its base." in text


def test_of_rationed_goods_the_most_valuable_shortage_leads():
    rationed = peaks_of(("gallium", "USA", 9.0, 90.0, 99.0, 1.0), ("ndfeb_magnet", "DEU", 9.0, 90.0, 99.0, 1.0))
    short = [lacked("gallium", "USA", 0.9, tonnes=9.0), lacked("ndfeb_magnet", "DEU", 0.5, tonnes=9.0)]
    short[1]["base_value_musd"] = 5.0
    text = answer_words(summary(value_added_lost_musd=FLAT, peak_price_ratio=rationed, shortfall_by_region=short))
    words = (
        "NdFeB magnets and gallium must be rationed: whatever they pay, users in Germany go without 50 % of the NdFeB"
    )
    assert words in text
    assert "times its base" not in text
