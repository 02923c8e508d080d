"""Newton: semismooth steps with a line search on the potential, from a start to an equilibrium (section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import new_carry
from derisk.market.compiled import inner, lean, merged
from derisk.market.component import Component
from derisk.market.conjugate import conjugate_step
from derisk.market.levels import new_levels
from derisk.market.line_search import bend_to_disposal, limit_step, search
from derisk.market.matrix import diagonal_of, new_matrix
from derisk.market.potential import evaluate
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]

LEAST_DAMPING = 1e-10
"""Proximal term relative to a node's slope."""
MOST_ITERATIONS = 200
"""Newton steps of one try."""
BALANCE = 0.5
"""Aim for each node's excess relative to the sum of its own absolute terms, over the tolerance of the residual."""
MOST_BALANCE = 5e-11
"""Bound of that aim."""
MOST_POLISHES = 4
"""Steps spent on that aim once the residual is within the tolerance."""
WORTHWHILE = 0.5
"""A step that leaves more than this share of the best balance so far was the last."""
FORCING = 3.0
"""Accuracy asked of a step, relative to the residual it starts from; less where less does for the aim."""
LEAST_ACCURACY, MOST_ACCURACY = 1e-7, 0.1
"""Bounds of that accuracy."""
LEAST_INEXACT_PATIENCE = 1e-3
"""Tries with less patience take every step at the least accuracy."""
OVERFLOW = 100.0
"""Tonnes past a node, over the good's world output, at which first prices are doubted."""
STILL, NEARLY_STILL = 2.0, 1.0
"""Flags of a node whose price nothing answers to, and of one where next to nothing does."""
FLAT_SLOPE = 1e-8
"""A node whose slope, relative to throughput over price, is below this has no well-determined price."""


@merged
def solve_component(
    component: Component,
    terms: Terms,
    price: Floats,
    flat: Floats,
    state: State,
    tolerance: float,
    patience: float,
) -> tuple[float, int, int, float]:
    """Minimise the potential of one component.

    Args:
        component: base-year arrays.
        terms: the shock.
        price: (node, then quota) first prices, changed in place to where the method ends [USD/t].
        flat: (node, then quota) receives `STILL`, `NEARLY_STILL` or 0.
        state: receives what these prices imply.
        tolerance: residual to reach.
        patience: a step cut to less than this share raises the proximal term.

    Returns:
        The residual, iterations, the worst node, and the potential.
    """
    c = component
    nodes, quotas = c.node_price.size, terms.quota_t.size
    matrix, carry, levels = new_matrix(c, terms), new_carry(c), new_levels(c, terms)
    step = np.zeros(nodes + quotas)
    scale, natural = np.empty(price.size), np.empty(price.size)
    _take_scales(c, terms, scale, natural)
    most_accuracy = MOST_ACCURACY if patience > LEAST_INEXACT_PATIENCE else LEAST_ACCURACY
    aim = min(BALANCE * tolerance, MOST_BALANCE)
    fixed = np.zeros(quotas)
    best_price = np.empty(price.size)
    best = np.inf
    polishes = 0
    damping = LEAST_DAMPING
    value = 0.0
    iteration = 0
    stale, finished = True, False
    while True:
        if stale:
            value = evaluate(c, terms, price, state)
            stale = False
            if iteration == 0 and _overflows(state.gross, c.node_world_t):
                value = _start_lower(c, terms, price, state, value, step)
        diagonal_of(c, terms, state, matrix.diagonal)
        residual, balance, worst = residuals(
            state.gradient, state.gross, c.node_throughput_t, c.node_world_t, price, terms.quota_t, terms.quota_price
        )
        if finished or iteration >= MOST_ITERATIONS:
            break
        if residual <= tolerance:
            finished = balance <= aim or polishes >= MOST_POLISHES or balance > WORTHWHILE * best
            if balance < best:
                best = balance
                for n in range(price.size):
                    best_price[n] = price[n]
            polishes += 1
        if not finished:
            iteration += 1
            _hold_permits(price[nodes:], state.gradient[nodes:], fixed)
            enough = max(FORCING * residual, 0.03 * aim / max(balance, aim))
            accuracy = min(max(enough, LEAST_ACCURACY), most_accuracy)
            for n in range(natural.size):
                matrix.diagonal[n] += damping * (matrix.diagonal[n] + natural[n])
            slopes, pulls = state.flow_slope, state.output_slope
            conjugate_step(matrix, carry, levels, slopes, pulls, state.gradient, step, fixed, accuracy)
            bend_to_disposal(c, matrix.diagonal, price, step)
            descent = limit_step(price, scale, natural, state.gradient, matrix.diagonal, nodes, step)
            share = 0.0
            if descent < 0.0:
                share, value = search(c, terms, price, state, step, descent, value)
                stale = share == 0.0
            if share >= 0.5:
                damping = max(0.01 * damping, LEAST_DAMPING)
            elif share < patience:
                damping = min(max(100.0 * damping, 1e-6), 1.0)
            finished = descent == 0.0 or (share == 0.0 and damping >= 1.0)
        if finished and best < np.inf:
            for n in range(price.size):
                stale = stale or price[n] != best_price[n]
                price[n] = best_price[n]
    flat[nodes:] = 0.0
    for n in range(nodes):
        slight = NEARLY_STILL if matrix.diagonal[n] <= FLAT_SLOPE * natural[n] else 0.0
        flat[n] = STILL if matrix.diagonal[n] == 0.0 else slight
    return residual, iteration, worst, value


@lean
def _take_scales(component: Component, terms: Terms, scale: Floats, natural: Floats) -> None:
    """Price scale of each node and quota [USD/t], and the slope if its throughput answered one to one [t per USD/t]."""
    c, nodes = component, component.node_price.size
    for n in range(nodes):
        scale[n], natural[n] = c.node_price[n], c.node_throughput_t[n] / c.node_price[n]
    for k in range(terms.quota_t.size):
        scale[nodes + k] = terms.quota_price[k]
        natural[nodes + k] = terms.quota_t[k] / terms.quota_price[k]


@lean
def _hold_permits(permit: Floats, left: Floats, fixed: Floats) -> None:
    """(quota,) 1 where a permit price of zero has tonnes left, and stays at zero; 0 elsewhere."""
    for k in range(fixed.size):
        fixed[k] = 0.0 if permit[k] > 0.0 or left[k] < 0.0 else 1.0


@lean
def _overflows(gross: Floats, world: Floats) -> bool:
    """Whether more passes some node than any market could bring there."""
    most = 0.0
    for n in range(world.size):
        most = max(most, gross[n] / world[n])
    return not most <= OVERFLOW


@inner
def _start_lower(component: Component, terms: Terms, price: Floats, state: State, value: float, room: Floats) -> float:
    """Start from base prices, permits at nothing, if the potential is lower there; `room` is as long as `price`.

    Where a restriction is lifted, prices that it held apart let flows start many powers of ten too large, of which
    Newton's method takes back a factor of three a step.

    Returns:
        The potential at the start; `state` is that point's.
    """
    c = component
    for n in range(price.size):
        room[n] = c.node_price[n] if n < c.node_price.size else 0.0
    if evaluate(c, terms, room, state) < value:
        for n in range(price.size):
            price[n] = room[n]
    return evaluate(c, terms, price, state)


@lean
def residuals(
    gradient: Floats,
    gross: Floats,
    throughput: Floats,
    world: Floats,
    price: Floats,
    quota: Floats,
    quota_price: Floats,
) -> tuple[float, float, int]:
    """How far from equilibrium a state is (equation 6.16).

    Returns:
        Worst excess relative to base and current throughput (quotas by complementarity), worst excess relative to
        the node's own terms, and the node or quota of the first.
    """
    nodes = throughput.size
    residual, balance, worst = 0.0, 0.0, 0
    for n in range(nodes):
        excess, terms = abs(gradient[n]), gross[n] + 1e-9 * world[n]
        if not excess <= residual * (throughput[n] + gross[n]):
            relative = excess / (throughput[n] + gross[n])
            if not relative <= residual:
                residual, worst = (relative if relative == relative else np.inf), n
        if excess > balance * terms:
            balance = excess / terms
    for k in range(quota.size):
        left = gradient[nodes + k] / quota[k]
        relative = abs(min(price[nodes + k] / quota_price[k], left))
        if not relative <= residual:
            residual, worst = (relative if relative == relative else np.inf), nodes + k
        balance = max(balance, relative * max(1.0, price[nodes + k] / quota_price[k]))
    return residual, balance, worst
