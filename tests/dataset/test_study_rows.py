"""Rows of the studies: recipes that repeat, known shares, closed sums, and disagreement that became a range."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from derisk.data.shares import supply_share

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"
CITED = "bgs-wms-cited"


def read(name: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted((DATASET / "observations").glob(f"*/{name}.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return rows


def chosen(dataset, **words):
    rows = dataset.rows(**words)
    return rows[rows["chosen"]]


def test_refined_nickel_adds_up_to_the_worlds(dataset) -> None:
    for field, period in (("production", "2023"), ("production", "2024"), ("production_base_case", "2030"),
                          ("production_base_case", "2035"), ("production_base_case", "2040")):  # fmt: skip
        rows = chosen(dataset, field=field, good="refined_nickel", period=period)
        world = rows.loc[rows["region"] == "WLD", "value"].item()
        countries = rows.loc[rows["region"] != "WLD", "value"].sum()
        assert countries == pytest.approx(world, rel=1e-9), period


def test_shares_of_refining_that_the_agency_states(dataset) -> None:
    indonesia = supply_share(dataset, material="nickel", stage="refining", region="IDN", period="2024")
    assert indonesia.value_share == pytest.approx(0.4286, abs=0.0005)
    anode = supply_share(dataset, material="graphite", stage="refining", region="CHN", period="2023",
                         good="battery_anode")  # fmt: skip
    assert anode.value_share == pytest.approx(1851.9 / 2037.2, abs=1e-4)


def test_disagreement_on_congolese_cobalt_is_a_range(dataset) -> None:
    (row,) = chosen(
        dataset, field="production", good="cobalt_intermediate", region="COD", period="2023"
    ).to_dict("records")  # fmt: skip
    assert row["source"] == "usgs-mcs-2025"
    assert row["low"] <= 140_121 < 175_000 <= row["high"]


def test_disagreement_on_natural_graphite_is_a_range(dataset) -> None:
    rows = chosen(dataset, field="production", good="natural_graphite", period="2023").set_index("region")
    assert rows.loc["CHN", "low"] <= 1_210_000 < 1_320_000 <= rows.loc["CHN", "high"]
    assert rows.loc["TUR", "low"] <= 2_800 < 27_974 <= rows.loc["TUR", "high"]
    assert rows.loc["WLD", "low"] <= 1_530_000 < 1_739_000 <= rows.loc["WLD", "high"]


def test_crude_ore_does_not_widen_the_graphite_of_india(dataset) -> None:
    rows = chosen(dataset, field="production", good="natural_graphite", period="2023").set_index("region")
    assert (rows.loc["IND", "value"], rows.loc["AUT", "value"]) == (25_600, 500)
    assert rows.loc[["AUT", "IND"], "high"].isna().all()


def test_few_figures_of_a_closed_source_are_cited() -> None:
    rows = [row for row in read("cited") if row["source"] == CITED]
    """Sums apart, three in a hundred of the lines of the publisher's files: the countries that a base year keeps apart."""
    rows = [row for row in read("cited") if row["source"] == CITED and row["status"] != "derived"]
    assert 400 <= len(rows) <= 900
    assert all(row["locator"] for row in rows)
    assert {row["period"] for row in rows if row["good"] == "refined_copper"} == {
        "2008",
        "2010",
        "2013",
        "2016",
        "2019",
    }
    indonesia = {row["period"]: float(row["value"]) for row in rows
                 if row["good"] == "nickel_ore" and row["region"] == "IDN"}  # fmt: skip
    assert (indonesia["2012"], indonesia["2014"], indonesia["2018"]) == (1_013_000, 188_000, 728_254)
    china = {row["period"]: float(row["value"]) for row in rows if row["period"] <= "2013"
             if row["good"] == "rare_earth_concentrate" and row["region"] == "CHN"}  # fmt: skip
    assert china == {"2008": 124_500, "2009": 129_400, "2010": 118_900, "2011": 105_000, "2012": 100_000,
                     "2013": 95_000}  # fmt: skip


def test_no_row_of_the_studies_comes_from_a_source_that_may_not_be_shipped(dataset) -> None:
    sources = dataset.sources()
    used = {row["source"] for name in ("iea", "eu_crm", "cited") for row in read(name)}
    assert used == {
        "iea-critical-minerals-2024", "iea-critical-minerals-2025", "eu-crm-2017", "eu-crm-2023",
        "scrreen2-factsheets-2023", CITED,
    }  # fmt: skip
    assert all(sources[source].shippable for source in used)


def test_scores_of_the_european_union_stand_in_one_row_each() -> None:
    scores = {(r["material"], r["good"], r["period"], r["source"]): r["value"] for r in read("eu_crm")
              if r["field"] == "supply_risk"}  # fmt: skip
    assert scores["gallium", "", "2023", "eu-crm-2023"] == "3.9"
    assert scores["magnesium", "", "2023", "eu-crm-2023"] == "4.1"
    assert scores["antimony", "", "2017", "eu-crm-2017"] == scores["antimony", "", "2017", "eu-crm-2023"] == "4.3"


def test_shares_of_use_in_the_european_union_sum_to_one() -> None:
    total: dict[str, float] = {}
    for row in read("eu_crm"):
        if row["field"] == "end_use_share":
            assert row["region"] == "EUU"
            total[row["good"]] = total.get(row["good"], 0.0) + float(row["value"])
    assert len(total) == 25
    assert all(abs(share - 1) < 1e-6 for share in total.values())
