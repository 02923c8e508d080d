"""Does the shipped dataset balance, near to what it states?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.network.build import lay_ground
from derisk.network.figures import read_figures


@pytest.fixture(scope="module")
def dataset():
    return load_dataset()


@pytest.fixture(scope="module")
def network(dataset):
    return build_network(dataset)


def output_t(network, good):
    """Output of a good by region [t/month]."""
    made = np.maximum(network.process_good_matrix[:, network.goods.index(good)], 0) * network.base_output_t
    return np.bincount(network.process_region, made, minlength=len(network.regions))


def test_about_fifty_regions_rest_of_the_world_last(network):
    assert 40 <= len(network.regions) <= 60
    assert network.regions[-1] == "ROW"


def test_every_node_closes(network):
    through, excess = 0.0, 0.0
    for good in range(len(network.goods)):
        links = network.good == good
        made = network.process_good_matrix[:, good] * network.base_output_t
        out = np.bincount(network.origin[links], network.base_flow_t[links], minlength=len(network.regions))
        back = np.bincount(network.destination[links], network.base_flow_t[links], minlength=len(network.regions))
        rows = network.use_good == good
        taken = np.bincount(network.use_region[rows], network.base_use_t[rows], minlength=len(network.regions))
        taken = taken - np.bincount(network.process_region, np.minimum(made, 0), minlength=len(network.regions))
        supply = np.bincount(network.process_region, np.maximum(made, 0), minlength=len(network.regions))
        for one, other in ((supply, out), (taken, back)):
            through = np.maximum(one + other, 1e-300)
            excess = max(excess, float(np.max(np.abs(one - other) / through)))
    assert excess <= 1e-12


@pytest.mark.parametrize(
    "good",
    ["refined_copper", "lithium_chemical", "refined_cobalt", "battery_anode", "ndpr_oxide", "ndfeb_magnet", "gallium"],
)
def test_china_keeps_its_stated_share(dataset, network, good):
    rows = [f for f in read_figures(dataset, base_year=2024).rows["production"] if f.good == good]
    china = sum(f.value for f in rows if f.region == "CHN")
    world = max(sum(f.value for f in rows if f.region != "WLD"), sum(f.value for f in rows if f.region == "WLD"))
    made = output_t(network, good)
    assert made[network.regions.index("CHN")] / made.sum() == pytest.approx(china / world, abs=0.03)


def test_firm_figures_hardly_move(network):
    large = [c for c in network.changes if c.kind == "production" and c.status in ("reported", "estimated")]
    world = {good: 12 * output_t(network, good).sum() for good in network.goods}
    for change in large:
        if change.reported_t_per_year > 0.02 * world[change.good]:
            assert change.balanced_t_per_year == pytest.approx(change.reported_t_per_year, rel=0.15), change


def test_draws_balance(dataset):
    chance = np.random.default_rng(11)
    for _ in range(3):
        drawn = build_network(dataset, quantile=lambda row_id: float(chance.uniform()))
        assert np.isfinite(drawn.base_flow_t).all()
    assert lay_ground(dataset, 2024).figures.rows["production"]
