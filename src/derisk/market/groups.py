"""Groups: nodes eliminated before the rest, in small blocks, and what is left dense once they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Groups:
    """Places of a component's nodes in the Newton step, the blocks eliminated first, and the envelope of the rest."""

    slot: Integers
    """(node,) place in the step: eliminated nodes first, then those that are left."""
    eliminated: int
    start: Integers
    """(group + 1,) first entry of each group in `node`."""
    node: Integers
    """Places of the groups' nodes."""
    column_start: Integers
    column: Integers
    """Places, counted from the first that is left, that each group's links and processes reach."""
    envelope: Integers
    """(place that is left,) first column of its row that may differ from zero."""


def node_groups(
    rank: Integers, producers: int, tail: Integers, head: Integers, start: Integers, node: Integers, tonnes: Floats
) -> Groups:
    """Which nodes of a component are eliminated first, in which blocks.

    Args:
        rank: (node,) place of the node's good along the chain; producer nodes come first, then delivered nodes.
        producers: number of producer nodes.
        tail: (link,) producer node.
        head: (link,) delivered node.
        start: (process + 1,) first entry of each process.
        node: (entry,) node of each entry.
        tonnes: (entry,) positive for outputs.
    """
    first = _eliminated_first(rank, producers, node[tonnes < 0.0])
    count = int(first.sum())
    left = np.flatnonzero(~first)
    slot = np.empty(rank.size, np.int64)
    slot[first] = np.arange(count)
    slot[left[np.argsort(rank[left], kind="stable")]] = count + np.arange(left.size)
    envelope = np.arange(left.size)
    rows: list[int] = []
    columns: list[int] = []
    reached: list[tuple[int, Integers]] = []
    for p in range(start.size - 1):
        places = slot[node[start[p] : start[p + 1]]]
        inside, outside = places[places < count], places[places >= count] - count
        if outside.size:
            envelope[outside] = np.minimum(envelope[outside], outside.min())
        if inside.size:
            rows.extend(int(n) for n in inside[1:])
            columns.extend([int(inside[0])] * (inside.size - 1))
            reached.append((int(inside[0]), outside))
    shape = (max(count, 1), max(count, 1))
    graph = csr_array((np.ones(len(rows)), (np.array(rows, int), np.array(columns, int))), shape=shape)
    label = connected_components(graph, directed=False)[1][:count]
    sets = _reached_places(
        label, np.minimum(slot[tail], slot[head]), np.maximum(slot[tail], slot[head]) - count, reached
    )
    for places in sets:
        if places.size:
            envelope[places] = np.minimum(envelope[places], places[0])
    group_start = np.zeros(len(sets) + 1, np.int64)
    group_start[1:] = np.cumsum(np.bincount(label, minlength=len(sets)))
    column_start = np.zeros(len(sets) + 1, np.int64)
    column_start[1:] = np.cumsum([s.size for s in sets])
    column = np.concatenate(sets) if sets else np.zeros(0, np.int64)
    order = np.argsort(label, kind="stable").astype(np.int64)
    return Groups(slot, count, group_start, order, column_start, column.astype(np.int64), envelope.astype(np.int64))


def _eliminated_first(rank: Integers, producers: int, taken_in: Integers) -> Flags:
    """One side of each good: its producer nodes, or its delivered nodes where they are more and no process takes it in.

    Nothing but uses and links touches the delivered nodes of such a good, so that each is a block of its own.
    """
    delivered = np.arange(rank.size) >= producers
    first = ~delivered
    for good in np.unique(rank):
        own = rank == good
        if not np.isin(rank[taken_in], good).any() and 2 * int((own & delivered).sum()) > int(own.sum()):
            first[own] = delivered[own]
    return first


def _reached_places(
    label: Integers, inner: Integers, outer: Integers, reached: list[tuple[int, Integers]]
) -> list[Integers]:
    """Sorted places that each group reaches, over links from `inner` to `outer` and over processes."""
    sets: list[list[Integers]] = [[] for _ in range(int(label.max(initial=-1)) + 1)]
    by_inner = np.argsort(inner, kind="stable")
    bounds = np.searchsorted(inner[by_inner], np.arange(label.size + 1))
    for n in range(label.size):
        sets[label[n]].append(outer[by_inner[bounds[n] : bounds[n + 1]]])
    for n, places in reached:
        sets[label[n]].append(places)
    return [np.unique(np.concatenate(s)).astype(np.int64) for s in sets]
