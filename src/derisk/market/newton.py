"""Newton: semismooth steps with a line search on the potential, from a start to an equilibrium (section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import new_carry
from derisk.market.compiled import inner, lean, merged
from derisk.market.component import Component
from derisk.market.conjugate import conjugate_step
from derisk.market.levels import new_levels
from derisk.market.matrix import diagonal_of, new_matrix
from derisk.market.potential import evaluate
from derisk.market.state import State, Terms, new_state

Floats = NDArray[np.float64]

LEAST_DAMPING = 1e-10
"""Proximal term relative to a node's slope."""
MOST_ITERATIONS = 200
"""Newton steps of one try."""
MOST_TRIALS = 25
"""Points tried along one step."""
EXACTNESS = 0.5
"""A step cut short ends where the potential's slope along it is at most this share of the slope at its start."""
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
    component: Component, terms: Terms, price: Floats, flat: Floats, tolerance: float, patience: float
) -> tuple[float, int, int]:
    """Minimise the potential of one component.

    Args:
        component: base-year arrays.
        terms: the shock.
        price: (node, then quota) first prices, changed in place to where the method ends [USD/t].
        flat: (node, then quota) receives `STILL`, `NEARLY_STILL` or 0.
        tolerance: residual to reach.
        patience: a step cut to less than this share raises the proximal term.

    Returns:
        The residual, iterations, and the worst node.
    """
    c = component
    nodes, quotas = c.node_price.size, terms.quota_t.size
    state = new_state(c, quotas)
    matrix, carry, levels = new_matrix(c, terms), new_carry(c), new_levels(c, terms)
    step = np.zeros(nodes + quotas)
    scale, natural = np.empty(price.size), np.empty(price.size)
    for n in range(price.size):
        scale[n] = c.node_price[n] if n < nodes else terms.quota_price[n - nodes]
        natural[n] = (c.node_throughput_t[n] if n < nodes else terms.quota_t[n - nodes]) / scale[n]
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
            for k in range(quotas):
                free = price[nodes + k] > 0.0 or state.gradient[nodes + k] < 0.0
                fixed[k] = 0.0 if free else 1.0
            enough = max(FORCING * residual, 0.03 * aim / max(balance, aim))
            accuracy = min(max(enough, LEAST_ACCURACY), most_accuracy)
            for n in range(natural.size):
                matrix.diagonal[n] += damping * (matrix.diagonal[n] + natural[n])
            slopes, pulls = state.flow_slope, state.output_slope
            conjugate_step(matrix, carry, levels, slopes, pulls, state.gradient, step, fixed, accuracy)
            _bend_to_disposal(c, matrix.diagonal, price, step)
            descent = _limit_step(price, scale, natural, state.gradient, matrix.diagonal, nodes, step)
            share = 0.0
            if descent < 0.0:
                share, value = _search(c, terms, price, state, step, descent, value)
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
    for n in range(price.size):
        flat[n] = 0.0
        if n >= nodes:
            continue
        if matrix.diagonal[n] == 0.0:
            flat[n] = STILL
        elif matrix.diagonal[n] <= FLAT_SLOPE * natural[n]:
            flat[n] = NEARLY_STILL
    return residual, iteration, worst


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
def _bend_to_disposal(component: Component, diagonal: Floats, price: Floats, step: Floats) -> None:
    """Steps of prices at which disposal begins, ends or goes on, as far as its own curve (6.13) takes them.

    Disposal is a square of the distance to its end, of which Newton's steps only ever halve what is left. A node's
    equation is taken to be linear but for it, and Newton's step to say what it lacks: the step `d` solves
    `(diagonal - slope) d + sink(price) - sink(price + d) = diagonal * step`.
    """
    c = component
    for n in range(c.node_price.size):
        width, diagonal_n, end = c.node_width[n], diagonal[n], c.node_width[n] - price[n]
        if end <= 0.0 and step[n] >= end:
            continue
        lack, bend = diagonal_n * step[n], c.node_sink_t[n] / (width * width)
        if end > 0.0 and lack >= max(diagonal_n - 2.0 * bend * end, 0.0) * end + bend * end * end:
            step[n] = max(end, step[n])
            continue
        outside = min(end, 0.0)
        lack -= diagonal_n * outside
        root = diagonal_n * diagonal_n - 4.0 * bend * lack
        step[n] = outside + 2.0 * lack / (diagonal_n + np.sqrt(max(root, 0.0)))


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
        excess = abs(gradient[n])
        relative = excess / (throughput[n] + gross[n])
        if not relative <= residual:
            residual, worst = (relative if relative == relative else np.inf), n
        balance = max(balance, excess / (gross[n] + 1e-9 * world[n]))
    for k in range(quota.size):
        left = gradient[nodes + k] / quota[k]
        relative = abs(min(price[nodes + k] / quota_price[k], left))
        if not relative <= residual:
            residual, worst = (relative if relative == relative else np.inf), nodes + k
        balance = max(balance, relative * max(1.0, price[nodes + k] / quota_price[k]))
    return residual, balance, worst


@lean
def _limited(step: float, limit: float, price: float, is_permit: bool) -> float:
    """A step cut to its limit; a permit price does not fall below zero."""
    cut = min(max(step, -limit), limit)
    return max(cut, -price) if is_permit else cut


@lean
def _limit_step(
    price: Floats, scale: Floats, natural: Floats, gradient: Floats, diagonal: Floats, nodes: int, step: Floats
) -> float:
    """Limit the step price by price, or else shorten it as a whole, or else go down price by price.

    Args:
        price: (node, then quota) prices; `nodes` of them have no bound [USD/t].
        scale: base price of each node, and the price scale of each quota [USD/t].
        natural: slope each price would have if its throughput answered one to one [t per USD/t].
        gradient: of the potential [t].
        diagonal: of its second derivatives [t per USD/t].
        nodes: number of nodes.
        step: changed in place [USD/t].

    Returns:
        Product of the step with the gradient, negative; 0 if there is no way down.
    """
    size = price.size
    longest, whole, descent = 1.0, 0.0, 0.0
    for n in range(size):
        limit = 2.0 * abs(price[n]) + 0.5 * scale[n]
        whole += gradient[n] * step[n]
        longest = max(longest, abs(step[n]) / limit)
        descent += gradient[n] * _limited(step[n], limit, price[n], n >= nodes)
    if descent < 0.0 and descent <= 0.05 * whole / longest:
        for n in range(size):
            step[n] = _limited(step[n], 2.0 * abs(price[n]) + 0.5 * scale[n], price[n], n >= nodes)
        return descent
    descent = 0.0
    for n in range(size):
        step[n] = _limited(step[n] / longest, np.inf, price[n], n >= nodes)
        descent += gradient[n] * step[n]
    if descent < 0.0:
        return descent
    descent = 0.0
    for n in range(size):
        own = -gradient[n] / (diagonal[n] + 1e-3 * natural[n])
        step[n] = _limited(own, 0.1 * scale[n], price[n], n >= nodes)
        descent += gradient[n] * step[n]
    return min(descent, 0.0)


@inner
def _search(
    component: Component,
    terms: Terms,
    price: Floats,
    state: State,
    step: Floats,
    descent: float,
    value: float,
) -> tuple[float, float]:
    """Take the step, or the share of it that lowers the potential enough; prices change in place.

    The potential is convex: where its derivative along the step has not turned positive it has fallen all the way.
    Elsewhere the Armijo condition decides, and near the minimum, where values differ by rounding alone, the
    derivative (Hager and Zhang 2005, SIAM Journal on Optimization 16, 170-192).

    Returns:
        Share of the step taken, and the potential there; `state` is that point's, and nobody's where the share is 0.
    """
    trial = np.empty(price.size)
    trial_value = value
    low, low_slope = 0.0, descent
    high, high_slope = 1.0, 0.0
    share = 1.0
    for number in range(MOST_TRIALS + 1):
        if number == MOST_TRIALS:
            if low == 0.0:
                return 0.0, value
            share = low
        for n in range(price.size):
            trial[n] = price[n] + share * step[n]
        trial_value = evaluate(component, terms, trial, state)
        if number == MOST_TRIALS:
            break
        slope = 0.0
        for n in range(price.size):
            slope += state.gradient[n] * step[n]
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
    for n in range(price.size):
        price[n] = trial[n]
    return share, trial_value
