"""Moments: the tree of months ahead, and what a dollar of each is worth today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_PROBABILITY = 1e-9
"""A branch counts at least this much, so that prices are defined on it; nobody acts on so little."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A node of the tree of months ahead: one or several months, all alike."""

    parent: int
    """Number of the moment before; -1 for the first."""
    months: float
    """Length; 1 for the first."""
    probability: float
    """Of this branch, given the parent; those of the children of one parent sum to 1."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Moments as arrays, parents before children."""

    parent: Integers
    months: Floats
    probability: Floats

    @property
    def size(self) -> int:
        """Number of moments."""
        return int(self.parent.size)

    def children(self, moment: int) -> Integers:
        """Numbers of the moments that follow one."""
        return np.flatnonzero(self.parent == moment).astype(np.int64)


def check_moments(moments: Sequence[Moment]) -> Tree:
    """The moments as arrays.

    Raises:
        ShapeError: no moments, a parent that does not come before its child, a length or a probability that is none,
            or children whose probabilities do not sum to 1.
    """
    parent = np.array([moment.parent for moment in moments], dtype=np.int64)
    months = np.array([moment.months for moment in moments], dtype=np.float64)
    problems = []
    where = "Window(moments)"
    if parent.size == 0 or parent[0] != -1 or months[0] != 1.0:
        problems.append(Problem("the first moment is not this month", where, "parent -1, months 1"))
    late = np.flatnonzero((parent < 0) | (parent >= np.arange(parent.size)))
    if (late > 0).any():
        number = int(late[late > 0][0])
        problems.append(
            Problem(f"moment {number} follows moment {parent[number]}", where, "a parent that stands before its child")
        )
    if not (np.isfinite(months) & (months > 0.0)).all():
        problems.append(Problem("a moment has no length", where, "months greater than 0"))
    if problems:
        raise ShapeError(*problems)
    given = [moment.probability for moment in moments]
    return Tree(parent, months, check_probability(parent, given, where))


def check_probability(parent: Integers, given: ArrayLike, where: str) -> Floats:
    """Probabilities of branches, raised to `LEAST_PROBABILITY` where they are less.

    Args:
        parent: (moment,).
        given: (moment,) of each branch, given its parent.
        where: what the error says.

    Raises:
        ShapeError: a wrong shape, a number outside 0 to 1, or children that do not sum to 1.
    """
    probability = np.array(given, dtype=np.float64)
    if probability.shape != parent.shape or not ((probability >= 0.0) & (probability <= 1.0)).all():
        raise ShapeError(Problem("probabilities are wrong", where, f"shape ({parent.size},), numbers from 0 to 1"))
    total = np.bincount(parent + 1, probability, parent.size + 1)
    off = np.abs(total[np.unique(parent + 1)] - 1.0) > 1e-9
    if off.any():
        number = int(np.unique(parent)[off][0])
        what = f"branches after moment {number} have probability {total[number + 1]:g} together"
        raise ShapeError(Problem(what, where, "children of one parent that sum to 1, and 1 for the first"))
    probability = np.maximum(probability, LEAST_PROBABILITY)
    return probability / np.bincount(parent + 1, probability, parent.size + 1)[parent + 1]


def present_value(tree: Tree, probability: Floats, discount_ratio_per_month: float) -> Floats:
    """(moment,) what a dollar of each moment is worth today: discount times probability (equation 6.28).

    Args:
        tree: the moments.
        probability: (moment,) of each branch, given its parent.
        discount_ratio_per_month: worth of a dollar a month later.
    """
    weight = np.ones(tree.size)
    for moment in range(1, tree.size):
        before = tree.parent[moment]
        weight[moment] = weight[before] * probability[moment] * discount_ratio_per_month ** tree.months[before]
    return weight
