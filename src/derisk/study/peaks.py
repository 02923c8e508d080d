"""Peaks: of each good the one region whose highest price is told, from a summary's peaks and shortfalls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from derisk.losses.order import by_size
from derisk.scenario.months import month_label, month_number

_PART_OF_RISE: Final = 0.5
"""Looked at are regions where the price rises at least this part of what it rises by where it rises most."""

SMALLEST_RISE_RATIO: Final = 1.05
"""A price that rises less, over its base, is not told of: it prints as × 1.0."""


def told_peak(rows: Iterable[Mapping[str, Any]], shortfall: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The peak of one good that is told: where most tonnes are short, of the regions where its price rises much.

    Where none are short, as of an ore that no end use takes, it is the region that takes most of it in the base year.

    Args:
        rows: the good's peaks, at least one, each with `region`, `base_quantity_t` if known, and `p50`, the median of
            the ratio to the base.
        shortfall: the summary's shortfalls of that good, each with `region` and `shortfall_t`.
    """
    kept = list(rows)
    short: dict[str, float] = {}
    for row in shortfall:
        short[str(row["region"])] = short.get(str(row["region"]), 0.0) + float(row.get("shortfall_t") or 0.0)
    most = max(float(row["p50"]) for row in kept) - 1.0
    kept = [row for row in kept if float(row["p50"]) - 1.0 >= _PART_OF_RISE * most] if most > 0.0 else kept

    def order(row: Mapping[str, Any]) -> tuple[Any, ...]:
        sizes = short.get(str(row["region"]), 0.0), float(row.get("base_quantity_t") or 0.0)
        return *(by_size(size) for size in sizes), *by_size(row["p50"], row["region"])

    told = min(kept, key=order)
    return dict(told)


def still_rising(peak: Mapping[str, Any], summary: Mapping[str, Any]) -> bool:
    """Whether a peak falls in the last month simulated, of several: the true one lies beyond it.

    Args:
        peak: a row of `peak_price_ratio`.
        summary: of the study; uses `start` and `months`.
    """
    months = int(summary["months"])
    last = month_label(month_number(str(summary["start"])) + months - 1)
    return months > 1 and str(peak.get("month")) == last
