"""Prices of 2008-2020: what older editions of the Summaries print, customs' unit values, and shares of the metal's price.

    python dataset/recipes/prices_history.py

Newer years stand beside each good's supply. Where an edition prints the price at the year's end, the note says so.
"""

from __future__ import annotations

import csv
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from copper_supply import pink_sheet
from rare_earths_ore import CLAY, ROCK
from rare_earths_ore import GROUPS as ORE_GROUPS
from rare_earths_prices import PAYABLE, oxides_worth
from rare_earths_prices import _part as first_part
from row_table import RECIPES, number, observation, read_table, write_by_material
from supply_baci import flows_of_year
from supply_rows import BACI_HS92, DERIVED, publisher_file
from trade_by_year import COBALT_IN_HYDROXIDE, HYDROXIDE_YEARS, REFINERS

from derisk.vocabulary.goods import GOODS

PER_POUND = 2204.62262
PER_KG = 1000.0
FOB_CHINA = "incoterm=FOB China; vat=excluded; export_rebate=none"
CUSTOMS = "incoterm=FOB; vat=excluded; export_rebate=included"
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the salient statistics of a commodity, read as a good's price."""

    good: str
    word: str
    names: tuple[str, ...]
    """The column's name, as each edition writes it."""
    usd_per_t: float
    terms: str


COLUMNS = (
    Column("refined_cobalt", "cobal", ("Price_LME_dlb",), PER_POUND, "incoterm=ex LME warehouse; vat=excluded; export_rebate=none; cathode"),
    Column("lithium_chemical", "lithi", ("Price_dt",), 1.0, "incoterm=not stated; vat=excluded; export_rebate=none; battery-grade carbonate"),
    Column("natural_graphite", "graph", ("Price_Flake_t", "Price_Flake_dt"), 1.0,
           "incoterm=FOB foreign port; vat=excluded; export_rebate=none; United States imports of flake"),
    Column("germanium", "germa", ("Price_Metal_dkg",), PER_KG, "incoterm=not stated; vat=excluded; export_rebate=none; zone-refined metal"),
    Column("ndpr_oxide", "raree", ("Price_Nd2O3_dkg",), PER_KG, f"{FOB_CHINA}; neodymium oxide, within 5 % of NdPr oxide in later years"),
    Column("lacen_oxide", "raree", ("Price_CeO2_dkg",), PER_KG, f"{FOB_CHINA}; cerium oxide, printed in whole dollars, as lanthanum oxide is"),
)  # fmt: skip
FOLDERS = {
    "2022": ("2022", "individual_commodities"),
    "2023": ("2023", "salient", "salient"),
    "2024": ("2024", "salient", "salient"),
}
EDITION_OF = {"2017": "2022", "2018": "2023", "2019": "2024"}
"""The newest edition that states each year."""
OLDER_OF_2019 = frozenset({"cobal", "galli"})
"""Chapters whose file of the 2024 edition holds another table (cobalt) or other columns (gallium)."""
NAMES_2022 = {
    "cobal": "cobalt",
    "lithi": "lithium",
    "graph": "graphite",
    "germa": "germanium",
    "raree": "rare_earths",
    "galli": "gallium",
}

LOW_PURITY_PART = (254.0, 277.0)
"""Gallium of low purity and of every purity in United States imports of 2021 [USD/kg]: what the older editions and the newest one print."""

PRINTED = (
    ("refined_cobalt", "2015", "usgs-mcs-2020", 12.90, PER_POUND, "Cobalt, London Metal Exchange, cash", "incoterm=ex LME warehouse; vat=excluded; export_rebate=none"),
    ("refined_cobalt", "2016", "usgs-mcs-2020", 11.57, PER_POUND, "Cobalt, London Metal Exchange, cash", "incoterm=ex LME warehouse; vat=excluded; export_rebate=none"),
    ("germanium", "2015", "usgs-mcs-2020", 1792.0, PER_KG, "Germanium metal, annual average", "incoterm=not stated; vat=excluded; export_rebate=none; zone-refined metal"),
    ("germanium", "2016", "usgs-mcs-2020", 1087.0, PER_KG, "Germanium metal, annual average", "incoterm=not stated; vat=excluded; export_rebate=none; zone-refined metal"),
    ("antimony", "2008", "usgs-mcs-2011", 2.80, PER_POUND, "Antimony metal, average", "incoterm=CIF United States; vat=excluded; export_rebate=none; New York dealer"),
    ("antimony", "2009", "usgs-mcs-2011", 2.36, PER_POUND, "Antimony metal, average", "incoterm=CIF United States; vat=excluded; export_rebate=none; New York dealer"),
    ("antimony", "2010", "usgs-mcs-2011", 3.70, PER_POUND, "Antimony metal, average, estimated", "incoterm=CIF United States; vat=excluded; export_rebate=none; New York dealer"),
)  # fmt: skip
"""Good, year, edition, printed price, factor to USD per tonne, line of the salient statistics, terms."""

YEAR_END = {
    "Ce": {"2013": (5, 6), "2014": (4, 5), "2015": (2, 2)},
    "La": {"2013": (6, 6), "2014": (5, 5), "2015": (2, 2)},
    "Nd": {"2013": (65, 70), "2014": (56, 60), "2015": (37, 42)},
    "Dy": {"2013": (440, 490), "2014": (320, 360), "2015": (215, 240)},
    "Tb": {"2013": (800, 850), "2014": (590, 640), "2015": (410, 490)},
}
"""Oxides at the year's end, low and high [USD/kg]: Mineral Commodity Summaries 2016, page 134."""
OXIDE_PARTS = {"lacen_oxide": ("La", "Ce"), "ndpr_oxide": ("Nd",), "dytb_oxide": ("Dy", "Tb")}

GALLIUM_HIGH_PURITY = {"2008": 579.0, "2009": 449.0, "2010": 670.0}
GALLIUM_IMPORTS_2010 = (35e6, 59_000.0)
"""Value [USD] and weight [kg] of United States imports of 2010, every purity: Mineral Commodity Summaries 2011, page 58."""


def price(
    good: str, year: str, value: float, *, status: str, source: str, locator: str, note: str, spread: float = 0.0
) -> Row:
    """A row of a world price; a spread gives it a range."""
    bounds = {"low": number(value * (1 - spread)), "high": number(value * (1 + spread))} if spread else {}
    return observation(
        good, region="WLD", period=year, field="price", value=number(value), unit="USD/t", basis=GOODS[good].price_basis,
        status=status, source=source, locator=locator, note=note, **bounds,
    )  # fmt: skip


def salient(word: str, year: str) -> tuple[dict[str, str], str]:
    """A commodity's line of a year in the newest edition that has one, and the file's name."""
    edition = "2023" if year == "2019" and word in OLDER_OF_2019 else EDITION_OF[year]
    name = f"mcs{edition}-{word}_salient.csv"
    file = f"{NAMES_2022[word]}_{name}" if edition == "2022" else name
    with publisher_file("production", "usgs_mcs_2022_2024", *FOLDERS[edition], file).open(
        encoding="utf-8-sig", newline=""
    ) as table:
        return next(line for line in csv.DictReader(table) if line["Year"] == year), file


def from_salient(year: str) -> Iterator[Row]:
    """Columns that are a good's price as they stand, heavy oxides weighted by content, and gallium of low purity raised to every purity."""
    for column in COLUMNS:
        line, file = salient(column.word, year)
        name = next(name for name in column.names if name in line)
        printed = float(line[name])
        yield price(column.good, year, printed * column.usd_per_t, status="reported", source=_edition(file),
            locator=f"{file}, {name}, {year}", note=f"{column.terms}; printed {printed:g}")  # fmt: skip
    line, file = salient("raree", year)
    dy = first_part("dytb_oxide")
    value = PER_KG * (dy * float(line["Price_Dy2O3_dkg"]) + (1 - dy) * float(line["Price_TbO2_dkg"]))
    yield price("dytb_oxide", year, value, status="derived", source=_edition(file), spread=0.1,
        locator=f"{file}, Price_Dy2O3_dkg and Price_TbO2_dkg, {year}",
        note=f"{FOB_CHINA}; Dy and Tb oxide prices weighted by their content in world mine output of 2024, {dy:.2f} Dy")  # fmt: skip
    line, file = salient("galli", year)
    low, every = LOW_PURITY_PART
    printed = float(line["Price_Low-purity_dkg"])
    yield price("gallium", year, printed * every / low * PER_KG, status="derived", source=_edition(file), spread=0.25,
        locator=f"{file}, Price_Low-purity_dkg, {year}",
        note=f"incoterm=FOB foreign port (customs value); vat=excluded; export_rebate=none; printed {printed:g} for low purity, "
        f"times {every:g}/{low:g}, imports of every purity over low purity in 2021")  # fmt: skip


def _edition(file: str) -> str:
    return f"usgs-mcs-{file.split('mcs')[1][:4]}"


def printed_prices() -> Iterator[Row]:
    """Single figures of editions of which only their pages were read."""
    for good, year, source, printed, factor, line, terms in PRINTED:
        yield price(good, year, printed * factor, status="estimated" if "estimated" in line else "reported", source=source,
            locator=f"Salient Statistics, Price: {line}, {year}", note=f"{terms}; printed {printed:g}")  # fmt: skip


def year_end_oxides() -> Iterator[Row]:
    """Oxides of 2013-2015: the middle of the range printed for the year's end."""
    for good, elements in OXIDE_PARTS.items():
        share = first_part(good) if len(elements) > 1 else 1.0
        for year in YEAR_END[elements[0]]:
            weighted = [(share, elements[0]), *((1 - share, element) for element in elements[1:])]
            value = PER_KG * sum(part * statistics.mean(YEAR_END[element][year]) for part, element in weighted)
            printed = "; ".join(
                f"{element} {'-'.join(f'{v:g}' for v in YEAR_END[element][year])}" for _, element in weighted
            )
            yield price(good, year, value, status="derived", source="usgs-mcs-2016", spread=0.2,
                locator=f"Rare earths, page 134, Salient Statistics, Price, yearend, {year}",
                note=f"{FOB_CHINA}; at the year's end, printed {printed} USD/kg, weighted by content in world mine output of 2024")  # fmt: skip


def gallium_before() -> Iterator[Row]:
    """Gallium of 2008-2010: the unit value of the imports of 2010, moved with the price of high purity."""
    value_usd, weight_kg = GALLIUM_IMPORTS_2010
    for year, printed in GALLIUM_HIGH_PURITY.items():
        value = PER_KG * value_usd / weight_kg * printed / GALLIUM_HIGH_PURITY["2010"]
        yield price("gallium", year, value, status="derived", source="usgs-mcs-2011", spread=0.25,
            locator=f"Gallium, page 58, Salient Statistics, Price and Imports for consumption, {year}",
            note=f"incoterm=FOB foreign port (customs value); vat=excluded; export_rebate=none; 35 million USD over 59,000 kg imported in 2010, "
            f"times {printed:g} over 670 USD/kg of 99.99999 % metal at the year's end")  # fmt: skip


def unit_values() -> Iterator[Row]:
    """Cobalt metal, lithium carbonate and flake graphite of years for which no edition was read: customs' unit values."""
    for year in range(2008, 2015):
        metal = [
            f
            for f in flows_of_year(BACI_HS92, "810510", year)
            if f.gross_t > 20 and f.exporter in REFINERS and f.importer != "NOR"
        ]
        value = statistics.median(f.unit_value for f in metal)
        yield price("refined_cobalt", str(year), value, status="derived", source=BACI_HS92, spread=0.15, locator=f"HS92 810510, {year}",
            note=f"{CUSTOMS}; median unit value of {len(metal)} flows of metal from eight refining countries (rule T9); within 10 % of the London price in 2015-2019")  # fmt: skip
    for good, code, name in (
        ("lithium_chemical", "283691", "lithium carbonate"),
        ("natural_graphite", "250410", "flake and powder"),
    ):
        for year in range(2008, 2017):
            flows = [f for f in flows_of_year(BACI_HS92, code, year) if f.gross_t > 0 and f.value_usd > 0]
            value = sum(f.value_usd for f in flows) / sum(f.gross_t for f in flows)
            yield price(good, str(year), value, status="derived", source=BACI_HS92, spread=0.25, locator=f"HS92 {code}, {year}, all flows",
                note=f"{CUSTOMS}; value over gross tonnes of all trade in {name}; the Summaries' price of 2017-2019 is 1.3 to 1.5 times it")  # fmt: skip
    for year in (y for y in HYDROXIDE_YEARS if y < 2024):
        flows = [f for f in flows_of_year(BACI_HS92, "810510", year) if f.exporter == "COD" and f.gross_t > 2000]
        value = sum(f.value_usd for f in flows) / (COBALT_IN_HYDROXIDE * sum(f.gross_t for f in flows))
        yield price("cobalt_intermediate", str(year), value, status="derived", source=BACI_HS92, spread=0.15, locator=f"HS92 810510, {year}, COD to all",
            note=f"incoterm=FOB; vat=excluded; export_rebate=none; value over gross tonnes x {COBALT_IN_HYDROXIDE} cobalt (hydroxide, 0.28-0.38), as in 2024")  # fmt: skip


def copper_concentrate() -> Iterator[Row]:
    """Copper in concentrate of 2008-2019, by the rule of later years."""
    for year in range(2008, 2020):
        metal = statistics.mean(usd for month, usd in pink_sheet().items() if month.startswith(str(year)))
        yield observation(
            "copper_concentrate", region="WLD", period=year, field="price", value=number(0.965 * metal - 500), unit="USD/t",
            basis=GOODS["copper_concentrate"].price_basis, status="derived", low=number(0.965 * metal - 800), high=number(0.985 * metal),
            source=DERIVED, locator="rule in the note",
            note="incoterm=CIF smelter; vat=excluded; export_rebate=none; payable 96.5 % of the refined price less treatment and refining charges "
            "of 80 USD per t of 25 % concentrate and 8 cents per lb (assumed)",
        )  # fmt: skip


def ore(known: Iterable[Row]) -> Iterator[Row]:
    """Rare-earth ore of 2008-2020 at half of what its oxides were worth, by the rule of later years.

    Args:
        known: prices of oxides of this recipe; those of the years around stand in the tables of the oxides' prices.
    """
    usd: dict[str, dict[str, float]] = {}
    for row in (*_oxide_prices(), *known):
        if row["good"] in ORE_GROUPS and "2008" <= row["period"] <= "2020":
            usd.setdefault(row["period"], {})[row["good"]] = float(row["value"])
    for year, oxides in sorted(usd.items()):
        if not oxides.keys() >= {"lacen_oxide", "ndpr_oxide", "dytb_oxide"}:
            continue
        unpriced = ", ".join(good for good in ORE_GROUPS if good not in oxides)
        for good, kind in (("rare_earth_concentrate", ROCK), ("ionic_clay_concentrate", CLAY)):
            value, (share, low, high) = oxides_worth(kind, oxides), PAYABLE[kind]
            yield observation(
                good, region="WLD", period=year, field="price", value=number(share * value), unit="USD/t",
                basis=GOODS[good].price_basis, status="derived", low=number(low * value), high=number(high * value),
                source=DERIVED, locator="rule in the note",
                note=f"incoterm=FOB; vat=excluded; export_rebate=none; payable share {share:g} (assumed {low:g}-{high:g}) of {value:,.0f} USD, the oxides "
                f"recovered from a tonne of oxide in the world's {kind} of 2024{f'; without {unpriced}, which no row prices' if unpriced else ''}",
            )  # fmt: skip


def _oxide_prices() -> Iterator[Row]:
    for path in sorted((RECIPES.parent / "observations").glob("*/*prices.csv")):
        yield from (
            line
            for line in read_table(path)
            if line["field"] == "price" and line["region"] == "WLD" and len(line["period"]) == 4
        )


def rows() -> Iterator[Row]:
    """Every row."""
    oxides = [*(row for year in EDITION_OF for row in from_salient(year)), *year_end_oxides()]
    yield from oxides
    yield from ore(oxides)
    yield from printed_prices()
    yield from gallium_before()
    yield from unit_values()
    yield from copper_concentrate()


def main() -> None:
    """Write observations/<material>/prices_history.csv."""
    write_by_material("prices_history", sorted(rows(), key=lambda r: (r["good"], r["period"], r["source"])))


if __name__ == "__main__":
    main()
