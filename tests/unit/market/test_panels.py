"""Slopes in panels give the sums that they give link by link, whatever the pattern of links."""

import numpy as np
import pytest

from derisk.market.compiled import kernel
from derisk.market.lanes import add_rows, dot_lanes, take_products
from derisk.market.panels import gather, lay_out, scatter


@kernel
def gathered(panels, row_start, row_head, slopes, direction, target):
    gather(panels[0], panels[1], panels[2], panels[3], row_start, row_head, slopes, direction, target)


@kernel
def scattered(panels, row_start, row_head, slopes, factors, target):
    scatter(panels[0], panels[1], panels[2], panels[3], row_start, row_head, slopes, factors, target)


@kernel
def products(target, row, rows, values, start, width, other, first):
    take_products(target, row, rows, values, start, width, other, first)


@kernel
def added(target, first, factors, row, rows, values, start, width):
    add_rows(target, first, factors, row, rows, values, start, width)


@kernel
def dotted(one, other, size):
    return dot_lanes(one, other, size)


def pattern(rng, goods, moments, regions, density):
    """Links of every good and moment between some origins and some destinations, and what numbers them."""
    row_good, heads, sizes, deliveries = [], [], [], 0
    for good in range(goods):
        for _ in range(moments):
            served = int(rng.integers(1, regions + 1))
            for _ in range(int(rng.integers(1, regions + 1))):
                head = np.flatnonzero(rng.random(served) < density)
                row_good.append(good)
                heads.append(deliveries + head)
                sizes.append(head.size)
            deliveries += served
    row_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return row_start, np.concatenate(heads).astype(np.int64), np.array(row_good), deliveries


@pytest.mark.parametrize("density", [0.0, 0.02, 0.2, 0.6, 1.0])
@pytest.mark.parametrize(("goods", "moments", "regions"), [(1, 1, 1), (1, 1, 70), (3, 1, 50), (2, 5, 30), (4, 3, 9)])
def test_sums_are_those_of_the_links(density, goods, moments, regions):
    rng = np.random.default_rng([goods, moments, regions, int(100 * density)])
    row_start, row_head, row_good, deliveries = pattern(rng, goods, moments, regions, density)
    panels = lay_out(row_start, row_head, row_good, deliveries)
    slope = rng.random(row_head.size)
    laid = np.zeros(panels.first_slot[-1])
    laid[panels.slot] = slope
    row = np.repeat(np.arange(row_good.size), np.diff(row_start))
    direction, factors = rng.standard_normal(deliveries + 3), rng.standard_normal(row_good.size)
    factors[rng.random(factors.size) < 0.3] = 0.0
    given, target = rng.standard_normal(row_good.size), rng.standard_normal(deliveries + 3)
    came, sent = given.copy(), target.copy()
    gathered(tuple(panels[:4]), row_start, row_head, laid, direction, came)
    scattered(tuple(panels[:4]), row_start, row_head, laid, factors, sent)
    np.testing.assert_allclose(came, given - np.bincount(row, slope * direction[row_head], row_good.size), atol=1e-12)
    expected = target + np.bincount(row_head, slope * factors[row], deliveries + 3)
    np.testing.assert_allclose(sent, expected, atol=1e-12)
    if density == 1.0:
        assert np.array_equal(sent[deliveries:], target[deliveries:])


def test_a_good_with_few_links_is_kept_link_by_link():
    starts, heads = np.array([0, 2, 3], np.int64), np.array([0, 39, 5], np.int64)
    panels = lay_out(starts, heads, np.zeros(2, np.int64), 40)
    assert panels.width.tolist() == [0]
    assert panels.first_slot.tolist() == [0, 3]


def test_two_links_between_the_same_places_are_kept_apart():
    starts, heads = np.array([0, 9, 17], np.int64), np.array([0, 1, 2, 3, 4, 5, 6, 7, 7, *range(8)], np.int64)
    panels = lay_out(starts, heads, np.zeros(2, np.int64), 8)
    assert panels.width.tolist() == [0]
    assert panels.slot.tolist() == list(range(17))


def test_each_moment_of_a_good_has_a_panel_of_its_own():
    heads = np.concatenate([np.arange(8), np.arange(8), 8 + np.arange(8)]).astype(np.int64)
    panels = lay_out(np.array([0, 8, 16, 24], np.int64), heads, np.zeros(3, np.int64), 16)
    assert panels.first_row.tolist() == [0, 2, 3]
    assert panels.node.tolist() == [0, 8]
    assert panels.width.tolist() == [8, 8]


@pytest.mark.parametrize("width", [8, 16, 24, 32, 40, 64, 72, 104, 232])
def test_lanes_of_every_width(width):
    rng = np.random.default_rng(width)
    rows = 7
    values, other = rng.standard_normal(5 + rows * width), rng.standard_normal(3 + width)
    matrix = values[5:].reshape(rows, width)
    target = rng.standard_normal(2 + rows)
    expected = target.copy()
    expected[2:] -= matrix @ other[3:]
    products(target, 2, rows, values, 5, width, other, 3)
    np.testing.assert_allclose(target, expected, atol=1e-12)
    target, factors = rng.standard_normal(3 + width), rng.standard_normal(1 + rows)
    expected = target.copy()
    expected[3:] += factors[1:] @ matrix
    added(target, 3, factors, 1, rows, values, 5, width)
    np.testing.assert_allclose(target, expected, atol=1e-12)
    assert dotted(matrix[0], other[3:], width) == pytest.approx(matrix[0] @ other[3:], abs=1e-12)
