"""Lithium supply: mines and brines, chemicals, prices, trade and coefficients, in tonnes of lithium."""

from __future__ import annotations

from collections.abc import Iterator

from supply_baci import FREE_ON_BOARD, Flow, by_pair, flows_2024, repaired
from supply_iea import supply, supply_rows
from supply_rows import BACI_HS92, DERIVED, DISR, Maker, Row, publisher_file, write_rows
from supply_usgs import price_2020_row, price_rows, reserves, rows_2023, world_rows, world_values
from supply_usgs_older import production_2021_2022
from supply_workbook import sheet_rows

MINE = Maker("lithium", "mining", "lithium_concentrate", "contained_metal")
CHEMICAL = Maker("lithium", "refining", "lithium_chemical", "contained_metal")

LITHIUM_IN = {"283691": 0.1879, "282520": 0.1654}
"""Lithium per tonne of carbonate, and of hydroxide monohydrate, the usual form of trade."""
LCE_PER_SPODUMENE = 0.06 * 2.473
"""Carbonate equivalent per tonne of concentrate of 6 % Li2O."""
UNITED_STATES_MINE_T = (900.0, 600.0, 1200.0)
REST_CHEMICAL_T = {
    "USA": (
        850,
        500,
        2000,
        "carbonate of the Nevada brine; hydroxide plants in the Carolinas convert imported carbonate; USGS withholds",
    ),
    "KOR": (1500, 600, 2500, "first hydroxide lines at Gwangyang, ramping up in 2024"),
    "RUS": (
        500,
        200,
        800,
        "hydroxide from imported carbonate and concentrate; customs show 962 t of hydroxide exported",
    ),
    "JPN": (400, 100, 700, "small conversion; most Japanese chemicals are imported"),
    "BRA": (400, 200, 600, "one carbonate and hydroxide plant in Minas Gerais"),
}


def production() -> Iterator[Row]:
    """Mines (IEA first: the same boundary as its refining; USGS beside it) and chemicals (IEA)."""
    yield from production_2021_2022(MINE, "lithi", "mine production")
    yield from rows_2023(MINE, "Lithium", "Mine production")
    yield from world_rows(MINE, "LITHIUM", "production", "Mine production", years=("2024", "2025"))
    yield from supply_rows(MINE, "Lithium", "mining", keep=lambda region: region != "OTH", note="contained lithium")
    iea, usgs = supply("Lithium", "mining", "2024"), world_values("LITHIUM", "Mine production", "2024")
    named = sum(t for c, t in usgs.items() if c not in iea)
    usa, low, high = UNITED_STATES_MINE_T
    yield MINE.assumed(
        "production",
        "USA",
        usa,
        low,
        high,
        unit="t/year",
        note="one brine in Nevada, about 5,000 t of carbonate a year; USGS withholds the figure",
    )
    rest = iea["OTH"] - named - usa
    yield MINE.derived("production", "OTH", rest, low=0.0, high=1.3 * rest, unit="t/year",
        note=f"IEA rest of world 2024 (23,070 t) less USGS countries the IEA does not name ({named:,.0f} t) and the United States; Nigeria and Namibia among them")  # fmt: skip
    yield from supply_rows(
        CHEMICAL,
        "Lithium",
        "refining",
        keep=lambda region: region != "OTH",
        note="contained lithium in carbonate and hydroxide",
    )
    chemical = supply("Lithium", "refining", "2024")
    for country, (value, least, most, why) in REST_CHEMICAL_T.items():
        yield CHEMICAL.assumed(
            "production",
            country,
            value,
            least,
            most,
            unit="t/year",
            note=f"part of the IEA's rest of world (5,150 t): {why}",
        )
    left = chemical["OTH"] - sum(v[0] for v in REST_CHEMICAL_T.values())
    yield CHEMICAL.derived(
        "production",
        "OTH",
        left,
        low=0.0,
        high=3 * left,
        unit="t/year",
        note="IEA rest of world 2024 (5,150 t) less the countries judged apart",
    )


def coefficients() -> Iterator[Row]:
    """Lithium in concentrate per tonne of lithium in chemicals; how full plants run."""
    mined, made = supply("Lithium", "mining", "2024"), supply("Lithium", "refining", "2024")
    brine = {"CHL", "ARG"}
    ratio = (mined["WLD"] - sum(mined[c] for c in brine)) / (made["WLD"] - sum(made[c] for c in brine))
    yield CHEMICAL.derived("input_lithium_concentrate", "", ratio, low=1.03, high=1.18, unit="t/t", basis="none",
        note="IEA 2024, mined over refined lithium outside Chile and Argentina; plants recover 85-95 %, stocks moved little")  # fmt: skip
    for country in sorted(brine):
        yield CHEMICAL.derived("input_lithium_concentrate", country, 1.0, unit="t/t", basis="none",
            note="the IEA counts this country's brine once, as mined and refined: the two figures of 2024 are equal")  # fmt: skip
    for maker, region, value, low, high, why in (
        (MINE, "", 0.80, 0.65, 0.92, "mines idled or slowed at 2024 prices"),
        (MINE, "CHL", 0.90, 0.8, 0.97, "brines ran near their permits"),
        (CHEMICAL, "", 0.60, 0.45, 0.80, "converters ramping up"),
        (CHEMICAL, "CHN", 0.58, 0.45, 0.72, "converter capacity far above feed"),
        (CHEMICAL, "CHL", 0.88, 0.8, 0.96, "chemical plants sized to the brine quota"),
        (CHEMICAL, "ARG", 0.75, 0.6, 0.9, "new plants ramping up"),
    ):
        yield maker.assumed("utilisation_share", region, value, low, high, unit="share", basis="none", note=why)


def prices() -> Iterator[Row]:
    """Battery-grade carbonate from USGS, spodumene concentrate from the Australian government."""
    detail = "Price, annual average-real, battery-grade lithium carbonate, dollars per metric ton"
    yield from price_rows(
        CHEMICAL,
        "LITHIUM",
        detail,
        1.0,
        terms="incoterm=not stated; vat=excluded; export_rebate=none; real prices of USGS",
        basis="lce",
    )
    yield price_2020_row(
        CHEMICAL,
        "mcs2024-lithi_salient.csv",
        "Price_dt",
        1.0,
        terms="incoterm=not stated; vat=excluded; export_rebate=none; battery-grade carbonate",
        basis="lce",
    )
    path = publisher_file("production", "australia", "DISR_resources_energy_quarterly_june2025_forecast.xlsx")
    spodumene = next(row for _, row in sheet_rows(path, "Lithium") if "– nominal" in row.values())
    usd_per_t = next(float(v) for k, v in sorted(spodumene.items()) if v.replace(".", "").isdigit())
    price = usd_per_t / LCE_PER_SPODUMENE
    yield MINE.derived("price", "WLD", price, unit="USD/t", basis="lce", low=0.85 * price, high=1.15 * price, source=DISR, locator="Lithium, Spodumene price, nominal, 2024",
        note=f"incoterm=FOB Australia; vat=excluded; export_rebate=none; {usd_per_t:.2f} USD per t of concentrate over 0.1484 t of carbonate equivalent (6 % Li2O x 2.473)")  # fmt: skip


def trade() -> Iterator[Row]:
    """Carbonate and hydroxide from BACI as lithium; concentrate by the routes its producers have."""

    def contained(flow: Flow) -> tuple[Flow, float]:
        return flow, flow.gross_t * LITHIUM_IN[flow.hs6]

    flows = [contained(f) for code in LITHIUM_IN for f in repaired(flows_2024(BACI_HS92, code), factor=2.5)]
    for (exporter, importer), (tonnes, mended) in by_pair(flows).items():
        yield CHEMICAL.row("trade", exporter, tonnes, partner=importer, unit="t/year", status="derived" if mended else "preliminary", source=BACI_HS92,
            locator=f"HS92 283691 and 282520, 2024, {exporter} to {importer}",
            note=f"{FREE_ON_BOARD}; 0.1879 t Li per t carbonate, 0.1654 per t hydroxide monohydrate" + ("; quantity from value" if mended else ""))  # fmt: skip
    mined = supply("Lithium", "mining", "2024") | {
        c: t for c, t in world_values("LITHIUM", "Mine production", "2024").items() if c in {"BRA", "CAN", "MLI"}
    }
    refined = supply("Lithium", "refining", "2024")
    for exporter, used_at_home, why in (
        (
            "AUS",
            1.08 * refined["AUS"] + 1.08 * REST_CHEMICAL_T["KOR"][0],
            "spodumene: all but the feed of its two hydroxide plants and of Korea; nearly all buyers are Chinese converters",
        ),
        ("ZWE", 0.0, "petalite and spodumene of Chinese-owned mines"),
        ("BRA", 500.0, "spodumene; one small plant at home"),
        ("CAN", 0.0, "spodumene of Quebec and Manitoba"),
        ("MLI", 0.0, "first spodumene of a Chinese-owned mine"),
    ):
        tonnes = mined[exporter] - used_at_home
        yield MINE.derived("trade", exporter, 0.97 * tonnes, partner="CHN", unit="t/year", low=0.75 * tonnes, high=tonnes, source=DERIVED,
            note=f"97 % of mine output less use at home; {why}; customs code 2530.90 mixes minerals")  # fmt: skip
    korea, low, high, _ = REST_CHEMICAL_T["KOR"]
    yield MINE.assumed(
        "trade",
        "AUS",
        1.08 * korea,
        1.08 * low,
        1.08 * high,
        partner="KOR",
        unit="t/year",
        note="feed of the Gwangyang hydroxide lines, owned in part by a mine in Pilbara",
    )


def main() -> None:
    """Write the tables of lithium supply."""
    write_rows("lithium", "production", production())
    write_rows("lithium", "coefficients", coefficients())
    write_rows("lithium", "prices", prices())
    write_rows("lithium", "trade", trade())
    write_rows("lithium", "reserves", reserves(MINE, "LITHIUM", "Lithium", "Mine production"))


if __name__ == "__main__":
    main()
