"""Check network: the arrays given for a base year, refused with all that is wrong or completed with their curves."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.network_arrays import NetworkArrays, node_terms
from derisk.market.supply import CURVE, FIXED, LARGEST_BASE_SHARE, NEW, SMALLEST_MARGIN_SHARE
from derisk.market.trade import SMALLEST_EXPONENT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_IMBALANCE = 1e-6
"""A node of the base that is further out of balance than this, relative to its terms, is an error."""
_AXES: Final[dict[str, tuple[str, ...]]] = {
    "base_price_usd_per_t": ("good", "region"),
    "base_flow_t": ("link",),
    "link_weight_t": ("link",),
    "gap_scale_ratio": ("link",),
    "origin": ("link",),
    "destination": ("link",),
    "good": ("link",),
    "trade_elasticity": ("good",),
    "process_region": ("process",),
    "process_good_matrix": ("process", "good"),
    "base_output_t": ("process",),
    "capacity_t": ("process",),
    "unit_cost_usd_per_t": ("process",),
    "supply_steepness": ("process",),
    "base_use_t": ("use_row",),
    "use_good": ("use_row",),
    "use_region": ("use_row",),
    "demand_elasticity": ("use_row",),
    "value_in_use_usd_per_t": ("use_row",),
}
_POINTS_TO: Final = {
    "origin": "region",
    "destination": "region",
    "good": "good",
    "process_region": "region",
    "use_good": "good",
    "use_region": "region",
}
"""Index arrays, and what they count."""
_SIGNED: Final = ("process_good_matrix", "unit_cost_usd_per_t")
_POSITIVE: Final = {
    "base_price_usd_per_t": "prices scale the curves",
    "gap_scale_ratio": "a link answers to its price gap",
}
"""Arrays in which a zero is refused, and why."""


def check_network(**given: ArrayLike | None) -> NetworkArrays:
    """Checked arrays of a base year; names, shapes and units as in `derisk.market.market.Market`.

    Raises:
        ShapeError: with every wrong shape, index or sign found at once; else with every curve that the base year
            contradicts; else with every side on which some node does not balance.
    """
    checks = _Checks()
    sizes = _sizes(given)
    whole = _completed(given, sizes)
    arrays: dict[str, Any] = {name: checks.array(name, whole[name], sizes) for name in _AXES}
    checks.stop_if_wrong()
    _check_curves(arrays, checks)
    checks.stop_if_wrong()
    network = _with_curves(arrays, sizes)
    _check_balance(network, checks)
    checks.stop_if_wrong()
    return network


def _sizes(given: dict[str, Any]) -> dict[str, int]:
    """How long each axis is, by the arrays that decide."""
    price = np.asarray(given["base_price_usd_per_t"], dtype=np.float64)
    places = [given[name] for name, of in _POINTS_TO.items() if of == "region"]
    return {
        "good": price.shape[0] if price.ndim else 0,
        "region": price.shape[1] if price.ndim == 2 else 1 + int(max(np.asarray(of).max(initial=0) for of in places)),
        "link": np.asarray(given["base_flow_t"]).size,
        "process": np.asarray(given["base_output_t"]).size,
        "use_row": np.asarray(given["base_use_t"]).size,
    }


def _completed(given: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    """The same with what may be left out, and prices of goods alike in all regions."""
    price = np.asarray(given["base_price_usd_per_t"], dtype=np.float64)
    left_out = {"link_weight_t": given["base_flow_t"], "gap_scale_ratio": np.ones(sizes["link"])}
    stated = {name: values for name, values in given.items() if values is not None}
    if price.ndim == 1:
        stated["base_price_usd_per_t"] = np.repeat(price[:, None], sizes["region"], axis=1)
    return left_out | stated


class _Checks:
    """Collects what is wrong with the arrays of a market, all at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def array(self, name: str, given: ArrayLike, sizes: dict[str, int]) -> Floats | Integers:
        """An array as it should be, or one of its shape that does no harm beside the problem told."""
        shape = tuple(sizes[axis] for axis in _AXES[name])
        if name in _POINTS_TO:
            return self._indices(name, given, shape, sizes[_POINTS_TO[name]])
        values = self._numbers(name, given, shape)
        if name in _POSITIVE and not (values > 0.0).all():
            self.add(f"{name} holds 0", name, f"positive numbers: {_POSITIVE[name]}")
        return values

    def _numbers(self, name: str, given: ArrayLike, shape: tuple[int, ...]) -> Floats:
        """Floats of the shape, finite, not negative unless signed."""
        values, signed = np.asarray(given, dtype=np.float64), name in _SIGNED
        if values.shape != shape:
            self.add(f"{name} has shape {values.shape}", name, f"shape {shape}, the axes {_axes(name)}")
            return np.ones(shape)
        bad = ~np.isfinite(values)
        if not signed:
            bad |= values < 0.0
        if bad.any():
            first = tuple(int(i) for i in np.argwhere(bad)[0])
            allowed = "finite numbers" if signed else "finite numbers from 0 up"
            self.add(f"{name} is {values[first]} at index {first}", name, allowed, f"entries like it: {int(bad.sum())}")
            return np.ones(shape)
        return np.ascontiguousarray(values)

    def _indices(self, name: str, given: ArrayLike, shape: tuple[int, ...], top: int) -> Integers:
        """Whole numbers of the shape, each below `top`."""
        raw = np.asarray(given)
        if raw.shape != shape or (raw.size and raw.dtype.kind not in "iu"):
            allowed = f"whole numbers of shape {shape}, {_axes(name)}"
            self.add(f"{name} has shape {raw.shape} of {raw.dtype}", name, allowed)
            return np.zeros(shape, np.int64)
        values = np.ascontiguousarray(raw, dtype=np.int64)
        if values.size and (values.min() < 0 or values.max() >= top):
            worst = int(values.min()) if values.min() < 0 else int(values.max())
            self.add(f"{name} holds {worst}", name, f"whole numbers from 0 to {top - 1}")
            return np.zeros(shape, np.int64)
        return values

    def add(self, what: str, name: str, allowed: str, hint: str = "") -> None:
        self.problems.append(Problem(what, f"Market.{name}", allowed, hint))

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise ShapeError(*self.problems)


def _axes(name: str) -> str:
    """Words for an array's axes."""
    if name == "base_price_usd_per_t":
        return "(good,) or (good, region)"
    return f"({', '.join(_AXES[name])})" if len(_AXES[name]) > 1 else f"({_AXES[name][0]},)"


def _check_curves(arrays: dict[str, Any], checks: _Checks) -> None:
    """Refuse curves that the base year contradicts: weights, values in use, capacities."""
    flow, weight = arrays["base_flow_t"], arrays["link_weight_t"]
    if (closed := (weight != flow) & (flow > 0.0)).any():
        row = int(np.argmax(closed))
        what = f"link {row} has a weight of {weight[row]:g} t and a base flow of {flow[row]:g} t"
        checks.add(what, "link_weight_t", "the base flow itself, except on links without base flow")
    value = arrays["value_in_use_usd_per_t"]
    paid = arrays["base_price_usd_per_t"][arrays["use_good"], arrays["use_region"]]
    if (low := value <= paid).any():
        row = int(np.argmax(low))
        checks.add(
            f"use row {row}: value in use {value[row]:g} is not above the base price {paid[row]:g}",
            "value_in_use_usd_per_t",
            "more than the base price of the good in the use's region",
            f"rows like it: {int(low.sum())}; a use that leaves below the base price is not in the base",
        )
    output, capacity = arrays["base_output_t"], arrays["capacity_t"]
    if (over := output > capacity).any():
        row = int(np.argmax(over))
        what = f"process {row} makes {output[row]:g} t with a capacity of {capacity[row]:g} t"
        checks.add(what, "capacity_t", "base_output_t or more")


def _with_curves(arrays: dict[str, Any], sizes: dict[str, int]) -> NetworkArrays:
    """The arrays with margins, their scales (equation 6.5) and the kind of each process."""
    price, matrix, output = arrays["base_price_usd_per_t"], arrays["process_good_matrix"], arrays["base_output_t"]
    local = price[:, arrays["process_region"]].T
    revenue = np.sum(np.maximum(matrix, 0.0) * local, axis=1)
    spending = np.sum(np.maximum(-matrix, 0.0) * local, axis=1)
    new, least = output <= 0.0, SMALLEST_MARGIN_SHARE
    scale = np.where(new, least * revenue, np.maximum(revenue - spending, least * revenue))
    scale = np.where(scale > 0.0, scale, np.where(spending > 0.0, least * spending, 1.0))
    kind = np.where(new, NEW, np.where(arrays["supply_steepness"] <= 0.0, FIXED, CURVE))
    return NetworkArrays(
        goods=sizes["good"],
        regions=sizes["region"],
        base_price=price,
        origin=arrays["origin"],
        destination=arrays["destination"],
        link_good=arrays["good"],
        base_flow_t=arrays["base_flow_t"],
        link_weight_t=arrays["link_weight_t"],
        trade_exponent=np.maximum(arrays["trade_elasticity"], SMALLEST_EXPONENT),
        gap_scale_ratio=arrays["gap_scale_ratio"],
        process_region=arrays["process_region"],
        process_good_matrix=matrix,
        process_kind=kind.astype(np.int64),
        base_output_t=output,
        capacity_t=np.maximum(arrays["capacity_t"], output / LARGEST_BASE_SHARE),
        unit_cost=arrays["unit_cost_usd_per_t"],
        margin_scale=scale,
        steepness=arrays["supply_steepness"],
        base_margin=np.where(new, arrays["unit_cost_usd_per_t"], revenue - spending),
        use_good=arrays["use_good"],
        use_region=arrays["use_region"],
        base_use_t=arrays["base_use_t"],
        demand_elasticity=arrays["demand_elasticity"],
        value_in_use=arrays["value_in_use_usd_per_t"],
    )


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
                f"nodes like it: {int((gap > limit).sum())}; balance the network first",
            )
