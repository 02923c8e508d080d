"""Is what a year of glut put into stocks told apart from use, where rows say so and nowhere else?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.network import build_network
from derisk.network.figures import read_figures
from derisk.network.rules import other_boundaries
from derisk.network.stock_building import draw_value_ratio, stock_building_share, stored_shares

OUTPUT_T = 200.0


@pytest.fixture
def with_demand(make_dataset, make_row, world_rows):
    """The small world with rows of the world's output and demand of refined cobalt."""

    def made(demand_t, *more, output_t=OUTPUT_T, **words):
        rows = [*world_rows, make_row("production", "refined_cobalt", "WLD", output_t)]
        rows += [make_row("demand", "refined_cobalt", "WLD", demand_t, **words), *more]
        return make_dataset(rows)

    return made


def use_of(network, *, stored):
    """(region,) tonnes a year of refined cobalt in stock building, or in end uses."""
    here = (network.use_good == network.goods.index("refined_cobalt")) & (network.served != stored)
    return 12 * np.bincount(network.use_region[here], network.base_use_t[here], minlength=len(network.regions))


def test_the_excess_of_output_over_demand_went_into_stocks_in_every_region_alike(with_demand):
    network = build_network(with_demand(170.0))
    stored, used = use_of(network, stored=True), use_of(network, stored=False)
    taking = used > 0
    assert taking.sum() >= 3
    np.testing.assert_allclose(stored[taking] / (stored + used)[taking], 0.15)
    assert (stored[~taking] == 0).all()
    rows = network.use_sector == network.uses.index("stock_building")
    assert (network.dependence_share[rows] == 0).all()
    assert (network.demand_elasticity[rows] == 1).all()
    price = network.base_price_usd_per_t[network.use_good[rows]]
    np.testing.assert_allclose(network.value_in_use_usd_per_t[rows], 1.25 * price)
    assert not network.served[rows].any()


@pytest.mark.parametrize("demand_t", [198.0, 130.0, 240.0])
def test_rounding_another_definition_and_a_shortfall_of_output_are_no_stock_building(with_demand, demand_t):
    network = build_network(with_demand(demand_t))
    assert not use_of(network, stored=True).any()
    assert use_of(network, stored=False).any()


def test_without_rows_nothing_is_stored(small_dataset):
    assert not use_of(build_network(small_dataset), stored=True).any()


@pytest.mark.parametrize("words", [{"period": "2023"}, {"source": "another-source"}, {"use": "defence"}])
def test_another_years_demand_another_publications_and_one_uses_alone_say_nothing(with_demand, words):
    assert stock_building_share(read_figures(with_demand(170.0), base_year=2024), "refined_cobalt") > 0
    assert stock_building_share(read_figures(with_demand(170.0, **words), base_year=2024), "refined_cobalt") == 0


def test_what_a_year_carries_or_borrows_says_nothing_about_its_stocks(with_demand):
    dataset = with_demand(170.0)
    for year in (2023, 2025):
        assert stock_building_share(read_figures(dataset, base_year=year), "refined_cobalt") == 0


def test_publications_that_count_two_things_are_left_out_for_a_reason(dataset):
    for (good, source), reason in other_boundaries.items():
        figures = read_figures(dataset, base_year=2023)
        demand = figures.row("demand", good=good, region="WLD")
        assert demand.source == source
        assert figures.row("production", good=good, region="WLD").value > 1.02 * demand.value
        assert stock_building_share(figures, good) == 0
        assert reason


def test_use_that_a_row_states_holds_no_stock_building(with_demand, make_row):
    stated = make_row("demand", "refined_cobalt", "USA", 30.0)
    network = build_network(with_demand(180.0, stated))
    usa = network.regions.index("USA")
    stored = use_of(network, stored=True)
    assert stored[usa] == 0
    assert stored.sum() == pytest.approx(0.1 * (stored + use_of(network, stored=False)).sum(), rel=0.05)


def test_a_draw_has_the_shape_of_the_centre_and_its_own_price_at_which_stocks_end(with_demand):
    dataset = with_demand(170.0)
    centre, low, high = (
        build_network(dataset, quantile=None if at is None else lambda _, at=at: at) for at in (None, 0.1, 0.9)
    )
    for network in (low, high):
        np.testing.assert_array_equal(network.use_sector, centre.use_sector)
    assert 1.1 < draw_value_ratio(lambda _: 0.1) < draw_value_ratio(None) < draw_value_ratio(lambda _: 0.9) < 1.5
    rows = centre.use_sector == centre.uses.index("stock_building")
    assert (low.value_in_use_usd_per_t[rows] < high.value_in_use_usd_per_t[rows]).all()


def test_what_is_stored_where_never_passes_the_bound():
    use_t, stated = np.array([60.0, 30.0, 10.0]), np.array([True, False, False])
    np.testing.assert_allclose(stored_shares(0.08, use_t, stated), [0.0, 0.2, 0.2])
    np.testing.assert_allclose(stored_shares(0.20, use_t, stated), [0.0, 0.3, 0.3])
    assert (stored_shares(0.2, use_t, np.ones(3, dtype=bool)) == 0).all()
    assert (stored_shares(0.0, use_t, stated) == 0).all()


@settings(max_examples=8, deadline=None)
@given(share=st.floats(0.03, 0.29))
def test_telling_stocks_apart_moves_no_tonne_of_the_balance(share, request):
    make_dataset, make_row, world_rows = (
        request.getfixturevalue(name) for name in ("make_dataset", "make_row", "world_rows")
    )
    world = [*world_rows, make_row("production", "refined_cobalt", "WLD", OUTPUT_T)]
    whole = build_network(make_dataset(world))
    told = build_network(make_dataset([*world, make_row("demand", "refined_cobalt", "WLD", (1 - share) * OUTPUT_T)]))
    np.testing.assert_allclose(told.base_flow_t, whole.base_flow_t, rtol=1e-9)
    np.testing.assert_allclose(told.base_output_t, whole.base_output_t, rtol=1e-9)
    both = use_of(told, stored=True) + use_of(told, stored=False)
    np.testing.assert_allclose(both, use_of(whole, stored=False), rtol=1e-9)
    assert use_of(told, stored=True).sum() == pytest.approx(share * both.sum(), rel=1e-9)
