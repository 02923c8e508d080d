"""Processes: which goods plants link, and what a network holds."""

from __future__ import annotations

from derisk.vocabulary.goods import GOODS, counted_in
from derisk.vocabulary.processes import PROCESSES, linked_goods, market_goods, network_goods


def test_links_run_both_ways_and_as_far_as_plants_reach():
    assert linked_goods(["refined_nickel"]) == linked_goods(["nickel_ore"])
    assert set(linked_goods(["nickel_matte"])) == {"nickel_ore", "nickel_matte", "refined_nickel"}
    assert {"copper_concentrate", "refined_copper", "cobalt_residue"} <= set(linked_goods(["refined_cobalt"]))
    assert linked_goods(["magnesium", "fluorspar"]) == ("magnesium", "fluorspar")
    assert linked_goods([]) == ()


def test_materials_are_components_of_their_own():
    """But for cobalt with copper, and the rare-earth groups with each other: no shock crosses the others."""
    for good in market_goods():
        materials = {GOODS[other].material for other in linked_goods([good])}
        joined = materials <= {"copper", "cobalt"} or any(GOODS[o].stage == "component" for o in linked_goods([good]))
        assert len(materials) == 1 or joined, good


def test_each_good_of_a_process_is_known_and_each_main_has_a_label():
    assert len(network_goods()) == 46
    for process in PROCESSES.values():
        assert {process.main, *process.inputs, *process.joint} <= set(GOODS)
        assert process.label, process.kind
        assert bool(process.share) + bool(process.rest_of) <= 1


def test_a_share_that_splits_a_good_has_two_sides():
    for process in PROCESSES.values():
        if process.share:
            counted = counted_in(process.main)
            assert any(p.rest_of == process.share and p.main == counted for p in PROCESSES.values()), process.kind
