"""Panels: slopes of a good laid out as rows of origins over delivered nodes, and sums along and across the rows.

Where a fifth of all pairs trade, passing over whole rows eight places at a time, zeros where no link goes, takes two
thirds of the time of fetching every place that a link serves. What has fewer links is kept link by link. The slopes
are those of the links in the Newton step (equation 6.15 of docs/theory/market.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean
from derisk.market.lanes import LANES, add_rows, take_products

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_PLACES = 8.0
"""Places for each link, above which rows are kept link by link."""


class Panels(NamedTuple):
    """Where the slopes of a component's links stand; a panel is of one good and one moment."""

    first_row: Integers
    """(panel + 1,) first origin of each; together they are all origins."""
    first_slot: Integers
    """(panel + 1,) first number of each."""
    node: Integers
    """(panel,) delivered node, from 0, of the first place of every row; -1 for a panel that is kept link by link."""
    width: Integers
    """(panel,) places of a row, in whole eights; 0 for a panel that is kept link by link."""
    slot: Integers
    """(link,) number of each link's slope."""


def lay_out(row_start: Integers, row_head: Integers, row_good: Integers, deliveries: int) -> Panels:
    """Panels of origins that follow one another, of one good, and serve the same range of nodes.

    A row has one place for each node, so goods of which an origin serves a node by two links are kept link by link.

    Args:
        row_start: (producer node + 1,) first link of each origin's row.
        row_head: (link,) delivered node, from 0, in order within a row.
        row_good: (producer node,) good; those of one good follow one another.
        deliveries: number of delivered nodes.
    """
    size = np.diff(row_start)
    rows, full = size.size, np.flatnonzero(size > 0)
    if not full.size:
        nothing = np.zeros(0, np.int64)
        return Panels(np.zeros(1, np.int64), np.zeros(1, np.int64), nothing, nothing, nothing)
    first, last = row_head[row_start[full]], row_head[row_start[full + 1] - 1]
    begins = np.ones(full.size, dtype=bool)
    furthest = np.maximum.accumulate(last)  # nodes of a good, and of its moments, stand in the order of their origins
    begins[1:] = (row_good[full[1:]] != row_good[full[:-1]]) | (first[1:] > furthest[:-1])
    panel = np.flatnonzero(begins)
    first_row = np.append(full[panel], rows)
    first_row[0] = 0
    low, high = np.minimum.reduceat(first, panel), np.maximum.reduceat(last, panel)
    links = np.diff(row_start[first_row])
    width = -(-(high + 1 - low) // LANES) * LANES
    places = width * np.diff(first_row)
    row = np.repeat(np.arange(rows), size)
    own = np.searchsorted(first_row, row, side="right") - 1
    twice = np.flatnonzero((np.diff(row) == 0) & (np.diff(row_head) == 0))
    wide = (places <= MOST_PLACES * links) & (width <= deliveries)
    wide[own[twice]] = False
    first_slot = np.concatenate([[0], np.cumsum(np.where(wide, places, links))])
    node = np.where(wide, np.minimum(low, deliveries - width), -1)
    within = (row - first_row[own]) * width[own] + row_head - node[own]
    within = np.where(wide[own], within, np.arange(row_head.size) - row_start[first_row[own]])
    return Panels(first_row, first_slot, node, np.where(wide, width, 0), first_slot[own] + within)


@lean
def gather(
    first_row: Integers,
    first_slot: Integers,
    node: Integers,
    width: Integers,
    row_start: Integers,
    row_head: Integers,
    slopes: Floats,
    direction: Floats,
    target: Floats,
) -> None:
    """Take each origin's slopes times a direction from its entry of the target.

    Args:
        first_row, first_slot, node, width: as in `Panels`.
        row_start, row_head: first link of each origin, delivered node of each link.
        slopes: in the order of the panels.
        direction: (delivered node,) or longer.
        target: (producer node,) changed in place.
    """
    for panel in range(node.size):
        first, last, slot = first_row[panel], first_row[panel + 1], first_slot[panel]
        if width[panel] > 0:
            take_products(target, first, last - first, slopes, slot, width[panel], direction, node[panel])
            continue
        for row in range(first, last):
            total = 0.0
            for link in range(row_start[row], row_start[row + 1]):
                total += slopes[slot] * direction[row_head[link]]
                slot += 1
            target[row] -= total


@lean
def scatter(
    first_row: Integers,
    first_slot: Integers,
    node: Integers,
    width: Integers,
    row_start: Integers,
    row_head: Integers,
    slopes: Floats,
    factors: Floats,
    target: Floats,
) -> None:
    """Add each origin's slopes times its factor, each at its delivered node; arguments as `gather`."""
    for panel in range(node.size):
        first, last, slot = first_row[panel], first_row[panel + 1], first_slot[panel]
        nothing = True
        for row in range(first, last):
            nothing = nothing and factors[row] == 0.0
        if nothing:
            continue
        if width[panel] > 0:
            add_rows(target, node[panel], factors, first, last - first, slopes, slot, width[panel])
            continue
        for row in range(first, last):
            for link in range(row_start[row], row_start[row + 1]):
                target[row_head[link]] += factors[row] * slopes[slot]
                slot += 1
