"""Cobalt supply: mines and their hosts, refineries, scrap, prices, trade and coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from supply_baci import FREE_ON_BOARD, by_pair, flows_2024
from supply_crm import split
from supply_iea import supply, supply_rows
from supply_rows import BACI_HS92, USGS_2026, Maker, Row, write_rows
from supply_usgs import price_2020_row, price_rows, reserves, rows_2023, salient, world_rows, world_values
from supply_usgs_older import production_2021_2022

MINE = Maker("cobalt", "mining", "cobalt_intermediate", "contained_metal")
RESIDUE = Maker("cobalt", "mining", "cobalt_residue", "contained_metal")
REFINED = Maker("cobalt", "refining", "refined_cobalt", "contained_metal")

POUNDS_PER_TONNE = 2204.62262
RESIDUE_PER_INTERMEDIATE = 1.25
"""Cobalt in ore treated per tonne recovered; assumed 1.1-1.6."""
HEADROOM = 1.10
"""Cobalt in ore over what its plants treat; assumed."""
COBALT_IN_HYDROXIDE = 0.33
NEW_CALEDONIA_T = 1500.0
COPPER_HOSTED, PRIMARY = ("COD", "ZMB"), ("MAR",)
SCRAP_T = {
    "CHN": (8000, 4000, 20000, "black mass and alloy scrap refined to salts; plants report more capacity than feed"),
    "BEL": (800, 400, 1500, "battery and superalloy scrap"),
    "FIN": (300, 100, 800, "battery scrap"),
    "JPN": (300, 100, 600, "alloy and catalyst scrap"),
}


@cache
def mined() -> dict[str, float]:
    """Cobalt mined in 2024 [t/year], USGS 'other countries' split."""
    usgs = world_values("COBALT", "Mine production", "2024")
    others = split(usgs["OTH"] - NEW_CALEDONIA_T, "Cobalt", "E", besides=usgs)
    return {c: t for c, t in usgs.items() if c not in {"WLD", "OTH"}} | {"NCL": NEW_CALEDONIA_T} | others


@cache
def refined_split() -> dict[str, float]:
    """The IEA's rest of world, by country: United States scrap from USGS, the rest by the EU study.

    Zambia is left out: its refinery ran in the study's years; of 2024 customs record 48 t of metal.
    """
    iea = supply("Cobalt", "refining", "2024")
    usa = salient("COBALT", "Production: Secondary")["2024"][0]
    return {"USA": usa} | split(iea["OTH"] - usa, "Cobalt", "P", besides={*iea, "ZMB"})


@cache
def canada_refined_t() -> float:
    """Canada's refined cobalt of 2024, at least what it ships net [t]."""
    trade = refined_trade()
    out = sum(t for (exporter, _), (t, _) in trade.items() if exporter == "CAN")
    return out - sum(t for (_, importer), (t, _) in trade.items() if importer == "CAN")


@cache
def refined_trade() -> dict[tuple[str, str], tuple[float, bool]]:
    """Metal and oxide by pair [t of cobalt], flows of 12-80 USD/kg."""
    flows = [f for code in ("810510", "282200") for f in flows_2024(BACI_HS92, code)]
    return by_pair(
        (
            (f, f.gross_t * (0.72 if f.hs6 == "282200" else 1.0))
            for f in flows
            if f.gross_t > 0
            and 12_000 <= f.unit_value <= 80_000
            and f.exporter not in {"COD", "ZMB", "NAM", "COG"}
            and (f.exporter, f.importer) != ("CAN", "NOR")
        ),
        least_share=5e-4,
    )


@cache
def intermediate_per_refined() -> float:
    """World cobalt mined per tonne of primary refined cobalt, stock build included."""
    scrap = sum(t for t, *_ in SCRAP_T.values()) + refined_split()["USA"]
    return sum(mined().values()) / (supply("Cobalt", "refining", "2024")["WLD"] - scrap)


def production() -> Iterator[Row]:
    """Mines (USGS first, IEA beside it) and refineries (IEA)."""
    yield from production_2021_2022(MINE, "cobal", "mine production")
    yield from rows_2023(MINE, "Cobalt", "Mine production")
    yield from (
        r
        for r in world_rows(MINE, "COBALT", "production", "Mine production", years=("2024", "2025"))
        if (r.region, r.period) != ("OTH", "2024")
    )
    usgs = world_values("COBALT", "Mine production", "2024")
    for country, tonnes in mined().items():
        if country not in usgs:
            note = "USGS 'other countries' 2024 (7,780 t) less New Caledonia, in proportion to the EU 2023 study's extraction shares of 2016-2020"
            note = (
                "1,500 t estimated for 2024 in the 2025 release (MCS2025_World_Data.csv, Cobalt, New Caledonia); part of 'other countries' in 2026"
                if country == "NCL"
                else note
            )
            yield MINE.derived(
                "production", country, tonnes, low=0.6 * tonnes, high=1.5 * tonnes, unit="t/year", note=note
            )
    yield MINE.derived(
        "production",
        "OTH",
        0.0,
        unit="t/year",
        note="USGS 'other countries' 2024 (7,780 t) is split over the countries named in derived rows",
    )
    yield from supply_rows(
        MINE,
        "Cobalt",
        "mining",
        keep=lambda region: region != "OTH",
        note="contained cobalt; rest of world 2024 45.7 kt is not a row",
    )
    yield from supply_rows(REFINED, "Cobalt", "refining", keep=lambda region: region != "OTH", note="contained cobalt")
    yield REFINED.derived(
        "production",
        "OTH",
        0.0,
        unit="t/year",
        note="the IEA's rest of world 2024 (23,610 t) is split over the countries named in derived rows",
    )
    yield REFINED.derived("production", "CAN", canada_refined_t(), low=0.65 * canada_refined_t(), high=1.1 * canada_refined_t(), unit="t/year",
        note="net exports of metal and oxide of 12-80 USD/kg in 2024 (BACI HS92 810510 and 282200); the IEA has 1,754 t, less than Fort Saskatchewan alone, "
        "whose ore comes from Cuba; the EU 2023 study's 4.9 % of 2016-2020 would be about 6,000 t")  # fmt: skip
    for country, tonnes in refined_split().items():
        if country == "USA":
            yield REFINED.derived("production", country, tonnes, low=1000, high=2500, unit="t/year",
                note="secondary production of USGS 2024, taken as part of the IEA's rest of world; no primary refinery ran")  # fmt: skip
        else:
            yield REFINED.derived("production", country, tonnes, low=0.6 * tonnes, high=1.4 * tonnes, unit="t/year",
                note="IEA rest of world 2024 (23,610 t) less United States scrap, in proportion to the EU 2023 study's processing shares of 2016-2020, Zambia left out")  # fmt: skip


def recycled() -> Iterator[Row]:
    """Refined cobalt from scrap, a part of production of refined cobalt."""
    part = "part of this country's production of refined cobalt"
    yield REFINED.row("recycled_production", "USA", refined_split()["USA"], unit="t/year", status="estimated", source=USGS_2026,
        locator="MCS2026_Commodities_Data.csv, COBALT, Salient Statistics, Production: Secondary, 2024", note=f"{part}; estimated from purchases of scrap")  # fmt: skip
    for country, (value, low, high, why) in SCRAP_T.items():
        yield REFINED.assumed("recycled_production", country, value, low, high, unit="t/year", note=f"{part}; {why}")


def coefficients() -> Iterator[Row]:
    """Residues of copper and nickel hosts, cobalt per tonne at each step, how full plants run."""
    copper = world_values("COPPER", "Mine production", "2024")
    per_tonne = RESIDUE_PER_INTERMEDIATE * HEADROOM
    rule = f"cobalt mined x {RESIDUE_PER_INTERMEDIATE:g} (recovery 0.8) x {HEADROOM:g} (ore not treated for cobalt)"
    for country in COPPER_HOSTED:
        share = mined()[country] * per_tonne / copper[country]
        yield RESIDUE.derived(
            "residue_share",
            country,
            share,
            low=share / 1.05,
            high=1.5 * share,
            unit="t/t",
            basis="none",
            note=f"{rule} over copper mined 2024 (USGS)",
        )
    for country, tonnes in mined().items():
        if country not in COPPER_HOSTED + PRIMARY:
            value = tonnes * per_tonne
            yield RESIDUE.derived(
                "residue_supply",
                country,
                value,
                low=value / 1.05,
                high=1.5 * value,
                unit="t/year",
                note=f"{rule}; host nickel, or copper-nickel, ore",
            )
    yield MINE.assumed("input_cobalt_residue", "", RESIDUE_PER_INTERMEDIATE, 1.1, 1.30, unit="t/t", basis="none",
        note="leaching and precipitation recover 75-90 % of the cobalt in ore treated")  # fmt: skip
    value = intermediate_per_refined()
    yield REFINED.derived("input_cobalt_intermediate", "", value, low=1.05, high=1.30, unit="t/t", basis="none",
        note=f"world mined (USGS, {sum(mined().values()):,.0f} t) over world refined less scrap (IEA); refineries lose 5-8 %, the rest is "
        "intermediate piled up in 2024, before the Congolese export stop of February 2025")  # fmt: skip
    for maker, region, share, low, high, why in (
        (MINE, "", 0.80, 0.65, 0.92, "cobalt follows copper and nickel output"),
        (MINE, "COD", 0.88, 0.75, 0.97, "two new mines at full rate"),
        (REFINED, "", 0.65, 0.5, 0.85, "refineries outside China with spare lines"),
        (REFINED, "CHN", 0.65, 0.5, 0.8, "salt and metal lines far above feed"),
    ):
        yield maker.assumed("utilisation_share", region, share, low, high, unit="share", basis="none", note=why)


def prices() -> Iterator[Row]:
    """Refined cobalt from USGS; intermediate from the customs value of Congolese hydroxide."""
    chapter = "COBALT"
    terms = "incoterm=ex LME warehouse; vat=excluded; export_rebate=none; cathode"
    yield from price_rows(
        REFINED,
        chapter,
        "Price, average, dollars per pound: London Metal Exchange (LME), cash",
        POUNDS_PER_TONNE,
        terms=terms,
    )
    yield price_2020_row(
        REFINED, "mcs2023-cobal_salient.csv", "Price_LME_dlb", POUNDS_PER_TONNE, terms=terms, edition="2023"
    )
    for year, (value, status) in salient(chapter, "Price, average, dollars per pound: U.S. spot, cathode").items():
        detail = "Price, average, dollars per pound: U.S. spot, cathode"
        yield REFINED.row("price", "USA", value * POUNDS_PER_TONNE, unit="USD/t", status=status, source=USGS_2026, period=year,
            locator=f"MCS2026_Commodities_Data.csv, COBALT, Salient Statistics, {detail}, {year}",
            note=f"incoterm=delivered United States; vat=excluded; export_rebate=none; alloy grade; printed {value:g}")  # fmt: skip
    hydroxide = [f for f in flows_2024(BACI_HS92, "810510") if f.exporter == "COD"]
    price = sum(f.value_usd for f in hydroxide) / (COBALT_IN_HYDROXIDE * sum(f.gross_t for f in hydroxide))
    yield MINE.derived("price", "WLD", price, unit="USD/t", low=0.85 * price, high=1.15 * price, source=BACI_HS92, locator="HS92 810510, 2024, COD to all",
        note=f"incoterm=FOB; vat=excluded; export_rebate=none; value over gross tonnes x {COBALT_IN_HYDROXIDE} cobalt (hydroxide, 0.28-0.38), about 56 % of the refined price")  # fmt: skip


_ROUTES = (
    ("COD", "FIN", 16000, 8000, 20000, "hydroxide for Kokkola, booked in customs under transit countries"),
    (
        "COD",
        "BEL",
        4500,
        300,
        6000,
        "hydroxide for Olen; customs book 994 t gross direct, the rest under transit countries",
    ),
    ("IDN", "JPN", 1500, 500, 2500, "mixed hydroxide precipitate for Niihama and Harima"),
    ("RUS", "FIN", 4500, 2000, 6500, "nickel matte for Harjavalta"),
    ("IDN", "CHN", 30000, 25000, 33000, "mixed hydroxide precipitate; customs book it as nickel, HS 7501"),
    ("PHL", "JPN", 3000, 2200, 3100, "mixed sulphide for Niihama; customs book it as nickel"),
    ("PNG", "CHN", 2600, 2200, 2630, "mixed hydroxide precipitate of Ramu"),
    ("CUB", "CAN", 3300, 2500, 3450, "mixed sulphide for Fort Saskatchewan"),
    ("CAN", "NOR", 4000, 2000, 4500, "nickel matte for Kristiansand"),
    ("TUR", "CHN", 2000, 1000, 2200, "mixed hydroxide precipitate"),
    ("NCL", "CHN", 1400, 800, 1500, "mixed hydroxide precipitate"),
)


def trade() -> Iterator[Row]:
    """Congolese hydroxide and refined cobalt from BACI; nickel-borne cobalt by its known routes."""
    matte = flows_2024(BACI_HS92, "810510")
    for flow in matte:
        if flow.exporter == "COD" and flow.gross_t > 2000:
            tonnes = COBALT_IN_HYDROXIDE * flow.gross_t
            yield MINE.derived("trade", "COD", tonnes, partner=flow.importer, unit="t/year", low=0.85 * tonnes, high=1.12 * tonnes, source=BACI_HS92,
                locator=f"HS92 810510, 2024, COD to {flow.importer}",
                note=f"{FREE_ON_BOARD}; gross x {COBALT_IN_HYDROXIDE} cobalt; the same cargo stands under 282200 in Congolese records and is not added")  # fmt: skip
    for exporter, importer, value, low, high, why in _ROUTES:
        yield MINE.assumed(
            "trade",
            exporter,
            value,
            low,
            high,
            partner=importer,
            unit="t/year",
            note=f"{why}; at most what the country mines",
        )

    for (exporter, importer), (tonnes, _) in refined_trade().items():
        yield REFINED.derived("trade", exporter, tonnes, partner=importer, unit="t/year", low=0.7 * tonnes, high=1.1 * tonnes, source=BACI_HS92,
            locator=f"HS92 810510 and 282200, 2024, {exporter} to {importer}",
            note=f"{FREE_ON_BOARD}; flows of 12-80 USD/kg alone (cheaper ones are scrap and intermediate; CAN to NOR is matte); metal x 1, oxide x 0.72")  # fmt: skip


def main() -> None:
    """Write the tables of cobalt supply."""
    write_rows("cobalt", "production", production())
    write_rows("cobalt", "recycling", recycled())
    write_rows("cobalt", "coefficients", coefficients())
    write_rows("cobalt", "prices", prices())
    write_rows("cobalt", "trade", trade())
    write_rows("cobalt", "reserves", reserves(MINE, "COBALT", "Cobalt", "Mine production"))


if __name__ == "__main__":
    main()
