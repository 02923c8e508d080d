"""Home prices: where all exports are banned, maker and user at home come together as their link answers more strongly."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from market_cases import CASES, draw_shock, families, network, seeds, sizes, solve

from derisk.market import Market, Shock

RATIOS = (1.0, 0.5, 0.2, 0.05)


def closed_region(home_share, elasticities, demand_ratio):
    """One good made in region 0, part of it for its own users; its exports end and its demand moves."""
    supply, demand, trade = elasticities
    arrays = {
        "base_flow_t": [100.0 * home_share, 100.0 * (1.0 - home_share), 50.0],
        "origin": [0, 0, 1],
        "destination": [0, 1, 1],
        "good": [0, 0, 0],
        "base_price_usd_per_t": [200.0],
        "trade_elasticity": [trade],
        "process_region": [0, 1],
        "process_good_matrix": [[1.0], [1.0]],
        "base_output_t": [100.0, 50.0],
        "capacity_t": [120.0, 60.0],
        "unit_cost_usd_per_t": [0.0, 0.0],
        "supply_steepness": [supply, supply],
        "base_use_t": [100.0 * home_share, 150.0 - 100.0 * home_share],
        "use_good": [0, 0],
        "use_region": [0, 1],
        "demand_elasticity": [demand, demand],
        "value_in_use_usd_per_t": [4e3, 4e3],
    }
    return arrays, Shock(flow_cap_t=[np.inf, 0.0, np.inf], demand_ratio=[demand_ratio, 1.0])


@CASES
@given(
    st.floats(0.05, 0.9),
    st.tuples(st.floats(0.1, 2.0), st.floats(0.05, 0.9), st.floats(2.0, 8.0)),
    st.floats(0.5, 12.0),
)
def test_the_gap_of_a_closed_country_shrinks_as_its_own_link_answers_more(home_share, elasticities, demand_ratio):
    arrays, shock = closed_region(home_share, elasticities, demand_ratio)
    gaps = []
    for ratio in RATIOS:
        answer = solve(Market(**arrays, gap_scale_ratio=[ratio, 1.0, 1.0]), shock)
        gaps.append(float(answer.delivered_price[0, 0] - answer.producer_price[0, 0]))
    assert all(np.sign(gap) == np.sign(gaps[0]) for gap in gaps if abs(gap) > 1e-6)
    assert all(abs(near) <= abs(far) + 1e-6 for far, near in pairwise(gaps))


@CASES
@given(seeds, sizes, families, st.sampled_from(RATIOS))
def test_prices_at_home_part_by_no_more_than_what_the_flow_needs(seed, regions, names, ratio):
    """Whatever happens abroad: between minus one scale and what it takes to bring all that can be made to the door."""
    arrays = network(seed, regions, names)
    home = arrays["origin"] == arrays["destination"]
    arrays |= {"gap_scale_ratio": np.where(home, ratio, 1.0)}
    shock = draw_shock(arrays, seed)
    wedge = np.where(home, 0.0, shock.wedge_usd_per_t)
    cap = np.where(home, np.inf, np.where(arrays["origin"] == 0, 0.0, shock.flow_cap_t))
    closed = Shock(flow_cap_t=cap, wedge_usd_per_t=wedge, demand_ratio=shock.demand_ratio)
    market = Market(**arrays)
    answer, net = solve(market, closed), market.network
    made = np.maximum(net.process_good_matrix, 0.0) * net.capacity_t[:, None]
    most = np.zeros((net.goods, net.regions))
    np.add.at(most.T, net.process_region, made)
    good, region = arrays["good"][home], arrays["origin"][home]
    gap = answer.delivered_price[good, region] - answer.producer_price[good, region]
    scale, b = ratio * arrays["base_price_usd_per_t"][good], net.trade_exponent[good]
    flow, base = answer.flow[home], arrays["base_flow_t"][home]
    known = ~(answer.flat_delivered[good, region] | answer.flat_producer[good, region])
    slack = 1e-9 * scale
    assert np.all(gap[known] <= (scale * ((most[good, region] / base) ** (1.0 / b) - 1.0) + slack)[known])
    assert np.all((gap >= -scale - slack)[known & (flow > 0.0)])
