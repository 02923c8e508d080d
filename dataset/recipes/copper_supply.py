"""Copper supply: mines, refineries, scrap, prices, trade and coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from supply_baci import FREE_ON_BOARD, Flow, by_pair, flows_2024, repaired
from supply_crm import split
from supply_iea import supply, supply_rows
from supply_rows import BACI_HS17, BACI_HS92, PINK_SHEET, USGS_2026, Maker, Row, publisher_file, write_rows
from supply_usgs import price_rows, reserves, rows_2023, salient, world_rows, world_values
from supply_usgs_older import production_2021_2022
from supply_workbook import sheet_rows

MINE = Maker("copper", "mining", "copper_concentrate", "contained_metal")
REFINED = Maker("copper", "refining", "refined_copper", "contained_metal")

CONCENTRATE_PER_REFINED = 1.02
"""Copper in ore or leach solution per tonne of primary refined copper; assumed 1.00-1.04."""
CENTS_PER_POUND = 22.0462262
_SCRAP_WEIGHTS = {
    "CHN": 2350, "JPN": 330, "DEU": 260, "BEL": 265, "RUS": 200, "KOR": 150, "AUT": 80, "POL": 100, "ESP": 80, "IRN": 60, "BRA": 60,
    "IND": 60, "SWE": 45, "TUR": 40, "CAN": 30, "MEX": 30, "FIN": 25, "BGR": 20, "ITA": 15,
}  # fmt: skip
"""Secondary refined copper, thousand tonnes; judged from known secondary smelters."""
BLISTER_T = {("ZMB", "CHN"): 450_000.0, ("CHL", "CHN"): 150_000.0, ("COD", "CHN"): 100_000.0}
"""Copper in blister and anodes, counted with concentrate; assumed: no stored trade file holds HS 7402."""
STOOD_STILL = {
    "PAN": "its one mine stands still since a court's ruling of November 2023 (events.csv, PA-CU-2023); 2,500 t shipped in 2024 are stock"
}
"""Miners of the EU study's years, 2016-2020, that made nothing in 2024, with the reason."""
BY_CUSTOMS = {
    "BWA": "not in the study",
    "LAO": "its larger mine turned from copper to gold in 2020 (recalled); 50,120 t mined in 2023 (British Geological Survey)",
}
"""Makers that the EU study's shares say nothing of, who get what customs and their refineries show, with the reason."""
GOLD_RICH = ("AUS", "CAN", "IDN", "PNG")
GOLD_RICH_GRADE = 0.26
"""Copper per tonne of concentrate where gold makes value a poor measure of copper; assumed 0.22-0.30."""


def _at_least(tonnes: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """The same sum split so that no country has less than its floor."""
    world, fixed = sum(tonnes.values()), {}
    while True:
        rest = {c: t for c, t in tonnes.items() if c not in fixed}
        scale = (world - sum(fixed.values())) / sum(rest.values())
        below = {c: floors[c] for c, t in rest.items() if floors.get(c, 0.0) > t * scale}
        if not below:
            return {c: fixed.get(c, t * scale) for c, t in tonnes.items()}
        fixed |= below


@cache
def concentrate_trade() -> tuple[dict[tuple[str, str], tuple[float, bool]], float]:
    """Copper in traded concentrate by pair [t] from its value, and the value per tonne of copper used.

    Exporters of gold-rich ore hold at most a usual grade of their gross weight, where that is recorded.
    """
    flows = [f for f in flows_2024(BACI_HS92, "260300") if f.value_usd > 0]
    usa_t = salient("COPPER", "Exports: Ore and concentrate")["2024"][0] * 1000
    usd_per_t = sum(f.value_usd for f in flows if f.exporter == "USA") / usa_t

    def copper_t(flow: Flow) -> float:
        by_value = flow.value_usd / usd_per_t
        return min(by_value, GOLD_RICH_GRADE * flow.gross_t) if _by_grade(flow, usd_per_t) else by_value

    return by_pair((f, copper_t(f)) for f in flows), usd_per_t


def _by_grade(flow: Flow, usd_per_t: float) -> bool:
    """Whether weight decides: gold-rich ore, and a weight that puts the grade by value below that of matte."""
    return flow.exporter in GOLD_RICH and flow.gross_t > 0 and flow.value_usd / usd_per_t < 0.6 * flow.gross_t


@cache
def cathode_trade() -> dict[tuple[str, str], tuple[float, bool]]:
    """Cathodes by pair [t]."""
    return by_pair((f, f.gross_t) for f in repaired(flows_2024(BACI_HS17, "740311"), factor=3))


def _net_exports(trade: dict[tuple[str, str], tuple[float, bool]]) -> dict[str, float]:
    net: dict[str, float] = {}
    for (exporter, importer), (tonnes, _) in trade.items():
        net[exporter] = net.get(exporter, 0.0) + tonnes
        net[importer] = net.get(importer, 0.0) - tonnes
    return net


@cache
def mine_split() -> dict[str, float]:
    """USGS 'other countries' mine output of 2024 by country: the EU study's proportions, at least net exports and the refineries' feed."""
    mined = world_values("COPPER", "Mine production", "2024")
    by_study = split(mined["OTH"], "Copper", "E", besides={*mined, *STOOD_STILL, *BY_CUSTOMS}) | dict.fromkeys(
        BY_CUSTOMS, 0.0
    )
    net, feed = _net_exports(concentrate_trade()[0]), refined_split()
    floors = {
        c: 0.85 * net.get(c, 0.0) + feed.get(c, 0.0) - secondary().get(c, 0.0) for c in by_study if net.get(c, 0.0) > 0
    }
    return _at_least(by_study, floors)


@cache
def refined_split() -> dict[str, float]:
    """Refined copper of countries the IEA does not name, from USGS and the EU study, scaled to the IEA's rest of world."""
    iea, usgs = supply("Copper", "refining", "2024"), world_values("COPPER", "Refinery production", "2024")
    others = {c: t for c, t in usgs.items() if c not in iea and c not in {"WLD", "OTH"}}
    by_study = split(usgs["OTH"], "Copper", "P", besides={*usgs, "LAO"}) | {"LAO": 0.0}
    others |= _at_least(by_study, {c: t for c, t in _net_exports(cathode_trade()).items() if c in by_study})
    scale = iea["OTH"] / sum(others.values())
    return {c: t * scale for c, t in others.items()}


@cache
def secondary() -> dict[str, float]:
    """Refined copper from scrap by country: the United States from USGS, the rest by judgement, scaled to the world's residual."""
    mined = sum(t for c, t in world_values("COPPER", "Mine production", "2024").items() if c != "WLD")
    world = supply("Copper", "refining", "2024")["WLD"] - mined / CONCENTRATE_PER_REFINED
    usa = salient("COPPER", "Production, Refinery: Secondary (from scrap)")["2024"][0] * 1000
    scale = (world - usa) / sum(_SCRAP_WEIGHTS.values())
    return {"USA": usa, **{c: t * scale for c, t in _SCRAP_WEIGHTS.items()}}


def production() -> Iterator[Row]:
    """Mines (USGS first), refineries (IEA first, then USGS for countries the IEA leaves in its rest)."""
    yield from production_2021_2022(MINE, "coppe", "mine production")
    yield from production_2021_2022(REFINED, "coppe", "refinery production")
    yield from rows_2023(MINE, "Copper", "Mine production")
    yield from (
        r
        for r in world_rows(MINE, "COPPER", "production", "Mine production", years=("2024", "2025"))
        if (r.region, r.period) != ("OTH", "2024")
    )
    for country, why in STOOD_STILL.items():
        yield MINE.derived("production", country, 0.0, unit="t/year", note=why)
    for country, tonnes in mine_split().items():
        yield MINE.derived("production", country, tonnes, low=0.7 * tonnes, high=1.4 * tonnes, unit="t/year",
            note="USGS 'other countries' 2024 (2,850,000 t) in proportion to the EU 2023 study's extraction shares of 2016-2020, "
            "and at least 0.85 x net exports of copper in concentrate (BACI, by value) plus the feed of its refineries"
            + (f"; here that alone: {BY_CUSTOMS[country]}" if country in BY_CUSTOMS else ""))  # fmt: skip
    yield MINE.derived(
        "production",
        "OTH",
        0.0,
        unit="t/year",
        note="USGS 'other countries' 2024 (2,850,000 t) is split over the countries named in derived rows",
    )
    yield from supply_rows(
        MINE,
        "Copper",
        "mining",
        keep=lambda region: region != "OTH",
        note="contained metal; rest of world 2024 7,757 kt is not a row",
    )
    yield from rows_2023(REFINED, "Copper", "Refinery production")
    yield from (
        r
        for r in world_rows(REFINED, "COPPER", "production", "Refinery production", years=("2024", "2025"))
        if (r.region, r.period) != ("OTH", "2024")
    )
    yield from supply_rows(
        REFINED, "Copper", "refining", keep=lambda region: region != "OTH", note="primary and secondary"
    )
    yield REFINED.derived(
        "production",
        "OTH",
        0.0,
        unit="t/year",
        note="the IEA's rest of world 2024 (9,890,000 t) is split over the countries named in derived rows",
    )
    net = _net_exports(cathode_trade())
    for country, tonnes in refined_split().items():
        more = (
            f"; high: net exports of cathodes of {net[country]:,.0f} t (BACI), in which anodes shipped as cathodes are likely"
            if net.get(country, 0.0) > 1.1 * tonnes
            else ""
        )
        yield REFINED.derived("production", country, tonnes, low=0.9 * tonnes, high=max(1.1 * tonnes, net.get(country, 0.0)), unit="t/year",
            note="IEA rest of world 2024 (9,890,000 t) in proportion to USGS refinery production 2024; USGS 'other countries' "
            f"(2,310,000 t) in proportion to the EU 2023 study's processing shares of 2016-2020, at least net exports of cathodes{more}"
            + (f"; here these alone: {BY_CUSTOMS[country]}" if country == "LAO" else ""))  # fmt: skip


def recycled() -> Iterator[Row]:
    """Refined copper from scrap, a part of production of refined copper."""
    world = sum(secondary().values())
    part = "part of this country's production of refined copper"
    yield REFINED.derived("recycled_production", "WLD", world, low=4_000_000, high=4_900_000, unit="t/year",
        note="IEA refined 2024 less USGS mine output 2024 / 1.02: what mines cannot have fed; direct melt of scrap is outside")  # fmt: skip
    for country, tonnes in secondary().items():
        if country == "USA":
            yield REFINED.row("recycled_production", "USA", tonnes, unit="t/year", status="reported", source=USGS_2026,
                locator="MCS2026_Commodities_Data.csv, COPPER, Salient Statistics, Production, Refinery: Secondary (from scrap), 2024", note=part)  # fmt: skip
        else:
            yield REFINED.assumed("recycled_production", country, tonnes, 0.6 * tonnes, 1.4 * tonnes, unit="t/year",
                note=f"{part}; the world's residual split by known secondary smelters, no table by country is public")  # fmt: skip


def coefficients() -> Iterator[Row]:
    """Concentrate per tonne refined, and how full plants run."""
    yield REFINED.assumed("input_copper_concentrate", "", CONCENTRATE_PER_REFINED, 1.00, 1.04, unit="t/t", basis="none",
        note="smelters recover 97-98 %, solvent extraction loses nothing after the mine's count; with it, world mines plus scrap make world refined copper")  # fmt: skip
    for maker, region, value, low, high, why in (
        (MINE, "", 0.85, 0.75, 0.92, "mine capacity is 15-20 % above output in industry tables of recent years"),
        (REFINED, "", 0.80, 0.70, 0.90, "smelters short of concentrate in 2024"),
        (REFINED, "CHN", 0.83, 0.75, 0.90, "new smelters ahead of feed"),
    ):
        yield maker.assumed("utilisation_share", region, value, low, high, unit="share", basis="none", note=why)


@cache
def pink_sheet() -> dict[str, float]:
    """Monthly copper price, LME grade A cash [USD/t], by month 2024-05."""
    path = publisher_file("production", "worldbank_pinksheet", "CMO-Historical-Data-Monthly_2026-06.xlsx")
    sheet = dict(sheet_rows(path, "Monthly Prices"))
    column = next(c for c, text in sheet[5].items() if text.strip() == "Copper")
    months = {
        r["A"]: r[column]
        for r in sheet.values()
        if "M" in r.get("A", "") and r.get("A", "")[:4].isdigit() and column in r
    }
    return {name.replace("M", "-"): float(text) for name, text in months.items()}


def prices() -> Iterator[Row]:
    """Refined copper by month and year (World Bank), by year (USGS), and concentrate derived from it."""
    terms = "incoterm=ex LME warehouse; vat=excluded; export_rebate=none"
    monthly = {m: p for m, p in pink_sheet().items() if "2008" <= m[:4] <= "2025"}
    for month, price in monthly.items():
        yield REFINED.row("price", "WLD", price, period=month, unit="USD/t", status="reported", source=PINK_SHEET,
            locator=f"Monthly Prices, Copper, {month.replace('-', 'M')}", note=terms)  # fmt: skip
    for year in sorted({m[:4] for m in monthly}):
        twelve = [p for m, p in monthly.items() if m[:4] == year]
        yield REFINED.row("price", "WLD", sum(twelve) / 12, period=year, unit="USD/t", status="reported", source=PINK_SHEET,
            locator=f"Monthly Prices, Copper, mean of {year}M01-{year}M12", note=terms)  # fmt: skip
        price = sum(twelve) / 12
        if year >= "2020":
            yield MINE.derived("price", "WLD", 0.965 * price - 500, period=year, unit="USD/t", low=0.965 * price - 800, high=0.985 * price,
                note="incoterm=CIF smelter; vat=excluded; export_rebate=none; payable 96.5 % of the refined price less treatment and refining charges "
                "of 80 USD per t of 25 % concentrate and 8 cents per lb (assumed; spot charges fell to nothing in 2024)")  # fmt: skip
    detail = "Price, annual average, cents per pound: London Metal Exchange, grade A, cash"
    yield from price_rows(REFINED, "COPPER", detail, CENTS_PER_POUND, terms=terms)


def trade() -> Iterator[Row]:
    """Cathodes by weight, concentrate by value (its gross weight says little of its copper)."""
    for (exporter, importer), (tonnes, mended) in cathode_trade().items():
        yield REFINED.row("trade", exporter, tonnes, partner=importer, unit="t/year", status="derived" if mended else "preliminary", source=BACI_HS17,
            locator=f"HS17 740311, 2024, {exporter} to {importer}", note=FREE_ON_BOARD + ("; quantity from value" if mended else ""))  # fmt: skip
    flows, usd_per_t = concentrate_trade()
    for pair in sorted(flows.keys() | BLISTER_T.keys()):
        blister = BLISTER_T.get(pair, 0.0)
        tonnes = flows.get(pair, (0.0, False))[0] + blister
        more = (
            f"; plus {blister:,.0f} t of copper as blister and anodes, HS 7402, which smelters ship unrefined (assumed: not in the stored trade)"
            if blister
            else ""
        )
        if pair[0] in GOLD_RICH:
            more += f"; gold-rich ore: at most {GOLD_RICH_GRADE} of the gross weight (assumed 0.22-0.30)"
        yield MINE.derived("trade", pair[0], tonnes, partner=pair[1], unit="t/year", low=0.65 * tonnes, high=1.15 * tonnes, source=BACI_HS92,
            locator=f"HS92 260300, 2024, {pair[0]} to {pair[1]}",
            note=f"{FREE_ON_BOARD}; value over {usd_per_t:,.0f} USD per t of copper, which makes United States exports the 326,000 t USGS reports; gold in the ore overstates{more}")  # fmt: skip


def main() -> None:
    """Write the tables of copper supply."""
    write_rows("copper", "production", production())
    write_rows("copper", "recycling", recycled())
    write_rows("copper", "coefficients", coefficients())
    write_rows("copper", "prices", prices())
    write_rows("copper", "trade", trade())
    write_rows("copper", "reserves", reserves(MINE, "COPPER", "Copper", "Mine production"))


if __name__ == "__main__":
    main()
