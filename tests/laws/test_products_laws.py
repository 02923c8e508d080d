"""Products in use of a path: the mass closes, a steady history rests, recyclers follow the scrap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.path.products import Products, first_products, scrap, step_products, stock_t
from derisk.path.wear import wear_by_law
from derisk.stocks import WeibullLifetime, stock_from_inflow

SHARES = st.floats(0.0, 1.0)
SALES = st.lists(st.lists(st.floats(0.0, 1e4), min_size=3, max_size=3), min_size=1, max_size=60)
LIVES = st.lists(st.tuples(st.floats(0.3, 5.0), st.floats(0.05, 40.0)), min_size=3, max_size=3)


def products_of_lives(lives, *, months, growth, collection=0.5, recovery=0.8):
    shape, scale = np.array(lives).T
    lifetime = WeibullLifetime(shape=shape, scale_years=scale)
    return Products(
        wear=wear_by_law(lifetime, months=months, history_growth_share=growth),
        use_row=np.arange(3),
        kind=np.arange(3),
        base_inflow_t=np.array([10.0, 200.0, 3.0]),
        collection_share=np.full(3, collection),
        recovery_share=np.full(3, recovery),
    )


def run(products, sales):
    state = first_products(products)
    for use_t in sales:
        state = step_products(state, products, use_t=np.array(use_t))
    return state


@settings(deadline=None, max_examples=40)
@given(sales=SALES, lives=LIVES, growth=st.sampled_from([-0.05, 0.0, 0.03, 0.3]), collection=SHARES, recovery=SHARES)
def test_the_mass_closes(sales, lives, growth, collection, recovery):
    products = products_of_lives(lives, months=len(sales), growth=growth, collection=collection, recovery=recovery)
    state = run(products, sales)
    opening = stock_t(first_products(products), products)
    entered, left = state.inflow_t.sum(axis=0), state.outflow_t.sum(axis=0)
    terms = opening + entered + left
    assert np.abs(opening + entered - left - stock_t(state, products)) == pytest.approx(0.0, abs=1e-9 * terms.max())
    parts = scrap(state, products)
    whole = parts.recovered_t + parts.residue_t + parts.uncollected_t
    assert whole == pytest.approx(state.outflow_t, rel=1e-12, abs=1e-12)
    assert np.all(state.outflow_t >= 0.0)


@settings(deadline=None, max_examples=20)
@given(lives=LIVES, months=st.integers(1, 120))
def test_a_steady_history_and_steady_sales_rest(lives, months):
    products = products_of_lives(lives, months=months, growth=0.0)
    state = run(products, [products.base_inflow_t] * months)
    assert state.outflow_t == pytest.approx(np.tile(products.base_inflow_t, (months, 1)), rel=1e-9)
    assert stock_t(state, products) == pytest.approx(stock_t(first_products(products), products), rel=1e-9)


@settings(deadline=None, max_examples=10)
@given(sales=SALES, scale=st.floats(0.2, 3.0), shape=st.floats(0.8, 4.0), growth=st.sampled_from([0.0, 0.1]))
def test_it_agrees_with_the_stocks_room(sales, scale, shape, growth):
    # A history written out month by month, long enough that nothing older is left, in the room of yearly stocks.
    products = products_of_lives([(shape, scale)] * 3, months=len(sales), growth=growth)
    before = int(12 * scale * 22 ** (1 / min(shape, 1.0))) + 24
    history = products.base_inflow_t * (1 + growth) ** (np.arange(-before + 1, 1)[:, None] / 12)
    whole = stock_from_inflow(
        np.concatenate([history, np.array(sales)]), WeibullLifetime(shape=shape, scale_years=scale), step_years=1 / 12
    )
    state = run(products, sales)
    assert stock_t(state, products) == pytest.approx(whole.stock_t[-1], rel=1e-6, abs=1e-6)
    assert state.outflow_t == pytest.approx(whole.outflow_t[before:], rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(lives=LIVES, months=st.integers(2, 60), cut=st.floats(0.0, 0.99))
def test_less_sold_never_gives_more_scrap(lives, months, cut):
    products = products_of_lives(lives, months=months, growth=0.02)
    full = run(products, [products.base_inflow_t] * months)
    less = run(products, [products.base_inflow_t * cut] * months)
    assert np.all(less.outflow_t <= full.outflow_t + 1e-12)


def test_faster_growth_means_less_scrap_for_the_same_sales():
    # A material whose sales grow at g and last L years has a potential of about exp(-g L).
    still, growing = (
        products_of_lives([(3.0, 15.0)] * 3, months=1, growth=growth).wear.legacy_outflow_ratio[1, 0]
        for growth in (0.0, 0.1)
    )
    assert still == pytest.approx(1.0, rel=1e-9)
    assert growing == pytest.approx(
        np.exp(-np.log(1.1) * WeibullLifetime(shape=3.0, scale_years=15.0).mean_years()), rel=0.15
    )
