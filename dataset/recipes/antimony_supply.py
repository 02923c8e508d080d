"""Antimony supply: smelters by country, the price of concentrate, and oxide bought by the United States.

    python dataset/recipes/antimony_supply.py

The basis is contained antimony; metal and oxide are one good, counted where concentrate is first smelted or roasted, so
that a tonne of oxide made from bought metal counts once. Mines and United States scrap stand in usgs.csv. Coefficients
and utilisation are judged: processes_assumed.csv.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from row_table import read_table
from supply_baci import flows_2024
from supply_rows import BACI_HS17, DATASET, USGS_2026, Maker, Row, publisher_file, write_rows
from supply_usgs import import_shares, salient, world_values

SMELTED = Maker("antimony", "refining", "antimony", "contained_metal")
CONCENTRATE = Maker("antimony", "mining", "antimony_concentrate", "contained_metal")

POUNDS_PER_TONNE = 2204.62262
CONCENTRATE_PER_TONNE = 1.06
"""Antimony in concentrate per tonne smelted: processes_assumed.csv."""
PAID_IN_CONCENTRATE = (0.62, 0.5, 0.75)
"""Price of antimony in concentrate over the price of metal, with its range."""

SMELTERS_T = {
    "VNM": (4000, 2000, 7000, "roasters at the Chinese border; customs book 6,600 t of metal leaving, some of it made elsewhere; feed from Thailand and Hong Kong 3,500 t"),
    "MMR": (3200, 2000, 5000, "small smelters; customs book 3,000 t of metal to Thailand"),
    "THA": (2300, 1000, 5000, "one smelter; keeps 2,300 t of the ore that crosses from Myanmar"),
    "OMN": (3000, 500, 6000, "a plant of 20,000 t a year that has run far below it for want of feed (recalled); customs book 600 t of metal leaving"),
    "RUS": (3000, 500, 6000, "small smelters at Chelyabinsk and Krasnoyarsk; most of the gold-antimony concentrate goes to China"),
    "BOL": (2600, 1500, 3500, "the state smelter and small ones; ships oxide to the United States"),
    "IND": (2500, 1500, 3500, "smelters of bought ore from Turkiye, Tajikistan, Oman and Thailand"),
    "TUR": (700, 300, 1200, "one smelter; customs book 700 t of metal leaving"),
    "ITA": (700, 400, 900, "sulphide for brake linings milled from bought ore (794 t of antimony from Turkiye)"),
    "MEX": (600, 300, 900, "the Madero smelter of a United States company"),
    "AUT": (400, 200, 500, "sulphide for brake linings milled from bought ore (463 t of antimony from Turkiye)"),
    "KGZ": (300, 100, 800, "the Kadamjay works, once the Soviet Union's, on little ore"),
}  # fmt: skip
"""Smelters and mills on concentrate outside China, Tajikistan and the United States [t/year, low, high, why]."""

PAST_YEARS = ("2018", "2019", "2020", "2021", "2022", "2023")
TAJIK_METAL_T = {"2018": 3000.0, "2019": 3000.0, "2020": 3000.0, "2021": 4000.0, "2022": 7000.0, "2023": 10000.0}
"""Metal of Tajikistan before 2024 [t/year], recalled orders of magnitude."""


@cache
def tajik_metal_t() -> float:
    """Metal that customs book from Tajikistan in 2024: a smelter that ships all it makes."""
    return sum(f.gross_t for f in flows_2024(BACI_HS17, "811010") if f.exporter == "TJK")


def production() -> Iterator[Row]:
    """Smelter output; China's is what world mines leave."""
    tajik, usa = tajik_metal_t(), salient("ANTIMONY", "Production, Smelter: Primary")["2024"][0]
    for country, (value, low, high, why) in SMELTERS_T.items():
        yield SMELTED.assumed("production", country, value, low, high, unit="t/year", note=why)
    yield SMELTED.derived("production", "TJK", tajik, low=0.9 * tajik, high=1.25 * tajik, unit="t/year",
        note="all metal that customs book leaving in 2024 (BACI HS17 811010); a works of 15,000 t of antimony and 6,000 t of oxide a year was begun in April 2022 (EIN Presswire)")  # fmt: skip
    others = sum(value for value, *_ in SMELTERS_T.values()) + tajik + usa
    mined = world_values("ANTIMONY", "Mine production", "2024")
    total = sum(tonnes for country, tonnes in mined.items() if country != "WLD")
    china = total / CONCENTRATE_PER_TONNE - others
    yield SMELTED.derived("production", "CHN", china, low=0.85 * china, high=1.15 * china, unit="t/year",
        note=f"world mines 2024 ({total:,.0f} t, USGS) over {CONCENTRATE_PER_TONNE:g}, less the other smelters ({others:,.0f} t); "
        "its exports of metal and oxide (38,632 t gross, press) and a use of some 40,000 t agree")  # fmt: skip
    yield SMELTED.derived("production", "WLD", total / CONCENTRATE_PER_TONNE, unit="t/year",
        note=f"world mines 2024 ({total:,.0f} t, USGS) over {CONCENTRATE_PER_TONNE:g}; scrap not in it")  # fmt: skip


def past_production() -> Iterator[Row]:
    """Smelter output of 2018-2023, years of which USGS states the United States alone: the makers judged for 2024, China the rest."""
    for year in PAST_YEARS:
        mined, source = mined_t(year)
        makers = {c: t for c, (t, *_) in SMELTERS_T.items()} | {"TJK": TAJIK_METAL_T[year]}
        for country, tonnes in makers.items():
            yield SMELTED.assumed("production", country, tonnes, 0.5 * tonnes, 1.6 * tonnes, unit="t/year", period=year,
                note="the tonnes judged for 2024; no figure of the year was found" if country != "TJK" else "metal of a smelter that began in 2022, and of small works before; recalled")  # fmt: skip
        others, total = sum(makers.values()), mined / CONCENTRATE_PER_TONNE
        yield SMELTED.derived("production", "CHN", total - others, low=0.75 * (total - others), high=1.25 * (total - others), unit="t/year", period=year,
            note=f"world mines {year} ({mined:,.0f} t, {source}) over {CONCENTRATE_PER_TONNE:g}, less the makers judged for 2024 ({others:,.0f} t)")  # fmt: skip
        yield SMELTED.derived("production", "WLD", total, unit="t/year", period=year,
            note=f"world mines {year} ({mined:,.0f} t, {source}) over {CONCENTRATE_PER_TONNE:g}; scrap not in it")  # fmt: skip


def mined_t(year: str) -> tuple[float, str]:
    """World mines of a year [t] and whose figure: USGS, the newest edition, else the British Geological Survey."""
    found: dict[str, tuple[str, float]] = {}
    for line in read_table(DATASET / "observations" / "antimony" / "usgs.csv"):
        if (line["good"], line["field"], line["period"]) == ("antimony_concentrate", "production", year) and line[
            "value"
        ]:
            found[line["region"]] = max(found.get(line["region"], ("", 0.0)), (line["source"], float(line["value"])))
    countries = sum(tonnes for region, (_, tonnes) in found.items() if region != "WLD")
    if countries > 0:
        return countries, "USGS"
    table = read_table(publisher_file("production", "bgs_wms", "BGS_antimony_production.csv"), encoding="utf-8-sig")
    return sum(
        float(line["quantity"]) for line in table if line["year"].startswith(year) and line["quantity"]
    ), "British Geological Survey"


def purchases() -> Iterator[Row]:
    """Metal and oxide bought by the United States: imports of 2024 in the proportions of 2021-2024, USGS."""
    details = {"Oxide": "Imports for consumption: Oxide", "Unwrought metal and powder": "Imports for consumption: Unwrought, powder"}  # fmt: skip
    bought: dict[str, float] = {}
    for kind, detail in details.items():
        tonnes = salient("ANTIMONY", detail)["2024"][0]
        for country, share in import_shares("ANTIMONY", kind).items():
            bought[country] = bought.get(country, 0.0) + share * tonnes
    for country, tonnes in bought.items():
        yield SMELTED.row("trade", country, round(tonnes), partner="USA", unit="t/year", status="derived", source=USGS_2026,
            locator="MCS2026_Commodities_Data.csv, ANTIMONY, imports for consumption of oxide and of metal 2024, Import sources 2021-2024", low=0.7 * tonnes, high=1.3 * tonnes,
            note="imports of oxide and of metal, 2024, times the country's share of each in 2021-2024; contained antimony")  # fmt: skip


def prices() -> Iterator[Row]:
    """Antimony in concentrate as a part of the price of metal."""
    value, low, high = PAID_IN_CONCENTRATE
    for year, (cents, _) in salient("ANTIMONY", "Price, metal, average, dollars per pound").items():
        metal = cents * POUNDS_PER_TONNE
        yield CONCENTRATE.derived("price", "WLD", value * metal, low=low * metal, high=high * metal, unit="USD/t", period=year,
            note=f"incoterm=CIF; vat=excluded; export_rebate=none; {value:g} x the price of metal ({metal:,.0f}, USGS): terms of stibnite concentrate of 50-60 % (recalled)")  # fmt: skip


def main() -> None:
    """Write the tables of antimony supply."""
    write_rows("antimony", "production", [*production(), *past_production()])
    write_rows("antimony", "purchases_usa", purchases())
    write_rows("antimony", "prices", prices())


if __name__ == "__main__":
    main()
