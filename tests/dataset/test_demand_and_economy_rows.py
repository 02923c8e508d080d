"""Demand, parameters and economy: shares that sum, pairs that are complete, industries counted once, recipes that repeat."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from derisk.vocabulary.goods import GOODS, MATERIALS, members
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
    "dytb_oxide", "ndfeb_magnet", "gallium", "germanium", "samarium_oxide", "eugd_oxide", "yttrium_oxide", "refined_nickel",
    "manganese_ore", "refined_manganese", "tungsten", "antimony", "magnesium", "titanium_concentrate", "titanium_sponge",
    "vanadium", "niobium", "tantalum", "refined_tin", "bismuth", "indium", "tellurium", "silicon_metal", "fluorspar",
    "platinum", "palladium", "rhodium",
}  # fmt: skip
JOINT_OXIDES = {"lacen_oxide", "samarium_oxide", "eugd_oxide", "yttrium_oxide"}
"""Separated beside NdPr in its plant: no capital cost of their own."""
TRADED = {good.good for good in GOODS.values() if good.traded and not good.quote_of}


ALL_ROWS = [row for path in sorted((DATASET / "observations").glob("*/*.csv")) for row in read(path)]
PARAMETERS = [row for row in ROWS if row["field"] in ("collection_share", "recovery_share")]


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


def test_goods_of_the_network_are_among_those_with_parameters() -> None:
    assert set(market_goods()) <= TRADED


@pytest.mark.parametrize(
    "field", ["supply_elasticity", "trade_elasticity", "stock_cover", "lead_time_months", "capital_cost_usd_per_t"]
)
def test_each_traded_good_has_the_parameter(field: str) -> None:
    allowed_missing = JOINT_OXIDES if field == "capital_cost_usd_per_t" else set()
    everywhere = {row["good"] for row in rows_of(field) if row["region"] in ("", "WLD")}
    assert TRADED - everywhere == allowed_missing


@pytest.mark.parametrize("field", ["collection_share", "recovery_share", "emission_intensity"])
def test_each_good_with_end_use_has_the_parameter(field: str) -> None:
    assert END_USE_GOODS - {row["good"] for row in rows_of(field) if not row["use"]} == set()


@pytest.mark.parametrize("field", ["lifetime_years", "lifetime_shape"])
def test_each_pair_of_good_and_use_has_a_product_life(field: str) -> None:
    used = {(row["good"], row["use"]) for row in rows_of("end_use_share") if float(row["value"]) > 0}
    assert {(row["good"], row["use"]) for row in rows_of(field)} == used


@pytest.mark.parametrize("field", ["substitute_performance", "by_product_share", "eol_recycling_input_rate"])
def test_each_material_has_the_parameter(field: str) -> None:
    stated = {row["material"] for row in ALL_ROWS if row["field"] == field}
    families = {material for material in MATERIALS if len(members(material)) > 1}
    covered = stated | {member for family in stated & families for member in members(family)}
    assert set(MATERIALS) - covered == set()


def test_collection_and_recovery_agree_with_the_recycling_rate_of_the_material() -> None:
    """Products collected times metal recovered lies near the published end-of-life rate, for one good of each material."""
    general = {(row["field"], row["good"]): float(row["value"]) for row in PARAMETERS if not row["use"]}
    apart = {}
    for row in rows_of("eol_recycling_rate"):
        goods = [good for good in END_USE_GOODS if GOODS[good].material in members(row["material"])]
        products = [general["collection_share", good] * general["recovery_share", good] for good in goods]
        if not any(0.8 * float(row["low"]) <= product <= 1.25 * float(row["high"]) for product in products):
            apart[row["material"]] = (row["low"], row["high"], products)
    assert not apart


def test_each_good_with_end_use_has_a_demand_elasticity_for_all_uses() -> None:
    assert {row["good"] for row in rows_of("demand_elasticity") if not row["use"]} == END_USE_GOODS


def test_assumed_numbers_of_the_model_state_a_range() -> None:
    bare = [row for row in ROWS if row["status"] == "assumed" and not (row["low"] and row["high"])]
    assert not bare


def value_of(field: str, good: str, *, region: str = "", use: str = "", period: str = "2024", source: str) -> float:
    key = (field, good, region, use, period, source)
    (row,) = (
        row
        for row in ROWS
        if (row["field"], row["good"], row["region"], row["use"], row["period"], row["source"]) == key
    )
    return float(row["value"])


@pytest.mark.parametrize(
    ("good", "year", "tonnes"),
    [
        ("antimony", "2024", 28_600),
        ("refined_nickel", "2024", 90_300),
        ("fluorspar", "2024", 390_000),
        ("vanadium", "2022", 10_900),
        ("titanium_sponge", "2024", 39_800),
        ("platinum", "2024", 68.9),
        ("yttrium_oxide", "2022", 1_000),
    ],
)
def test_use_in_the_united_states_is_as_printed(good: str, year: str, tonnes: float) -> None:
    stated = value_of("demand", good, region="USA", period=year, source="usgs-mcs-2026")
    assert stated == pytest.approx(tonnes, rel=1e-9)


def test_a_withheld_use_has_no_value() -> None:
    withheld = [row for row in rows_of("demand") if row["good"] in ("tungsten", "tellurium") and row["region"] == "USA"]
    assert {row["period"] for row in withheld} == {"2021", "2022", "2023", "2024", "2025"}
    assert all(row["status"] == "withheld" and row["value"] == "" for row in withheld)


def test_published_shares_carry_over() -> None:
    iea, eu = "iea-critical-minerals-2025", "eu-crm-2023"
    cells = value_of("end_use_share", "refined_nickel", region="WLD", use="electric_vehicles_and_batteries", source=iea)
    assert cells == pytest.approx((321.141 + 16.9682) / 3371.0937, abs=1e-4)
    assert value_of("end_use_share", "palladium", region="WLD", use="machinery", source=eu) == 0.88
    chemicals = value_of("end_use_share", "bismuth", region="WLD", use="refining_and_chemicals", source=eu)
    assert chemicals == 0.84
    bodies = value_of("end_use_share", "magnesium", region="WLD", use="machinery", source=eu)
    assert bodies == pytest.approx(0.48 * 0.93 + 0.04 * 0.4, abs=1e-4)


def test_stock_cover_of_nickel_in_the_united_states_is_stock_over_a_month_of_use() -> None:
    cover = value_of("stock_cover", "refined_nickel", region="USA", source="usgs-mcs-2026")
    assert cover == pytest.approx(12 * 25_500 / 211_000, abs=0.01)


def test_emissions_of_oxides_follow_their_metals() -> None:
    study = "nuss-eckelman-2014"
    assert value_of("emission_intensity", "platinum", region="WLD", period="2008", source=study) == 12500
    ndpr = value_of("emission_intensity", "ndpr_oxide", region="WLD", period="2008", source=study)
    assert ndpr == pytest.approx(0.75 * 17.6 * 0.8574 + 0.25 * 19.2 * 0.8277, abs=0.01)


def test_parts_of_an_application_sum_to_one() -> None:
    parts: dict[tuple[str, str], float] = defaultdict(float)
    for line in read(RECIPES / "application_to_use.csv"):
        assert line["use"] in USES
        assert line["reason"]
        parts[line["material"], line["application"]] += float(line["part"])
    assert all(abs(part - 1) < 1e-9 for part in parts.values()), parts


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
    for year in ("2008", "2015", "2023"):
        usa = [
            row
            for row in (*rows_of("value_added"), *rows_of("gdp"))
            if row["region"] == "USA" and row["period"] == year
        ]
        total = sum(float(row["value"]) for row in usa if row["field"] == "value_added")
        gdp = next(float(row["value"]) for row in usa if row["field"] == "gdp")
        assert 0.05 < 1e6 * total / gdp < 0.15, year


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
