"""Demand, parameters and economy: shares that sum, pairs that are complete, industries counted once, recipes that repeat."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.uses import USES

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"
TABLES = ("demand", "end_use", "parameters", "value_added", "value_added_elsewhere", "gdp", "governance")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = [row for path in sorted((DATASET / "observations").glob("*/*.csv")) if path.stem in TABLES for row in read(path)]
END_USE_GOODS = {
    "refined_copper", "lithium_chemical", "refined_cobalt", "natural_graphite", "battery_anode", "lacen_oxide", "ndpr_oxide",
    "dytb_oxide", "ndfeb_magnet", "gallium", "germanium",
}  # fmt: skip


def rows_of(field: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["field"] == field]


@pytest.mark.parametrize("field", ["end_use_share", "demand_share"])
def test_shares_of_each_good_sum_to_one(field: str) -> None:
    total: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows_of(field):
        place = row["region"] if field == "end_use_share" else ""
        total[row["good"], place] += float(row["value"])
    assert {good for good, _ in total} == END_USE_GOODS
    assert all(abs(value - 1) < 1e-9 for value in total.values()), total


def test_each_pair_of_good_and_use_has_a_dependence() -> None:
    used = {(row["good"], row["use"]) for row in rows_of("end_use_share") if float(row["value"]) > 0}
    stated = {(row["good"], row["use"]) for row in rows_of("dependence_share")}
    assert used == stated


@pytest.mark.parametrize(
    "field", ["supply_elasticity", "trade_elasticity", "stock_cover", "lead_time_months", "capital_cost_usd_per_t"]
)
def test_each_traded_good_has_the_parameter(field: str) -> None:
    allowed_missing = {"lacen_oxide"} if field == "capital_cost_usd_per_t" else set()
    traded = set(market_goods())
    assert traded - {row["good"] for row in rows_of(field)} == allowed_missing


def test_each_good_with_end_use_has_a_demand_elasticity_for_all_uses() -> None:
    assert {row["good"] for row in rows_of("demand_elasticity") if not row["use"]} == END_USE_GOODS


def test_assumed_numbers_of_the_model_state_a_range() -> None:
    bare = [row for row in ROWS if row["status"] == "assumed" and not (row["low"] and row["high"])]
    assert not bare


def test_value_added_covers_every_use() -> None:
    by_region: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("value_added"):
        by_region[row["region"]].add(row["use"])
    assert all(uses == set(USES) for uses in by_region.values())
    assert "USA" in by_region


def test_no_industry_is_counted_twice() -> None:
    shares: dict[str, float] = defaultdict(float)
    for line in read(RECIPES / "bea_industry_to_use.csv"):
        assert line["use"] in USES
        assert float(line["low"]) <= float(line["share"]) <= float(line["high"])
        shares[line["industry"]] += float(line["share"])
    assert all(share <= 1 + 1e-9 for share in shares.values())


def test_value_added_of_the_united_states_stays_below_its_manufacturing_and_construction() -> None:
    total = sum(float(row["value"]) for row in rows_of("value_added") if row["region"] == "USA")
    gdp = next(float(row["value"]) for row in rows_of("gdp") if row["region"] == "USA" and row["period"] == "2023")
    assert 0.05 < 1e6 * total / gdp < 0.15


@pytest.mark.parametrize("name", ["projects", "events"])
def test_records_cite_a_source_that_exists(name: str) -> None:
    known = {path.stem for path in (DATASET / "sources").glob("*.yml")}
    for record in read(DATASET / f"{name}.csv"):
        assert record["source"] in known, record
        assert record["row_status"] in ("found", "assumed"), record
        assert record["locator"], record


def test_projects_name_goods_of_their_material_and_stage() -> None:
    for project in read(DATASET / "projects.csv"):
        good = GOODS[project["good"]]
        assert (good.material, good.stage) == (project["material"], project["stage"]), project


@pytest.mark.parametrize(
    "recipe", ["end_use", "demand", "gdp", "governance", "parameters", "value_added", "value_added_elsewhere"]
)
def test_recipe_writes_the_tables_as_they_stand(recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(RECIPES), *sys.path])
    row_table = importlib.import_module("row_table")
    if not row_table.PUBLISHER_FILES.is_dir():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    monkeypatch.setattr(row_table, "DATASET", tmp_path)
    importlib.import_module(recipe).main()
    written = sorted(tmp_path.rglob("*.csv"))
    assert written
    for path in written:
        assert path.read_text(encoding="utf-8") == (DATASET / path.relative_to(tmp_path)).read_text(encoding="utf-8")
