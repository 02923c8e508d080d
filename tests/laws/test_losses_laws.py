"""Laws of losses, for any sectors and shortfalls: bounded, sub-additive, zero without shortage; transfers sum to zero."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from loss_cases import Sectors

from derisk.losses import shortfall_share, shortfall_t, spread, value_added_at_risk

ROWS, REGIONS, USES = 12, 2, 3
SHARE = st.floats(0.0, 1.0, allow_subnormal=False)
TONNES = st.floats(0.0, 1e6, allow_subnormal=False)


def sectors(value_added: np.ndarray, dependence: np.ndarray) -> Sectors:
    place = np.arange(ROWS) % (REGIONS * USES)
    return Sectors(value_added, dependence, place // USES, place % USES)


WORLDS = st.builds(sectors, arrays(float, (REGIONS, USES), elements=TONNES), arrays(float, ROWS, elements=SHARE))
SHARES = arrays(float, ROWS, elements=SHARE)
LAWS = settings(max_examples=60, derandomize=True, deadline=None)


@LAWS
@given(WORLDS, SHARES)
def test_a_sector_loses_at_most_what_it_makes(world, share):
    lost = value_added_at_risk(world, shortfall_share=share).lost_musd
    assert (lost >= 0).all()
    assert (lost <= world.value_added_musd / 12 * (1 + 1e-12)).all()


@LAWS
@given(WORLDS, SHARES, SHARES)
def test_losses_are_subadditive_over_shortfalls(world, first, second):
    first, second = np.where(np.arange(ROWS) < 6, first, 0.0), np.where(np.arange(ROWS) < 6, 0.0, second)
    both = value_added_at_risk(world, shortfall_share=first + second).lost_musd
    alone = [value_added_at_risk(world, shortfall_share=share).lost_musd for share in (first, second)]
    assert (both <= sum(alone) + 1e-9).all()
    assert (both >= np.maximum(*alone) - 1e-9).all()


@LAWS
@given(WORLDS, SHARES, SHARES)
def test_more_shortage_never_costs_less(world, share, more):
    less = value_added_at_risk(world, shortfall_share=share * more).lost_musd
    assert (less <= value_added_at_risk(world, shortfall_share=share).lost_musd + 1e-9).all()


@LAWS
@given(arrays(float, ROWS, elements=TONNES), arrays(float, ROWS, elements=TONNES), SHARES)
def test_shortfall_lies_between_nothing_and_what_is_wanted(use, base, ratio):
    short = shortfall_t(use_t=use, base_use_t=base, demand_ratio=ratio)
    share = shortfall_share(shortfall=short, base_use_t=base, demand_ratio=ratio)
    assert (short >= 0).all()
    assert (short <= base * ratio + 1e-9).all()
    assert ((share >= 0) & (share <= 1)).all()
    assert (short[use >= base * ratio] == 0).all()


@LAWS
@given(arrays(float, st.integers(1, 40), elements=st.floats(-1e9, 1e9)))
def test_spread_is_ordered(values):
    result = spread(values)
    assert result["p05"] <= result["p50"] <= result["p95"] <= result["cvar95"] + 1e-6 * abs(result["p95"]) + 1e-9
    assert values.min() - 1e-3 <= result["mean"] <= values.max() + 1e-3
