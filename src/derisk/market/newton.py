"""Newton: semismooth steps with a line search on the potential, from a start to an equilibrium (section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, kernel
from derisk.market.component import Component
from derisk.market.hessian import Workspace, assemble, new_workspace, newton_step
from derisk.market.potential import State, Terms, evaluate, lower_flat_prices, new_state

Floats = NDArray[np.float64]

LEAST_DAMPING = 1e-10
"""Proximal term relative to a node's slope."""
MOST_ITERATIONS = 200
"""Newton steps of one try."""
MOST_TRIALS = 25
"""Points tried along one step."""
EXACTNESS = 0.05
"""A step cut short ends where the potential's slope along it is at most this share of the slope at its start."""
BALANCE = 1e-11
"""Aim for each node's excess relative to the sum of its own absolute terms."""
MOST_POLISHES = 4
"""Steps spent on that aim once the residual is within the tolerance."""
FLAT_SLOPE = 1e-8
"""A node whose slope, relative to throughput over price, is below this has no well-determined price."""


@kernel
def solve_component(
    component: Component, terms: Terms, start: Floats, tolerance: float, patience: float
) -> tuple[Floats, State, Floats, float, int, int]:
    """Minimise the potential of one component.

    Args:
        component: base-year arrays.
        terms: the shock.
        start: (node, then quota) first prices [USD/t].
        tolerance: residual to reach.
        patience: a step cut to less than this share raises the proximal term.

    Returns:
        Prices, the state there, (node,) flags of flat prices, the residual, iterations, and the worst node.
    """
    c = component
    nodes, quotas = c.node_price.size, terms.quota_t.size
    price = start.copy()
    state = new_state(c, quotas)
    trial_state = new_state(c, quotas)
    work = new_workspace(c, quotas)
    fixed = np.zeros(quotas)
    best_price = price.copy()
    best = np.inf
    polishes = 0
    damping = LEAST_DAMPING
    value = evaluate(c, terms, price, state)
    iteration = 0
    while iteration < MOST_ITERATIONS:
        residual, balance, _ = residuals(c, terms, price, state)
        if residual <= tolerance:
            if balance < best:
                best = balance
                for n in range(price.size):
                    best_price[n] = price[n]
            if balance <= BALANCE or polishes >= MOST_POLISHES:
                break
            polishes += 1
        iteration += 1
        for k in range(quotas):
            free = price[nodes + k] > 0.0 or state.gradient[nodes + k] < 0.0
            fixed[k] = 0.0 if free else 1.0
        newton_step(c, terms, state, work, fixed, damping)
        descent = _limit_step(c, terms, price, state, work)
        if descent == 0.0:
            break
        share, value = _search(c, terms, price, trial_state, work.step, descent, value)
        if share > 0.0:
            state, trial_state = trial_state, state
        if share >= 0.5:
            damping = max(0.01 * damping, LEAST_DAMPING)
        elif share < patience:
            damping = min(max(100.0 * damping, 1e-6), 1.0)
        if share == 0.0 and damping >= 1.0:
            break
    if best < np.inf:
        price = best_price
    evaluate(c, terms, price, state)
    residual, balance, worst = residuals(c, terms, price, state)
    assemble(c, terms, state, work)
    flat = np.zeros(nodes)
    for n in range(nodes):
        flat[n] = 1.0 if work.diagonal[n] == 0.0 else 0.0
    lower_flat_prices(c, terms, price, state, flat)
    for n in range(nodes):
        natural = c.node_throughput_t[n] / c.node_price[n]
        flat[n] = 1.0 if work.diagonal[n] <= FLAT_SLOPE * natural else 0.0
    return price, state, flat, residual, iteration, worst


@inner
def residuals(component: Component, terms: Terms, price: Floats, state: State) -> tuple[float, float, int]:
    """How far from equilibrium a state is (equation 6.16).

    Returns:
        Worst excess relative to base and current throughput (quotas by complementarity), worst excess relative to
        the node's own terms, and the node or quota of the first.
    """
    c = component
    nodes = c.node_price.size
    residual, balance, worst = 0.0, 0.0, 0
    for n in range(nodes):
        excess = abs(state.gradient[n])
        relative = excess / (c.node_throughput_t[n] + state.gross[n])
        if not relative <= residual:
            residual, worst = (relative if relative == relative else np.inf), n
        balance = max(balance, excess / (state.gross[n] + 1e-9 * c.node_world_t[n]))
    for k in range(terms.quota_t.size):
        left = state.gradient[nodes + k] / terms.quota_t[k]
        relative = abs(min(price[nodes + k] / terms.quota_price[k], left))
        if not relative <= residual:
            residual, worst = (relative if relative == relative else np.inf), nodes + k
        balance = max(balance, relative)
    return residual, balance, worst


@inner
def _scale(component: Component, terms: Terms, n: int) -> float:
    """Base price of a node, or the price scale of a quota [USD/t]."""
    nodes = component.node_price.size
    return component.node_price[n] if n < nodes else terms.quota_price[n - nodes]


@inner
def _limited(step: float, limit: float, price: float, is_permit: bool) -> float:
    """A step cut to its limit; a permit price does not fall below zero."""
    cut = min(max(step, -limit), limit)
    return max(cut, -price) if is_permit else cut


@inner
def _limit_step(component: Component, terms: Terms, price: Floats, state: State, work: Workspace) -> float:
    """Limit the step price by price, or else shorten it as a whole, or else go down price by price.

    Returns:
        Product of the step with the gradient, negative; 0 if there is no way down.
    """
    nodes, size = component.node_price.size, price.size
    gradient, step = state.gradient, work.step
    longest, whole, descent = 1.0, 0.0, 0.0
    for n in range(size):
        limit = 2.0 * abs(price[n]) + 0.5 * _scale(component, terms, n)
        whole += gradient[n] * step[n]
        longest = max(longest, abs(step[n]) / limit)
        descent += gradient[n] * _limited(step[n], limit, price[n], n >= nodes)
    if descent < 0.0 and descent <= 0.05 * whole / longest:
        for n in range(size):
            limit = 2.0 * abs(price[n]) + 0.5 * _scale(component, terms, n)
            step[n] = _limited(step[n], limit, price[n], n >= nodes)
        return descent
    descent = 0.0
    for n in range(size):
        step[n] = _limited(step[n] / longest, np.inf, price[n], n >= nodes)
        descent += gradient[n] * step[n]
    if descent < 0.0:
        return descent
    descent = 0.0
    for n in range(size):
        scale = _scale(component, terms, n)
        natural = (component.node_throughput_t[n] if n < nodes else terms.quota_t[n - nodes]) / scale
        own = -gradient[n] / (work.diagonal[n] + 1e-3 * natural)
        step[n] = _limited(own, 0.1 * scale, price[n], n >= nodes)
        descent += gradient[n] * step[n]
    return min(descent, 0.0)


@inner
def _search(
    component: Component,
    terms: Terms,
    price: Floats,
    trial_state: State,
    step: Floats,
    descent: float,
    value: float,
) -> tuple[float, float]:
    """Take the step, or the share of it that lowers the potential enough; prices change in place.

    The potential is convex: where its derivative along the step has not turned positive it has fallen all the way.
    Elsewhere the Armijo condition decides, and near the minimum, where values differ by rounding alone, the
    derivative (Hager and Zhang 2005, SIAM Journal on Optimization 16, 170-192).

    Returns:
        Share of the step taken, and the potential there; `trial_state` holds the state unless the share is 0.
    """
    trial = np.empty(price.size)
    low, low_slope = 0.0, descent
    high, high_slope = 1.0, 0.0
    share = 1.0
    for _ in range(MOST_TRIALS):
        for n in range(price.size):
            trial[n] = price[n] + share * step[n]
        trial_value = evaluate(component, terms, trial, trial_state)
        slope = 0.0
        for n in range(price.size):
            slope += trial_state.gradient[n] * step[n]
        rounding = 1e-13 * (abs(value) + abs(trial_value))
        fallen = trial_value <= value + 1e-4 * share * descent
        near = trial_value <= value + rounding and -share * descent <= 10.0 * rounding
        if slope <= 0.0 and (share == 1.0 or slope >= EXACTNESS * descent):
            break
        if slope > 0.0 and (fallen or near) and slope <= -EXACTNESS * descent:
            break
        if slope <= 0.0:
            low, low_slope = share, slope
        else:
            high, high_slope = share, slope
        if high_slope > 0.0:
            part = -low_slope / (high_slope - low_slope)
        else:
            part = 0.5
        share = low + (high - low) * min(max(part, 0.1), 0.9)
    else:
        if low == 0.0:
            return 0.0, value
        share = low
        for n in range(price.size):
            trial[n] = price[n] + share * step[n]
        trial_value = evaluate(component, terms, trial, trial_state)
    for n in range(price.size):
        price[n] = trial[n]
    return share, trial_value
