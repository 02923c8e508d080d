"""Conjugate: the Newton step by conjugate gradients, from sweeps over links and no matrix (section 6.4)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.rows import add_row, add_squares, along_row, sum_row
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SWEEPS = 400
"""Sweeps over the links that one step may take."""
SMALLEST_SHARE = 1e-12
"""The preconditioner's diagonal is at least this share of the whole diagonal."""


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
def conjugate_step(
    matrix: Matrix, slopes: Floats, pulls: Floats, gradient: Floats, step: Floats, fixed: Floats, accuracy: float
) -> bool:
    """The Newton step of equation (6.15) to an accuracy, producer prices eliminated, goods' mean prices apart.

    Args:
        matrix: the component, with the diagonal and its proximal term already in place.
        slopes: (link,) of flows in the gap [t per USD/t].
        pulls: (process,) slopes of outputs in the margin [t per USD/t].
        gradient: (node, then quota) of the potential [t].
        step: (node, then quota) receives the step [USD/t].
        fixed: (quota,) 1 where the permit price stays at zero.
        accuracy: error of the step relative to its size, in the norm of the matrix's diagonal.

    Returns:
        Whether the accuracy was reached.
    """
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    _prepare(matrix, slopes, pulls, fixed)
    for n in range(step.size):
        step[n] = -gradient[n]
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            step[nodes + k] = 0.0
    for n in range(m):
        c.made[n] = step[n]
    _solve_blocks(matrix)
    residual, direction, near, image = c.residual, c.direction, c.near, c.image
    answer = c.answer
    size = residual.size
    for z in range(size):
        residual[z] = step[m + z]
    _spread(matrix, slopes, pulls, residual, fixed)
    start = 0.0
    for z in range(size):
        start += residual[z] * residual[z] * c.precondition[z]
    if not start > 0.0:
        start = 1e-300
    _project_start(matrix, answer)
    product = 0.0
    reached = False
    for sweep in range(MOST_SWEEPS):
        old, product = product, 0.0
        for z in range(size):
            near[z] = c.precondition[z] * residual[z]
            product += near[z] * residual[z]
        if product <= accuracy * accuracy * start:
            reached = True
            break
        _take_coarse(matrix, near)
        share = product / old if sweep > 0 else 0.0
        for z in range(size):
            direction[z] = near[z] + share * direction[z]
        _apply(matrix, slopes, pulls, direction, image, fixed, 0, size)
        curve = 0.0
        for z in range(size):
            curve += direction[z] * image[z]
        if not curve > 0.0:
            break
        length = product / curve
        for z in range(size):
            answer[z] += length * direction[z]
            residual[z] -= length * image[z]
    for z in range(size):
        step[m + z] = answer[z]
    _recover_producers(matrix, slopes, pulls, step)
    return reached


@lean
def _prepare(matrix: Matrix, slopes: Floats, pulls: Floats, fixed: Floats) -> None:
    """Producer blocks and their factors, the preconditioner, and the goods' own small matrix."""
    c = matrix
    m, diagonal = c.producers, c.diagonal
    _factor_blocks(matrix, pulls)
    _precondition(matrix, slopes, pulls, fixed)
    goods = c.good_start.size - 1
    column = c.direction
    for g in range(goods):
        column.fill(0.0)
        for z in range(c.good_start[g], c.good_start[g + 1]):
            column[z] = c.price[z]
        _apply(matrix, slopes, pulls, column, c.coarse[g], fixed, c.good_start[g], c.good_start[g + 1])
    for g in range(goods):
        for other in range(g + 1):
            total = 0.0
            for z in range(c.good_start[other], c.good_start[other + 1]):
                total += c.price[z] * c.coarse[g, z]
            for q in range(other):
                total -= c.small[g, q] * c.small[other, q]
            if g == other:
                scale = 0.0
                for z in range(c.good_start[g], c.good_start[g + 1]):
                    scale += c.price[z] ** 2 * diagonal[m + z]
                c.small[g, g] = math.sqrt(max(total, 1e-12 * scale + 1e-300))
            else:
                c.small[g, other] = total / c.small[other, other]


@lean
def _factor_blocks(matrix: Matrix, pulls: Floats) -> None:
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
def _precondition(matrix: Matrix, slopes: Floats, pulls: Floats, fixed: Floats) -> None:
    """One over the diagonal that is left when producer prices are eliminated one by one."""
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    deliveries = nodes - m
    reduced = c.near
    for z in range(reduced.size):
        reduced[z] = c.diagonal[m + z]
    for row in range(m):
        part = -1.0 / c.diagonal[row]
        add_squares(slopes, c.row_head, c.row_start[row], c.row_start[row + 1], c.row_run[row], part, reduced)
    row_total, before_row, before_quota = 0.0, -1, -1
    for member in range(c.member_quota.size):
        link, k = c.member_link[member], c.member_quota[member]
        row = c.member_tail[member]
        if row != before_row or k != before_quota:
            row_total, before_row, before_quota = 0.0, row, k
        more = c.member_weight[member] * slopes[link]
        reduced[deliveries + k] -= (more * more + 2.0 * more * row_total) / c.diagonal[row]
        row_total += more
    for z in range(reduced.size):
        c.precondition[z] = 1.0 / max(reduced[z], SMALLEST_SHARE * c.diagonal[m + z] + 1e-300)
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            c.precondition[deliveries + k] = 0.0


@lean
def _apply(
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
def _spread(matrix: Matrix, slopes: Floats, pulls: Floats, target: Floats, fixed: Floats) -> None:
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
def _solve_blocks(matrix: Matrix) -> None:
    """Divide `c.made` by the producer blocks."""
    start, node = matrix.group_start, matrix.group_node
    for g in range(start.size - 1):
        _solve_group(matrix.block, matrix.inverse, node[start[g] : start[g + 1]], matrix.made)


@lean
def _project_start(matrix: Matrix, answer: Floats) -> None:
    """Start from the best change of the goods' mean prices; the residual follows."""
    c = matrix
    residual = c.residual
    for g in range(c.good_start.size - 1):
        total = 0.0
        for z in range(c.good_start[g], c.good_start[g + 1]):
            total += c.price[z] * residual[z]
        c.part[g] = total
    _solve_small(c.small, c.part)
    answer.fill(0.0)
    for g in range(c.good_start.size - 1):
        for z in range(c.good_start[g], c.good_start[g + 1]):
            answer[z] = c.part[g] * c.price[z]
        coarse = c.coarse[g]
        for z in range(residual.size):
            residual[z] -= c.part[g] * coarse[z]


@lean
def _take_coarse(matrix: Matrix, near: Floats) -> None:
    """Take out of a preconditioned residual what the goods' mean prices already answer."""
    c = matrix
    for g in range(c.good_start.size - 1):
        total = 0.0
        coarse = c.coarse[g]
        for z in range(near.size):
            total += coarse[z] * near[z]
        c.part[g] = total
    _solve_small(c.small, c.part)
    for g in range(c.good_start.size - 1):
        for z in range(c.good_start[g], c.good_start[g + 1]):
            near[z] -= c.part[g] * c.price[z]


@lean
def _solve_small(small: Floats, part: Floats) -> None:
    """Divide `part` by the goods' own small matrix."""
    for g in range(part.size):
        for q in range(g):
            part[g] -= small[g, q] * part[q]
        part[g] /= small[g, g]
    for g in range(part.size - 1, -1, -1):
        part[g] /= small[g, g]
        for q in range(g):
            part[q] -= small[g, q] * part[g]


@lean
def _recover_producers(matrix: Matrix, slopes: Floats, pulls: Floats, step: Floats) -> None:
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
    _solve_blocks(matrix)
    for n in range(m):
        step[n] = made[n]
