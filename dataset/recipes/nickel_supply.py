"""Nickel supply: intermediates and refined metal by country, prices of ore and matte, and routes of matte.

    python dataset/recipes/nickel_supply.py

Mines stand in usgs.csv and iea.csv. Coefficients, utilisation and matte shares are judged: processes_assumed.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache

import duckdb
from supply_iea import supply
from supply_rows import DATASET, Maker, Row, publisher_file, write_rows
from supply_usgs import world_values

MATTE = Maker("nickel", "refining", "nickel_matte", "contained_metal")
ORE = Maker("nickel", "mining", "nickel_ore", "contained_metal")
REFINED = Maker("nickel", "refining", "refined_nickel", "contained_metal")

COMTRADE = "un-comtrade-cited"
ORE_OF_PRICE, MATTE_OF_PRICE = (0.25, 0.18, 0.45), (0.85, 0.75, 0.95)
"""Price of a tonne of nickel in ore and in intermediates over the exchange's price of metal, with its range."""
MATTE_WITH_COPPER = 1.3
"""The same for matte bought by Norway's refinery, which pays for copper, cobalt and precious metals too."""
LEAST_ROUTE_USD = 15e6

NAMED_BY_IEA = ("AUS", "CAN", "CHN", "FIN", "IDN", "RUS")
COUNTED_AS_MATTE = ("CUB",)
"""Makers of oxide and sulphide that others refine: their output is an intermediate here."""
NEW_CALEDONIA_T = 42_000.0
LEAST_REFINED_T, LEAST_MINED_T = 3_000.0, 5_000.0

MATTE_BESIDE_ROUTES_T = {
    "CUB": (33_000, 28_000, 38_000, "mixed sulphide of Moa (30,300 t of nickel in 2024, recalled) for the refinery in Alberta, whose imports customs keep secret, and oxide for China"),
    "ZWE": (12_000, 6_000, 16_000, "matte of the platinum mines for refineries in South Africa"),
    "FIN": (50_000, 35_000, 60_000, "matte of Harjavalta and mixed sulphide of Sotkamo: 27,000 t shipped by the routes, the rest for refining at home"),
    "PHL": (45_000, 40_000, 52_000, "mixed sulphide of two leaching plants (42,000 t shipped to Japan by the routes)"),
}  # fmt: skip
"""Makers of intermediates whose routes in customs records miss part of them [t/year, low, high, why]."""

PIG_IRON_FROM_INDONESIA_T = {
    "CHN": (970_000, 800_000, 1_150_000, "8.7 million t of pig iron and ferronickel at 11-12 % nickel in 2024 (recalled), and 17,000 t of cathode (customs)"),
    "IND": (55_000, 30_000, 80_000, "pig iron for its stainless mills (recalled), and 4,000 t of cathode (customs)"),
}  # fmt: skip
"""Nickel that Indonesia ships in pig iron, ferronickel and cathode [t/year, low, high, why]."""
YEARS_OF_ROUTES = (2019, 2022, 2023)
"""Years before 2024 in which all large importers stand in the records."""
MATTE_BEFORE_RECORDS_T = {
    "2008": {"IDN": 73e3, "CAN": 100e3, "RUS": 65e3, "AUS": 40e3, "CUB": 37e3, "BWA": 28e3, "FIN": 20e3, "NCL": 10e3, "PHL": 10e3, "ZWE": 6e3},
    "2013": {"IDN": 76e3, "CAN": 100e3, "RUS": 70e3, "AUS": 45e3, "CUB": 33e3, "BWA": 22e3, "FIN": 25e3, "PHL": 25e3, "PNG": 11e3, "NCL": 10e3, "ZWE": 10e3},
}  # fmt: skip
"""Intermediates sold abroad before importers' records begin [t/year]: one smelter in Indonesia, and no leaching plant there before 2021."""
MATTE_SHARE_BEFORE = {
    "CHN": {"2008": (0.12, 0.05, 0.2), "2013": (0.08, 0.04, 0.15), "2019": (0.16, 0.12, 0.22), "2022": (0.34, 0.26, 0.42), "2023": (0.39, 0.3, 0.48)},
    "JPN": {"2008": (0.5, 0.4, 0.65), "2013": (0.55, 0.45, 0.7), "2019": (0.72, 0.6, 0.85), "2022": (0.85, 0.7, 0.95)},
}  # fmt: skip
"""Part of refined nickel made from bought intermediates before 2024: what the records see arriving, from 2019 on, over output."""


@cache
def price(year: str) -> float:
    """Mean price of refined nickel of a year [USD/t], from the table of the Pink Sheet."""
    with (DATASET / "observations" / "nickel" / "pink_sheet.csv").open(encoding="utf-8", newline="") as table:
        return next(float(line["value"]) for line in csv.DictReader(table) if line["period"] == year)


@cache
def bgs_2023(kind: str) -> dict[str, float]:
    """Output of 2023 by country, British Geological Survey [t/year]; `mine` or `smelter/refinery`."""
    path = publisher_file("production", "bgs_wms", "BGS_nickel_production.csv")
    with path.open(encoding="utf-8-sig", newline="") as table:
        return {
            line["country_iso3_code"]: float(line["quantity"])
            for line in csv.DictReader(table)
            if line["bgs_commodity_trans"] == f"nickel, {kind}" and line["year"].startswith("2023")
            if line["quantity"] and line["country_iso3_code"].isalpha()
        }


@cache
def rest_of_mined() -> dict[str, float]:
    """USGS's other countries of 2024 by country, in the proportions of 2023 [t/year]."""
    usgs = world_values("NICKEL", "Mine production", "2024")
    others = {c: t for c, t in bgs_2023("mine").items() if c not in usgs and t >= LEAST_MINED_T}
    return {country: usgs["OTH"] * tonnes / sum(others.values()) for country, tonnes in others.items()}


@cache
def rest_of_world_t() -> float:
    """What the IEA's world total of 2024 leaves beside its named countries [t/year]; its own rest of world is more (corrections/)."""
    iea = supply("Nickel", "refining", "2024")
    return iea["WLD"] - sum(iea[country] for country in NAMED_BY_IEA)


@cache
def rest_of_refined() -> dict[str, float]:
    """The IEA's rest of world of 2024 by country: in the proportions of 2023, New Caledonia after the closure of one of its smelters."""
    wanted = rest_of_world_t() - NEW_CALEDONIA_T
    besides = {*NAMED_BY_IEA, *COUNTED_AS_MATTE, "NCL"}
    others = {c: t for c, t in bgs_2023("smelter/refinery").items() if c not in besides and t >= LEAST_REFINED_T}
    scale = wanted / sum(others.values())
    return {country: scale * tonnes for country, tonnes in others.items()} | {"NCL": NEW_CALEDONIA_T}


@cache
def routes(year: int = 2024) -> dict[tuple[str, str], float]:
    """Intermediates by exporter and importer in a year from 2018 on [t of nickel]: what importers' customs paid over the price of nickel in them."""
    query = """
        SELECT code.country_iso3, reporterISO, cmdCode, max(primaryValue) AS value
        FROM read_parquet(?) AS flow JOIN read_csv(?) AS code ON code.country_code = flow.partnerCode
        WHERE refYear = ? AND CAST(cmdCode AS VARCHAR) IN ('750110', '750120') AND reporterCode <> 97 AND partnerCode <> 0
        GROUP BY ALL ORDER BY value DESC
    """  # a flow stands in parts as well: the largest line is the whole
    files = (
        ("comtrade_ev_battery", "comtrade_imports_by_partner_2018_2024.parquet"),
        ("baci_hs17_atlas", "country_codes_V202601.csv"),
    )
    with duckdb.connect() as connection:
        found = connection.execute(query, [*(str(publisher_file("trade", *file)) for file in files), year]).fetchall()
    paid: dict[tuple[str, str], float] = {}
    for exporter, importer, _, usd in found:
        paid[exporter, importer] = paid.get((exporter, importer), 0.0) + usd
    return {pair: usd / (price(str(year)) * paid_for(pair[1])) for pair, usd in paid.items() if usd >= LEAST_ROUTE_USD}


def paid_for(importer: str) -> float:
    """Price of a tonne of nickel in intermediates over the price of metal."""
    return MATTE_WITH_COPPER if importer == "NOR" else MATTE_OF_PRICE[0]


def production() -> Iterator[Row]:
    """Ore and refined nickel of countries that USGS and the IEA do not name, and intermediates."""
    usgs = world_values("NICKEL", "Mine production", "2024")["OTH"]
    yield ORE.derived("production", "OTH", 0.0, unit="t/year",
        note=f"USGS 'other countries' 2024 ({usgs:,.0f} t) is split over the countries named in derived rows")  # fmt: skip
    for country, tonnes in rest_of_mined().items():
        yield ORE.derived("production", country, tonnes, low=0.75 * tonnes, high=1.25 * tonnes, unit="t/year",
            note=f"USGS 'other countries' 2024, in proportion to mine output of 2023 (British Geological Survey; here {bgs_2023('mine')[country]:,.0f} t)")  # fmt: skip
    rest = rest_of_world_t()
    yield REFINED.derived("production", "OTH", 0.0, unit="t/year",
        note=f"the IEA's rest of world 2024 ({rest:,.0f} t) is split over the countries named in derived rows")  # fmt: skip
    for country, tonnes in rest_of_refined().items():
        why = (
            "one of two smelters ran in 2024; the other, 27,000 t in 2023, closed in February"
            if country == "NCL"
            else f"IEA rest of world 2024 less New Caledonia, in proportion to smelter and refinery output of 2023 (British Geological Survey; here {bgs_2023('smelter/refinery')[country]:,.0f} t)"
        )
        yield REFINED.derived(
            "production", country, tonnes, low=0.8 * tonnes, high=1.2 * tonnes, unit="t/year", note=why
        )
    shipped: dict[str, float] = {}
    for (exporter, _), tonnes in routes().items():
        shipped[exporter] = shipped.get(exporter, 0.0) + tonnes
    for country, tonnes in shipped.items():
        if country not in MATTE_BESIDE_ROUTES_T:
            yield MATTE.derived("production", country, tonnes, low=0.75 * tonnes, high=1.3 * tonnes, unit="t/year",
                note="what it ships by the routes of 2024; intermediates that go on to metal in the same country are not a good")  # fmt: skip
    for country, (value, low, high, why) in MATTE_BESIDE_ROUTES_T.items():
        yield MATTE.assumed("production", country, value, low, high, unit="t/year", note=why)
    yield from past_matte()
    beside = sum(value for value, *_ in MATTE_BESIDE_ROUTES_T.values())
    world = beside + sum(tonnes for country, tonnes in shipped.items() if country not in MATTE_BESIDE_ROUTES_T)
    yield MATTE.derived(
        "production",
        "WLD",
        world,
        unit="t/year",
        note="sum of the countries: intermediates that one country sells to another",
    )


def past_matte() -> Iterator[Row]:
    """Intermediates by country before 2024, and what China and Japan made of them."""
    for year in YEARS_OF_ROUTES:
        shipped = {c: t for c, (t, *_) in MATTE_BESIDE_ROUTES_T.items()}
        for (exporter, _), tonnes in routes(year).items():
            if exporter not in MATTE_BESIDE_ROUTES_T:
                shipped[exporter] = shipped.get(exporter, 0.0) + tonnes
        for country, tonnes in shipped.items():
            yield MATTE.derived("production", country, tonnes, low=0.7 * tonnes, high=1.4 * tonnes, unit="t/year", period=str(year),
                note=f"what importers' records of {year} see it ship, by rule T14; Cuba, Zimbabwe, Finland and the Philippines as judged for 2024")  # fmt: skip
    for year, makers in MATTE_BEFORE_RECORDS_T.items():
        for country, tonnes in makers.items():
            yield MATTE.assumed("production", country, tonnes, 0.6 * tonnes, 1.4 * tonnes, unit="t/year", period=year,
                note="order of magnitude of its smelters and leaching plants that sell to refiners abroad, recalled")  # fmt: skip
    for country, years in MATTE_SHARE_BEFORE.items():
        for year, (value, low, high) in years.items():
            yield REFINED.assumed("matte_share", country, value, low, high, unit="share", basis="none", period=year,
                note="intermediates that importers' records see arriving over refined output" if int(year) >= 2019 else "one or two refineries on bought matte beside pig iron and ferronickel from ore, recalled")  # fmt: skip


def trade() -> Iterator[Row]:
    """Routes of intermediates in 2024."""
    for (exporter, importer), tonnes in routes().items():
        yield MATTE.row("trade", exporter, round(tonnes, -2), partner=importer, unit="t/year", status="derived", source=COMTRADE,
            locator=f"HS 7501.10 and 7501.20, imports of {importer} from {exporter}, 2024", low=0.7 * tonnes, high=1.3 * tonnes,
            note=f"rule T14: value over {paid_for(importer):g} x the price of nickel")  # fmt: skip
    yield MATTE.assumed("trade", "CUB", 29_000, 24_000, 33_000, partner="CAN", unit="t/year",
        note="mixed sulphide of Moa for the refinery of its joint owner in Alberta; Canadian customs keep the trade secret")  # fmt: skip
    yield MATTE.assumed("trade", "ZWE", 12_000, 6_000, 16_000, partner="ZAF", unit="t/year",
        note="matte of the platinum mines; not in South African customs records")  # fmt: skip


def pig_iron_routes() -> Iterator[Row]:
    """Pig iron and ferronickel, whose code no stored table has, with the cathode of the same pair."""
    for importer, (value, low, high, why) in PIG_IRON_FROM_INDONESIA_T.items():
        yield REFINED.assumed("trade", "IDN", value, low, high, partner=importer, unit="t/year", note=why)


def prices() -> Iterator[Row]:
    """Nickel in ore and in intermediates as a part of the price of metal, 2008-2025."""
    whys = {
        ORE: "laterite of 1.5-1.8 % paid 15-25 % of its nickel in 2024, sulphide concentrate about 70 %; weighted by tonnes",
        MATTE: "mixed hydroxide and matte were paid 75-90 % of the nickel in them in 2024",
    }
    for maker, (value, low, high) in ((ORE, ORE_OF_PRICE), (MATTE, MATTE_OF_PRICE)):
        for year in range(2008, 2026):
            metal = price(str(year))
            yield maker.derived("price", "WLD", value * metal, low=low * metal, high=high * metal, unit="USD/t", period=str(year),
                note=f"incoterm=CIF; vat=excluded; export_rebate=none; {value:g} x the price of metal ({metal:,.0f}, Pink Sheet): {whys[maker]} (recalled)")  # fmt: skip


def main() -> None:
    """Write the tables of nickel supply."""
    write_rows("nickel", "production", production())
    write_rows("nickel", "trade", trade())
    write_rows("nickel", "pig_iron_routes", pig_iron_routes())
    write_rows("nickel", "prices", prices())


if __name__ == "__main__":
    main()
