"""Report: how much of a base year other years lend, in all and line by line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from derisk.network.figure import FLOW_FIELDS
from derisk.network.record import Floats, Network
from derisk.vocabulary.goods import GOODS, family


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
