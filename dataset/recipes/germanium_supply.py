"""Germanium supply: no agency publishes 2024 by country; the last world table, judged forward, with ranges."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from supply_countries import code_of
from supply_crm import shares
from supply_rows import EU_CRM, USGS_2022, Maker, Row, publisher_file, write_rows
from supply_usgs import price_2020_row, price_rows

METAL = Maker("germanium", "refining", "germanium", "contained_metal")
RESIDUE = Maker("germanium", "refining", "germanium_residue", "contained_metal")

PRODUCTION_T = {
    "CHN": (
        130,
        95,
        190,
        "95 t in 2021 (USGS 2022 release), grown with coal-ash and zinc-residue plants; others state up to 200 t in 2023",
    ),
    "BEL": (12, 7, 18, "concentrates and scrap; USGS names it a producer"),
    "CAN": (12, 6, 20, "dioxide and metal of one zinc smelter; USGS names it a producer"),
    "DEU": (9, 5, 14, "scrap and refining; USGS names it a producer"),
    "RUS": (6, 4, 9, "5 t in 2021 (USGS 2022 release), coal ash"),
    "USA": (5, 3, 9, "scrap refining; USGS withholds secondary output"),
    "JPN": (5, 2, 8, "scrap and fibre residues; 1.8 % of processing in 2016-2020 (EU study)"),
    "OTH": (1, 0, 3, "small amounts elsewhere"),
}
"""Primary and secondary, 2024: value, low, high [t], reason."""
RECYCLED_T = {
    "CHN": (18, 8, 35),
    "BEL": (8, 4, 12),
    "DEU": (6, 3, 9),
    "USA": (4.9, 2.5, 8),
    "JPN": (4, 1.5, 7),
    "CAN": (1, 0, 3),
    "RUS": (1, 0, 2),
}
RESIDUE_PER_GERMANIUM = 1.6
HOSTS_T = {
    "CAN": (45, 25, 80, "zinc concentrate of Alaska smelted in British Columbia"),
    "USA": (30, 15, 60, "zinc of Tennessee and Alaska, mostly smelted or stored untreated"),
    "BEL": (20, 10, 40, "bought zinc residues and Congolese concentrate"),
    "COD": (30, 10, 60, "slag heap of Lubumbashi, shipped since late 2023"),
    "DEU": (15, 8, 30, "zinc and copper smelters"),
    "FIN": (12, 5, 25, "zinc smelter and residues; recovery stopped in the past decade"),
    "JPN": (10, 5, 20, "zinc smelters"),
    "KOR": (20, 8, 40, "zinc smelters; a recovery line is announced"),
    "AUS": (20, 8, 40, "zinc and lead smelters; a recovery project is studied"),
    "IND": (15, 5, 30, "zinc smelters"),
    "MEX": (12, 4, 25, "zinc smelters"),
    "ESP": (10, 4, 20, "zinc smelter"),
    "KAZ": (12, 4, 25, "zinc smelters"),
    "UKR": (3, 1, 6, "coal ash; recovery before 2022"),
}
"""Germanium that reaches zinc residues or ash in a form recovery plants take, 2024; assumed."""


def production() -> Iterator[Row]:
    """World tables of 2020 and 2021 from USGS, 2024 assumed, the EU study's shares of 2016-2020 applied to 2020."""
    path = publisher_file(
        "production", "usgs_mcs_2022_2024", "2022", "individual_commodities", "germanium_mcs2022-germa_world.csv"
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        for year in ("2020", "2021"):
            text = line[f"Prod_kg_Est_{year}"]
            region = code_of(line["Country"])
            yield METAL.row("production", region, None if text == "W" else float(text) / 1000, unit="t/year", period=year, source=USGS_2022,
                status="withheld" if text == "W" else "estimated", locator=f"germanium_mcs2022-germa_world.csv, {line['Country']}, Prod_kg_Est_{year}",
                note=f"primary and secondary refinery production; printed {text} kg")  # fmt: skip
    for country, (value, low, high, why) in PRODUCTION_T.items():
        yield METAL.assumed(
            "production",
            country,
            value,
            low,
            high,
            unit="t/year",
            note=f"primary and secondary; {why}; no agency publishes 2024 by country",
        )
    world = sum(v for v, *_ in PRODUCTION_T.values())
    yield METAL.assumed("production", "WLD", world, 140, 220, unit="t/year",
        note="sum of the judged countries; 140 t in 2021 (USGS 2022 release), published guesses for 2024 reach 220 t")  # fmt: skip
    china = shares("Germanium", "P")["CHN"]
    yield METAL.row("production", "CHN", china * 140, unit="t/year", period="2020", status="derived", source=EU_CRM,
        locator="fact_GlobalSupplyShares, Germanium, P, China", note=f"{china:.1%} of processing, mean of 2016-2020, x 140 t (USGS 2020)")  # fmt: skip


def recycled() -> Iterator[Row]:
    """Germanium from scrap, a part of production."""
    for country, (value, low, high) in RECYCLED_T.items():
        yield METAL.assumed("recycled_production", country, value, low, high, unit="t/year",
            note="part of this country's production; USGS texts put about 30 % of the world's germanium as recycled, mostly factory scrap of optics and fibre")  # fmt: skip


def coefficients() -> Iterator[Row]:
    """Germanium that hosts make available, and per tonne recovered."""
    for country in ("CHN", "RUS"):
        primary = PRODUCTION_T[country][0] - RECYCLED_T[country][0]
        value = 2.0 * RESIDUE_PER_GERMANIUM * primary
        yield RESIDUE.assumed("residue_supply", country, value, 0.65 * value, 2.0 * value, unit="t/year",
            note="twice what its plants take: most germanium in zinc residues and coal ash is not recovered")  # fmt: skip
    for country, (value, low, high, why) in HOSTS_T.items():
        yield RESIDUE.assumed(
            "residue_supply", country, value, low, high, unit="t/year", note=f"{why}; order of magnitude"
        )
    yield RESIDUE.assumed(
        "residue_supply",
        "OTH",
        20,
        8,
        40,
        unit="t/year",
        note="zinc smelters and coal ash elsewhere; order of magnitude",
    )
    yield METAL.assumed(
        "input_germanium_residue",
        "",
        RESIDUE_PER_GERMANIUM,
        1.3,
        2.0,
        unit="t/t",
        basis="none",
        note="leaching and distillation recover 50-75 %",
    )
    yield METAL.assumed(
        "utilisation_share",
        "",
        0.65,
        0.45,
        0.85,
        unit="share",
        basis="none",
        note="plants follow the zinc residue they are given",
    )


def prices() -> Iterator[Row]:
    """Annual average price of metal, USGS."""
    detail = "Price, annual average, dollars per kilogram: Germanium metal"
    terms = "incoterm=not stated; vat=excluded; export_rebate=none; zone-refined metal"
    yield from price_rows(METAL, "GERMANIUM", detail, 1000.0, terms=terms)
    yield price_2020_row(METAL, "mcs2024-germa_salient.csv", "Price_Metal_dkg", 1000.0, terms=terms)


def main() -> None:
    """Write the tables of germanium supply."""
    write_rows("germanium", "production", production())
    write_rows("germanium", "recycling", recycled())
    write_rows("germanium", "coefficients", coefficients())
    write_rows("germanium", "prices", prices())


if __name__ == "__main__":
    main()
