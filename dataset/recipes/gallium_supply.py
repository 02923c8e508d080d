"""Gallium supply: recovery from alumina liquor, its capacity, its host's gallium, new scrap, prices."""

from __future__ import annotations

from collections.abc import Iterator

from supply_rows import USGS_2025, Maker, Row, write_rows
from supply_usgs import capacity_2024, price_rows, rows_2023, salient, world_rows, world_values
from supply_usgs_older import production_2021_2022

GALLIUM = Maker("gallium", "refining", "gallium", "contained_metal")
RESIDUE = Maker("gallium", "refining", "gallium_residue", "contained_metal")

GRAMS_PER_TONNE_ALUMINA = 85.0
RESIDUE_PER_GALLIUM = 1.6
IDLE_CAPACITY_T = {"DEU": 40.0, "KAZ": 25.0, "UKR": 15.0, "HUN": 8.0}
"""Split of the 88 t of capacity USGS puts in 'other countries'."""
OTHER_HOSTS_T = {
    "JPN": (24, 16, 40, "zinc leach residues, no alumina refinery; at least what 10 t of capacity takes"),
    "KOR": (28, 26, 60, "zinc leach residues, no alumina refinery; at least what 16 t of capacity takes"),
    "HUN": (13, 8, 20, "one small alumina refinery, within USGS 'other countries'"),
}
SECONDARY_T = {
    "CHN": (100, 40, 180, "wafer and diode makers at home"),
    "JPN": (80, 45, 120, "substrate makers; 45 t in 2002 by USGS, much more since by recalled Japanese statistics"),
    "DEU": (20, 8, 35, "substrates at Freiberg and a refiner of scrap"),
    "CAN": (10, 4, 20, "a refiner in Ontario; largest origin of United States imports in 2021-24 (28 %, USGS)"),
    "SVK": (5, 2, 10, "a refiner of high-purity metal"),
}
"""Metal won back from new scrap outside the United States [t/year, low, high, why]."""


def production() -> Iterator[Row]:
    """Primary low-purity gallium by country, USGS; capacity of 2024 and 2025."""
    yield from production_2021_2022(GALLIUM, "galli", "primary production")
    yield from rows_2023(GALLIUM, "Gallium", "Primary production")
    yield from world_rows(GALLIUM, "GALLIUM", "production", "Primary production", years=("2024", "2025"))
    yield from world_rows(GALLIUM, "GALLIUM", "capacity", "Production capacity", years=("2025",))
    for country, tonnes in capacity_2024("Gallium").items():
        if country != "OTH":
            yield GALLIUM.row("capacity", country, tonnes, unit="t/year", status="estimated", source=USGS_2025,
                locator=f"MCS2025_World_Data.csv, Gallium, Primary production, {country}, CAP_EST_2024", note="low-purity primary gallium")  # fmt: skip
    for country, tonnes in IDLE_CAPACITY_T.items():
        yield GALLIUM.derived("capacity", country, tonnes, low=0.0, high=tonnes, unit="t/year",
            note="idle; USGS 2025 puts 88 t in other countries and names these four (footnote); split recalled from earlier editions")  # fmt: skip


def secondary() -> Iterator[Row]:
    """Gallium from new scrap of wafer and diode makers, beside the primary metal of the production rows."""
    place = "USGS names Canada, China, Germany, Japan, Slovakia and the United States as recyclers of new scrap, without tonnes"
    limit = "world capacity is recalled as 280 t a year; it comes back only while wafers are cut from other gallium"
    for country, (value, low, high, why) in SECONDARY_T.items():
        yield GALLIUM.assumed("secondary_production", country, value, low, high, unit="t/year",
            note=f"beside primary production; {why}; {place}; {limit}")  # fmt: skip
    used = salient("GALLIUM", "Consumption, reported")["2024"][0] / 1000
    imported = salient("GALLIUM", "Imports for consumption: Metal")["2024"][0] / 1000
    yield GALLIUM.derived("secondary_production", "USA", used - imported, low=3.0, high=used - imported + 2.0, unit="t/year",
        note=f"beside primary production, which is none; reported consumption {used:g} t less imports of metal {imported:g} t, 2024 (USGS); stocks hardly moved; {place}")  # fmt: skip


def coefficients() -> Iterator[Row]:
    """Gallium in alumina liquor by country, and gallium in liquor per tonne recovered."""
    for country, tonnes in world_values("BAUXITE AND ALUMINA", "Alumina, refinery production", "2024").items():
        if country not in {"WLD", "OTH"} and country not in OTHER_HOSTS_T:
            value = tonnes * GRAMS_PER_TONNE_ALUMINA / 1e6
            yield RESIDUE.derived("residue_supply", country, value, low=0.7 * value, high=1.4 * value, unit="t/year",
                note=f"alumina 2024 ({tonnes:,.0f} t, USGS) x 85 g gallium in liquor per t (assumed 60-120: bauxite of 50 g/t, 2.5 t bauxite per t, 70 % dissolved)")  # fmt: skip
    for country, (value, low, high, why) in OTHER_HOSTS_T.items():
        yield RESIDUE.assumed("residue_supply", country, value, low, high, unit="t/year", note=why)
    yield GALLIUM.assumed("input_gallium_residue", "", RESIDUE_PER_GALLIUM, 1.3, 2.0, unit="t/t", basis="none",
        note="ion exchange takes 50-75 % of the gallium in the liquor it treats")  # fmt: skip
    yield GALLIUM.assumed(
        "utilisation_share",
        "",
        0.55,
        0.3,
        0.85,
        unit="share",
        basis="none",
        note="only where no capacity row stands; world 2024 was 848 over 1,100 t",
    )


def prices() -> Iterator[Row]:
    """Unit value of United States imports of metal, USGS."""
    detail = "Price, average unit value of imports, dollars per kilogram"
    terms = "incoterm=FOB foreign port (customs value); vat=excluded; export_rebate=none; United States imports of metal of all purities; Chinese low-purity metal is cheaper"
    yield from price_rows(GALLIUM, "GALLIUM", detail, 1000.0, terms=terms)


def main() -> None:
    """Write the tables of gallium supply."""
    rows = list(production())
    write_rows("gallium", "production", (r for r in rows if r.field == "production"))
    write_rows("gallium", "capacity", (r for r in rows if r.field == "capacity"))
    write_rows("gallium", "recycling", secondary())
    write_rows("gallium", "coefficients", coefficients())
    write_rows("gallium", "prices", prices())


if __name__ == "__main__":
    main()
