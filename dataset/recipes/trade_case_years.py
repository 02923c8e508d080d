"""Contained trade of further goods in the years of cases: ores and tungsten by weight, three metals by value.

    python dataset/recipes/trade_case_years.py

Rules T12 and T16 of docs/data/trade.md. Copper, lithium, cobalt, graphite and nickel ore have every year in `trade_by_year.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from row_table import RECIPES, number, observation, write_by_material
from supply_baci import Flow, by_pair, flows_of_year
from supply_rows import BACI_HS17, BACI_HS92
from trade_by_year import CONTENT_GOODS_HS92, LEAST_SHARE, _known, by_content, repaired_by_weight
from trade_history import BACI_HS02

from derisk.vocabulary.goods import GOODS

YEARS = (2010, 2013, 2016, 2019, 2020, 2021, 2022, 2023)
BY_WEIGHT = {
    "antimony_concentrate": (("261710",), 10.0),
    "tungsten_concentrate": (("261100",), 4.0),
    "tungsten": (("810110",), 4.0),
    **{
        good: CONTENT_GOODS_HS92[good]
        for good in (
            "manganese_ore",
            "titanium_concentrate",
            "vanadium",
            "niobium",
            "tantalum",
            "tin_concentrate",
            "bismuth",
            "fluorspar",
        )
    },
}
"""Codes, and how far off the unit value of the middle dollar a weight may lie."""
BY_VALUE = {
    "antimony": ("811010", 4.0),
    "magnesium": ("810411", 4.0),
    "refined_nickel": ("750210", 3.0),
    "silicon_metal": ("280469", 4.0),
    "titanium_sponge": ("810820", 5.0),
}
"""Code, and how far off a weight of 2024 may lie."""
Row = dict[str, str]


def prices(good: str) -> dict[int, float]:
    """World prices of a good by year, as other tables of its material state them; a publisher's newest edition last."""
    stated: dict[int, float] = {}
    for path in sorted((RECIPES.parent / "observations" / GOODS[good].material).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            lines = [line for line in csv.DictReader(stream) if line["field"] == "price" and line["good"] == good]
        for line in sorted(lines, key=lambda line: (line["status"] == "reported", line["source"])):
            if line["region"] == "WLD" and len(line["period"]) == 4 and line["value"]:
                stated[int(line["period"])] = float(line["value"])
    return stated


def by_value(good: str, code: str, factor: float) -> Iterator[Row]:
    """Rule T16: value over the year's price, times the ratio of price to unit value in 2024."""
    stated = prices(good)
    weighed = repaired_by_weight(_known(flows_of_year(BACI_HS17, code, 2024)), factor=factor)
    unit_value = sum(f.value_usd for f in weighed) / sum(f.gross_t for f in weighed)
    premium = unit_value / stated[2024]
    for year in YEARS:
        if year not in stated:
            continue
        usd_per_t = premium * stated[year]
        flows: list[tuple[Flow, float]] = [
            (f, f.value_usd / usd_per_t) for f in _known(flows_of_year(BACI_HS17, code, year)) if f.value_usd > 0
        ]
        source = BACI_HS02 if year < 2017 else BACI_HS17
        for (exporter, importer), (tonnes, _) in by_pair(flows, least_share=LEAST_SHARE).items():
            yield observation(
                good, region=exporter, partner=importer, period=year, field="trade", value=number(tonnes), unit="t/year",
                basis=GOODS[good].basis, status="derived", low=number(0.8 * tonnes), high=number(1.25 * tonnes), source=source,
                locator=f"{source.split('-')[1].upper()} {code}",
                note=f"rule T16: value over {usd_per_t:,.0f} USD per t, {premium:.2f} of the year's price as in 2024",
            )  # fmt: skip


def rows() -> Iterator[Row]:
    """Every row."""
    for good, (codes, factor) in BY_WEIGHT.items():
        for year in YEARS:
            yield from by_content(good, codes, factor, year, source=BACI_HS92)
    for good, (code, factor) in BY_VALUE.items():
        yield from by_value(good, code, factor)


def main() -> None:
    """Write observations/<material>/trade_case_years.csv."""
    write_by_material(
        "trade_case_years", sorted(rows(), key=lambda r: (r["good"], r["period"], r["region"], r["partner"]))
    )


if __name__ == "__main__":
    main()
