"""Plants: hand-worked idling, closing, restart and expansion; a price war, a floor; the base year rests."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.errors import ShapeError
from derisk.market.supply import CURVE, SMALLEST_MARGIN_SHARE, supply
from derisk.network import build_network
from derisk.path.parameters import load_parameters
from derisk.path.plant_costs import CostRow, annuity, plants_of, read_cost_rows
from derisk.path.plants import Plants, first_state, losing_share, margins_usd_per_t, orders_ratio, step_plants

PARAMETERS = load_parameters(
    given={
        "idling_months": 3.0,
        "closing_months": 4.0,
        "restart_months": 2.0,
        "expected_margin_months": 1.0,
        "build_limit_own_share_per_year": 0.24,
        "build_limit_world_share_per_year": 0.12,
    }
)
NEW_MINE, MAKER = 0, 1


def plants(**changes):
    """A new mine that needs a margin of 50, and a maker of the base year with base margin 100 and steepness 0.5."""
    stated = {
        "parameters": PARAMETERS,
        "answers": np.array([True, True]),
        "expands": np.array([False, True]),
        "good": np.array([0, 0]),
        "base_output_t": np.array([0.0, 10.0]),
        "feed_abroad_t": np.zeros(2),
        "base_margin_usd_per_t": np.array([100.0, 100.0]),
        "stretch_usd_per_t": np.array([0.0, 100.0]),
        "steepness": np.array([1.0, 0.5]),
        "stop_margin_usd_per_t": np.array([50.0, -np.inf]),
        "restart_charge_usd_per_t": np.array([10.0, 0.0]),
        "build_margin_usd_per_t": np.array([np.inf, 100.0]),
        "capital_charge_usd_per_t": np.array([np.nan, 40.0]),
        "lead_time_months": np.array([0, 2]),
    }
    return Plants(**(stated | changes))


def run(plants, margins, **more):
    """States after each month of the margins given, one pair a month."""
    state, states = first_state(plants), []
    for pair in margins:
        state = step_plants(state, plants, margin_usd_per_t=np.array(pair, dtype=float), **more)
        states.append(state)
    return states


def test_base_margins_change_nothing():
    for state in run(plants(), [(100, 100)] * 40):
        assert np.all(state.capacity_ratio == 1.0)
        assert not state.building_ratio.any()


def test_a_mine_below_its_cost_idles_after_three_months_and_closes_after_four_idle_ones():
    states = run(plants(), [(49, 100)] * 9)
    assert [state.capacity_ratio[NEW_MINE] for state in states] == [1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [state.closed_share[NEW_MINE] for state in states] == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_a_month_above_its_cost_starts_the_count_again():
    states = run(plants(), [(49, 100), (49, 100), (51, 100), (49, 100), (49, 100)])
    assert all(state.capacity_ratio[NEW_MINE] == 1.0 for state in states)


def test_an_idle_mine_returns_two_months_after_prices_that_pay_for_it():
    too_little = [(49, 100)] * 3 + [(59, 100)] * 2
    assert run(plants(), too_little)[-1].capacity_ratio[NEW_MINE] == 0.0
    states = run(plants(), [(49, 100)] * 3 + [(61, 100)] * 4)
    assert [state.capacity_ratio[NEW_MINE] for state in states[3:]] == [0, 0, 1, 1]


def test_a_closed_mine_does_not_return():
    states = run(plants(), [(49, 100)] * 6 + [(500, 100)] * 12)
    assert states[-1].closed_share[NEW_MINE] == 1.0
    assert states[-1].capacity_ratio[NEW_MINE] == 0.0


def test_owners_of_a_plant_not_yet_open_learn_nothing():
    states = run(plants(), [(0, 100)] * 12, open_ratio=np.array([0.0, 1.0]))
    assert states[-1].capacity_ratio[NEW_MINE] == 1.0


def test_part_of_an_industry_loses_cash_by_its_supply_curve():
    # margin 40 below base on a stretch of 100: depth 0.6 -> 0.5 x 0.6 + 0.5 x 0.36 = 0.48
    assert losing_share(plants(), np.array([100.0, 40.0]))[MAKER] == pytest.approx(0.48)
    assert losing_share(plants(), np.array([100.0, -20.0]))[MAKER] == 1.0
    assert losing_share(plants(), np.array([100.0, 130.0]))[MAKER] == 0.0


def test_an_industry_idles_the_least_share_that_lost_cash_throughout():
    states = run(plants(), [(100, 40), (100, 60), (100, 40)])
    # month two: depth 0.4 -> 0.5 x 0.4 + 0.5 x 0.16 = 0.28
    assert states[1].capacity_ratio[MAKER] == 1.0
    assert states[2].capacity_ratio[MAKER] == pytest.approx(1.0 - 0.28)


def test_what_would_earn_its_restart_returns_and_the_rest_waits():
    states = run(plants(), [(100, 40)] * 3 + [(100, 60)] * 3)
    assert states[2].capacity_ratio[MAKER] == pytest.approx(1.0 - 0.48)
    assert states[4].capacity_ratio[MAKER] == pytest.approx(1.0 - 0.48)
    assert states[5].capacity_ratio[MAKER] == pytest.approx(1.0 - 0.28)


def test_a_full_charge_above_the_hurdle_builds_at_the_own_limit():
    # desire 1, 24 % a year of 10 t: 0.2 t a month; the world allows 12 % a year of 10 t: 0.1 t a month, or 1 %
    order = orders_ratio(
        plants(),
        expected_margin_usd_per_t=np.array([100.0, 500.0]),
        built_ratio=np.ones(2),
        working=np.array([True, True]),
    )
    assert order[MAKER] == pytest.approx(0.01)
    assert order[NEW_MINE] == 0.0


def test_feed_that_leaves_the_region_lets_a_small_maker_build_faster():
    # 24 % a year of the 10 t it makes and the 40 t that its region's ore would allow: 1 t a month; the world allows 0.1.
    free = {"build_limit_own_share_per_year": 0.24, "build_limit_world_share_per_year": 50.0}
    rich = plants(parameters=load_parameters(given=free), feed_abroad_t=np.array([0.0, 40.0]))
    at = {"expected_margin_usd_per_t": np.array([100.0, 500.0]), "working": np.array([True, True])}
    assert orders_ratio(rich, built_ratio=np.ones(2), **at)[MAKER] == pytest.approx(0.1)
    assert orders_ratio(rich, built_ratio=np.array([1.0, 6.0]), **at)[MAKER] == pytest.approx(0.24 / 12 * 6.0)


def test_ore_that_leaves_the_country_is_what_its_smelters_may_grow_into(network):
    rules = plants_of(network, read_cost_rows(load_dataset(), base_year=network.base_year), PARAMETERS)
    makers = list(zip(network.process_kind, network.process_region, strict=True))
    australia, ore = network.regions.index("AUS"), network.goods.index("lithium_concentrate")
    refiner, mine = (makers.index((kind, australia)) for kind in ("refine_lithium", "mine_lithium"))
    left_t = network.base_output_t[mine] + network.base_output_t[refiner] * network.process_good_matrix[refiner, ore]
    assert rules.feed_abroad_t[refiner] == pytest.approx(-left_t / network.process_good_matrix[refiner, ore])
    assert rules.feed_abroad_t[mine] == 0.0
    hosted = [number for number, kind in enumerate(network.process_kind) if kind.startswith("recover_")]
    assert not rules.feed_abroad_t[hosted].any()


def test_half_a_charge_above_the_hurdle_builds_half():
    order = orders_ratio(
        plants(
            parameters=load_parameters(
                given={"build_limit_own_share_per_year": 0.24, "build_limit_world_share_per_year": 1.0}
            )
        ),
        expected_margin_usd_per_t=np.array([100.0, 120.0]),
        built_ratio=np.ones(2),
        working=np.array([True, True]),
    )
    assert order[MAKER] == pytest.approx(0.5 * 0.24 / 12)


def test_a_grant_makes_a_base_margin_pay():
    # 25 % of a charge of 40: the hurdle falls to 90, and 10 above it is a third of the 30 left to pay
    order = orders_ratio(
        plants(
            parameters=load_parameters(
                given={"build_limit_own_share_per_year": 0.24, "build_limit_world_share_per_year": 1.0}
            )
        ),
        expected_margin_usd_per_t=np.array([100.0, 100.0]),
        built_ratio=np.ones(2),
        working=np.array([True, True]),
        grant_share=np.array([0.25, 0.25]),
    )
    assert order[MAKER] == pytest.approx(0.24 / 12 / 3)
    assert order[NEW_MINE] == 0.0


def test_investors_count_on_gains_that_announced_acts_bring_and_on_no_losses():
    free = load_parameters(given={"build_limit_own_share_per_year": 0.24, "build_limit_world_share_per_year": 1.0})
    ordered = [
        step_plants(
            first_state(plants(parameters=free)),
            plants(parameters=free),
            margin_usd_per_t=np.array([100.0, 100.0]),
            coming_usd_per_t=np.array([0.0, coming]),
        )
        for coming in (20.0, -20.0)
    ]
    assert [state.building_ratio[MAKER].sum() for state in ordered] == pytest.approx([0.5 * 0.24 / 12, 0.0])
    assert [state.expected_margin_usd_per_t[MAKER] for state in ordered] == [100.0, 100.0]


def test_capacity_arrives_after_its_lead_time_whatever_comes_between():
    states = run(plants(), [(100, 500)] + [(100, 100)] * 4)
    assert [state.capacity_ratio[MAKER] for state in states] == pytest.approx([1, 1, 1.01, 1.01, 1.01])


def test_a_wrong_shape_is_refused():
    with pytest.raises(ShapeError):
        step_plants(first_state(plants()), plants(), margin_usd_per_t=np.zeros(3))


def test_margins_are_sales_less_purchases_less_the_change_of_cost():
    matrix = np.array([[1.0, 0.0], [-2.0, 1.0]])
    margin = margins_usd_per_t(
        matrix,
        np.array([0, 1]),
        producer_price=np.array([[10.0, 11.0], [100.0, 90.0]]),
        delivered_price=np.array([[12.0, 13.0], [120.0, 95.0]]),
        cost_usd_per_t=np.array([1.0, -4.0]),
    )
    assert margin == pytest.approx([10.0 - 1.0, 90.0 - 2 * 13.0 + 4.0])


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


PRICE_WAR = (100.0, 40.0)
"""Margin of a new mine before and under dumping; it needs 50."""


def test_a_price_war_idles_a_new_mine_within_two_years_in_every_draw():
    for quantile in (lambda key: 0.001, lambda key: 0.5, lambda key: 0.999):
        mine = plants(parameters=load_parameters(quantile=quantile))
        states = run(mine, [PRICE_WAR[:1] * 2] * 6 + [(PRICE_WAR[1], 100.0)] * 24)
        assert states[5].capacity_ratio[NEW_MINE] == 1.0
        assert states[-1].capacity_ratio[NEW_MINE] == 0.0


def test_a_floor_that_tops_up_the_margin_keeps_it_running():
    floor, price = 60.0, PRICE_WAR[1]
    top_up = max(0.0, floor - price)
    matrix, region = np.eye(2), np.zeros(2, dtype=np.int64)
    prices = np.array([[price], [100.0]])
    margin = margins_usd_per_t(
        matrix, region, producer_price=prices, delivered_price=prices, cost_usd_per_t=np.array([-top_up, 0.0])
    )
    states = run(plants(parameters=load_parameters()), [tuple(margin)] * 60)
    assert all(state.capacity_ratio[NEW_MINE] == 1.0 for state in states)
