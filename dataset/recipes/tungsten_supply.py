"""Tungsten supply: chemicals from concentrate and from scrap by country, their price, and purchases of the United States.

    python dataset/recipes/tungsten_supply.py

The basis is contained tungsten. Ammonium paratungstate, oxide, powder and carbide are one good, counted where concentrate
or scrap is first dissolved or reduced. Mines and the price of concentrate stand in usgs.csv. Coefficients and
utilisation are judged: processes_assumed.csv.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from row_table import read_table
from supply_baci import flows_2024, repaired
from supply_rows import BACI_HS92, DATASET, USGS_2026, Maker, Row, write_rows
from supply_usgs import import_shares, salient, world_values

CONCENTRATE = Maker("tungsten", "mining", "tungsten_concentrate", "contained_metal")
REFINED = Maker("tungsten", "refining", "tungsten", "contained_metal")

CONCENTRATE_PER_TONNE = 1.04
"""Tungsten in concentrate per tonne of chemicals: processes_assumed.csv."""
CONCENTRATE_OF_PARATUNGSTATE = (0.78, 0.74, 0.84)
"""Price of tungsten in concentrate over its price in paratungstate, with its range."""

REFINERS_T = {
    "VNM": (4800, 3800, 6500, "one refinery beside the mine (3,400 t), which buys concentrate from Australia, Spain and traders (1,200 t by customs); the EU 2023 study's 2.8 % of 2016-2020 is smaller"),
    "RUS": (1900, 1200, 2500, "two plants in the Urals and the Caucasus; mined 1,500 t, sells some as concentrate; 2.8 % in the EU 2023 study"),
    "AUT": (1800, 1200, 2500, "one refinery on its own mine (840 t) and on Spanish and Portuguese concentrate; 2.3 % in the EU 2023 study"),
    "USA": (800, 300, 1500, "two refineries, mostly on scrap; ores bought in 2024 1,550 t, sold on 1,410 t (USGS); 4.4 % in the EU 2023 study, scrap counted in"),
    "JPN": (400, 100, 1000, "one refinery, mostly on paratungstate and scrap; 2.2 % in the EU 2023 study"),
}  # fmt: skip
"""Refineries of concentrate outside China [t/year, low, high, why]."""

SCRAP_T = {
    "CHN": (13000, 8000, 18000, "hard scrap by zinc and electrolysis, collected at home; a fifth of its supply (recalled)"),
    "USA": (6000, 4000, 8000, "tonnes withheld by USGS; about half of use in the last year with a figure (59 % in 2013, recalled)"),
    "DEU": (4500, 3000, 6000, "the works at Goslar and carbide makers; the EU's input rate is 42 %"),
    "JPN": (2500, 1500, 3500, "carbide makers take back tools"),
    "AUT": (2200, 1500, 3000, "the refinery runs half on scrap; carbide makers"),
    "SWE": (800, 400, 1500, "carbide makers take back tools"),
    "KOR": (800, 400, 1200, "carbide makers take back tools"),
    "IND": (800, 400, 1200, "carbide makers and reclaimers of imported scrap"),
    "LUX": (600, 300, 1000, "a carbide maker takes back tools"),
    "FIN": (500, 300, 800, "a reclaimer by zinc"),
    "GBR": (400, 200, 600, "reclaimers"),
    "ISR": (400, 200, 600, "a carbide maker takes back tools"),
}  # fmt: skip
"""Chemicals and powder from scrap, beside the output from concentrate [t/year, low, high, why]."""


SMALL_MINES = ("BDI", "BRA", "COD", "MMR", "MNG", "NGA", "PER", "THA", "UGA", "UZB", "ZWE")
"""Countries that mine by the EU 2023 study and that USGS does not name; a few that sell on bought ore are left out."""


@cache
def rest_of_mined() -> dict[str, float]:
    """USGS's other countries of 2024 by country, in the proportions of what customs book them to ship [t/year]."""
    flows = repaired(flows_2024(BACI_HS92, "261100"))
    shipped = {c: sum(f.gross_t for f in flows if f.exporter == c) for c in SMALL_MINES}
    others = world_values("TUNGSTEN", "Mine production", "2024")["OTH"]
    return {country: others * tonnes / sum(shipped.values()) for country, tonnes in shipped.items() if tonnes > 0}


def production() -> Iterator[Row]:
    """Mines USGS does not name, and refineries of concentrate; China's is what world mines leave."""
    yield CONCENTRATE.derived("production", "OTH", 0.0, unit="t/year",
        note="USGS 'other countries' 2024 (1,700 t) is split over the countries named in derived rows")  # fmt: skip
    for country, tonnes in rest_of_mined().items():
        yield CONCENTRATE.derived("production", country, tonnes, low=0.5 * tonnes, high=1.6 * tonnes, unit="t/year",
            note="USGS 'other countries' 2024 (1,700 t), in proportion to weights of ore that customs book leaving (BACI HS92 261100)")  # fmt: skip
    for country, (value, low, high, why) in REFINERS_T.items():
        yield REFINED.assumed("production", country, value, low, high, unit="t/year", note=why)
    others = sum(value for value, *_ in REFINERS_T.values())
    mined = world_values("TUNGSTEN", "Mine production", "2024")
    total = sum(tonnes for country, tonnes in mined.items() if country != "WLD")
    china = total / CONCENTRATE_PER_TONNE - others
    yield REFINED.derived("production", "CHN", china, low=0.92 * china, high=1.06 * china, unit="t/year",
        note=f"world mines 2024 ({total:,.0f} t, USGS) over {CONCENTRATE_PER_TONNE:g}, less the other refineries ({others:,.0f} t); "
        "the EU 2023 study has 85.6 % of 2016-2020")  # fmt: skip
    yield REFINED.derived("production", "WLD", total / CONCENTRATE_PER_TONNE, unit="t/year",
        note=f"world mines 2024 ({total:,.0f} t, USGS) over {CONCENTRATE_PER_TONNE:g}; scrap not in it")  # fmt: skip


def secondary() -> Iterator[Row]:
    """Tungsten from scrap, beside production rows that count concentrate alone."""
    world = sum(value for value, *_ in SCRAP_T.values())
    for country, (value, low, high, why) in SCRAP_T.items():
        yield REFINED.assumed("secondary_production", country, value, low, high, unit="t/year",
            note=f"beside production from concentrate; {why}; the world's {world:,.0f} t are 29 % of all supply, where the industry's association puts about 30 % (recalled)")  # fmt: skip


def purchases() -> Iterator[Row]:
    """What the United States buys in other forms than ore: imports of 2024 in the proportions of 2021-2024, USGS."""
    forms = "Imports for consumption: Other forms"
    tonnes = (
        salient("TUNGSTEN", forms)["2024"][0]
        + salient("TUNGSTEN", "Imports for consumption: Ores and concentrates")["2024"][0]
    )
    for country, share in import_shares("TUNGSTEN", "Ores, concentrates, and other forms").items():
        if country != "BOL":  # sells concentrate
            value = share * tonnes
            yield REFINED.row("trade", country, round(value), partner="USA", unit="t/year", status="derived", source=USGS_2026,
                locator=f"MCS2026_Commodities_Data.csv, TUNGSTEN, {forms}, 2024, Import sources 2021-2024", low=0.7 * value, high=1.3 * value,
                note="imports of all forms, 2024, times the country's share in 2021-2024; customs' powder codes alone hold a fifth of it")  # fmt: skip


def prices() -> Iterator[Row]:
    """Tungsten in paratungstate from the price of concentrate."""
    ratio, low, high = CONCENTRATE_OF_PARATUNGSTATE
    for year, price in concentrate_prices().items():
        yield REFINED.derived("price", "WLD", price / ratio, low=price / high, high=price / low, unit="USD/t", period=year,
            note=f"incoterm=in warehouse Rotterdam; vat=excluded; export_rebate=none; ammonium paratungstate: the price of concentrate ({price:,.0f}, USGS) over {ratio:g}; "
            "in February 2025 Reuters had 339 USD a unit, which is 323 in 2024 by this rule")  # fmt: skip


def concentrate_prices() -> dict[str, float]:
    """Price of concentrate by year [USD/t of tungsten], the newest edition of USGS."""
    found: dict[str, tuple[str, float]] = {}
    for line in read_table(DATASET / "observations" / "tungsten" / "usgs.csv"):
        if (line["good"], line["field"], line["region"]) == ("tungsten_concentrate", "price", "WLD"):
            found[line["period"]] = max(found.get(line["period"], ("", 0.0)), (line["source"], float(line["value"])))
    return {year: value for year, (_, value) in sorted(found.items())}


def main() -> None:
    """Write the tables of tungsten supply."""
    write_rows("tungsten", "production", production())
    write_rows("tungsten", "recycling", secondary())
    write_rows("tungsten", "purchases_usa", purchases())
    write_rows("tungsten", "prices", prices())


if __name__ == "__main__":
    main()
