"""The certificate holds at an equilibrium and at nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.errors import ShapeError
from derisk.market import Market, Shock
from derisk.market.synthetic import synthetic_network

FAMILIES = (("chain",), ("joint",), ("by_product", "pair"), ("pair", "single"))
SPOILS = ("flow", "production", "use", "producer_price", "delivered_price", "permit_price", "producer_disposal")

seeds = st.integers(0, 10_000)
sizes = st.integers(3, 6)
families = st.sampled_from(FAMILIES)
cases = settings(max_examples=30, derandomize=True, deadline=None, database=None)


def solved(seed, regions, names):
    """A market, a shock with every kind of measure, and the equilibrium."""
    arrays = synthetic_network(seed, regions=regions, families=names, latent_share=1e-4)
    rng = np.random.default_rng([seed, 11])
    links, uses, processes = arrays["origin"].size, arrays["base_use_t"].size, arrays["base_output_t"].size
    price = arrays["base_price_usd_per_t"][arrays["good"]]
    origin = arrays["origin"][np.argmax(arrays["base_flow_t"] * (arrays["origin"] != arrays["destination"]))]
    link = np.flatnonzero((arrays["origin"] == origin) & (arrays["destination"] != origin))
    shock = Shock(
        flow_cap_t=np.where(rng.random(links) < 0.1, arrays["base_flow_t"] * rng.choice([0.0, 0.4], links), np.inf),
        capacity_ratio=np.where(rng.random(processes) < 0.3, rng.uniform(0.2, 1.5, processes), 1.0),
        wedge_usd_per_t=np.where(rng.random(links) < 0.2, price * rng.uniform(-0.2, 1.0, links), 0.0),
        demand_ratio=np.exp(0.3 * rng.standard_normal(uses)),
        quota_t=[0.3 * arrays["base_flow_t"][link].sum()],
        quota_index=np.zeros(link.size, int),
        quota_link=link,
    )
    market = Market(**arrays)
    return market, shock, market.solve(shock)


@cases
@given(seeds, sizes, families)
def test_an_equilibrium_has_a_certificate(seed, regions, names):
    market, shock, equilibrium = solved(seed, regions, names)
    assert equilibrium.converged, equilibrium.reason
    assert equilibrium.certificate.holds
    assert market.certify(shock, equilibrium).worst <= 1e-8


@cases
@given(seeds, sizes, families)
def test_potential_at_any_prices_is_no_less_than_welfare(seed, regions, names):
    """The gap of prices that are not the equilibrium's grows with their distance and is never hidden by rounding."""
    market, shock, equilibrium = solved(seed, regions, names)
    rng = np.random.default_rng([seed, 12])
    noise = np.exp(rng.standard_normal(equilibrium.delivered_price.shape))
    gaps = []
    for size in (0.3, 0.1, 0.03):
        spoiled = replace(equilibrium, delivered_price=equilibrium.delivered_price * noise**size)
        gaps.append(market.certify(shock, spoiled).duality_gap)
        assert market.potential(shock, spoiled) > market.potential(shock, equilibrium)
    assert gaps[0] > gaps[1] > gaps[2] > 1e-8


@cases
@given(seeds, sizes, families, st.sampled_from(SPOILS), st.sampled_from([-1e-2, 1e-2]))
def test_a_spoiled_solution_loses_its_certificate(seed, regions, names, name, change):
    """One number of an equilibrium moved by a hundredth: the largest of its field, so that it is no last gram."""
    market, shock, equilibrium = solved(seed, regions, names)
    values = getattr(equilibrium, name).copy()
    if name == "permit_price" and values[0] == 0.0:
        return
    if name.endswith("price") and name != "permit_price":
        flat = equilibrium.flat_producer if name == "producer_price" else equilibrium.flat_delivered
        size = np.zeros(values.shape)
        ends = market.network.origin if name == "producer_price" else market.network.destination
        np.add.at(size, (market.network.link_good, ends), equilibrium.flow * (equilibrium.link_rent == 0.0))
        worth = np.where(flat, 0.0, size * market.network.base_price)
        entry = np.unravel_index(np.argmax(worth), values.shape)
    elif name == "producer_disposal":
        entry = (market.network.link_good[0], market.network.origin[0])
    else:
        entry = np.unravel_index(np.argmax(values), values.shape)
    values[entry] += change * max(values[entry], 1.0)
    certificate = market.certify(shock, replace(equilibrium, **{name: values}))
    assert not certificate.holds, str(certificate)


@pytest.mark.parametrize("spoil", ["nan", "negative", "over"])
def test_impossible_quantities_have_no_certificate(spoil):
    market, shock, equilibrium = solved(5, 4, ("chain",))
    value = {"nan": np.nan, "negative": -1.0, "over": 1e9}[spoil]
    for name in ("flow", "production", "use"):
        values = getattr(equilibrium, name).copy()
        values[0] = value
        assert not market.certify(shock, replace(equilibrium, **{name: values})).holds


def test_the_wrong_shock_has_no_certificate():
    market, shock, equilibrium = solved(5, 4, ("chain",))
    other = replace(shock, demand_ratio=1.001 * np.asarray(shock.demand_ratio))
    certificate = market.certify(other, equilibrium)
    assert certificate.duality_gap > 1e-8
    assert certificate.imbalance <= 1e-8


def test_permit_prices_of_quotas_on_one_link_are_checked():
    arrays = synthetic_network(5, regions=4, families=("chain",), latent_share=1e-4)
    market = Market(**arrays)
    shock = Shock(quota_t=np.where(np.arange(market.links) == 1, 0.3 * arrays["base_flow_t"], np.inf))
    equilibrium = market.solve(shock)
    assert equilibrium.permit_price[1] > 0.0
    assert market.certify(shock, equilibrium).holds
    for factor in (0.99, 1.01):
        spoiled = replace(equilibrium, permit_price=factor * equilibrium.permit_price)
        assert market.certify(shock, spoiled).complementarity > 1e-8
    base = market.solve(Shock())
    with pytest.raises(ShapeError, match="permit prices of shape"):
        market.certify(shock, base)
    unpriced = replace(base, permit_price=np.zeros(market.links))
    assert market.certify(shock, unpriced).complementarity > 1e-3


def test_a_base_year_out_of_balance_says_so():
    """Within a millionth a base year is taken, and what it is out by stands in every certificate."""
    arrays = synthetic_network(5, regions=4, families=("chain",), latent_share=1e-4)
    arrays["base_use_t"] = arrays["base_use_t"] * (1.0 + 2e-7)
    equilibrium = Market(**arrays).solve(Shock())
    assert 1e-8 < equilibrium.certificate.imbalance < 1e-6
    assert not equilibrium.converged
    assert "base year itself" in equilibrium.reason
