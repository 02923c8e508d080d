"""The welfare problem whose dual the market solves, in CVXPY: the independent solver of tests and benchmarks."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np
from scipy.sparse import csr_array

from derisk.market import Market, Shock, Window, WindowEquilibrium
from derisk.market.supply import FIXED, NEW, STORE, STORE_EXPONENT

TOLERANCE = 1e-14
"""Gap asked of the conic solver; it returns its best point where that is beyond its reach."""


@dataclass(frozen=True)
class Primal:
    """The problem as stated, before it is solved."""

    problem: cp.Problem
    flow: cp.Expression
    production: cp.Expression
    use: cp.Expression
    balances: tuple[cp.Constraint, cp.Constraint]
    """Excess at producer nodes, then at delivered nodes."""
    permits: list[cp.Constraint]
    """Of each shared quota."""
    worth: float
    """What the objective is divided by [USD]."""

    def prices(self, market: Market, shock: Shock) -> tuple[Any, Any]:
        """(producer node, then delivered node) and (shared quota,) prices of the last solve [USD/t]."""
        net, checked = market.network, market.checked(shock)
        world = np.bincount(net.link_good, net.base_flow_t, net.goods)
        world = np.repeat(np.where(world > 0.0, world, 1.0), net.regions)
        price = np.concatenate([balance.dual_value / world for balance in self.balances]) * self.worth
        permit = np.array([float(rule.dual_value) for rule in self.permits]) * self.worth
        return np.sign(np.median(price)) * price, np.abs(permit) / checked.quota_t[checked.shared]

    def solve(
        self, tolerance: float = TOLERANCE, *, rescaled: bool = False, regularisation: float = 1e-13
    ) -> tuple[Any, Any, Any, float]:
        """Flows, outputs, uses [t], and the solver's own seconds, set-up included.

        The problem is scaled as it is stated; letting the solver rescale it costs some problems two digits and gains
        others one.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # tolerances beyond the solver's reach
            self.problem.solve(
                solver=cp.CLARABEL,
                max_iter=400,
                tol_gap_abs=tolerance,
                tol_gap_rel=tolerance,
                tol_feas=10.0 * tolerance,
                equilibrate_enable=rescaled,
                static_regularization_constant=regularisation,
                iterative_refinement_max_iter=50,
            )
        stats = self.problem.solver_stats
        return self.flow.value, self.production.value, self.use.value, stats.solve_time + (stats.setup_time or 0.0)


def state_primal(market: Market, shock: Shock) -> Primal:
    """The welfare problem of a market under a shock: equations (6.17) to (6.22) of docs/theory/market.md."""
    net = market.network
    nothing = csr_array((net.goods * net.regions, net.processes))
    return _state(net, market.checked(shock), 1, nothing)


def state_window_primal(window: Window, answer: WindowEquilibrium) -> Primal:
    """The welfare problem of the months ahead in present value, of what a window has answered: (6.28) to (6.31)."""
    net, parent = answer.question.worth.network, window.tree.parent
    count, held, regions = parent.size, window.stores.size, window.market.regions
    node = window.stores.good * net.regions + window.stores.region
    first = net.processes - held * (count + 1)
    entries = [(node, first + np.arange(held), np.ones(held))]
    for moment in range(count):
        store = first + held * (moment + 1) + np.arange(held)
        entries.append((node + regions * moment, store, -np.ones(held)))
        entries += [(node + regions * c, store, np.ones(held)) for c in np.flatnonzero(parent == moment)]
    row, column, tonnes = (np.concatenate(part) for part in zip(*entries, strict=True))
    stocks = csr_array((tonnes, (row, column)), (net.goods * net.regions, net.processes))
    return _state(net, answer.question.joined, count, stocks)


def _state(net: Any, checked: Any, moments: int, stocks: csr_array) -> Primal:
    """The welfare problem of arrays, `stocks` (node, process) being what openings and stores bring to delivered nodes."""
    rules: list[Any] = []
    permits: list[Any] = []
    unit = cp.Variable(net.links, nonneg=True)
    cap = checked.flow_cap_t
    capped = np.flatnonzero(np.isfinite(cap))
    if capped.size:
        rules.append(unit[capped] <= cap[capped] / net.base_flow_t[capped])
    for k in np.flatnonzero(checked.shared):
        at = checked.member_quota == k
        row = np.bincount(checked.member_link[at], checked.member_weight[at], net.links) * net.base_flow_t
        permits.append((row / checked.quota_t[k]) @ unit <= 1.0)
    rules += permits
    output, cost = _supply(net, checked.capacity_ratio, checked.cost_usd_per_t, rules)
    use, worth = _uses(net, checked.demand_ratio, rules)
    welfare = worth - cost - _trade(net, checked.wedge_usd_per_t, unit)
    balances = []
    for side in ("made", "came"):
        balance, value = _balance(net, side, unit, output, use, moments)
        if side == "came" and stocks.nnz:
            balance += cp.multiply(1.0 / _world(net, moments), stocks @ output)
        welfare += value
        balances.append(balance == 0.0)
    scale = float(np.sum(net.base_price[net.use_good, net.use_region] * net.base_use_t))
    problem = cp.Problem(cp.Maximize(welfare / scale), rules + balances)
    made, came = balances
    return Primal(problem, cp.multiply(net.base_flow_t, unit), output, use, (made, came), permits, scale)


def _trade(net: Any, wedge: Any, unit: cp.Variable) -> cp.Expression:
    """Wedges and costs of flows (6.17)."""
    price, scale = net.base_price[net.link_good, net.destination], net.gap_scale
    size = scale * net.base_flow_t
    cost = ((wedge + price - scale - net.base_price[net.link_good, net.origin]) * net.base_flow_t) @ unit
    exponent = net.trade_exponent[net.link_good]
    for b in np.unique(exponent):
        at = np.flatnonzero(exponent == b)
        cost += b / (b + 1.0) * (size[at] @ cp.power(unit[at], 1.0 + 1.0 / b))
    return cost


def _supply(net: Any, ratio: Any, more: Any, rules: list[Any]) -> tuple[cp.Expression, cp.Expression]:
    """Outputs and their costs, pieces of (6.18) as shares of their lengths."""
    base, capacity = net.base_output_t * ratio, net.capacity_t * ratio
    margin, scale = net.base_margin + more, net.margin_scale
    low, high = cp.Variable(net.processes, nonneg=True), cp.Variable(net.processes, nonneg=True)
    kind = net.process_kind
    runs = (kind != FIXED) & (kind != NEW) & (kind != STORE) & (ratio > 0.0)
    new = (kind == NEW) & (ratio > 0.0)
    full = np.flatnonzero(kind != STORE)
    rules += [low[full] <= np.where(runs | (kind == FIXED), 1.0, 0.0)[full], high <= np.where(runs | new, 1.0, 0.0)]
    fixed = np.flatnonzero(kind == FIXED)
    if fixed.size:
        rules.append(low[fixed] == 1.0)
    room = np.where(kind == FIXED, 0.0, capacity - np.where(kind == NEW, 0.0, base))
    output = cp.multiply(base, low) + cp.multiply(room, high)
    cost = cp.sum(cp.multiply(np.where(kind == FIXED, 0.0, margin), output))
    if (at := np.flatnonzero(kind == STORE)).size:
        b = STORE_EXPONENT
        cost += (b * scale * base)[at] @ (b / (b + 1.0) * cp.power(low[at], 1.0 + 1.0 / b) - low[at])
    if (at := np.flatnonzero(new)).size:
        left = cp.sqrt(1.0 - high[at])
        cost += (capacity * scale)[at] @ (2.0 - high[at] - 2.0 * left)
    steepness = net.steepness
    stretch, eta = scale / np.maximum(1.0, steepness), np.minimum(1.0, steepness)
    if (at := np.flatnonzero(runs)).size:
        kappa = eta[at] * base[at] / (2.0 * room[at])
        curve = -2.0 * cp.sqrt(1.0 - high[at]) - high[at]
        cost += (stretch[at] * room[at] / kappa) @ curve
    if (at := np.flatnonzero(runs & (eta == 1.0))).size:
        cost += (stretch * base)[at] @ (cp.square(low[at]) / 2.0 - low[at])
    if (at := np.flatnonzero(runs & (eta < 1.0))).size:
        e = eta[at]
        root = cp.power(e**2 + cp.multiply(4.0 * (1.0 - e), 1.0 - low[at]), 1.5)
        piece = cp.multiply(e, low[at]) + cp.multiply(1.0 / (6.0 * (1.0 - e)), root)
        cost += (stretch[at] * base[at] / (2.0 * (1.0 - e))) @ piece
    return output, cost


def _uses(net: Any, ratio: Any, rules: list[Any]) -> tuple[cp.Expression, cp.Expression]:
    """Uses and their worth, pieces of (6.19)."""
    base, eps, value = net.base_use_t * ratio, net.demand_elasticity, net.value_in_use
    price = net.base_price[net.use_good, net.use_region]
    at_value, at_low = (value / price) ** -eps, 5.0**eps
    first, last = cp.Variable(net.uses, nonneg=True), cp.Variable(net.uses, nonneg=True)
    middle = cp.Variable(net.uses)
    rules += [first <= 1.0, middle >= at_value, middle <= at_low, last <= 1.0]
    worth = (base * at_value * value) @ (1.1 * first - 0.05 * cp.square(first))
    for e in np.unique(eps):
        at = np.flatnonzero(eps == e)
        power = 1.0 - 1.0 / e
        gain = cp.log(middle[at]) if e == 1.0 else cp.power(middle[at], power) / power
        worth += (base * price)[at] @ gain
    more = at_low * eps
    worth += (0.2 * base * price * more) @ (last - cp.square(last) / 2.0)
    use = cp.multiply(base, cp.multiply(at_value, first) + middle - at_value + cp.multiply(more, last))
    return use, worth


def _balance(
    net: Any, side: str, unit: cp.Variable, output: cp.Expression, use: cp.Expression, moments: int
) -> tuple[cp.Expression, cp.Expression]:
    """Excess at every node of one side over world output, and the worth of what is disposed of there (6.20)."""
    shape = (net.goods, net.regions)
    size = net.goods * net.regions
    process, good = np.nonzero(net.process_good_matrix > 0.0 if side == "made" else net.process_good_matrix < 0.0)
    tonnes = net.process_good_matrix[process, good]
    made = csr_array((tonnes, (good * net.regions + net.process_region[process], process)), (size, net.processes))
    end, sign = (net.origin, -1.0) if side == "made" else (net.destination, 1.0)
    node = net.link_good * net.regions + end
    links = csr_array((sign * net.base_flow_t, (node, np.arange(net.links))), (size, net.links))
    total = made @ output + links @ unit
    flow = np.bincount(node, net.base_flow_t, size)
    most = np.zeros(size)
    if side == "came":
        used = net.use_good * net.regions + net.use_region
        total -= csr_array((np.ones(net.uses), (used, np.arange(net.uses))), (size, net.uses)) @ use
    else:
        np.add.at(most, good * net.regions + net.process_region[process], tonnes * net.capacity_t[process])
    world = _world(net, moments)
    sink = np.maximum(np.maximum(most, flow), 1e-3 * world)
    price = net.base_price.reshape(shape[0] * shape[1])
    dumped = cp.Variable(size, nonneg=True)
    worth = (0.02 * price * sink) @ (dumped - 2.0 / 3.0 * cp.power(dumped, 1.5))
    return cp.multiply(1.0 / world, total - cp.multiply(sink, dumped)), worth


def _world(net: Any, moments: int) -> Any:
    """(node,) world output of each node's good in its moment."""
    cell = net.link_good * moments + net.origin // (net.regions // moments)
    world = np.bincount(cell, net.base_flow_t, net.goods * moments)
    return np.repeat(np.where(world > 0.0, world, 1.0), net.regions // moments)
