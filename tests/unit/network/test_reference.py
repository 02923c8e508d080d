"""Does the shipped dataset balance, near to what it states?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.ensemble import quantiles_of_draw
from derisk.network import build_network
from derisk.network.build import lay_ground
from derisk.network.figures import read_figures
from derisk.vocabulary.processes import PROCESSES


@pytest.fixture(scope="module")
def figures(dataset):
    return read_figures(dataset, base_year=2024)


def beside_production(figures):
    """Kinds of plant whose output production rows leave out."""
    goods = {f.good for f in figures.rows["secondary_production"]}
    return {kind for kind, process in PROCESSES.items() if kind.startswith("recycle_") and process.main in goods}


def output_t(network, good, *, without=frozenset()):
    """Output of a good by region [t/month]."""
    made = np.maximum(network.process_good_matrix[:, network.goods.index(good)], 0) * network.base_output_t
    made = made * [kind not in without for kind in network.process_kind]
    return np.bincount(network.process_region, made, minlength=len(network.regions))


def test_some_sixty_regions_rest_of_the_world_last(network):
    assert 60 <= len(network.regions) <= 70
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
def test_china_keeps_its_stated_share(figures, network, good):
    rows = [f for f in figures.rows["production"] if f.good == good]
    china = sum(f.value for f in rows if f.region == "CHN")
    world = max(sum(f.value for f in rows if f.region != "WLD"), sum(f.value for f in rows if f.region == "WLD"))
    made = output_t(network, good, without=beside_production(figures))
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


@pytest.mark.parametrize(("seed", "draw"), [(3, 12), (4, 112)])
def test_a_draw_whose_residue_is_all_recovered_closes(dataset, seed, draw):
    network = build_network(dataset, quantile=quantiles_of_draw(seed=seed, draw=draw))
    left = network.base_use_t[network.use_good == network.goods.index("cobalt_residue")]
    assert left.min() < 1e-100


def test_anode_use_in_the_eu_follows_its_cell_makers(dataset):
    shares = dataset.observations(field="demand_share", good="battery_anode").set_index("region")["value"]
    assert shares["POL"] > shares["HUN"] > shares["DEU"] > shares["FRA"] > shares["SWE"] > shares["ITA"]


def test_new_scrap_of_gallium_stands_beside_primary_metal(figures, network):
    """Production rows count primary metal alone, so that secondary metal adds to them; its plants run full."""
    primary = output_t(network, "gallium", without=beside_production(figures))
    both = output_t(network, "gallium")
    rows = figures.rows["secondary_production"]
    secondary = sum(f.value for f in rows if f.good == "gallium")
    assert 12 * primary.sum() == pytest.approx(848, rel=0.05)
    assert 12 * (both - primary).sum() == pytest.approx(secondary, rel=0.15)
    scrap = np.array([kind == "recycle_gallium" for kind in network.process_kind])
    assert network.base_output_t[scrap] == pytest.approx(0.98 * network.capacity_t[scrap], rel=0.15)


def test_half_the_magnets_take_no_heavy_rare_earths(network):
    """A cut of dysprosium leaves these plants alone; all dysprosium for magnets goes to the others."""
    kinds = np.array(network.process_kind)
    dytb = network.process_good_matrix[:, network.goods.index("dytb_oxide")]
    heavy, light = kinds == "make_magnets", kinds == "make_light_magnets"
    assert (dytb[heavy] < 0).all()
    assert (dytb[light] == 0).all()
    assert network.base_output_t[heavy].sum() / network.base_output_t[heavy | light].sum() == pytest.approx(
        0.5, abs=0.02
    )
    made = output_t(network, "dytb_oxide").sum()
    assert -(dytb * network.base_output_t)[heavy].sum() / made == pytest.approx(0.97, abs=0.02)
