"""Network arrays: the base year as checked arrays, indexed by links, processes and uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.shock import Changes
from derisk.market.supply import CURVE, FIXED, LARGEST_BASE_SHARE, NEW, SMALLEST_MARGIN_SHARE
from derisk.market.trade import SMALLEST_EXPONENT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_IMBALANCE = 1e-6
"""A node of the base that is further out of balance than this, relative to its terms, is an error."""


@dataclass(frozen=True, slots=True)
class NetworkArrays:
    """The base year, checked: shapes agree, quantities are not negative, every node balances."""

    goods: int
    regions: int
    base_price: Floats
    """(good, region) [USD/t]."""
    origin: Integers
    destination: Integers
    link_good: Integers
    base_flow_t: Floats
    link_weight_t: Floats
    """(link,) x0 of equation (6.3): the base flow, or what a link closed in the base would carry at base prices [t]."""
    trade_exponent: Floats
    """(good,) b of equation (6.3)."""
    gap_scale_ratio: Floats
    """(link,) χ of equation (6.3a)."""
    process_region: Integers
    process_good_matrix: Floats
    process_kind: Integers
    base_output_t: Floats
    capacity_t: Floats
    unit_cost: Floats
    margin_scale: Floats
    """(process,) s of equation (6.5) [USD/t]."""
    steepness: Floats
    base_margin: Floats
    """(process,) m0, and unit cost for a process without base output [USD/t]."""
    use_good: Integers
    use_region: Integers
    base_use_t: Floats
    demand_elasticity: Floats
    value_in_use: Floats

    @property
    def links(self) -> int:
        return int(self.base_flow_t.size)

    @property
    def no_changes(self) -> Changes:
        """What leaves the base as it is: links that carry a weight but no base flow are closed, all others free."""
        cap = np.where((self.base_flow_t <= 0.0) & (self.link_weight_t > 0.0), 0.0, np.inf)
        ones = np.ones(self.processes), np.ones(self.uses)
        return Changes(ones[0], cap, np.zeros(self.links), ones[1], np.zeros(self.processes))

    @property
    def gap_scale(self) -> Floats:
        """(link,) ξ of equation (6.3), the unit in which a link's price gap counts [USD/t]."""
        return self.gap_scale_ratio * self.base_price[self.link_good, self.destination]

    @property
    def processes(self) -> int:
        return int(self.base_output_t.size)

    @property
    def uses(self) -> int:
        return int(self.base_use_t.size)


class _Checks:
    """Collects what is wrong with the arrays of a market, all at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def numbers(
        self, name: str, given: ArrayLike, shape: tuple[int, ...], axes: str, *, signed: bool = False
    ) -> Floats:
        """A float array of the expected shape, finite, not negative unless signed."""
        values = np.asarray(given, dtype=np.float64)
        if values.shape != shape:
            self.add(f"{name} has shape {values.shape}", name, f"shape {shape}, the axes {axes}")
            return np.ones(shape)
        bad = ~np.isfinite(values)
        if not signed:
            bad |= values < 0.0
        if bad.any():
            first = tuple(int(i) for i in np.argwhere(bad)[0])
            allowed = "finite numbers" if signed else "finite numbers from 0 up"
            self.add(f"{name} is {values[first]} at index {first}", name, allowed, f"{int(bad.sum())} entries like it")
            return np.ones(shape)
        return np.ascontiguousarray(values)

    def indices(self, name: str, given: ArrayLike, size: int, top: int, axes: str) -> Integers:
        """An index array of the expected size, each entry below top."""
        raw = np.asarray(given)
        if raw.shape != (size,) or (raw.size and raw.dtype.kind not in "iu"):
            self.add(f"{name} has shape {raw.shape} of {raw.dtype}", name, f"whole numbers of shape ({size},), {axes}")
            return np.zeros(size, np.int64)
        values = np.ascontiguousarray(raw, dtype=np.int64)
        if values.size and (values.min() < 0 or values.max() >= top):
            worst = int(values.min()) if values.min() < 0 else int(values.max())
            self.add(f"{name} holds {worst}", name, f"whole numbers from 0 to {top - 1}")
            return np.zeros(size, np.int64)
        return values

    def add(self, what: str, name: str, allowed: str, hint: str = "") -> None:
        self.problems.append(Problem(what, f"Market.{name}", allowed, hint))

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise ShapeError(*self.problems)


def check_network(
    *,
    base_flow_t: ArrayLike,
    origin: ArrayLike,
    destination: ArrayLike,
    good: ArrayLike,
    base_price_usd_per_t: ArrayLike,
    trade_elasticity: ArrayLike,
    process_region: ArrayLike,
    process_good_matrix: ArrayLike,
    base_output_t: ArrayLike,
    capacity_t: ArrayLike,
    unit_cost_usd_per_t: ArrayLike,
    supply_steepness: ArrayLike,
    base_use_t: ArrayLike,
    use_good: ArrayLike,
    use_region: ArrayLike,
    demand_elasticity: ArrayLike,
    value_in_use_usd_per_t: ArrayLike,
    link_weight_t: ArrayLike | None = None,
    gap_scale_ratio: ArrayLike | None = None,
) -> NetworkArrays:
    """Checked arrays of a base year; shapes and units as in `derisk.market.market.Market`.

    Raises:
        ShapeError: with every wrong shape, index, sign or unbalanced node found at once.
    """
    checks = _Checks()
    flow = np.asarray(base_flow_t)
    links, processes, uses = flow.size, np.asarray(base_output_t).size, np.asarray(base_use_t).size
    price = np.asarray(base_price_usd_per_t, dtype=np.float64)
    goods = price.shape[0] if price.ndim else 0
    tops = [np.asarray(a).max(initial=0) for a in (origin, destination, process_region, use_region)]
    regions = price.shape[1] if price.ndim == 2 else 1 + int(max(tops))
    if price.ndim == 1:
        price = np.repeat(price[:, None], regions, axis=1)
    price = checks.numbers("base_price_usd_per_t", price, (goods, regions), "(good,) or (good, region)")
    if not (price > 0.0).all():
        checks.add("base_price_usd_per_t holds 0", "base_price_usd_per_t", "positive numbers: prices scale the curves")
    flow = checks.numbers("base_flow_t", base_flow_t, (links,), "(link,)")
    weight = checks.numbers("link_weight_t", flow if link_weight_t is None else link_weight_t, (links,), "(link,)")
    ratio = np.ones(links) if gap_scale_ratio is None else gap_scale_ratio
    ratio = checks.numbers("gap_scale_ratio", ratio, (links,), "(link,)")
    if not (ratio > 0.0).all():
        checks.add("gap_scale_ratio holds 0", "gap_scale_ratio", "positive numbers: a link answers to its price gap")
    tail = checks.indices("origin", origin, links, regions, "(link,)")
    head = checks.indices("destination", destination, links, regions, "(link,)")
    link_good = checks.indices("good", good, links, goods, "(link,)")
    elasticity = checks.numbers("trade_elasticity", trade_elasticity, (goods,), "(good,)")
    place = checks.indices("process_region", process_region, processes, regions, "(process,)")
    matrix = checks.numbers(
        "process_good_matrix", process_good_matrix, (processes, goods), "(process, good)", signed=True
    )
    output = checks.numbers("base_output_t", base_output_t, (processes,), "(process,)")
    capacity = checks.numbers("capacity_t", capacity_t, (processes,), "(process,)")
    cost = checks.numbers("unit_cost_usd_per_t", unit_cost_usd_per_t, (processes,), "(process,)", signed=True)
    steepness = checks.numbers("supply_steepness", supply_steepness, (processes,), "(process,)")
    use = checks.numbers("base_use_t", base_use_t, (uses,), "(use_row,)")
    used = checks.indices("use_good", use_good, uses, goods, "(use_row,)")
    using = checks.indices("use_region", use_region, uses, regions, "(use_row,)")
    epsilon = checks.numbers("demand_elasticity", demand_elasticity, (uses,), "(use_row,)")
    value = checks.numbers("value_in_use_usd_per_t", value_in_use_usd_per_t, (uses,), "(use_row,)")
    checks.stop_if_wrong()

    if (closed := (weight != flow) & (flow > 0.0)).any():
        row = int(np.argmax(closed))
        checks.add(
            f"link {row} has a weight of {weight[row]:g} t and a base flow of {flow[row]:g} t",
            "link_weight_t",
            "the base flow itself, except on links without base flow",
        )
    low = value <= price[used, using]
    if low.any():
        row = int(np.argmax(low))
        checks.add(
            f"use row {row}: value in use {value[row]:g} is not above the base price {price[used[row], using[row]]:g}",
            "value_in_use_usd_per_t",
            "more than the base price of the good in the use's region",
            f"{int(low.sum())} rows like it; a use that leaves below the base price is not in the base",
        )
    if (output > capacity).any():
        row = int(np.argmax(output > capacity))
        checks.add(
            f"process {row} makes {output[row]:g} t with a capacity of {capacity[row]:g} t",
            "capacity_t",
            "base_output_t or more",
        )
    checks.stop_if_wrong()

    local = price[:, place].T
    revenue = np.sum(np.maximum(matrix, 0.0) * local, axis=1)
    spending = np.sum(np.maximum(-matrix, 0.0) * local, axis=1)
    scale = np.maximum(revenue - spending, SMALLEST_MARGIN_SHARE * revenue)
    new = output <= 0.0
    scale = np.where(new, SMALLEST_MARGIN_SHARE * revenue, scale)
    scale = np.where(scale > 0.0, scale, np.where(spending > 0.0, SMALLEST_MARGIN_SHARE * spending, 1.0))
    kind = np.where(steepness <= 0.0, FIXED, CURVE)
    kind = np.where(new, NEW, kind).astype(np.int64)
    network = NetworkArrays(
        goods=goods,
        regions=regions,
        base_price=price,
        origin=tail,
        destination=head,
        link_good=link_good,
        base_flow_t=flow,
        link_weight_t=weight,
        trade_exponent=np.maximum(elasticity, SMALLEST_EXPONENT),
        gap_scale_ratio=ratio,
        process_region=place,
        process_good_matrix=matrix,
        process_kind=kind,
        base_output_t=output,
        capacity_t=np.maximum(capacity, output / LARGEST_BASE_SHARE),
        unit_cost=cost,
        margin_scale=scale,
        steepness=steepness,
        base_margin=np.where(new, cost, revenue - spending),
        use_good=used,
        use_region=using,
        base_use_t=use,
        demand_elasticity=epsilon,
        value_in_use=value,
    )
    _check_balance(network, checks)
    return network


def node_terms(network: NetworkArrays) -> tuple[Floats, Floats, Floats, Floats]:
    """Base outputs, outflows, inflows, and inputs plus uses, each (good, region) [t]."""
    process, good = np.nonzero(network.process_good_matrix)
    region = network.process_region[process]
    tonnes = network.process_good_matrix[process, good] * network.base_output_t[process]
    made = sum_at_nodes(network, good, region, np.maximum(tonnes, 0.0))
    taken = sum_at_nodes(
        network,
        np.concatenate([good, network.use_good]),
        np.concatenate([region, network.use_region]),
        np.concatenate([np.maximum(-tonnes, 0.0), network.base_use_t]),
    )
    sent = sum_at_nodes(network, network.link_good, network.origin, network.base_flow_t)
    came = sum_at_nodes(network, network.link_good, network.destination, network.base_flow_t)
    return made, sent, came, taken


def sum_at_nodes(network: NetworkArrays, good: Integers, region: Integers, tonnes: Floats) -> Floats:
    """Sum of tonnes at each good and region, (good, region), added in their order."""
    nodes = network.goods * network.regions
    sums = np.bincount(good * network.regions + region, tonnes, minlength=nodes).astype(np.float64, copy=False)
    return np.asarray(sums.reshape(network.goods, network.regions))


def _check_balance(network: NetworkArrays, checks: _Checks) -> None:
    """Refuse a base that does not balance: a zero shock would not be an identity."""
    made, sent, came, taken = node_terms(network)
    for side, plus, minus in (("outputs", made, sent), ("inflows", came, taken)):
        gap = np.abs(plus - minus)
        limit = LARGEST_IMBALANCE * (plus + minus + 1e-6 * made.sum(axis=1, keepdims=True))
        if (gap > limit).any():
            worst = np.unravel_index(int(np.argmax(gap - limit)), gap.shape)
            other = "flows out" if side == "outputs" else "inputs and uses"
            checks.add(
                f"good {worst[0]} in region {worst[1]}: {side} {plus[worst]:.9g} t, {other} {minus[worst]:.9g} t",
                "base_flow_t",
                f"{side} equal to {other} at every good and region",
                f"{int((gap > limit).sum())} nodes like it; balance the network first",
            )
    checks.stop_if_wrong()
