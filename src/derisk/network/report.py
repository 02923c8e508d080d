"""Report: what balancing changed, and how much of a base year other years lend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from derisk.network.figure import FLOW_FIELDS
from derisk.network.record import Change, Floats, Network
from derisk.vocabulary.goods import GOODS, family


def report_changes(network: Network, *, shown: int = 20) -> str:
    """The largest changes, by value, one a line, and how many there are."""
    lines = [_row(("what", "good", "region", "partner or use", "reported t", "balanced t", "change", "status"))]
    lines += [_row(_words(change)) for change in network.changes[:shown]]
    rest = len(network.changes) - shown
    if rest > 0:
        lines.append(f"and {rest} more")
    return "\n".join(lines)


def borrowed_share(network: Network, *, material: str = "") -> float:
    """Share of the value of a year's output whose tonnes or whose price a later year lends.

    Equation (5.19) of docs/theory/network.md.

    Args:
        network: a balanced base year.
        material: a material with its element groups; all materials where empty.
    """
    value, lent = _output_value(network)
    goods = [network.goods[good] for good in network.process_main_good.tolist()]
    counted = np.array([not material or family(GOODS[good].material) == material for good in goods])
    counted &= ~network.process_fixed
    total = float(value[counted].sum())
    return float((value * lent)[counted].sum()) / total if total > 0 else 0.0


def summarise_borrowed(network: Network) -> dict[str, Any] | None:
    """What other years lend, as a study's summary states it; nothing where every figure is the year's own or older.

    Returns:
        `share` of the value of output, `by_material` the same, `figures` how many rows are lent or moved, and `lines`:
        what is lent of output, trade and prices, one line for each field, good and year that lends. Shares,
        coefficients and elasticities are counted in `figures` alone.
    """
    if not network.borrowed:
        return None
    materials = dict.fromkeys(family(GOODS[good].material) for good in network.goods)
    told = [line for line in network.borrowed if line.subject in network.goods or line.subject not in GOODS]
    lines = [line for line in told if line.field in FLOW_FIELDS]
    return {
        "share": borrowed_share(network),
        "by_material": {material: borrowed_share(network, material=material) for material in materials},
        "figures": sum(line.rows for line in told),
        "lines": [{**asdict(line), "left_out": list(line.left_out)} for line in lines],
    }


def _output_value(network: Network) -> tuple[Floats, Floats]:
    """Value of each process's output [USD/month], and the share of it that is lent, both (process,)."""
    main = network.process_main_good
    value: Floats = network.base_price_usd_per_t[main] * network.base_output_t
    tonnes = network.output_borrowed_share if len(network.output_borrowed_share) else np.zeros(len(value))
    price = network.price_borrowed[main] if len(network.price_borrowed) else np.zeros(len(value), dtype=np.bool_)
    return value, np.where(price, 1.0, tonnes)


def _words(change: Change) -> Sequence[str]:
    before, after = change.reported_t_per_year, change.balanced_t_per_year
    percent = f"{100 * (after / before - 1):+,.1f} %" if before > 0 else "new"
    where = change.partner or change.use
    return (change.kind, change.good, change.region, where, f"{before:,.0f}", f"{after:,.0f}", percent, change.status)


def _row(words: Sequence[str]) -> str:
    kind, good, region, where, before, after, percent, status = words
    return f"{kind:<10} {good:<22} {region:<4} {where:<32} {before:>14} {after:>14} {percent:>10}  {status}"
