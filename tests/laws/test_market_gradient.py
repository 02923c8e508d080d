"""The gradient of an equilibrium is the slope of its outcomes, by every input, for any network and any shock."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from slope_cases import MARKET_INPUTS, assert_slope, regime, step_of

from derisk.market import Market, Shock
from derisk.market.gradient import OUTCOMES
from derisk.market.synthetic import synthetic_network

FAMILIES = (("chain",), ("joint",), ("by_product", "pair"), ("pair", "single"))
SHOCK_INPUTS = ("capacity_ratio", "flow_cap_t", "quota_t", "wedge_usd_per_t", "demand_ratio", "cost_usd_per_t")

seeds = st.integers(0, 10_000)
cases = settings(max_examples=25, derandomize=True, deadline=None, database=None)


def network(seed, names):
    """A random base year, one more plant that is new in it, and prices by region."""
    given = synthetic_network(seed, regions=4, families=names, latent_share=1e-4)
    rng = np.random.default_rng([seed, 7])
    row = int(rng.integers(given["base_output_t"].size))
    matrix, price = given["process_good_matrix"], given["base_price_usd_per_t"]
    given["process_good_matrix"] = np.vstack([matrix, matrix[row]])
    given["process_region"] = np.append(given["process_region"], given["process_region"][row])
    given["base_output_t"] = np.append(given["base_output_t"], 0.0)
    given["capacity_t"] = np.append(given["capacity_t"], 0.1 * given["capacity_t"][row])
    given["supply_steepness"] = np.append(given["supply_steepness"], 0.5)
    given["unit_cost_usd_per_t"] = np.append(given["unit_cost_usd_per_t"], 0.95 * matrix[row] @ price)
    given["base_price_usd_per_t"] = np.repeat(price[:, None], 4, axis=1)
    given["gap_scale_ratio"] = rng.choice([0.1, 0.2, 1.0, 1.0, 2.0], given["origin"].size)
    return given


def draw_shock(arrays, seed, kind):
    """A shock of every kind; its quota is none, one over a region's exports, or one a link."""
    rng = np.random.default_rng([seed, 8])
    links, uses, processes = arrays["origin"].size, arrays["base_use_t"].size, arrays["base_output_t"].size
    flow, price = arrays["base_flow_t"], arrays["base_price_usd_per_t"][arrays["good"], arrays["destination"]]
    quota = {}
    if kind == "region":
        origin = arrays["origin"][rng.integers(links)]
        link = np.flatnonzero((arrays["origin"] == origin) & (arrays["destination"] != origin))
        weight = rng.uniform(0.5, 1.5, link.size)
        tonnes = [rng.uniform(0.1, 0.9) * np.sum(weight * flow[link])]
        quota = {"quota_t": tonnes, "quota_index": np.zeros(link.size, int), "quota_link": link, "quota_weight": weight}
    elif kind == "link":
        quota = {"quota_t": np.where(rng.random(links) < 0.2, rng.uniform(0.1, 1.1, links) * flow, np.inf)}
    return Shock(
        flow_cap_t=np.where(rng.random(links) < 0.2, flow * rng.choice([0.05, 0.3, 1.5], links), np.inf),
        capacity_ratio=np.where(rng.random(processes) < 0.3, rng.uniform(0.1, 1.5, processes), 1.0),
        wedge_usd_per_t=np.where(rng.random(links) < 0.2, price * rng.uniform(-0.2, 1.0, links), 0.0),
        demand_ratio=np.exp(0.3 * rng.standard_normal(uses)),
        cost_usd_per_t=np.where(rng.random(processes) < 0.3, price[0] * rng.uniform(-0.1, 0.3, processes), 0.0),
        **quota,
    )


def draw_outcome(equilibrium, seed):
    """Weights of either sign on every price that answers and on every quantity, each of the size of one over it."""
    rng = np.random.default_rng([seed, 9])
    weights = {}
    for name in OUTCOMES:
        values = getattr(equilibrium, name)
        size = np.maximum(np.abs(values), 1e-3 * np.abs(values).max(initial=0.0) + 1e-9)
        weights[name] = rng.standard_normal(values.shape) / size
    weights["producer_price"][equilibrium.flat_producer] = 0.0
    weights["delivered_price"][equilibrium.flat_delivered] = 0.0
    weights["permit_price"][equilibrium.permit_price <= 0.0] = 0.0
    return weights


def outcome_of(weights, equilibrium):
    return sum(float(np.sum(weights[name] * getattr(equilibrium, name))) for name in OUTCOMES)


def moved(market, arrays, shock, name, change):
    """The market and the shock with one input changed."""
    if name in SHOCK_INPUTS:
        before = np.asarray(getattr(shock, name), dtype=float)
        after = np.where(np.isfinite(before), before + change, before)
        return market, replace(shock, **{name: after})
    return Market(**(arrays | {name: arrays[name] + change})), shock


@cases
@given(seeds, st.sampled_from(FAMILIES), st.sampled_from(["none", "region", "link"]))
def test_gradient_is_the_slope_by_every_input(seed, names, kind):
    arrays = network(seed, names)
    shock = draw_shock(arrays, seed, kind)
    whole = Market(**arrays)
    equilibrium = whole.solve(shock, tolerance=1e-12)
    assert equilibrium.converged, equilibrium.reason
    weights = draw_outcome(equilibrium, seed)
    gradient = equilibrium.gradient(weights)
    size = sum(float(np.sum(np.abs(weights[name] * getattr(equilibrium, name)))) for name in OUTCOMES)
    here = outcome_of(weights, equilibrium)
    base = regime(whole.network, whole.checked(shock).flow_cap_t, equilibrium)
    rng = np.random.default_rng([seed, 10])
    for name in (*SHOCK_INPUTS, *MARKET_INPUTS):
        given_values = getattr(shock, name) if name in SHOCK_INPUTS else arrays[name]
        if given_values is None:
            assert gradient[name].size == 0
            continue
        values = np.asarray(given_values, dtype=float)
        scale = np.where(np.isfinite(values), np.abs(values), 0.0)
        if name == "wedge_usd_per_t":
            scale = arrays["base_price_usd_per_t"][arrays["good"], arrays["destination"]]
        if name == "cost_usd_per_t":
            scale = whole.network.margin_scale
        if name == "trade_elasticity":
            scale = np.where(np.abs(values - 2.0) < 1e-3, 0.0, scale)
        direction = rng.standard_normal(values.shape) * scale
        if name == "capacity_t":
            direction[arrays["base_output_t"] > 0.97 * values] = 0.0
        expected = float(np.sum(gradient[name] * direction))
        terms = float(np.sum(np.abs(gradient[name] * direction)))
        step, sides = step_of(terms, size), []
        for sign in (1.0, -1.0):
            market, other = moved(whole, arrays, shock, name, sign * step * direction)
            answer = market.solve(other, tolerance=1e-12)
            assert answer.converged, answer.reason
            same = np.array_equal(regime(market.network, market.checked(other).flow_cap_t, answer), base)
            sides.append((outcome_of(weights, answer), same))
        assert_slope(name, expected, terms, size, here=here, up=sides[0], down=sides[1], step=step)
