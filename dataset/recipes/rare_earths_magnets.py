"""Rare-earth magnets: output by country, what a tonne takes of oxides, price and trade of 2024."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from rare_earths_ore import separated
from supply_baci import FREE_ON_BOARD, by_pair, flows_2024
from supply_rows import BACI_HS17, Maker, Row

MAGNET = Maker("rare_earths", "component", "ndfeb_magnet", "gross")

NON_MAGNET_NDPR, NON_MAGNET_DYTB = 0.10, 0.03
WORLD_MAGNETS_T = 250_000.0
HEAVY_MAGNET_SHARE = 0.5
"""Share of magnets made with dysprosium or terbium; assumed 0.35-0.65."""
CHINA_MAGNET_SHARE = 0.94
REST_MAGNETS_T = {
    "JPN": 9000,
    "VNM": 2200,
    "PHL": 1500,
    "DEU": 900,
    "KOR": 400,
    "FIN": 250,
    "SVN": 200,
    "THA": 200,
    "USA": 150,
    "MYS": 100,
    "OTH": 100,
}


def magnets() -> Iterator[Row]:
    """Magnets by country: China's share from the IEA, the others judged from customs values."""
    note = (
        f"finished sintered and bonded NdFeB; world NdPr oxide less {NON_MAGNET_NDPR:.0%} for other uses over 0.33 t per t of magnet gives about 250 kt, "
        "within published 230-300 kt"
    )
    yield MAGNET.assumed("production", "WLD", WORLD_MAGNETS_T, 220_000, 300_000, unit="t/year", note=note)
    yield MAGNET.derived(
        "production", "CHN", CHINA_MAGNET_SHARE * WORLD_MAGNETS_T, low=205_000, high=282_000, unit="t/year",
        note="94 % of sintered NdFeB in 2024 (IEA commentary of 23 October 2025 and GCMO 2025) x world 250,000 t (assumed)",
    )  # fmt: skip
    for country, tonnes in REST_MAGNETS_T.items():
        yield MAGNET.assumed(
            "production", country, tonnes, 0.6 * tonnes, 1.6 * tonnes, unit="t/year",
            note="the 6 % outside China (15,000 t), split in the order of 2024 exports of HS 850511 and known plants; no public table by country",
        )  # fmt: skip


def magnet_coefficients() -> Iterator[Row]:
    """Oxides per tonne of magnet, and the share of magnets that hold heavy rare earths."""
    ndpr = separated("ndpr_oxide") * (1 - NON_MAGNET_NDPR) / WORLD_MAGNETS_T
    yield MAGNET.derived(
        "input_ndpr_oxide", "", ndpr, low=0.29, high=0.36, unit="t/t", basis="none",
        note=f"world NdPr oxide x (1 - {NON_MAGNET_NDPR:.0%} other uses) / 250,000 t magnets; 0.30-0.36 by chemistry: 28-31 % Nd+Pr, cut swarf returned as oxide",
    )  # fmt: skip
    yield MAGNET.assumed(
        "heavy_magnet_share", "WLD", HEAVY_MAGNET_SHARE, 0.35, 0.65, unit="share", basis="none",
        note="share of tonnes made with dysprosium or terbium; bonded magnets (about a tenth) and the sintered grades of disk drives, telephones, loudspeakers, lifts, toys and many industrial motors hold none or next to none; traction motors, compressors, servo motors, actuators and generators do; recalled, no public table, nor one by country",
    )  # fmt: skip
    dytb = separated("dytb_oxide") * (1 - NON_MAGNET_DYTB) / (HEAVY_MAGNET_SHARE * WORLD_MAGNETS_T)
    yield MAGNET.derived(
        "input_dytb_oxide", "", dytb, low=0.009, high=0.033, unit="t/t", basis="none",
        note=f"per tonne of magnets with heavy rare earths: world DyTb oxide x (1 - {NON_MAGNET_DYTB:.0%} other uses) / ({HEAVY_MAGNET_SHARE:g} x 250,000 t magnets); mean over grades with 0.5-6 % Dy, the others take none; range from the low oxide, many magnets and high heavy share to the reverse",
    )  # fmt: skip


OTHER_MAGNET_USD_PER_T = 5_000.0
CHINA_NDFEB_EXPORT_T = 58_000.0
_FINISHERS = dict.fromkeys(
    ("VNM", "PHL"),
    "; exports exceed its plants' output because it cuts, coats and ships on imported blocks: balancing returns these to their maker",
)


@cache
def magnet_flows() -> tuple[dict[tuple[str, str], tuple[float, bool]], float]:
    """NdFeB part of HS 850511 by pair [t], and the unit value of pure NdFeB that makes China's part 58,000 t [USD/t].

    A flow's unit value u lies between b (other metal magnets) and a (NdFeB): its NdFeB part is (u - b) / (a - b), within 0 and 1.
    """
    flows = [f for f in flows_2024(BACI_HS17, "850511") if f.gross_t > 0 and f.value_usd > 0]

    def part(flow_unit_value: float, a: float) -> float:
        return min(1.0, max(0.0, (flow_unit_value - OTHER_MAGNET_USD_PER_T) / (a - OTHER_MAGNET_USD_PER_T)))

    low, high = 6_000.0, 200_000.0
    for _ in range(80):
        middle = (low + high) / 2
        chinese = sum(f.gross_t * part(f.unit_value, middle) for f in flows if f.exporter == "CHN")
        low, high = (middle, high) if chinese > CHINA_NDFEB_EXPORT_T else (low, middle)
    return by_pair((f, f.gross_t * part(f.unit_value, low)) for f in flows), low


def magnet_price() -> Row:
    """Unit value of the NdFeB part of China's exports."""
    nd, price = magnet_flows()
    return MAGNET.derived("price", "WLD", price, unit="USD/t", low=0.7 * price, high=1.3 * price,
        note=f"incoterm=FOB China; vat=excluded; export_rebate=13 % included; unit value of the NdFeB part of Chinese exports of HS 850511 in 2024 "
        f"({sum(t for (a, _), (t, _) in nd.items() if a == 'CHN'):,.0f} t); low covers plain grades sold at home")  # fmt: skip


def magnet_trade() -> Iterator[Row]:
    """The NdFeB part of HS 850511, pair by pair."""
    nd, price = magnet_flows()
    for (exporter, importer), (tonnes, _) in nd.items():
        yield MAGNET.derived("trade", exporter, tonnes, partner=importer, unit="t/year", low=0.6 * tonnes, high=1.4 * tonnes, source=BACI_HS17,
            locator=f"HS17 850511, 2024, {exporter} to {importer}",
            note=f"{FREE_ON_BOARD}; NdFeB part of all metal magnets = (unit value - 5,000) / ({price:,.0f} - 5,000), within 0 and 1, set so that China exports 58,000 t{_FINISHERS.get(exporter, '')}")  # fmt: skip
