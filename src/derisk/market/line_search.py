"""Line search: how far a Newton step goes: by price, along disposal's own curve, down the potential (section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean, merged
from derisk.market.component import Component
from derisk.market.factor import dot
from derisk.market.potential import evaluate
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]

MOST_TRIALS = 25
"""Points tried along one step."""
EXACTNESS = 0.5
"""A step cut short ends where the potential's slope along it is at most this share of the slope at its start."""


@merged
def search(
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
        slope = dot(state.gradient, step)
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


@lean
def limit_step(
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
        if abs(step[n]) > longest * limit:
            longest = abs(step[n]) / limit
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


@lean
def _limited(step: float, limit: float, price: float, is_permit: bool) -> float:
    """A step cut to its limit; a permit price does not fall below zero."""
    cut = min(max(step, -limit), limit)
    return max(cut, -price) if is_permit else cut


@lean
def bend_to_disposal(component: Component, diagonal: Floats, price: Floats, step: Floats) -> None:
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
