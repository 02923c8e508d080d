"""Matrix: the second derivatives of one component's potential, known by what they do to a direction (section 6.4)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.rows import add_row, along_row, sum_row
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Matrix(NamedTuple):
    """What conjugate gradients need of a component, and arrays to work in; `z` counts delivered nodes, then quotas."""

    producers: int
    row_start: Integers
    row_run: Integers
    row_head: Integers
    group_start: Integers
    group_node: Integers
    process_start: Integers
    process_node: Integers
    process_tonnes: Floats
    good_start: Integers
    price: Floats
    """(z,) base prices; 0 for quotas [USD/t]."""
    member_quota: Integers
    member_link: Integers
    member_tail: Integers
    member_head: Integers
    """(member,) delivered node, from 0."""
    member_weight: Floats
    diagonal: Floats
    """(node, then quota) [t per USD/t]."""
    block: Floats
    """(producer node, place in its group) Cholesky factors of the producer blocks."""
    inverse: Floats
    """(producer node,) one over the factor's diagonal."""
    place: Integers
    """(producer node,) place in its group."""
    made: Floats
    """(producer node,) flows that a direction calls forth, then its producer prices."""
    precondition: Floats
    """(z,) one over the reduced diagonal."""
    coarse: Floats
    """(good, z) one good's base prices, zero elsewhere, after the reduced matrix."""
    small: Floats
    """(good, good) Cholesky factor of the matrix on one price change for each good."""
    residual: Floats
    direction: Floats
    image: Floats
    near: Floats
    answer: Floats
    part: Floats
    """(good,)."""


@inner
def new_matrix(component: Component, terms: Terms) -> Matrix:
    """An empty matrix of the component's sizes."""
    c, s = component, terms
    m, nodes, quotas = c.producers, c.node_price.size, s.quota_t.size
    size = nodes - m + quotas
    widest = 1
    place = np.zeros(m, np.int64)
    for g in range(c.group_start.size - 1):
        widest = max(widest, c.group_start[g + 1] - c.group_start[g])
        for entry in range(c.group_start[g], c.group_start[g + 1]):
            place[c.group_node[entry]] = entry - c.group_start[g]
    goods = c.good_start.size - 1
    price = np.zeros(size)
    for n in range(m, nodes):
        price[n - m] = c.node_price[n]
    tail, head = np.zeros(s.member_link.size, np.int64), np.zeros(s.member_link.size, np.int64)
    for member in range(tail.size):
        tail[member] = c.link_tail[s.member_link[member]]
        head[member] = c.row_head[s.member_link[member]]
    return Matrix(
        m,
        c.row_start,
        c.row_run,
        c.row_head,
        c.group_start,
        c.group_node,
        c.process_start,
        c.process_node,
        c.process_tonnes,
        c.good_start,
        price,
        s.member_quota,
        s.member_link,
        tail,
        head,
        s.member_weight,
        np.zeros(nodes + quotas),
        np.zeros((m, widest)),
        np.zeros(m),
        place,
        np.zeros(m),
        np.zeros(size),
        np.zeros((goods, size)),
        np.zeros((goods, goods)),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(goods),
    )


@lean
def diagonal_of(component: Component, terms: Terms, state: State, diagonal: Floats) -> None:
    """Diagonal of the second derivatives of the potential."""
    c, s = component, terms
    nodes = c.node_price.size
    for n in range(nodes):
        diagonal[n] = -state.sink_slope[n]
    for k in range(s.quota_t.size):
        diagonal[nodes + k] = 0.0
    for u in range(c.use_node.size):
        diagonal[c.use_node[u]] -= state.use_slope[u]
    slopes = state.flow_slope
    delivered = diagonal[c.producers :]
    for row in range(c.producers):
        first, last = c.row_start[row], c.row_start[row + 1]
        diagonal[row] += sum_row(slopes, first, last)
        add_row(slopes, c.row_head, first, last, c.row_run[row], 1.0, delivered)
    for p in range(c.process_kind.size):
        slope_p = state.output_slope[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            diagonal[c.process_node[entry]] += slope_p * c.process_tonnes[entry] ** 2
    for one in range(s.member_quota.size):
        k, link = s.member_quota[one], s.member_link[one]
        value = s.member_weight[one] * state.flow_slope[link]
        diagonal[nodes + k] += s.member_weight[one] * value
        two = one - 1
        while two >= 0 and s.member_link[two] == link:
            if s.member_quota[two] == k:
                diagonal[nodes + k] += 2.0 * s.member_weight[two] * value
            two -= 1


@lean
def factor_blocks(matrix: Matrix, pulls: Floats) -> None:
    """Cholesky factors of the producer blocks: joint outputs of one region."""
    c = matrix
    m, block = c.producers, c.block
    if block.shape[1] > 1:
        block.fill(0.0)
        for p in range(pulls.size):
            slope = pulls[p]
            for one in range(c.process_start[p], c.process_start[p + 1]):
                for two in range(c.process_start[p], c.process_start[p + 1]):
                    n1, n2 = c.process_node[one], c.process_node[two]
                    if n1 < m and n2 < m and n1 != n2:
                        block[n1, c.place[n2]] += slope * c.process_tonnes[one] * c.process_tonnes[two]
    for g in range(c.group_start.size - 1):
        start, size = c.group_start[g], c.group_start[g + 1] - c.group_start[g]
        for i in range(size):
            row = c.group_node[start + i]
            own = c.diagonal[row]
            for j in range(i):
                other = c.group_node[start + j]
                total = block[row, j]
                for q in range(j):
                    total -= block[row, q] * block[other, q]
                block[row, j] = total * c.inverse[other]
            total = own
            for q in range(i):
                total -= block[row, q] * block[row, q]
            block[row, i] = math.sqrt(max(total, 1e-13 * own + 1e-300))
            c.inverse[row] = 1.0 / block[row, i]


@lean
def solve_blocks(matrix: Matrix) -> None:
    """Divide `c.made` by the producer blocks."""
    start, node = matrix.group_start, matrix.group_node
    for g in range(start.size - 1):
        _solve_group(matrix.block, matrix.inverse, node[start[g] : start[g + 1]], matrix.made)


@lean
def _solve_group(block: Floats, inverse: Floats, rows: Integers, made: Floats) -> None:
    """Divide one group's entries of `made` by its factored block."""
    for i in range(rows.size):
        total = made[rows[i]]
        for j in range(i):
            total -= block[rows[i], j] * made[rows[j]]
        made[rows[i]] = total * inverse[rows[i]]
    for i in range(rows.size - 1, -1, -1):
        value = made[rows[i]] * inverse[rows[i]]
        made[rows[i]] = value
        for j in range(i):
            made[rows[j]] -= block[rows[i], j] * value


@lean
def apply_reduced(
    matrix: Matrix,
    slopes: Floats,
    pulls: Floats,
    direction: Floats,
    image: Floats,
    fixed: Floats,
    begin: int,
    end: int,
) -> None:
    """The reduced matrix times a direction of delivered and permit prices, in one sweep over the links.

    The direction is zero at delivered nodes before `begin` and from `end` on.
    """
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    deliveries = nodes - m
    made = c.made
    for z in range(image.size):
        image[z] = c.diagonal[m + z] * direction[z]
    for n in range(m):
        made[n] = 0.0
    for p in range(pulls.size):
        slope = pulls[p]
        total = 0.0
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if n >= m:
                total += c.process_tonnes[entry] * direction[n - m]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n, tonnes = c.process_node[entry], c.process_tonnes[entry]
            if n < m:
                made[n] += slope * tonnes * total
            else:
                image[n - m] += slope * tonnes * (total - tonnes * direction[n - m])
    for member in range(c.member_quota.size):
        link, k = c.member_link[member], c.member_quota[member]
        head = c.member_head[member]
        value = c.member_weight[member] * slopes[link]
        made[c.member_tail[member]] += value * direction[deliveries + k]
        image[head] -= value * direction[deliveries + k]
        image[deliveries + k] -= value * direction[head]
        other = member - 1
        while other >= 0 and c.member_link[other] == link:
            q = c.member_quota[other]
            if q != k:
                image[deliveries + k] += value * c.member_weight[other] * direction[deliveries + q]
                image[deliveries + q] += value * c.member_weight[other] * direction[deliveries + k]
            other -= 1
    heads, starts, runs = c.row_head, c.row_start, c.row_run
    block, inverse = c.block, c.inverse
    for g in range(c.group_start.size - 1):
        begin_group, end_group = c.group_start[g], c.group_start[g + 1]
        if end_group - begin_group == 1:
            row = c.group_node[begin_group]
            first, last = starts[row], starts[row + 1]
            if first < last and begin <= heads[first] < end:
                made[row] -= along_row(slopes, heads, first, last, runs[row], direction)
            if made[row] != 0.0:
                made[row] *= inverse[row] * inverse[row]
                add_row(slopes, heads, first, last, runs[row], made[row], image)
            continue
        rows = c.group_node[begin_group:end_group]
        for row in rows:
            first, last = starts[row], starts[row + 1]
            if first < last and begin <= heads[first] < end:
                made[row] -= along_row(slopes, heads, first, last, runs[row], direction)
        _solve_group(block, inverse, rows, made)
        for row in rows:
            first, last = starts[row], starts[row + 1]
            if made[row] != 0.0:
                add_row(slopes, heads, first, last, runs[row], made[row], image)
    _spread_rest(matrix, slopes, pulls, image, -1.0)
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            image[deliveries + k] = 0.0


@lean
def spread_producers(matrix: Matrix, slopes: Floats, pulls: Floats, target: Floats, fixed: Floats) -> None:
    """Take from a right-hand side what producer prices `c.made` bring to delivered nodes and quotas."""
    c = matrix
    m, deliveries = c.producers, c.good_start[-1]
    heads, starts, runs = c.row_head, c.row_start, c.row_run
    for row in range(m):
        first, last = starts[row], starts[row + 1]
        add_row(slopes, heads, first, last, runs[row], c.made[row], target)
    _spread_rest(matrix, slopes, pulls, target, -1.0)
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            target[deliveries + k] = 0.0


@lean
def _spread_rest(matrix: Matrix, slopes: Floats, pulls: Floats, target: Floats, sign: float) -> None:
    """What producer prices bring through processes and quotas."""
    c = matrix
    m, deliveries = c.producers, c.good_start[-1]
    for p in range(pulls.size):
        total = 0.0
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if n < m:
                total += c.process_tonnes[entry] * c.made[n]
        total *= sign * pulls[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if n >= m:
                target[n - m] += c.process_tonnes[entry] * total
    for member in range(c.member_quota.size):
        link = c.member_link[member]
        value = c.member_weight[member] * slopes[link]
        target[deliveries + c.member_quota[member]] += sign * value * c.made[c.member_tail[member]]


@lean
def recover_producers(matrix: Matrix, slopes: Floats, pulls: Floats, step: Floats) -> None:
    """Steps of producer prices from those of the rest."""
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    made = c.made
    rest = step[m:]
    heads, starts, runs = c.row_head, c.row_start, c.row_run
    for n in range(m):
        first, last = starts[n], starts[n + 1]
        made[n] = step[n] + along_row(slopes, heads, first, last, runs[n], rest)
    for p in range(pulls.size):
        total = 0.0
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if n >= m:
                total += c.process_tonnes[entry] * step[n]
        total *= pulls[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if n < m:
                made[n] -= c.process_tonnes[entry] * total
    for member in range(c.member_quota.size):
        link = c.member_link[member]
        value = c.member_weight[member] * slopes[link]
        made[c.member_tail[member]] -= value * step[nodes + c.member_quota[member]]
    solve_blocks(matrix)
    for n in range(m):
        step[n] = made[n]
