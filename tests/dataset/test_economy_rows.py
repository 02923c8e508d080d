"""Governance, positions, prices, GDP and input-output: known truths of the publishers, and recipes that repeat."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from derisk.data.input_output import read_input_output
from derisk.vocabulary.regions import BLOCS, COUNTRIES

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"
OBSERVATIONS = DATASET / "observations"
DIMENSIONS = (
    "voice_and_accountability", "political_stability", "government_effectiveness", "regulatory_quality", "rule_of_law",
    "control_of_corruption",
)  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def value_of(folder: str, name: str) -> dict[tuple[str, str, str], float]:
    """Values of a table by field, region and period."""
    return {
        (r["field"], r["region"], r["period"]): float(r["value"]) for r in read(OBSERVATIONS / folder / f"{name}.csv")
    }


def test_gdp_of_every_year_covers_the_coalition_and_the_world() -> None:
    gdp = value_of("economy", "gdp")
    for year in map(str, range(2008, 2024)):
        missing = [region for region in (*BLOCS["coalition"], "CHN", "WLD") if ("gdp", region, year) not in gdp]
        assert not missing, year


def test_gdp_of_the_union_is_that_of_its_members() -> None:
    gdp = value_of("economy", "gdp")
    total = {year: sum(gdp["gdp", member, year] for member in BLOCS["eu27"]) for year in ("2008", "2023")}
    assert round(total["2023"] / 1e12, 1) == 18.3
    assert round(total["2008"] / 1e12, 1) == 16.3
    assert round(gdp["gdp", "USA", "2023"] / 1e12, 2) == 27.36
    assert round(gdp["gdp", "CHN", "2023"] / 1e12, 2) == 17.79


def test_governance_has_six_dimensions_and_stability_each_year() -> None:
    years: dict[str, set[str]] = defaultdict(set)
    for field, _, year in value_of("economy", "governance"):
        years[field].add(year)
    assert set(years) == {f"governance_{name}" for name in DIMENSIONS}
    assert years["governance_political_stability"] == {str(year) for year in range(2008, 2025)}
    assert years["governance_rule_of_law"] == {"2009", "2012", "2015", "2018", "2020", "2021", "2022"}


def test_governance_of_the_congo_and_the_splice() -> None:
    governance = value_of("economy", "governance")
    stability = [governance["governance_political_stability", "COD", year] for year in ("2021", "2022", "2024")]
    assert [round(value, 2) for value in stability] == [-1.66, -1.98, -2.12]
    spliced = [row for row in read(OBSERVATIONS / "economy" / "governance.csv") if row["period"] in ("2023", "2024")]
    assert {row["source"] for row in spliced} == {"world-bank-wgi-2025"}
    assert all("2025 update" in row["note"] for row in spliced)
    assert not {"GUY", "JEY"} & {row["region"] for row in spliced}


def test_positions_of_2023_are_those_published() -> None:
    position = value_of("economy", "political_position")
    published = {
        "USA": 2.50, "AUS": 1.34, "DEU": 1.34, "KOR": 1.00, "JPN": 0.81, "MEX": 0.02, "IND": -0.25, "RUS": -0.53,
        "CHN": -0.80, "IDN": -0.83,
    }  # fmt: skip
    assert {region: round(position["political_position", region, "2023"], 2) for region in published} == published


def test_positions_cover_members_of_the_united_nations_each_year() -> None:
    countries = Counter(year for _, _, year in value_of("economy", "political_position"))
    assert set(countries) == {str(year) for year in range(2008, 2024)}
    assert min(countries.values()) >= 192
    assert {region for _, region, _ in value_of("economy", "political_position")} <= COUNTRIES.keys()


@pytest.mark.parametrize("folder", ["nickel", "tin", "platinum_group_metals"])
def test_prices_cover_each_month_and_year(folder: str) -> None:
    prices = value_of(folder, "pink_sheet")
    years = [str(year) for year in range(2008, 2026)]
    assert {period for _, _, period in prices} == {*years, *(f"{y}-{m:02d}" for y in years for m in range(1, 13))}
    for year in years:
        mean = sum(prices["price", "WLD", f"{year}-{m:02d}"] for m in range(1, 13)) / 12
        assert prices["price", "WLD", year] == pytest.approx(mean)


def test_prices_of_march_2022_are_those_published() -> None:
    month = ("price", "WLD", "2022-03")
    assert value_of("nickel", "pink_sheet")[month] == 33924.18
    copper = [
        r
        for r in read(OBSERVATIONS / "copper" / "prices.csv")
        if (r["good"], r["period"]) == ("refined_copper", "2022-03")
    ]
    assert [float(row["value"]) for row in copper] == [10230.89]


def test_input_output_is_an_account_of_the_whole_economy() -> None:
    flows = read_input_output(DATASET)
    total: dict[str, float] = defaultdict(float)
    for flow in flows:
        total[flow.kind] += flow.value_musd
    industries = {flow.industry for flow in flows if flow.kind == "gross_output"}
    commodities = {flow.commodity_or_row for flow in flows if flow.kind == "make"}
    assert (len(industries), len(commodities)) == (71, 73)
    assert round(total["value_added"] / 1e6, 2) == 27.72
    assert total["final_use"] == pytest.approx(total["value_added"], abs=10)
    assert total["use"] + total["value_added"] == pytest.approx(total["gross_output"], abs=10)
    assert not [flow for flow in flows if flow.industry.startswith("T0") or flow.industry.startswith("Total")]


def test_imports_are_a_part_of_use() -> None:
    flows = read_input_output(DATASET)
    use = {(f.commodity_or_row, f.industry): f.value_musd for f in flows if f.kind == "use"}
    imports = {(f.commodity_or_row, f.industry): f.value_musd for f in flows if f.kind == "import"}
    over = {cell for cell, value in imports.items() if value > use.get(cell, 0.0) + 1}
    assert over == {("111CA", "GFGN"), ("Used", "441"), ("Used", "481"), ("Used", "711AS"), ("Used", "GFGD")}


def test_shares_of_the_summary_tables_give_the_value_added_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    from derisk.data.importers.bea_io import read as read_bea

    recipe = recipe_of("bea_use_shares", monkeypatch)
    assert recipe.FILE.read_text(encoding="utf-8") == recipe.text()
    path = recipe_of("row_table", monkeypatch).PUBLISHER_FILES / "trade" / "us_io"
    rows = read_bea(path / "useeior_Summary_ValueAdded_IO_17sch.csv").rows
    shipped = read(OBSERVATIONS / "economy" / "value_added.csv")
    newest = {r["use"]: float(r["value"]) for r in shipped if r["period"] == "2023"}
    assert {r.use: r.value for r in rows if r.period == "2023"} == pytest.approx(newest, rel=1e-4)


@pytest.mark.parametrize("recipe", ["political_position", "pink_sheet", "input_output", "value_added", "price_level"])
def test_recipe_writes_the_tables_as_they_stand(recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row_table = recipe_of("row_table", monkeypatch)
    monkeypatch.setattr(row_table, "DATASET", tmp_path)
    recipe_of(recipe, monkeypatch).main()
    written = sorted(tmp_path.rglob("*.csv"))
    assert written
    for path in written:
        assert path.read_text(encoding="utf-8") == (DATASET / path.relative_to(tmp_path)).read_text(encoding="utf-8")


def recipe_of(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "path", [str(RECIPES), *sys.path])
    if not importlib.import_module("row_table").PUBLISHER_FILES.is_dir():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    return importlib.import_module(name)
