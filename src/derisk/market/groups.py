"""Groups: producer nodes that joint outputs tie together, which the solver eliminates block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def producer_groups(producers: int, start: Integers, node: Integers, tonnes: Floats) -> tuple[Integers, Integers]:
    """Groups of a component's producer nodes.

    Args:
        producers: number of producer nodes.
        start: (process + 1,) first entry of each process.
        node: (entry,) node of each entry.
        tonnes: (entry,) positive for outputs.

    Returns:
        (group + 1,) first entry of each group, and its producer nodes.
    """
    process = np.repeat(np.arange(start.size - 1), np.diff(start))
    made = tonnes > 0.0
    output, maker = node[made], process[made]
    first = np.searchsorted(maker, maker)
    tied = csr_array((np.ones(output.size), (output, output[first])), shape=(max(producers, 1), max(producers, 1)))
    label = connected_components(tied, directed=False)[1][:producers]
    count = int(label.max(initial=-1)) + 1
    group_start = np.zeros(count + 1, np.int64)
    group_start[1:] = np.cumsum(np.bincount(label, minlength=count))
    return group_start, np.argsort(label, kind="stable").astype(np.int64)
