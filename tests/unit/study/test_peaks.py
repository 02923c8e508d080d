"""Which region's price of a good is told?"""

import pytest

from derisk.study.peaks import still_rising, told_peak


def peaks(**ratios):
    return [{"region": region, "p50": ratio} for region, ratio in ratios.items()]


@pytest.mark.parametrize(
    ("ratios", "short", "told"),
    [
        ({"JPN": 9.0, "USA": 8.0}, {"JPN": 1.0, "USA": 5.0}, "USA"),
        ({"KOR": 1.26, "CHN": 1.02}, {"KOR": 1.0, "CHN": 90.0}, "KOR"),
        ({"KOR": 3.0, "JPN": 3.0}, {}, "JPN"),
        ({"KOR": 0.9, "JPN": 0.8}, {"JPN": 1.0}, "JPN"),
    ],
)
def test_the_region_short_of_most_where_the_price_rises_much(ratios, short, told):
    shortfall = [{"region": region, "shortfall_t": tonnes} for region, tonnes in short.items()]
    assert told_peak(peaks(**ratios), shortfall)["region"] == told


@pytest.mark.parametrize(
    ("month", "months", "rising"), [("2026-12", 12, True), ("2026-11", 12, False), ("2026-01", 1, False)]
)
def test_a_peak_in_the_last_of_several_months_is_still_rising(month, months, rising):
    assert still_rising({"month": month}, {"start": "2026-01", "months": months}) is rising
