"""World prices: what USGS prints for one mineral or one country's market, made a price of all that the world trades.

    python dataset/recipes/world_prices.py

Rutile is a twentieth of the titanium minerals mined, and dearer than ilmenite by the tonne of dioxide. Silicon metal
lands in the United States behind duties, half as dear again as elsewhere. The printed prices stay beside these rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from refining import yearly_prices
from row_table import number, observation, read_table, write_by_material
from supply_baci import flows_2024
from supply_rows import BACI_HS17, BACI_HS92, DERIVED, publisher_file
from supply_usgs import salient, world_values

from derisk.vocabulary.goods import GOODS

Line = dict[str, str]

DIOXIDE_IN_ILMENITE = 0.54
"""Titanium dioxide in a tonne of traded ilmenite; assumed, 0.45-0.6 by deposit."""
DIOXIDE_IN_TRADE = 0.55
"""The same of all that customs book under 2614.00: customs_codes.csv."""
SILICON_IN_METAL = 0.985
_CHAPTER = "TITANIUM MINERAL CONCENTRATES"
_DETAIL = "Price, dollars per metric ton: "
_ILMENITE = {
    "FOB Australia": ("Ilmenite and leucoxene, bulk, f.o.b. Australia", "Price_Ilmente_Leucoxene_dt"),
    "imports": ("Ilmenite, average unit value of imports", "Price_Ilmenite_dt"),
}
"""Statistic of the 2026 release, and column of the older ones, for each quote of ilmenite."""
_OLDER = {
    ("2022", "individual_commodities", "titanium_mcs2022-timin_salient.csv"): ("2017",),
    ("2023", "salient", "salient", "mcs2023-timin_salient.csv"): ("2018",),
    ("2024", "salient", "salient", "mcs2024-timin_salient.csv"): ("2019", "2020"),
}
"""The newest edition of each year before 2021."""


def titanium() -> Iterator[Line]:
    """Ilmenite and rutile, each by its tonnes of dioxide in world mine output of 2024."""
    mined = [
        sum(world_values(_CHAPTER, f"Mine production: {kind}", "2024").values()) for kind in ("Ilmenite", "Rutile")
    ]
    share = mined[0] / sum(mined)
    rutile, quotes = yearly_prices("titanium_concentrate"), {kind: ilmenite(kind) for kind in _ILMENITE}
    flows = [f for f in flows_2024(BACI_HS92, "261400") if f.gross_t > 0 and f.value_usd > 0]
    customs = sum(f.value_usd for f in flows) / sum(f.gross_t for f in flows) / DIOXIDE_IN_TRADE
    for year, printed in quotes["FOB Australia"].items():
        value = share * printed / DIOXIDE_IN_ILMENITE + (1 - share) * rutile[year]
        low = quotes["imports"][year] / DIOXIDE_IN_ILMENITE
        why = (
            f"incoterm=FOB Australia; vat=excluded; export_rebate=none; ilmenite and leucoxene ({printed:,.0f} USD, USGS) over {DIOXIDE_IN_ILMENITE:g} "
            f"dioxide (assumed 0.45-0.6), {share:.2f} of world mine output, and rutile ({rutile[year]:,.0f} USD per t of dioxide); low: ilmenite landed in "
            f"the United States, high: rutile; customs book {customs:,.0f} USD in 2024 (BACI HS92 261400, {DIOXIDE_IN_TRADE:g} dioxide)"
        )
        yield price_row("titanium_concentrate", year, value, min(low, value), rutile[year], why)


def ilmenite(kind: str) -> dict[str, float]:
    """Printed price of ilmenite by year [USD per t of mineral]."""
    statistic, column = _ILMENITE[kind]
    found: dict[str, float] = {}
    for path, years in _OLDER.items():
        lines = read_table(publisher_file("production", "usgs_mcs_2022_2024", *path), encoding="utf-8-sig")
        found |= {line["Year"]: float(line[column]) for line in lines if line["Year"] in years}
    return found | {year: value for year, (value, _) in salient(_CHAPTER, _DETAIL + statistic).items()}


def silicon() -> Iterator[Line]:
    """What customs book for metal in 2024; other years by the price that USGS prints, in the proportion of 2024."""
    flows = sorted(
        (f for f in flows_2024(BACI_HS17, "280469") if f.gross_t > 0 and f.value_usd > 0), key=lambda f: f.unit_value
    )
    value = sum(f.value_usd for f in flows) / sum(f.gross_t for f in flows) / SILICON_IN_METAL
    landed = yearly_prices("silicon_metal")
    terms = "incoterm=FOB; vat=excluded; export_rebate=none; "
    for year, printed in landed.items():
        ratio = value / landed["2024"]
        why = f"{ratio:.2f} x the price landed in the United States ({printed:,.0f}, USGS), as in 2024; customs of the world booked 0.51 of it in 2022 (UN Comtrade); high: that price"
        if year == "2024":
            why = f"value over tonnes of all trade below 99.99 % (BACI HS17 280469, {SILICON_IN_METAL:g} silicon), {ratio:.2f} of the price landed in the United States ({printed:,.0f}, USGS); high: that price"
        yield price_row("silicon_metal", year, ratio * printed, 0.75 * ratio * printed, printed, terms + why)


def price_row(good: str, year: str, value: float, low: float, high: float, why: str) -> Line:
    """A derived price of the world."""
    return observation(
        good, region="WLD", period=year, field="price", value=number(value), unit="USD/t", basis=GOODS[good].price_basis, status="derived",
        low=number(low), high=number(high), source=DERIVED, locator="rule in the note", note=why,
    )  # fmt: skip


def main() -> None:
    """Write observations/<material>/world_prices.csv."""
    write_by_material("world_prices", [*titanium(), *silicon()])


if __name__ == "__main__":
    main()
