"""Theorems of the market, for any network and any shock."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_cases import CASES, draw_quota, draw_shock, families, network, seeds, sizes, solve

from derisk.market import Market, Shock


@CASES
@given(seeds, sizes, families)
def test_no_shock_is_the_base(seed, regions, names):
    arrays = network(seed, regions, names)
    equilibrium = solve(Market(**arrays), Shock())
    np.testing.assert_allclose(equilibrium.flow, arrays["base_flow_t"], rtol=1e-12)
    np.testing.assert_allclose(equilibrium.use, arrays["base_use_t"], rtol=1e-12)
    np.testing.assert_allclose(equilibrium.production, arrays["base_output_t"], rtol=1e-12)
    assert np.all(equilibrium.producer_price == arrays["base_price_usd_per_t"][:, None])
    assert equilibrium.residual == 0.0


@CASES
@given(seeds, sizes, families, st.sampled_from([None, 0.5, 0.05]))
def test_mass_balances_at_every_good_and_region(seed, regions, names, share):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    quota = {} if share is None else draw_quota(arrays, seed, share)
    answer = solve(market, replace(draw_shock(arrays, seed), **quota))
    shape = (market.goods, market.regions)
    plus, minus = np.zeros(shape), np.zeros(shape)
    tonnes = arrays["process_good_matrix"] * answer.production[:, None]
    np.add.at(plus.T, arrays["process_region"], np.maximum(tonnes, 0.0))
    np.add.at(minus.T, arrays["process_region"], np.maximum(-tonnes, 0.0))
    np.add.at(plus, (arrays["good"], arrays["destination"]), answer.flow)
    np.add.at(minus, (arrays["good"], arrays["origin"]), answer.flow)
    np.add.at(minus, (arrays["use_good"], arrays["use_region"]), answer.use)
    minus += answer.producer_disposal + answer.delivered_disposal
    assert np.all(answer.flow >= 0.0)
    assert np.all(answer.use >= 0.0)
    assert np.all(answer.producer_disposal >= 0.0)
    assert np.all(np.abs(plus - minus) <= 1e-9 * (plus + minus))


@CASES
@given(seeds, sizes, families, st.sampled_from([0.7, 0.2]))
def test_money_balances(seed, regions, names, share):
    """What users and plants pay = what producers get + wedges + permits + rents of caps + traders' choice margins."""
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    quota = draw_quota(arrays, seed, share)
    shock = replace(draw_shock(arrays, seed), **quota)
    answer = solve(market, shock)
    good, price = arrays["good"], arrays["base_price_usd_per_t"][arrays["good"]]
    b = np.maximum(arrays["trade_elasticity"], 2.0)[good]
    choice = arrays["gap_scale_ratio"] * price * ((answer.flow / arrays["base_flow_t"]) ** (1.0 / b) - 1.0)
    permit = np.zeros(good.size)
    permit[quota["quota_link"]] = quota["quota_weight"] * answer.permit_price[0]
    paid = answer.delivered_price[good, arrays["destination"]] * answer.flow
    got = (answer.producer_price[good, arrays["origin"]] + shock.wedge_usd_per_t + permit) * answer.flow
    kept = (answer.link_rent + choice) * answer.flow
    assert abs(np.sum(paid - got - kept)) <= 1e-9 * np.sum(np.abs(paid) + np.abs(got))


def test_a_failed_solve_is_a_value_with_a_reason():
    """Here every residual counts as too large: the solve is returned, not raised."""
    arrays = network(3, 4, ("chain",))
    market = Market(**arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("derisk.market.answer.LARGEST_RESIDUAL", -1.0)
        answer = market.solve(draw_shock(arrays, 3))
    assert not answer.converged
    assert "residual" in answer.reason
    assert "good" in answer.reason
