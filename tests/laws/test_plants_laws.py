"""Plants: for any prices shares stay shares, lower margins never leave more plants running, base margins change nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.path.parameters import load_parameters, table
from derisk.path.plant_state import Plants, first_state
from derisk.path.plants import step_plants
from derisk.path.thrift import first_thrift, step_thrift

MARGINS = st.lists(st.floats(-300.0, 600.0), min_size=1, max_size=80)
DRAWS = st.integers(0, 50)


def drawn(draw):
    """Parameters at quantiles that differ from one to the next."""
    place = {f"parameter.{line.name}": (0.137 * draw + 0.311 * step) % 0.98 + 0.01 for step, line in enumerate(table())}
    return load_parameters(quantile=place.__getitem__)


def plants(draw, steepness=0.4, stop=-np.inf):
    return Plants(
        parameters=drawn(draw),
        answers=np.array([True]),
        expands=np.array([True]),
        good=np.array([0]),
        base_output_t=np.array([10.0]),
        feed_abroad_t=np.zeros(1),
        base_margin_usd_per_t=np.array([100.0]),
        stretch_usd_per_t=np.array([100.0]),
        steepness=np.array([steepness]),
        stop_margin_usd_per_t=np.array([stop]),
        restart_charge_usd_per_t=np.array([8.0]),
        build_margin_usd_per_t=np.array([100.0]),
        capital_charge_usd_per_t=np.array([40.0]),
        lead_time_months=np.array([6]),
    )


def run(of_draw, margins):
    state, states = first_state(of_draw), []
    for margin in margins:
        state = step_plants(state, of_draw, margin_usd_per_t=np.array([margin]))
        states.append(state)
    return states


@settings(deadline=None)
@given(margins=MARGINS, draw=DRAWS, steepness=st.floats(0.05, 1.0), stop=st.sampled_from([-np.inf, 40.0, 80.0]))
def test_shares_stay_shares(margins, draw, steepness, stop):
    for state in run(plants(draw, steepness, stop), margins):
        gone = state.idle_share + state.closed_share
        assert np.all((state.idle_share >= -1e-12) & (state.closed_share >= -1e-12) & (gone <= 1.0 + 1e-9))
        assert np.all(state.restarting_share.sum(axis=1) <= state.idle_share + 1e-9)
        assert np.all((state.capacity_ratio >= 0.0) & (state.capacity_ratio <= state.built_ratio + 1e-9))


@settings(deadline=None)
@given(margins=MARGINS, draw=DRAWS)
def test_closed_is_closed_and_built_stays_built(margins, draw):
    states = run(plants(draw, stop=60.0), margins)
    closed = [float(state.closed_share[0]) for state in states]
    built = [float(state.built_ratio[0]) for state in states]
    assert closed == sorted(closed)
    assert built == sorted(built)


@settings(deadline=None)
@given(margins=MARGINS, draw=DRAWS, fall=st.floats(0.0, 200.0))
def test_lower_margins_in_every_month_never_build_more(margins, draw, fall):
    higher = run(plants(draw), margins)[-1]
    lower = run(plants(draw), [margin - fall for margin in margins])[-1]
    ordered = [state.built_ratio[0] + state.building_ratio.sum() for state in (lower, higher)]
    assert ordered[0] <= ordered[1] + 1e-9


@settings(deadline=None)
@given(months=st.integers(1, 200), draw=DRAWS, steepness=st.floats(0.05, 1.0))
def test_base_margins_change_nothing(months, draw, steepness):
    state = run(plants(draw, steepness), [100.0] * months)[-1]
    assert state.capacity_ratio[0] == 1.0
    assert not state.building_ratio.any()


@settings(deadline=None)
@given(prices=st.lists(st.floats(0.01, 50.0), min_size=1, max_size=120), draw=DRAWS, dearer=st.floats(1.0, 5.0))
def test_intensity_stays_between_floor_and_base_and_dearer_never_saves_less(prices, draw, dearer):
    parameters, ends = drawn(draw), []
    for factor in (1.0, dearer):
        state, least = first_thrift(1), 1.0
        for price in prices:
            state = step_thrift(state, price_ratio=np.array([price * factor]), parameters=parameters)
            least = min(least, float(state.intensity_ratio[0]))
            assert parameters.thrift_floor_ratio - 1e-12 <= state.intensity_ratio[0] <= 1.0
        ends.append(least)
    assert ends[1] <= ends[0] + 1e-12
