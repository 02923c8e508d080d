"""CEPII BACI: bilateral trade of a year, gross tonnes and value, from the stored editions."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb
from supply_rows import BACI_HS17, BACI_HS92, publisher_file

_FILES_2024 = {
    BACI_HS92: ("baci_hs92_geopolrisk", "baci_hs92_critical_minerals_1995_2024.parquet"),
    BACI_HS17: ("baci_hs17_atlas", "baci_hs17_2024_full_30codes.parquet"),
}
_TOP_PARTNERS = ("baci_hs17_atlas", "baci_top_partner_flows_2002_2024.parquet")
FREE_ON_BOARD = "BACI, provisional for 2024"


@dataclass(frozen=True, slots=True)
class Flow:
    """One exporter's shipments of one customs code to one importer in a year."""

    exporter: str
    importer: str
    hs6: str
    gross_t: float
    value_usd: float
    repaired: bool = False

    @property
    def unit_value(self) -> float:
        """[USD/t]."""
        return self.value_usd / self.gross_t


def flows_2024(source: str, hs6: str) -> list[Flow]:
    """Flows of a code of 2024."""
    return flows_of_year(source, hs6, 2024)


def flows_of_year(source: str, hs6: str, year: int) -> list[Flow]:
    """Flows of a code between different countries, as stored; a missing quantity is 0.

    The full file of HS17 holds 2024 alone; earlier years of a code that HS92 lacks come from the largest partners of
    each country, without quantities.
    """
    file, usd = _FILES_2024.get(source, _TOP_PARTNERS), "value_kusd * 1000"
    if source != BACI_HS92 and year != 2024:
        file, usd = _TOP_PARTNERS, "value_usd"
    query = f"SELECT exporter, importer, hs6, coalesce(qty_t, 0), {usd} FROM read_parquet(?) WHERE year = ? AND hs6 = ? AND exporter <> importer ORDER BY ALL"
    with duckdb.connect() as connection:
        found = connection.execute(query, [str(publisher_file("trade", *file)), year, hs6]).fetchall()
    return [
        Flow(*line)
        for line in found
        if len(line[0]) == 3 and len(line[1]) == 3 and line[0].isalpha() and line[1].isalpha()
    ]


def repaired(flows: Iterable[Flow], *, factor: float = 4.0) -> list[Flow]:
    """Quantities that are missing, or whose unit value is `factor` off the median, replaced by value over the median unit value."""
    flows = list(flows)
    large = sorted((f for f in flows if f.gross_t > 0 and f.value_usd > 0), key=lambda f: -f.value_usd)[:60]
    usual = statistics.median(f.unit_value for f in large)
    mended = []
    for flow in flows:
        if flow.value_usd <= 0:
            continue
        if flow.gross_t <= 0 or not usual / factor <= flow.unit_value <= usual * factor:
            flow = replace(flow, gross_t=flow.value_usd / usual, repaired=True)
        mended.append(flow)
    return mended


def by_pair(
    tonnes: Iterable[tuple[Flow, float]], *, least_share: float = 1e-4
) -> dict[tuple[str, str], tuple[float, bool]]:
    """Contained tonnes by (exporter, importer), whether any quantity was repaired; pairs below `least_share` of the sum are left out."""
    sums: dict[tuple[str, str], tuple[float, bool]] = {}
    for flow, contained_t in tonnes:
        before, mended = sums.get((flow.exporter, flow.importer), (0.0, False))
        sums[flow.exporter, flow.importer] = (before + contained_t, mended or flow.repaired)
    least = least_share * sum(t for t, _ in sums.values())
    return {pair: value for pair, value in sorted(sums.items()) if value[0] >= least}
