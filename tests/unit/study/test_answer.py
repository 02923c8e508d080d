"""The answer says what the summary says, in words."""

import pytest

from derisk.study.answer import answer_sentence, usd


@pytest.mark.parametrize(
    ("value_musd", "text"),
    [
        (1_234_567.0, "USD 1.23 trillion"),
        (12_345.0, "USD 12.3 billion"),
        (999_600.0, "USD 1 trillion"),
        (152.0, "USD 152 million"),
        (0.5, "USD 0.5 million"),
        (0.0, "less than USD 10 000"),
    ],
)
def test_money_has_three_figures(value_musd, text):
    assert usd(value_musd) == text


def summary(**changes):
    flat = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 0.0)
    return {
        "base_year": 2024,
        "months": 12,
        "draws": 1,
        "value_added_lost_musd": flat,
        "by_region": [],
        "by_use": [],
        "shortfall": [],
        "peak_price_ratio": [],
        "without_remedies": None,
    } | changes


def test_calm_is_called_calm():
    assert answer_sentence(summary(months=1)).startswith("In one month nobody runs short")


def test_loss_place_price_and_levers_are_named():
    spread = {"mean": 100.0, "p05": 50.0, "p50": 100.0, "p95": 150.0, "cvar95": 150.0}
    worst = summary(
        draws=50,
        value_added_lost_musd={key: 2 * value for key, value in spread.items()},
        by_region=[{"region": "DEU", "value_added_lost_musd": 5.0}, {"region": "JPN", "value_added_lost_musd": 9.0}],
        by_use=[{"use": "electronics", "value_added_lost_musd": 9.0}],
        peak_price_ratio=[
            {"good": "gallium", "region": "USA", "p50": 90.0, "rationed_share": 1.0},
            {"good": "ndfeb_magnet", "region": "MEX", "p50": 4.3, "rationed_share": 0.0},
            {"good": "ndfeb_magnet", "region": "JPN", "p50": 160.4, "rationed_share": 0.0},
        ],
        shortfall=[
            {"good": "ndfeb_magnet", "region": "MEX", "shortfall_t": 3.0},
            {"good": "ndfeb_magnet", "region": "JPN", "shortfall_t": 9.0},
        ],
    )
    text = answer_sentence(summary(draws=50, value_added_lost_musd=spread, without_remedies=worst))
    assert "USD 200 million of value added is at risk (5 to 95 %: USD 100 million to USD 300 million)" in text
    assert "Japan and in electronics" in text
    assert "in Japan the price of NdFeB magnets reaches 160 times its base" in text
    assert "gallium must be rationed" in text
    assert "cut the loss by 50\N{NO-BREAK SPACE}%, to USD 100 million" in text
