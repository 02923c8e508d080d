"""Couplings: which nodes' prices a process ties together, one entry for each pair of its goods."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Couplings(NamedTuple):
    """Off-diagonal entries that processes add to the second derivatives: slope times the product of two tonnages."""

    pull_row: Integers
    """(output with an input,) producer node of the output."""
    pull_head: Integers
    """Delivered node of the input, counted from 0."""
    pull_process: Integers
    pull_product: Floats
    pair_one: Integers
    """(pair of inputs,) delivered nodes, counted from 0."""
    pair_two: Integers
    pair_process: Integers
    pair_product: Floats
    tie_one: Integers
    """(pair of outputs,) producer nodes; each pair once."""
    tie_two: Integers
    tie_process: Integers
    tie_product: Floats


def couplings(producers: int, start: Integers, node: Integers, tonnes: Floats) -> Couplings:
    """Pairs of goods of each process: output with input, input with input, output with output.

    Args:
        producers: number of producer nodes; delivered nodes follow them.
        start: (process + 1,) first entry of each process.
        node: (entry,) node of each entry.
        tonnes: (entry,) positive for outputs, negative for inputs; a store gives to delivered nodes.
    """
    one, two, process = _pairs(start)
    product = tonnes[one] * tonnes[two]
    one, two = node[one], node[two]
    pull = np.flatnonzero((one < producers) & (two >= producers))
    pull = pull[np.argsort(one[pull], kind="stable")]
    pair = np.flatnonzero((one >= producers) & (two >= producers) & (one < two))
    tie = np.flatnonzero((one < producers) & (two < producers) & (one < two))
    return Couplings(
        pull_row=one[pull],
        pull_head=two[pull] - producers,
        pull_process=process[pull],
        pull_product=product[pull],
        pair_one=one[pair] - producers,
        pair_two=two[pair] - producers,
        pair_process=process[pair],
        pair_product=product[pair],
        tie_one=one[tie],
        tie_two=two[tie],
        tie_process=process[tie],
        tie_product=product[tie],
    )


def _pairs(start: Integers) -> tuple[Integers, Integers, Integers]:
    """Every ordered pair of entries of one process, and the process."""
    size = np.diff(start)
    process = np.repeat(np.arange(size.size), size * size)
    within = np.arange(process.size) - np.repeat(np.cumsum(size * size) - size * size, size * size)
    one = start[process] + within // size[process]
    two = start[process] + within % size[process]
    return one.astype(np.int64), two.astype(np.int64), process.astype(np.int64)
