"""Groups: producer nodes that joint outputs tie together, and what is left dense once they are eliminated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Producer nodes tied by joint outputs, the delivered nodes each group reaches, and the envelope that results."""

    start: Integers
    node: Integers
    column_start: Integers
    column: Integers
    envelope: Integers


def producer_groups(
    producers: int, deliveries: int, tail: Integers, head: Integers, start: Integers, node: Integers, tonnes: Floats
) -> Groups:
    """Groups of a component's producer nodes.

    Args:
        producers: number of producer nodes.
        deliveries: number of delivered nodes.
        tail: (link,) producer node.
        head: (link,) delivered node, producer nodes counted first.
        start: (process + 1,) first entry of each process.
        node: (entry,) node of each entry.
        tonnes: (entry,) positive for outputs.
    """
    rows: list[int] = []
    columns: list[int] = []
    envelope = np.arange(deliveries)
    inputs_of: list[tuple[int, Integers]] = []
    for p in range(start.size - 1):
        nodes = node[start[p] : start[p + 1]]
        out = nodes[tonnes[start[p] : start[p + 1]] > 0.0]
        inputs = nodes[tonnes[start[p] : start[p + 1]] < 0.0] - producers
        if inputs.size:
            envelope[inputs] = np.minimum(envelope[inputs], inputs.min())
        if out.size:
            rows.extend(int(n) for n in out[1:])
            columns.extend([int(out[0])] * (out.size - 1))
            inputs_of.append((int(out[0]), inputs))
    shape = (max(producers, 1), max(producers, 1))
    graph = csr_array((np.ones(len(rows)), (np.array(rows, int), np.array(columns, int))), shape=shape)
    label = connected_components(graph, directed=False)[1][:producers]
    count = int(label.max(initial=-1)) + 1
    group_node = np.argsort(label, kind="stable").astype(np.int64)
    group_start = np.zeros(count + 1, np.int64)
    group_start[1:] = np.cumsum(np.bincount(label, minlength=count))
    reach: list[list[Integers]] = [[] for _ in range(count)]
    by_tail = np.argsort(tail, kind="stable")
    bounds = np.searchsorted(tail[by_tail], np.arange(producers + 1))
    for n in range(producers):
        reach[label[n]].append(head[by_tail[bounds[n] : bounds[n + 1]]] - producers)
    for n, inputs in inputs_of:
        reach[label[n]].append(inputs)
    sets = [np.unique(np.concatenate(r)).astype(np.int64) for r in reach]
    for columns_of_group in sets:
        if columns_of_group.size:
            envelope[columns_of_group] = np.minimum(envelope[columns_of_group], columns_of_group[0])
    column_start = np.zeros(count + 1, np.int64)
    column_start[1:] = np.cumsum([s.size for s in sets])
    column = np.concatenate(sets) if sets else np.zeros(0, np.int64)
    return Groups(group_start, group_node, column_start, column.astype(np.int64), envelope.astype(np.int64))
