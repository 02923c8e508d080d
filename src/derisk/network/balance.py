"""Balance: the flows nearest to prior figures that close every node, by weighted Kullback-Leibler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from derisk.network.record import Floats, Integers
from derisk.network.sums import sum_at

_ITERATIONS = 200
_LONGEST_STEP = 3.0
"""No exponent rises by more than this in one Newton step; one may fall freely, as it cannot overflow."""
_CLOSED = 2e-14
_NEAR = 1e-3
"""Only where no exponent would move by more than this can a step fail for rounding alone."""
_PATIENCE = 4
"""Newton steps without progress, at the end, after which rounding is the limit."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """Which quantity enters which node, and with what coefficient: the matrix A of equation (5.1)."""

    quantity: Integers
    """(entry,)."""
    node: Integers
    """(entry,)."""
    coefficient: Floats
    """(entry,) tonnes at the node per unit of the quantity; inflow to the node is positive."""
    quantities: int
    nodes: int

    def excess(self, amounts: Floats) -> Floats:
        """Tonnes in less tonnes out of each node, (node,)."""
        return sum_at(self.node, self.coefficient * amounts[self.quantity], self.nodes)

    def throughput(self, amounts: Floats) -> Floats:
        """Half the absolute tonnes that enter and leave each node, (node,)."""
        return 0.5 * sum_at(self.node, np.abs(self.coefficient * amounts[self.quantity]), self.nodes)

    def spread(self, multiplier: Floats) -> Floats:
        """Sum of multipliers over the nodes of each quantity, (quantity,)."""
        return sum_at(self.quantity, self.coefficient * multiplier[self.node], self.quantities)


@dataclass(frozen=True, slots=True)
class Balanced:
    """Amounts that close every node."""

    amounts: Floats
    """(quantity,)."""
    multiplier: Floats
    """(node,) the dual: how far each node's figures had to give way."""
    imbalance: Floats
    """(node,) excess relative to throughput."""
    iterations: int


def balance_amounts(prior: Floats, weight: Floats, incidence: Incidence, *, start: Floats | None = None) -> Balanced:
    """Minimise sum of weight x KL(amount | prior) so that every node closes.

    Equations (5.4)-(5.6) of docs/theory/network.md: amounts are `prior * exp(A' multiplier / weight)`;
    the multipliers minimise the convex dual, found by Newton's method component by component.

    Args:
        prior: positive amounts, (quantity,).
        weight: positive weights, (quantity,).
        incidence: nodes and coefficients.
        start: multipliers to begin from, (node,).

    Returns:
        The amounts; where no amounts close a node, its imbalance says so.
    """
    multiplier = np.zeros(incidence.nodes) if start is None else start.copy()
    amounts, imbalance = prior.copy(), np.zeros(incidence.nodes)
    iterations = 0
    for quantities, nodes, part in _components(incidence):
        solved = _newton(prior[quantities], weight[quantities], part, multiplier[nodes])
        amounts[quantities], multiplier[nodes] = solved.amounts, solved.multiplier
        imbalance[nodes] = solved.imbalance
        iterations = max(iterations, solved.iterations)
    return Balanced(amounts, multiplier, imbalance, iterations)


def _components(incidence: Incidence) -> list[tuple[Integers, Integers, Incidence]]:
    size = incidence.quantities + incidence.nodes
    ones = np.ones(len(incidence.node))
    graph = coo_matrix((ones, (incidence.quantity, incidence.quantities + incidence.node)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    parts = []
    for component in range(count):
        nodes = np.flatnonzero(label[incidence.quantities :] == component)
        quantities = np.flatnonzero(label[: incidence.quantities] == component)
        if len(nodes) == 0:
            continue
        rank = np.zeros(size, dtype=np.int64)
        rank[quantities] = np.arange(len(quantities))
        rank[incidence.quantities + nodes] = np.arange(len(nodes))
        mine = label[incidence.quantity] == component
        part = Incidence(
            quantity=rank[incidence.quantity[mine]],
            node=rank[incidence.quantities + incidence.node[mine]],
            coefficient=incidence.coefficient[mine],
            quantities=len(quantities),
            nodes=len(nodes),
        )
        parts.append((quantities, nodes, part))
    return parts


def _newton(prior: Floats, weight: Floats, incidence: Incidence, start: Floats) -> Balanced:
    pairs = _pairs(incidence)
    multiplier = start
    amounts = _amounts(prior, weight, incidence, start)
    if not weight @ amounts <= weight @ prior:  # a start worse than none
        multiplier, amounts = np.zeros_like(start), prior.copy()
    best = Balanced(amounts, multiplier, _imbalance(incidence, amounts), 0)
    stalled = 0
    for iteration in range(1, _ITERATIONS + 1):
        if _worst(best) <= _CLOSED or stalled >= _PATIENCE:
            break
        step = _newton_step(incidence, pairs, amounts, weight)
        slope, value = float(incidence.excess(amounts) @ step), float(weight @ amounts)
        exponents = incidence.spread(step) / weight
        reach = float(np.abs(exponents).max())
        length = min(1.0, _LONGEST_STEP / max(float(exponents.max()), 1e-300))
        for _ in range(60):  # Armijo on the dual, up to its rounding
            tried = multiplier + length * step
            moved = _amounts(prior, weight, incidence, tried)
            if float(weight @ moved) <= value + 1e-4 * length * slope + 1e-14 * value:
                break
            length *= 0.5
        multiplier, amounts = tried, moved
        reached = Balanced(amounts, multiplier, _imbalance(incidence, amounts), iteration)
        at_the_end = reach <= _NEAR and -slope <= 1e-10 * value  # the value alone does not show a small open node
        stalled = stalled + 1 if at_the_end and _worst(reached) > 0.5 * _worst(best) else 0
        if _worst(reached) < _worst(best) or not at_the_end:
            best = reached
    return best


def _worst(balanced: Balanced) -> float:
    return float(np.abs(balanced.imbalance).max())


def _amounts(prior: Floats, weight: Floats, incidence: Incidence, multiplier: Floats) -> Floats:
    exponent = np.clip(incidence.spread(multiplier) / weight, -600.0, 600.0)
    amounts: Floats = prior * np.exp(exponent)
    return amounts


def _imbalance(incidence: Incidence, amounts: Floats) -> Floats:
    imbalance: Floats = incidence.excess(amounts) / np.maximum(incidence.throughput(amounts), 1e-300)
    return imbalance


def _pairs(incidence: Incidence) -> tuple[Integers, Integers, Floats]:
    """Flat Hessian place, quantity and product of coefficients of each pair of entries of one quantity."""
    order = np.argsort(incidence.quantity, kind="stable")
    counts = np.bincount(incidence.quantity, minlength=incidence.quantities)
    first = np.concatenate(([0], np.cumsum(counts)[:-1]))
    size = counts[incidence.quantity[order]]
    left = np.repeat(order, size)
    within = np.arange(len(left)) - np.repeat(np.cumsum(size) - size, size)
    right = order[np.repeat(first[incidence.quantity[order]], size) + within]
    place = incidence.node[left] * incidence.nodes + incidence.node[right]
    return place, incidence.quantity[left], incidence.coefficient[left] * incidence.coefficient[right]


def _newton_step(
    incidence: Incidence, pairs: tuple[Integers, Integers, Floats], amounts: Floats, weight: Floats
) -> Floats:
    place, quantity, product = pairs
    nodes = incidence.nodes
    hessian = sum_at(place, product * (amounts / weight)[quantity], nodes * nodes).reshape(nodes, nodes)
    scale = 1.0 / np.sqrt(np.maximum(np.diag(hessian), 1e-300))
    hessian *= scale[:, None] * scale
    right_side = -incidence.excess(amounts) * scale
    ridge = 1e-14
    while True:
        hessian[np.diag_indices(nodes)] = 1.0 + ridge
        try:
            step: Floats = cho_solve(cho_factor(hessian, lower=True), right_side) * scale
        except LinAlgError:
            ridge = max(ridge * 100.0, 1e-12)
            continue
        return step
