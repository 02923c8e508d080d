"""Sweeps: the reduced matrix times a direction, in one pass over links and couplings, and what goes with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.blocks import solve_blocks
from derisk.market.compiled import lean, merged
from derisk.market.matrix import Matrix
from derisk.market.panels import gather, scatter

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@lean
def weigh_couplings(matrix: Matrix, output_slopes: Floats) -> None:
    """Entries of the matrix that processes make, from their slopes (process,) [t per USD/t]."""
    c = matrix
    for k in range(c.pull.size):
        c.pull[k] = output_slopes[c.pull_process[k]] * c.pull_product[k]
    for k in range(c.pair.size):
        c.pair[k] = output_slopes[c.pair_process[k]] * c.pair_product[k]


@lean
def spread_slopes(matrix: Matrix, slopes: Floats) -> None:
    """Lay the slopes (link,) of flows in the gap out in panels [t per USD/t]."""
    slot, panel = matrix.panel_slot, matrix.panel
    for link in range(slopes.size):
        panel[np.uint64(slot[link])] = slopes[link]  # a place that is unsigned needs no look whether it is negative


@merged
def apply_reduced(matrix: Matrix, slopes: Floats, direction: Floats, image: Floats, fixed: Floats) -> None:
    """The reduced matrix `S` of section 6.4 times a direction of delivered and permit prices.

    Args:
        matrix: with diagonal, factored blocks and weighed couplings in place.
        slopes: (link,) of flows in the gap [t per USD/t].
        direction: (z,).
        image: (z,) receives the product.
        fixed: (quota,) 1 where the permit price stays at zero.
    """
    c = matrix
    m, deliveries = c.producers, c.good_start[-1]
    made = c.made
    for z in range(image.size):
        image[z] = c.diagonal[m + z] * direction[z]
    for k in range(c.pair.size):
        image[c.pair_one[k]] += c.pair[k] * direction[c.pair_two[k]]
        image[c.pair_two[k]] += c.pair[k] * direction[c.pair_one[k]]
    for n in range(m):
        made[n] = 0.0
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
    _gather_panels(matrix, direction, made)
    for k in range(c.pull.size):
        made[c.pull_row[k]] += c.pull[k] * direction[c.pull_head[k]]
    solve_blocks(matrix, made)
    _spread(matrix, slopes, made, image, fixed)


@lean
def apply_to_goods(matrix: Matrix, slopes: Floats, basis: Floats, coarse: Floats, fixed: Floats) -> None:
    """The reduced matrix times prices of one good each, all goods in one pass.

    Args:
        matrix: with diagonal, factored blocks and weighed couplings in place.
        slopes: (link,) of flows in the gap [t per USD/t].
        basis: (good, z) prices of the good's own nodes [USD/t]; others and quotas are not read.
        coarse: (good, z) receives the products.
        fixed: (quota,) 1 where the permit price stays at zero.
    """
    c = matrix
    m, deliveries = c.producers, c.good_start[-1]
    spread, price = c.coarse_made, c.near
    coarse.fill(0.0)
    spread.fill(0.0)
    for z in range(deliveries):
        price[z] = basis[c.head_good[z], z]
        coarse[c.head_good[z], z] = c.diagonal[m + z] * price[z]
    for k in range(c.pair.size):
        one, two = c.pair_one[k], c.pair_two[k]
        coarse[c.head_good[two], one] += c.pair[k] * price[two]
        coarse[c.head_good[one], two] += c.pair[k] * price[one]
    for member in range(c.member_quota.size):
        head = c.member_head[member]
        value = c.member_weight[member] * slopes[c.member_link[member]]
        coarse[c.head_good[head], deliveries + c.member_quota[member]] -= value * price[head]
    made = c.made
    for row in range(m):
        made[row] = 0.0
    _gather_panels(matrix, price, made)
    for row in range(m):
        if c.row_start[row] < c.row_start[row + 1]:
            spread[c.head_good[c.row_head[c.row_start[row]]], row] = made[row]
    for k in range(c.pull.size):
        head = c.pull_head[k]
        spread[c.head_good[head], c.pull_row[k]] += c.pull[k] * price[head]
    for g in range(c.good_start.size - 1):
        solve_blocks(matrix, spread[g])
        _spread(matrix, slopes, spread[g], coarse[g], fixed)


@lean
def spread_producers(matrix: Matrix, slopes: Floats, target: Floats, fixed: Floats) -> None:
    """Take from a right-hand side what producer prices `matrix.made` bring to delivered nodes and quotas."""
    _spread(matrix, slopes, matrix.made, target, fixed)


@lean
def _spread(matrix: Matrix, slopes: Floats, made: Floats, target: Floats, fixed: Floats) -> None:
    """Take from a target what producer prices bring there; permit prices that stay at zero get nothing."""
    c = matrix
    deliveries = c.good_start[-1]
    _scatter_panels(matrix, made, target)
    for k in range(c.pull.size):
        target[c.pull_head[k]] -= c.pull[k] * made[c.pull_row[k]]
    for member in range(c.member_quota.size):
        value = c.member_weight[member] * slopes[c.member_link[member]]
        target[deliveries + c.member_quota[member]] -= value * made[c.member_tail[member]]
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            target[deliveries + k] = 0.0


@lean
def recover_producers(matrix: Matrix, slopes: Floats, step: Floats) -> None:
    """Steps of producer prices from those of the rest."""
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    made, rest = c.made, step[c.producers :]
    for k in range(rest.size):
        c.near[k] = -rest[k]
    for n in range(m):
        made[n] = step[n]
    _gather_panels(matrix, c.near, made)
    for k in range(c.pull.size):
        made[c.pull_row[k]] -= c.pull[k] * rest[c.pull_head[k]]
    for member in range(c.member_quota.size):
        value = c.member_weight[member] * slopes[c.member_link[member]]
        made[c.member_tail[member]] -= value * step[nodes + c.member_quota[member]]
    solve_blocks(matrix, made)
    for n in range(m):
        step[n] = made[n]


@lean
def _gather_panels(matrix: Matrix, direction: Floats, target: Floats) -> None:
    """Take slopes times a direction (z,) from (producer node,) targets."""
    c = matrix
    gather(
        c.panel_row,
        c.panel_first,
        c.panel_node,
        c.panel_width,
        c.row_start,
        c.row_head,
        c.panel,
        direction,
        target,
    )


@lean
def _scatter_panels(matrix: Matrix, factors: Floats, target: Floats) -> None:
    """Add slopes times (producer node,) factors to targets (z,)."""
    c = matrix
    scatter(
        c.panel_row,
        c.panel_first,
        c.panel_node,
        c.panel_width,
        c.row_start,
        c.row_head,
        c.panel,
        factors,
        target,
    )
