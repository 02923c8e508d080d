"""Which region's price of a good is told?"""

import pytest

import derisk
from derisk.scenario import parse_scenario
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


def test_of_a_good_that_nobody_is_short_of_it_is_the_region_that_takes_most():
    rows = [row | {"base_quantity_t": taken} for row, taken in zip(peaks(BEL=2.2, CHN=1.9, USA=1.1), (3.0, 900.0, 5e4))]
    assert told_peak(rows, [])["region"] == "CHN"


def test_an_ore_that_no_end_use_takes_has_the_price_that_its_smelters_pay():
    scenario = parse_scenario("""
        name: t
        base_year: 2024
        months: 1
        measures:
          - {kind: outage, by: CHN, goods: [tungsten_concentrate], share: 0.5, from: 2025-01, why: A test.}
          - {kind: outage, by: COD, goods: [refined_copper], share: 0.5, from: 2025-01, why: A test.}
    """)
    study = derisk.run_study(scenario, draws=1)
    assert "tungsten_concentrate" not in set(study.use.loc[study.use["base_quantity_t"] > 0, "good"])
    ore = {row["region"]: row for row in study.summary["peak_price_ratio"] if row["good"] == "tungsten_concentrate"}
    assert ore["CHN"]["p50"] > 1.1
    residues = study.prices[study.prices["good"] == "cobalt_residue"]
    assert residues["delivered_price_ratio"].max() > 1.1
    assert not any(row["good"] == "cobalt_residue" for row in study.summary["peak_price_ratio"])
    arrivals = study.flows[(study.flows["good"] == "tungsten_concentrate") & (study.flows["destination"] == "CHN")]
    assert ore["CHN"]["base_quantity_t"] == pytest.approx(arrivals["base_quantity_t"].sum())
    assert (ore["CHN"]["rationed_share"], ore["CHN"]["end_use"]) == (0.0, False)
    metal = next(
        row for row in study.summary["peak_price_ratio"] if (row["good"], row["region"]) == ("tungsten", "CHN")
    )
    used = study.use[
        (study.use["good"] == "tungsten") & (study.use["region"] == "CHN") & (study.use["use"] != "disposal")
    ]
    assert metal["end_use"] is True
    assert metal["base_quantity_t"] == pytest.approx(used["base_quantity_t"].sum())


@pytest.mark.parametrize(
    ("month", "months", "rising"), [("2026-12", 12, True), ("2026-11", 12, False), ("2026-01", 1, False)]
)
def test_a_peak_in_the_last_of_several_months_is_still_rising(month, months, rising):
    assert still_rising({"month": month}, {"start": "2026-01", "months": months}) is rising
