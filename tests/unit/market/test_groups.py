"""Which producer nodes the Newton step eliminates together."""

import itertools

import numpy as np

from derisk.market.groups import producer_groups


def groups_of(producers, *recipes):
    """Groups of processes given as recipes {node: tonnes}, as sets of nodes."""
    entries = [entry for recipe in recipes for entry in recipe.items()]
    start = np.cumsum([0, *(len(recipe) for recipe in recipes)])
    node, tonnes = (np.array([entry[i] for entry in entries]) for i in (0, 1))
    first, members = producer_groups(producers, start, node.astype(int), tonnes.astype(float))
    return [set(members[a:b].tolist()) for a, b in itertools.pairwise(first)]


def test_an_output_alone_is_a_block_of_its_own():
    assert groups_of(3, {0: 1.0}, {1: 1.0, 4: -1.0}, {2: 1.0}) == [{0}, {1}, {2}]


def test_joint_outputs_are_one_block():
    assert groups_of(4, {0: 1.0}, {1: 1.0, 3: 0.2, 5: -1.0}) == [{0}, {1, 3}, {2}]


def test_two_processes_that_share_an_output_tie_all_of_theirs():
    assert groups_of(4, {0: 1.0, 1: 0.5}, {1: 1.0, 2: 0.1}, {3: 1.0}) == [{0, 1, 2}, {3}]


def test_nodes_that_nothing_makes_stand_alone():
    assert groups_of(2, {3: -1.0, 0: 1.0}) == [{0}, {1}]
