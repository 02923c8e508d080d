"""Dearest: the good whose price is told, that for which users pay most above base prices; and what is rationed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from derisk.losses import range_levels
from derisk.losses.order import by_size
from derisk.study.peaks import SMALLEST_RISE_RATIO, told_peak

RULE: Final = "the good rationed nowhere whose users pay most above base prices, of those whose price rises"
"""How the price that is told first is chosen, in words."""
RATIONED_END: Final = "rationing at any price"
"""The upper end of a range of prices whose draws reach the value in use: a price is quoted no longer."""
_HALF: Final = 0.5


def bill_of(good: str, summary: Mapping[str, Any]) -> float:
    """What users pay above base prices for a good, the median over draws [million USD]; 0 where nothing is known."""
    bills = {str(row["good"]): float(row["paid_above_base_musd"]) for row in summary.get("by_good") or []}
    return bills.get(good, 0.0)


def rationed_goods(summary: Mapping[str, Any]) -> list[str]:
    """Goods that reach the value in use somewhere in at least half of the draws, the most valuable shortage first."""
    goods = {str(row["good"]) for row in summary["peak_price_ratio"] if row["rationed_share"] >= _HALF}
    worth = dict.fromkeys(goods, 0.0)
    for row in summary.get("shortfall_by_region") or []:
        if row["good"] in goods:
            worth[row["good"]] += float(row["base_value_musd"])
    return sorted(goods, key=lambda good: by_size(worth[good], good))


def dearest_good(peaks: Iterable[Mapping[str, Any]], summary: Mapping[str, Any]) -> str:
    """The good for which users pay most above base prices; of goods that nobody's end use pays for, the largest ratio.

    Args:
        peaks: peaks of goods that are rationed nowhere; may be of several regions.
        summary: of the study; uses `by_good`, which studies of older versions do not have.

    Returns:
        Its id, empty where no price rises by as much as is told of.
    """
    rising = [row for row in peaks if float(row["p50"]) >= SMALLEST_RISE_RATIO]
    if not rising:
        return ""

    def order(row: Mapping[str, Any]) -> tuple[Any, ...]:
        good = str(row["good"])
        return *by_size(bill_of(good, summary)), *by_size(float(row["p50"]), good)

    return str(min(rising, key=order)["good"])


def dearest_peak(summary: Mapping[str, Any]) -> dict[str, Any] | None:
    """The peak that is told first: of the dearest good, in the region that is short of most of it; None without one."""
    rationed = set(rationed_goods(summary))
    priced = [row for row in summary["peak_price_ratio"] if row["good"] not in rationed]
    good = dearest_good(priced, summary)
    if not good:
        return None
    short = [row for row in summary["shortfall"] if row["good"] == good]
    return told_peak([row for row in priced if row["good"] == good and row["p50"] >= SMALLEST_RISE_RATIO], short)


def ends_in_rationing(peak: Mapping[str, Any], draws: int) -> bool:
    """Whether the upper end of a peak's range over draws is no price but the value in use, at which users stop.

    Args:
        peak: a row of `peak_price_ratio`.
        draws: converged draws of the study.
    """
    return float(peak.get("rationed_share") or 0.0) > 1.0 - range_levels(draws)[1] + 1e-9


def rationing(good: str, summary: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of a rationed good the shortfall of the region that lacks most of it, among those where it is rationed."""
    places = {
        row["region"] for row in summary["peak_price_ratio"] if row["good"] == good and row["rationed_share"] >= _HALF
    }
    rows = [row for row in summary.get("shortfall_by_region") or [] if row["good"] == good and row["region"] in places]
    return min(rows, key=lambda row: by_size(row["shortfall_t"], row["region"])) if rows else None
