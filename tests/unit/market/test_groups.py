"""Which nodes the Newton step eliminates first, and in which blocks."""

import numpy as np

from derisk.market.groups import node_groups


def groups_of(rank, producers, links, processes):
    """Groups of a component given as pairs of nodes and as recipes {node: tonnes}."""
    entries = [entry for recipe in processes for entry in recipe.items()]
    start = np.cumsum([0, *(len(recipe) for recipe in processes)])
    tail, head = np.array(links).T
    node, tonnes = (np.array([entry[i] for entry in entries]) for i in (0, 1))
    return node_groups(np.array(rank), producers, tail, head, start, node.astype(int), tonnes.astype(float))


def test_users_of_a_good_with_one_maker_are_eliminated_in_place_of_the_maker():
    links = [(0, 1), (0, 2), (0, 3)]
    groups = groups_of([0, 0, 0, 0], 1, links, [{0: 1.0}])
    assert groups.eliminated == 3
    assert groups.slot.tolist() == [3, 0, 1, 2]
    assert np.diff(groups.start).tolist() == [1, 1, 1]
    assert groups.column.tolist() == [0, 0, 0]
    assert groups.envelope.tolist() == [0]


def test_what_a_process_takes_in_is_left_and_its_makers_are_eliminated():
    links = [(0, 2), (0, 3), (1, 4), (1, 5)]
    groups = groups_of([0, 1, 0, 0, 1, 1], 2, links, [{0: 1.0}, {2: -1.0, 1: 1.0}])
    assert groups.slot.tolist() == [0, 5, 3, 4, 1, 2]
    assert groups.envelope.tolist() == [0, 0, 0]  # the second good's maker is tied to the node its process takes from


def test_joint_outputs_are_one_block_and_reach_what_all_of_them_reach():
    links = [(0, 3), (1, 4), (2, 5)]
    groups = groups_of([0, 1, 2, 0, 1, 2], 3, links, [{0: 1.0, 1: 0.5}, {2: 1.0, 3: -1.0}, {2: 1.0, 4: -1.0}])
    assert groups.eliminated == 3
    assert np.diff(groups.start).tolist() == [2, 1]
    assert groups.node.tolist() == [0, 1, 2]
    assert [
        groups.column[a:b].tolist() for a, b in zip(groups.column_start, groups.column_start[1:], strict=False)
    ] == [
        [0, 1],
        [0, 1, 2],
    ]
