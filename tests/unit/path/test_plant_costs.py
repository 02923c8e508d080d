"""Plant costs: what the dataset's rows make of a network's plants, and that its base year rests."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.market.supply import CURVE, SMALLEST_MARGIN_SHARE, supply
from derisk.network import build_network
from derisk.path.parameters import load_parameters
from derisk.path.plant_costs import CostRow, annuity, plants_of, read_cost_rows
from derisk.path.plant_state import first_state
from derisk.path.plants import losing_share, step_plants


def test_ore_that_leaves_the_country_is_what_its_smelters_may_grow_into(network):
    rules = plants_of(network, read_cost_rows(load_dataset(), base_year=network.base_year), load_parameters())
    makers = list(zip(network.process_kind, network.process_region, strict=True))
    australia, ore = network.regions.index("AUS"), network.goods.index("lithium_concentrate")
    refiner, mine = (makers.index((kind, australia)) for kind in ("refine_lithium", "mine_lithium"))
    left_t = network.base_output_t[mine] + network.base_output_t[refiner] * network.process_good_matrix[refiner, ore]
    assert rules.feed_abroad_t[refiner] == pytest.approx(-left_t / network.process_good_matrix[refiner, ore])
    assert rules.feed_abroad_t[mine] == 0.0
    hosted = [number for number, kind in enumerate(network.process_kind) if kind.startswith("recover_")]
    assert not rules.feed_abroad_t[hosted].any()


def test_the_annuity_pays_back_with_interest():
    payment = annuity(0.12, 20.0)
    assert payment == pytest.approx(0.1338788, rel=1e-6)
    assert sum(payment / 1.12**year for year in range(1, 21)) == pytest.approx(1.0)
    assert annuity(0.0, 20.0) == 0.05


@pytest.fixture(scope="module")
def base():
    dataset = load_dataset()
    return build_network(dataset), read_cost_rows(dataset, base_year=2024)


def test_the_base_year_rests(base):
    network, rows = base
    for quantile in (None, lambda key: 0.05, lambda key: 0.95):
        of_network = plants_of(network, rows, load_parameters(quantile=quantile), quantile=quantile)
        state = first_state(of_network)
        for _ in range(30):
            state = step_plants(state, of_network, margin_usd_per_t=of_network.base_margin_usd_per_t)
        assert np.all(state.capacity_ratio == 1.0)
        assert not state.building_ratio.any()


@pytest.mark.parametrize("ratio", [0.4, 2.3])
def test_the_share_that_loses_cash_is_what_the_market_s_curve_takes_away(base, ratio):
    network, rows = base
    of_network = plants_of(network, rows, load_parameters(given={"supply_elasticity_ratio": ratio}))
    revenue = np.maximum(network.process_good_matrix, 0.0) @ network.base_price_usd_per_t
    scale = np.maximum(of_network.base_margin_usd_per_t, SMALLEST_MARGIN_SHARE * revenue)
    losing = losing_share(of_network, of_network.base_margin_usd_per_t - 0.3 * scale)
    told = 0
    for kind in ("mine_copper", "refine_lithium", "mine_graphite"):
        for maker in np.flatnonzero(np.array(network.process_kind) == kind):
            curve = np.isneginf(of_network.stop_margin_usd_per_t[maker]) and network.base_output_t[maker] > 0.0
            if curve:
                steepness = ratio * network.supply_elasticity[maker]
                left, _, _ = supply(-0.3 * scale[maker], CURVE, 1.0, 2.0, scale[maker], steepness)
                assert losing[maker] == pytest.approx(1.0 - left)
                told += 1
    assert told > 10


def test_hosts_do_not_answer_and_scrap_does_not_expand(base):
    network, rows = base
    of_network = plants_of(network, rows, load_parameters())
    kinds = np.array(network.process_kind)
    assert not of_network.answers[network.process_fixed].any()
    assert not of_network.expands[np.char.startswith(kinds, "recycle_")].any()
    assert of_network.expands[kinds == "mine_copper"].all()


def test_a_sourced_cost_stops_the_plant_before_the_curve_does(base):
    network, rows = base
    of_network = plants_of(network, rows, load_parameters(given={"least_load_share": 0.1}))
    at = [
        process
        for process, kind in enumerate(network.process_kind)
        if kind == "mine_rare_earths" and network.regions[network.process_region[process]] == "USA"
    ]
    assert of_network.stop_margin_usd_per_t[at] == pytest.approx([1525.0])
    china = [
        process
        for process, kind in enumerate(network.process_kind)
        if kind == "mine_rare_earths" and network.regions[network.process_region[process]] == "CHN"
    ]
    assert np.all(np.isneginf(of_network.stop_margin_usd_per_t[china]))


def test_a_plant_whose_cost_is_above_the_base_price_bears_a_tenth_of_revenue_more(base):
    network, rows = base
    key = ("unit_cost_usd_per_t", "rare_earth_concentrate", "USA")
    dear = {**rows, key: CostRow("row", 1e6, None, None)}
    of_network = plants_of(network, dear, load_parameters())
    mine = list(zip(network.process_kind, network.process_region, strict=True)).index(
        ("mine_rare_earths", network.regions.index("USA"))
    )
    margin = of_network.base_margin_usd_per_t
    assert of_network.stop_margin_usd_per_t[mine] == pytest.approx(0.9 * margin[mine])
    assert losing_share(of_network, margin)[mine] == 0.0
    assert losing_share(of_network, 0.89 * margin)[mine] == 1.0
    assert of_network.build_margin_usd_per_t[mine] == margin[mine]


def test_a_plant_with_a_known_cost_idles_where_it_would_run_at_less_than_its_least_load(base):
    network, rows = base
    mine = list(zip(network.process_kind, network.process_region, strict=True)).index(
        ("mine_graphite", network.regions.index("MOZ"))
    )
    cheap = {**rows, ("unit_cost_usd_per_t", "natural_graphite", "MOZ"): CostRow("row", 1.0, None, None)}
    of_network = plants_of(network, cheap, load_parameters(given={"least_load_share": 0.4}))
    depth = (of_network.base_margin_usd_per_t - of_network.stop_margin_usd_per_t)[mine] / of_network.stretch_usd_per_t[
        mine
    ]
    eta = of_network.steepness[mine]
    load = network.base_output_t[mine] / network.capacity_t[mine] * (1.0 - eta * depth - (1.0 - eta) * depth**2)
    assert load == pytest.approx(0.4)


def test_rows_of_the_newest_year_up_to_the_base_year_count():
    rows = read_cost_rows(load_dataset(), base_year=2022)
    assert rows["unit_cost_usd_per_t", "natural_graphite", "MOZ"].value == 464.0
    assert rows["unit_cost_usd_per_t", "lithium_concentrate", "AUS"].value == 17400.0
    assert rows["lead_time_months", "ndfeb_magnet", ""].value == 30.0


def test_set_aside_processes_do_not_answer(base):
    network, rows = base
    assert not plants_of(network, rows, load_parameters(), aside=[3]).answers[3]
