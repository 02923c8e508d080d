"""A small world under a few measures, solved once: the case that assumptions are varied around."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from derisk.scenario import parse_scenario
from derisk.sensitivity import central_case

WORLD = Path(__file__).parents[1] / "network" / "conftest.py"
SCENARIO = """
name: small
question: What do a quota, an outage and a tax do together?
base_year: 2024
start: 2025-01
months: 3
measures:
  - {kind: export_quota, by: CHN, to: all, goods: ndfeb_magnet, from: 2025-01, share_of_base: {triangular: [0.4, 0.6, 0.9]}, why: test}
  - {kind: outage, by: CHL, goods: copper_concentrate, from: 2025-01, until: 2025-03, share: {triangular: [0.1, 0.2, 0.4]}, why: test}
  - {kind: export_tax, by: CHL, goods: refined_copper, from: 2025-02, rate: 0.2, why: test}
  - {kind: demand_change, to: JPN, goods: refined_cobalt, from: 2025-01, ratio: {uniform: [1.1, 1.3]}, why: test}
  - {kind: stockpile_release, by: JPN, goods: refined_copper, from: 2025-01, quantity_t: 60, release_price_ratio: 1.02, why: test}
"""
CALM = "{name: calm, question: nothing, base_year: 2024, start: 2025-01, months: 2, measures: []}"


@pytest.fixture(scope="session")
def small_world():
    """The rows that the network's tests balance."""
    spec = importlib.util.spec_from_file_location("small_world", WORLD)
    world = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(world)
    return world.SmallDataset([*world.economy_rows(), *world.copper_rows(), *world.rare_earth_rows()])


@pytest.fixture(scope="session")
def central(small_world):
    return central_case(parse_scenario(SCENARIO), small_world)


@pytest.fixture(scope="session")
def calm(small_world):
    return central_case(parse_scenario(CALM), small_world)
