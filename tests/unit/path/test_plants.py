"""Plants: hand-worked idling, closing, restart and expansion; a price war and a floor."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.path.expansion import orders_ratio
from derisk.path.parameters import load_parameters
from derisk.path.plant_state import Plants, first_state
from derisk.path.plants import losing_share, margins_usd_per_t, step_plants

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


def unlimited(world_share: float, **changes):
    """The plants where the world lets them grow by so much a year, and a maker by 24 % of its own."""
    given = {"build_limit_own_share_per_year": 0.24, "build_limit_world_share_per_year": world_share}
    return plants(parameters=load_parameters(given=given), **changes)


def orders(plants, *, margin, **more):
    """What is ordered in a month in which all work, the maker at a margin."""
    at = {"expected_margin_usd_per_t": np.array([100.0, margin]), "working": np.array([True, True])}
    return orders_ratio(plants, **({"built_ratio": np.ones(2)} | at | more))


def test_a_full_charge_above_the_hurdle_builds_at_the_own_limit():
    # desire 1, 24 % a year of 10 t: 0.2 t a month; the world allows 12 % a year of 10 t: 0.1 t a month, or 1 %
    order = orders(plants(), margin=500.0)
    assert order[MAKER] == pytest.approx(0.01)
    assert order[NEW_MINE] == 0.0


def test_feed_that_leaves_the_region_lets_a_small_maker_build_faster():
    # 24 % a year of the 10 t it makes and the 40 t that its region's ore would allow: 1 t a month; the world allows 0.1.
    rich = unlimited(50.0, feed_abroad_t=np.array([0.0, 40.0]))
    assert orders(rich, margin=500.0)[MAKER] == pytest.approx(0.1)
    grown = orders(rich, margin=500.0, built_ratio=np.array([1.0, 6.0]))
    assert grown[MAKER] == pytest.approx(0.24 / 12 * 6.0)


def test_half_a_charge_above_the_hurdle_builds_half():
    assert orders(unlimited(1.0), margin=120.0)[MAKER] == pytest.approx(0.5 * 0.24 / 12)


def test_a_grant_makes_a_base_margin_pay():
    # 25 % of a charge of 40: the hurdle falls to 90, and 10 above it is a third of the 30 left to pay
    order = orders(unlimited(1.0), margin=100.0, grant_share=np.array([0.25, 0.25]))
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
