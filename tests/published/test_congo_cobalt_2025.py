"""Congo's cobalt of 2025: exports stood still for eight months, and the mines ran on.

U.S. Geological Survey (2026), Mineral Commodity Summaries 2026, Cobalt, world mine production: Congo (Kinshasa) 226,000
tonnes in 2024, 230,000 in 2025. Acts: exports suspended from 22 February 2025, prolonged in June and September, rationed
to 18,125 tonnes for what was left of the year from 16 October (`dataset/events.csv`, CD-CO-SUSP-2025, CD-CO-QUOTA-2025).
"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path import months_of
from derisk.path.stores import output
from derisk.scenario import parse_scenario, realise

MINED_2024_T, MINED_2025_T, QUOTA_T = 226_000, 230_000, 18_125
MONTHS_FREE = 2
"""January and February, in which exports went on, here as in 2024."""
ACTS = """
name: congo 2025
base_year: 2024
start: 2025-01
months: 12
measures:
  - {kind: export_ban, by: COD, goods: cobalt_intermediate, from: 2025-03, until: 2025-07, why: four months}
  - {kind: export_ban, by: COD, goods: cobalt_intermediate, announced: 2025-06, from: 2025-07, until: 2025-10, why: three}
  - {kind: export_quota, by: COD, goods: cobalt_intermediate, announced: 2025-09, from: 2025-10, until: 2026-01,
     quantity_t_per_year: 72500, why: 18125 t in the last quarter}
"""


@pytest.fixture(scope="module")
def path():
    scenario = parse_scenario(ACTS)
    network = build_network(load_dataset().about(["cobalt_intermediate"]), base_year=2024)
    realisation = realise(scenario, network)
    return realisation.network, months_of(realisation, None)


def test_the_mines_run_on_nearly_as_in_the_year_before(path):
    network, months = path
    good, congo = network.goods.index("cobalt_intermediate"), network.regions.index("COD")
    mines = (network.process_region == congo) & (network.process_good_matrix[:, good] > 0.0)
    made_t = sum(
        float(month.equilibrium.production[mines] @ network.process_good_matrix[mines, good]) for month in months
    )
    seen = MINED_2025_T / MINED_2024_T
    assert seen == pytest.approx(1.018, abs=0.001)
    assert 0.8 * seen < made_t / (12.0 * output(network)[good, congo]) < seen


def test_what_they_made_lies_at_their_gates(path):
    network, months = path
    good, congo = network.goods.index("cobalt_intermediate"), network.regions.index("COD")
    held = months[-1].holdings
    here = (held.good == good) & (held.region == congo) & held.at_gate
    months_of_output = float(np.sum(held.closing_t[here]) / output(network)[good, congo])
    made_and_not_shipped = 12.0 * (MINED_2025_T - QUOTA_T) / MINED_2024_T - MONTHS_FREE
    assert months_of_output == pytest.approx(made_and_not_shipped, rel=0.2)
