"""Attribution: one loss divided among the measures that cause it together, so that the parts add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError

Floats = NDArray[np.float64]
Loss = Callable[[frozenset[int]], float]
"""Loss under exactly these measures, by number."""

MOST_MEASURES: Final = 12
"""Measures beyond which 2**n losses are too many."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A loss and its parts [million USD]."""

    rule: str
    """`shapley` or `marginal order`."""
    total: float
    """Loss under all measures less loss under none."""
    parts: Floats
    """(measure,) parts that sum to the total."""
    alone: Floats
    """(measure,) loss under the measure alone."""
    last: Floats
    """(measure,) what the loss falls by if the measure alone is taken away."""


def sets_by_shapley(measures: int) -> tuple[frozenset[int], ...]:
    """The sets whose loss `attribute_by_shapley` asks for: all 2**n."""
    return tuple(_members(code, measures) for code in range(1 << measures))


def sets_in_order(order: Sequence[int]) -> tuple[frozenset[int], ...]:
    """The sets whose loss `attribute_in_order` asks for: each once, at most 3 n - 1."""
    everyone = frozenset(order)
    before = [frozenset(order[:place]) for place in range(len(order) + 1)]
    alone = [frozenset({measure}) for measure in order]
    return tuple(dict.fromkeys([*before, *alone, *(everyone - {measure} for measure in order)]))


def attribute_by_shapley(loss: Loss, measures: int) -> Attribution:
    """The mean of a measure's further loss over every order in which the measures could come.

    Equation (9.12) of docs/theory/losses.md (Shapley 1953, Contributions to the Theory of Games II, 307): the only
    division that adds up, treats measures alike that do alike, gives nothing to one that does nothing, and adds over
    losses. Needs the loss of each of the 2**n sets.

    Args:
        loss: called once for each set of measures.
        measures: how many, at most 12.

    Raises:
        ShapeError: more measures than that.
    """
    if measures > MOST_MEASURES:
        hint = "attribute_in_order needs one loss a measure"
        raise ShapeError(Problem(f"{measures} measures", "attribute_by_shapley", f"at most {MOST_MEASURES}", hint))
    values = np.array([loss(_members(code, measures)) for code in range(1 << measures)])
    codes = np.arange(1 << measures)
    sizes = np.array([code.bit_count() for code in range(1 << measures)])
    weight = _weights(measures)
    parts = np.zeros(measures)
    for measure in range(measures):
        without = codes[(codes >> measure) & 1 == 0]
        parts[measure] = np.sum(weight[sizes[without]] * (values[without | (1 << measure)] - values[without]))
    whole, single = (1 << measures) - 1, 1 << np.arange(measures)
    return Attribution(
        "shapley",
        float(values[whole] - values[0]),
        parts,
        values[single] - values[0],
        values[whole] - values[whole ^ single],
    )


def attribute_in_order(loss: Loss, order: Sequence[int]) -> Attribution:
    """What each measure adds to those before it: n + 1 losses, and an order that somebody has to choose.

    Equation (9.13) of docs/theory/losses.md.

    Args:
        loss: loss of a set of measures.
        order: every measure once.

    Raises:
        ShapeError: a measure is missing or stands there twice.
    """
    if sorted(order) != list(range(len(order))):
        raise ShapeError(Problem(f"order {list(order)}", "attribute_in_order", f"each of 0 to {len(order) - 1} once"))
    everyone = frozenset(order)
    before, value = loss(frozenset()), loss(everyone)
    parts, reached = np.zeros(len(order)), before
    for place, measure in enumerate(order):
        following = value if place == len(order) - 1 else loss(frozenset(order[: place + 1]))
        parts[measure], reached = following - reached, following
    alone = np.array([loss(frozenset({measure})) - before for measure in range(len(order))])
    last = np.array([value - loss(everyone - {measure}) for measure in range(len(order))])
    return Attribution("marginal order", value - before, parts, alone, last)


def _members(code: int, measures: int) -> frozenset[int]:
    return frozenset(measure for measure in range(measures) if code >> measure & 1)


def _weights(measures: int) -> Floats:
    """(size of a set,) share of orders in which exactly that set comes before a given measure."""
    if measures == 0:
        return np.ones(1)
    weight = np.empty(measures)
    weight[0] = 1.0 / measures
    for size in range(1, measures):
        weight[size] = weight[size - 1] * size / (measures - size)
    return weight
