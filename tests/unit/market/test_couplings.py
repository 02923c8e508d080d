"""Which prices a process ties together, and with what weight."""

import numpy as np

from derisk.market.couplings import couplings


def coupled(producers, *recipes):
    """Couplings of processes given as recipes {node: tonnes}."""
    entries = [entry for recipe in recipes for entry in recipe.items()]
    start = np.cumsum([0, *(len(recipe) for recipe in recipes)])
    return couplings(producers, start, np.array([e[0] for e in entries]), np.array([e[1] for e in entries]))


def as_matrix(found, producers, delivered, slopes):
    """The entries as a symmetric matrix of producer nodes, then delivered nodes, its diagonal left out."""
    matrix = np.zeros((producers + delivered, producers + delivered))
    for one, two, process, product in (
        (found.pull_row, producers + found.pull_head, found.pull_process, found.pull_product),
        (producers + found.pair_one, producers + found.pair_two, found.pair_process, found.pair_product),
        (found.tie_one, found.tie_two, found.tie_process, found.tie_product),
    ):
        np.add.at(matrix, (one, two), slopes[process] * product)
        np.add.at(matrix, (two, one), slopes[process] * product)
    return matrix


def test_couplings_are_the_outer_products_of_recipes():
    recipes = ({0: 1.0}, {1: 1.0, 2: 0.2, 3: -1.5, 4: -0.3}, {0: 0.7, 5: -1.0}, {2: 1.0, 3: -1.1})
    slopes = np.array([3.0, 0.5, 2.0, 7.0])
    expected = np.zeros((6, 6))
    for recipe, slope in zip(recipes, slopes, strict=True):
        tonnes = np.zeros(6)
        tonnes[list(recipe)] = list(recipe.values())
        expected += slope * np.outer(tonnes, tonnes)
    np.fill_diagonal(expected, 0.0)
    np.testing.assert_allclose(as_matrix(coupled(3, *recipes), 3, 3, slopes), expected)


def test_a_process_of_one_good_couples_nothing():
    found = coupled(2, {0: 1.0}, {1: 1.0})
    assert all(values.size == 0 for values in found)
