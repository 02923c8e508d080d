"""Rows of USGS: printed figures as the editions print them, the latest edition chosen, the recipe repeats."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"
POUNDS_PER_TONNE = 2204.62262185
NEW_MATERIALS = (
    "nickel", "manganese", "tungsten", "antimony", "magnesium", "titanium", "vanadium", "niobium", "tantalum", "tin",
    "bismuth", "indium", "tellurium", "silicon", "fluorspar", "platinum_group_metals",
)  # fmt: skip
REASON_WITHOUT_FILES = "no publishers' files here; set DERISK_PUBLISHER_FILES"


def shipped() -> list[dict[str, str]]:
    rows = []
    for path in sorted((DATASET / "observations").glob("*/usgs*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows.extend(csv.DictReader(stream))
    return rows


ROWS = shipped()


def value(dataset, good: str, region: str, period: str, field: str = "production") -> float:  # type: ignore[no-untyped-def]
    rows = dataset.observations(good=good, region=region, period=period, field=field)
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize(
    ("good", "region", "period", "tonnes"),
    [
        ("rare_earth_concentrate", "CHN", "2024", 270_000),
        ("rare_earth_concentrate", "WLD", "2024", 380_000),
        ("rare_earth_concentrate", "WLD", "2010", 101_000),
        ("cobalt_intermediate", "COD", "2024", 226_000),
        ("cobalt_intermediate", "WLD", "2024", 302_000),
        ("gallium", "CHN", "2024", 839),
        ("gallium", "WLD", "2024", 848),
        ("nickel_ore", "IDN", "2024", 2_310_000),
        ("nickel_ore", "WLD", "2024", 3_710_000),
        ("tungsten_concentrate", "CHN", "2024", 67_000),
        ("tungsten_concentrate", "WLD", "2024", 82_000),
        ("antimony_concentrate", "CHN", "2024", 40_000),
        ("antimony_concentrate", "RUS", "2024", 40_000),
        ("antimony_concentrate", "WLD", "2024", 119_000),
        ("magnesium", "CHN", "2024", 953_000),
        ("manganese_ore", "ZAF", "2024", 7_490_000),
        ("titanium_concentrate", "WLD", "2024", 9_680_000),
        ("titanium_concentrate", "AUS", "2024", 800_000),
        ("titanium_sponge", "CHN", "2024", 256_000),
        ("silicon_metal", "CHN", "2024", 4_800_000),
        ("tin_concentrate", "CHN", "2024", 71_000),
        ("platinum_concentrate", "ZAF", "2024", 126),
        ("palladium_concentrate", "RUS", "2024", 89),
        ("tellurium", "SWE", "2024", 46),
        ("fluorspar", "CHN", "2023", 6_000_000),
        ("niobium_concentrate", "BRA", "2024", 104_000),
    ],
)
def test_mine_and_plant_output_is_as_printed(dataset, good: str, region: str, period: str, tonnes: float) -> None:  # type: ignore[no-untyped-def]
    assert value(dataset, good, region, period) == pytest.approx(tonnes)


@pytest.mark.parametrize(
    ("good", "usd_per_t"),
    [
        ("germanium", [1000 * p for p in (1187, 1294, 1392, 1991, 4100)]),
        ("antimony", [POUNDS_PER_TONNE * p for p in (5.31, 6.18, 5.49, 10.24, 25)]),
        ("tungsten_concentrate", [p / 0.00793 for p in (225, 275, 258, 252, 380)]),
        ("neodymium_oxide", [1000 * p for p in (98, 134, 78, 56, 73)]),
        ("dysprosium_oxide", [1000 * p for p in (410, 382, 330, 257, 239)]),
        ("terbium_oxide", [1000 * p for p in (1340, 2050, 1300, 812, 1010)]),
        ("indium", [1000 * p for p in (217, 252, 249, 311, 380)]),
        ("manganese_ore", [100 * p for p in (5.27, 5.97, 4.8, 5.53, 4.5)]),
    ],
)
def test_prices_of_2021_to_2025_are_as_printed(dataset, good: str, usd_per_t: list[float]) -> None:  # type: ignore[no-untyped-def]
    found = [value(dataset, good, "WLD", str(year), "price") for year in range(2021, 2026)]
    assert found == [pytest.approx(price) for price in usd_per_t]


def test_a_bound_says_in_which_direction() -> None:
    reliance = {
        (r["good"], r["period"]): (r["value"], r["low"], r["high"], r["status"])
        for r in ROWS
        if r["field"] == "net_import_reliance" and r["source"] == "usgs-mcs-2026"
    }
    assert reliance["germanium", "2024"] == ("0.5", "0.5", "1", "bound")
    assert reliance["silicon_metal", "2024"] == ("0.5", "0", "0.5", "bound")
    assert reliance["rare_earth_concentrate", "2024"] == ("0", "", "", "bound")
    assert reliance["antimony", "2024"] == ("0.86", "", "", "reported")


def test_reserves_of_vanadium_are_corrected_to_thousands(dataset) -> None:  # type: ignore[no-untyped-def]
    assert value(dataset, "vanadium_concentrate", "CHN", "2025", "reserves") == 5_800_000
    assert value(dataset, "vanadium_concentrate", "CHN", "2024", "reserves") == 4_100_000
    assert value(dataset, "vanadium_concentrate", "CHN", "2022", "reserves") == 9_500_000


def test_a_withheld_figure_is_not_zero() -> None:
    withheld = [r for r in ROWS if r["status"] == "withheld"]
    assert len(withheld) > 100
    assert {r["value"] for r in withheld} == {""}
    words = ("printed W: withheld", "printed NA: not available", "printed na: not available", "sum of NA + NA")
    assert [r for r in withheld if not any(word in r["note"] for word in words)] == []


def test_import_sources_of_each_good_sum_to_one() -> None:
    shares: dict[str, float] = defaultdict(float)
    for row in ROWS:
        if row["field"] == "import_source_share":
            shares[row["good"] or row["material"]] += float(row["value"])
    assert len(shares) > 30
    assert {good: share for good, share in shares.items() if abs(share - 1) > 0.021} == {}


@pytest.mark.parametrize("material", NEW_MATERIALS)
def test_each_material_has_output_price_and_reliance_of_2024(material: str) -> None:
    fields = {r["field"] for r in ROWS if r["material"] == material and r["period"] == "2024"}
    assert {"production", "price", "net_import_reliance", "import_source_share"} <= fields


def test_the_latest_edition_is_chosen(dataset) -> None:  # type: ignore[no-untyped-def]
    rows = dataset.observations(good="nickel_ore", region="IDN", field="production")
    by_year = dict(zip(rows["period"], rows["source"], strict=True))
    assert by_year["2024"] == "usgs-mcs-2026"
    assert by_year["2023"] == "usgs-mcs-2025"
    assert by_year["2022"] == "usgs-mcs-2024"


def test_of_the_earlier_materials_no_output_of_2024_is_added() -> None:
    earlier = {"copper", "lithium", "cobalt", "graphite", "rare_earths", "gallium", "germanium"}
    added = {
        (r["good"], r["field"], r["period"])
        for r in ROWS
        if r["material"] in earlier and r["field"] not in ("net_import_reliance", "import_source_share", "apparent_consumption", "stock")
    }  # fmt: skip
    assert {field for _, field, _ in added} == {"production", "reserves"}
    assert {period for _, _, period in added} <= {str(year) for year in range(2008, 2024)}
