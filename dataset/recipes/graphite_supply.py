"""Graphite supply: natural graphite, battery anode from natural and synthetic graphite, gross tonnes."""

from __future__ import annotations

from collections.abc import Iterator

from supply_baci import FREE_ON_BOARD, by_pair, flows_2024, repaired
from supply_iea import supply, supply_rows
from supply_rows import BACI_HS17, BACI_HS92, Maker, Row, write_rows
from supply_usgs import price_2020_row, price_rows, reserves, rows_2023, world_rows
from supply_usgs_older import production_2021_2022

MINE = Maker("graphite", "mining", "natural_graphite", "gross")
ANODE = Maker("graphite", "refining", "battery_anode", "gross")

KOREA_ANODE_T = (22_000.0, 16_000.0, 33_000.0)
SHIPS_MORE_THAN_MINED = ("MEX", "MOZ", "NOR", "TZA")
SYNTHETIC_SHARES = {
    "": (0.50, 0.20, 0.80, "a country without a judgement of its own"),
    "CHN": (0.82, 0.75, 0.88, "trade press puts synthetic graphite at four fifths or more of Chinese anode in 2024"),
    "JPN": (0.60, 0.40, 0.75, "synthetic makers are larger than natural ones"),
    "KOR": (0.20, 0.05, 0.35, "the main maker spheroidises natural graphite; its synthetic line began in 2023"),
    "USA": (0.30, 0.05, 0.60, "first natural anode from Louisiana, synthetic pilot lines"),
    "OTH": (0.50, 0.20, 0.80, "unknown mix"),
}


def production() -> Iterator[Row]:
    """Mines (USGS first) and battery-grade graphite (IEA)."""
    yield from production_2021_2022(MINE, "graph", "mine production")
    yield from rows_2023(MINE, "Graphite", "Mine production")
    yield from world_rows(MINE, "GRAPHITE (NATURAL)", "production", "Mine production", years=("2024", "2025"))
    yield from supply_rows(
        MINE,
        "Graphite",
        "mining",
        keep=lambda region: region != "OTH",
        note="natural graphite; rest of world 2024 58.0 kt is not a row",
    )
    yield from supply_rows(
        ANODE,
        "Graphite",
        "refining",
        keep=lambda region: region != "OTH",
        note="battery-grade natural and synthetic graphite",
    )
    rest = supply("Graphite", "refining", "2024")["OTH"]
    korea, low, high = KOREA_ANODE_T
    yield ANODE.assumed(
        "production",
        "KOR",
        korea,
        low,
        high,
        unit="t/year",
        note="most of the IEA's rest of world (34,354 t): one large Korean maker of natural anode; customs leave Korea 26,800 t of "
        "natural graphite in 2024, of which about a third for refractories, so about 17,000 t of natural anode of four fifths of all",
    )
    yield ANODE.derived(
        "production",
        "OTH",
        rest - korea,
        low=0.0,
        high=rest - low,
        unit="t/year",
        note="IEA rest of world 2024 (34,354 t) less Korea",
    )


def shipped() -> Iterator[Row]:
    """Natural graphite of countries that ship more than USGS says they mined: net exports."""
    net: dict[str, float] = {}
    for (exporter, importer), (tonnes, _) in flake_trade().items():
        net[exporter] = net.get(exporter, 0.0) + tonnes
        net[importer] = net.get(importer, 0.0) - tonnes
    for country in SHIPS_MORE_THAN_MINED:
        yield MINE.derived("production", country, net[country], low=0.75 * net[country], high=1.05 * net[country], unit="t/year",
            note="net exports of 2024 (BACI, HS92 250410 and HS17 250490), above the mine output USGS prints; "
            "stock sold, small mines and transit are in it: what the market was given, not what was dug")  # fmt: skip


def coefficients() -> Iterator[Row]:
    """Flake per tonne of natural anode, synthetic shares, how full plants run."""
    yield ANODE.assumed("input_natural_graphite", "", 2.1, 1.7, 2.6, unit="t/t", basis="none",
        note="per tonne of natural anode: spheroidising keeps 40-60 % of the flake, the fines are sold for other uses")  # fmt: skip
    for country, value, low, high in (("KOR", 1.05, 0.95, 1.4), ("JPN", 1.3, 1.0, 2.0)):
        yield ANODE.assumed("input_natural_graphite", country, value, low, high, unit="t/t", basis="none",
            note="its makers buy graphite already spheroidised in China, booked with natural graphite; coating adds about what purifying loses"
            + ("" if country == "KOR" else "; some flake is still rounded at home"))  # fmt: skip
    yield ANODE.derived("input_natural_graphite", "USA", 1.8, low=1.7, high=2.1, unit="t/t", basis="none", source="press-and-filings",
        locator="CBC Metal and Mining Weekly 2020-12-02, http://en.cbcie.com/news/1014322.html",
        note="Vidalia, study of 2020: 18,000 t of graphite for 10,000 t of anode, 73,000 t for 40,000 t")  # fmt: skip
    for country, (value, low, high, why) in SYNTHETIC_SHARES.items():
        yield ANODE.assumed("synthetic_share", country, value, low, high, unit="share", basis="none", note=why)
    for maker, region, value, low, high, why in (
        (MINE, "", 0.65, 0.45, 0.85, "mines outside China ran in campaigns at 2024 prices"),
        (MINE, "CHN", 0.60, 0.45, 0.75, "northern mines stop in winter and work below capacity"),
        (ANODE, "", 0.60, 0.40, 0.80, "new plants ramping up"),
        (ANODE, "CHN", 0.50, 0.40, 0.65, "anode capacity about twice output in 2024 by trade press"),
    ):
        yield maker.assumed("utilisation_share", region, value, low, high, unit="share", basis="none", note=why)


def prices() -> Iterator[Row]:
    """Flake from USGS; anode by judgement."""
    terms = "incoterm=FOB foreign port; vat=excluded; export_rebate=none; United States imports of flake; amorphous about half"
    detail = "Price, average unit value of imports, dollars per metric ton at foreign ports: Flake"
    yield from price_rows(MINE, "GRAPHITE (NATURAL)", detail, 1.0, terms=terms)
    yield price_2020_row(MINE, "mcs2024-graph_salient.csv", "Price_Flake_dt", 1.0, terms=terms)
    flake = [f for f in flows_2024(BACI_HS92, "250410") if f.gross_t > 0 and f.value_usd > 0]
    value = sum(f.value_usd for f in flake) / sum(f.gross_t for f in flake)
    yield MINE.row("price", "WLD", value, unit="USD/t", status="derived", source=BACI_HS92, locator="HS92 250410, 2024, all flows",
        note="incoterm=FOB; vat=excluded; export_rebate=included; value over gross tonnes of all trade in flake and powder")  # fmt: skip
    yield ANODE.assumed("price", "WLD", 5000, 3500, 8000, unit="USD/t",
        note="incoterm=FOB China; vat=excluded; export_rebate=included; Chinese mid-grade synthetic anode near 3,500-4,500 USD/t in 2024, Korean and Japanese above; no open series")  # fmt: skip


def flake_trade() -> dict[tuple[str, str], tuple[float, bool]]:
    """Natural graphite by pair [t]."""
    flows = [*repaired(flows_2024(BACI_HS92, "250410"), factor=6), *repaired(flows_2024(BACI_HS17, "250490"), factor=6)]
    return by_pair((f, f.gross_t) for f in flows)


def trade() -> Iterator[Row]:
    """Natural graphite from BACI: flake and powder of HS92, other forms of HS17 (HS92 holds a wrong value there)."""
    for (exporter, importer), (tonnes, mended) in flake_trade().items():
        yield MINE.row("trade", exporter, tonnes, partner=importer, unit="t/year", status="derived" if mended else "preliminary", source=BACI_HS92,
            locator=f"HS92 250410 and HS17 250490, 2024, {exporter} to {importer}", note=FREE_ON_BOARD + ("; a quantity from value" if mended else "") + ("; mostly imported flake, milled and shipped on" if exporter == "DEU" else ""))  # fmt: skip


def main() -> None:
    """Write the tables of graphite supply."""
    write_rows("graphite", "production", [*production(), *shipped()])
    write_rows("graphite", "coefficients", coefficients())
    write_rows("graphite", "prices", prices())
    write_rows("graphite", "trade", trade())
    write_rows("graphite", "reserves", reserves(MINE, "GRAPHITE (NATURAL)", "Graphite", "Mine production"))


if __name__ == "__main__":
    main()
