"""Laws of products in use, for any sales and lifetimes: mass closes, both directions agree, longer lives hold more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derisk.stocks import (
    FixedLifetime,
    LognormalLifetime,
    NormalLifetime,
    WeibullLifetime,
    inflow_from_stock,
    scrap_of,
    stock_from_inflow,
)

STEPS, USES = 30, 3
LAWS = settings(max_examples=80, derandomize=True, deadline=None)
TONNES = st.floats(0.0, 1e6, allow_subnormal=False)
SALES = arrays(float, (STEPS, USES), elements=TONNES)
YEARS = st.floats(0.3, 60.0)
STEP = st.sampled_from([1.0, 0.5, 1 / 12])
PATH = arrays(float, STEPS, elements=st.floats(0.0, 1e6, allow_subnormal=False))


def by_use(low, high):
    return arrays(float, USES, elements=st.floats(low, high))


def by_cohort(low, high):
    return arrays(float, (STEPS, USES), elements=st.floats(low, high))


def lifetimes(years, spread, power):
    return st.one_of(
        st.builds(FixedLifetime, years),
        st.builds(lambda m, s: NormalLifetime(centre_years=m, spread_years=s), years, spread),
        st.builds(lambda k, scale: WeibullLifetime(shape=k, scale_years=scale), power, years),
        st.builds(lambda m, s: LognormalLifetime(median_years=m, sigma=s), years, power),
    )


ALIKE = lifetimes(by_use(0.3, 60.0), by_use(0.1, 20.0), by_use(0.3, 6.0))
LIFETIMES = st.one_of(ALIKE, lifetimes(by_cohort(0.3, 60.0), by_cohort(0.1, 20.0), by_cohort(0.3, 6.0)))


@LAWS
@given(SALES, LIFETIMES, STEP)
def test_what_entered_is_in_use_or_has_left(sold, lifetime, step):
    record = stock_from_inflow(sold, lifetime, step_years=step)
    entered = np.cumsum(sold, axis=0)
    assert (np.abs(record.balance_t()) <= 1e-12 * entered).all()
    assert (record.stock_t >= 0.0).all()
    assert (record.outflow_t >= 0.0).all()


@LAWS
@given(SALES, LIFETIMES, STEP)
def test_cohorts_add_up_to_stock_and_outflow(sold, lifetime, step):
    record = stock_from_inflow(sold, lifetime, step_years=step)
    assert record.stock_by_cohort_t().sum(axis=1) == pytest.approx(record.stock_t, rel=1e-12, abs=1e-6)
    assert record.outflow_by_cohort_t().sum(axis=1) == pytest.approx(record.outflow_t, rel=1e-12, abs=1e-6)


@LAWS
@given(SALES, LIFETIMES, STEP)
def test_the_stock_asks_for_the_inflow_that_made_it(sold, lifetime, step):
    record = stock_from_inflow(sold, lifetime, step_years=step)
    back = inflow_from_stock(record.stock_t, lifetime, step_years=step)
    assert np.abs(back.inflow_t - sold).max() <= 1e-8 * max(record.stock_t.max(), 1.0)


@LAWS
@given(SALES, SALES, LIFETIMES, st.floats(0.0, 50.0))
def test_stocks_are_linear_in_sales(first, second, lifetime, factor):
    together = stock_from_inflow(first + factor * second, lifetime)
    alone = [stock_from_inflow(sold, lifetime) for sold in (first, second)]
    assert together.stock_t == pytest.approx(alone[0].stock_t + factor * alone[1].stock_t, rel=1e-9, abs=1e-6)
    assert together.outflow_t == pytest.approx(alone[0].outflow_t + factor * alone[1].outflow_t, rel=1e-9, abs=1e-6)


@LAWS
@given(SALES, YEARS, st.floats(0.0, 20.0), st.floats(0.3, 6.0), STEP)
def test_longer_lives_hold_more(sold, years, longer, power, step):
    pairs = [
        (FixedLifetime(years), FixedLifetime(years + longer)),
        (
            NormalLifetime(centre_years=years, spread_years=power),
            NormalLifetime(centre_years=years + longer, spread_years=power),
        ),
        (
            WeibullLifetime.from_mean(years, shape=power),
            WeibullLifetime.from_mean(years + longer, shape=power),
        ),
        (
            LognormalLifetime(median_years=years, sigma=power),
            LognormalLifetime(median_years=years + longer, sigma=power),
        ),
    ]
    for short, long in pairs:
        less, more = (stock_from_inflow(sold, lifetime, step_years=step).stock_t for lifetime in (short, long))
        assert (more >= less * (1.0 - 1e-12) - 1e-9).all()


@LAWS
@given(SALES, st.integers(1, STEPS), STEP)
def test_a_fixed_life_is_a_shift(sold, steps, step):
    record = stock_from_inflow(sold, FixedLifetime(steps * step), step_years=step)
    shifted = np.concatenate([np.zeros((steps, USES)), sold])[:STEPS]
    assert (record.outflow_t == shifted).all()


@LAWS
@given(SALES, by_use(0.3, 25.0))
def test_a_weibull_law_of_huge_shape_is_a_fixed_life(sold, years):
    years = np.floor(years) + 0.5  # the two differ at the very age where the fixed life ends
    steep = stock_from_inflow(sold, WeibullLifetime(shape=5000.0, scale_years=years))
    fixed = stock_from_inflow(sold, FixedLifetime(years))
    assert steep.stock_t == pytest.approx(fixed.stock_t, rel=1e-9, abs=1e-6)


@LAWS
@given(SALES, by_use(0.3, 25.0))
def test_laws_of_no_spread_are_a_fixed_life(sold, years):
    years = np.floor(years) + 0.5
    fixed = stock_from_inflow(sold, FixedLifetime(years)).stock_t
    for lifetime in (
        NormalLifetime(centre_years=years, spread_years=1e-3),
        LognormalLifetime(median_years=years, sigma=1e-3),
    ):
        assert stock_from_inflow(sold, lifetime).stock_t == pytest.approx(fixed, rel=1e-9, abs=1e-6)


@LAWS
@given(LIFETIMES, st.integers(1, 40))
def test_survival_begins_at_one_and_never_rises(lifetime, years):
    ages = np.linspace(0.0, years, 50).reshape(-1, *(1,) * len(lifetime.shape_of_parameters))
    left = lifetime.survival(ages)
    assert (left[0] == 1.0).all()
    assert (np.diff(left, axis=0) <= 1e-15).all()
    assert (left >= 0.0).all()


@LAWS
@given(ALIKE, st.floats(1.0, 1e6))
def test_one_curve_and_a_matrix_of_equal_cohorts_agree(lifetime, tonnes):
    sold = np.full((STEPS, USES), tonnes)
    spread_out = type(lifetime).__new__(type(lifetime))
    for name in type(lifetime).__slots__:
        setattr(spread_out, name, np.broadcast_to(getattr(lifetime, name), (STEPS, USES)))
    alike, each = stock_from_inflow(sold, lifetime), stock_from_inflow(sold, spread_out)
    assert each.stock_t == pytest.approx(alike.stock_t, rel=1e-12)
    assert each.outflow_t == pytest.approx(alike.outflow_t, rel=1e-9, abs=1e-9 * tonnes)


@LAWS
@given(PATH, lifetimes(YEARS, st.floats(0.1, 20.0), st.floats(0.3, 6.0)))
def test_falling_paths_close_under_every_policy(path, lifetime):
    room = 1e-8 * max(path.max(), 1e-9)
    waited = inflow_from_stock(path, lifetime, negative_inflow="wait")
    retired = inflow_from_stock(path, lifetime, negative_inflow="retire")
    for record in (waited, retired):
        assert np.abs(record.balance_t()).max() <= 1e-12 * record.inflow_t.sum() + 1e-300
        assert (record.inflow_t >= 0.0).all()
        assert (record.outflow_t >= -1e-9 * max(path.max(), 1e-9)).all()
        assert record.stock_by_cohort_t().sum(axis=1) == pytest.approx(record.stock_t, rel=1e-9, abs=room)
        assert record.outflow_by_cohort_t().sum(axis=1) == pytest.approx(record.outflow_t, rel=1e-9, abs=room)
    assert (waited.stock_t >= path - room).all()
    assert np.abs(retired.stock_t - path).max() <= room


@LAWS
@given(SALES, by_use(0.0, 1.0), by_use(0.0, 1.0))
def test_scrap_is_never_more_than_what_left(outflow, collection, recovery):
    scrap = scrap_of(outflow, collection_share=collection, recovery_share=recovery)
    assert (scrap.recovered_t <= scrap.collected_t).all()
    assert (scrap.collected_t <= scrap.outflow_t).all()
    parts = scrap.uncollected_t + scrap.residue_t + scrap.recovered_t
    assert parts == pytest.approx(outflow, rel=1e-12)
