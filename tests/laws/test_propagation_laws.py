"""Laws of propagation: nothing from nothing, never less than the first round, more from more."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derisk.data.input_output import input_output
from derisk.losses.accounts import Accounts, accounts_of
from derisk.losses.economy_wide import carry_losses
from derisk.losses.propagation import propagate
from derisk.vocabulary.uses import USES

INDUSTRIES = 6


@cache
def united_states() -> Accounts:
    """The accounts that the package carries."""
    return accounts_of(input_output(), country="USA")


def random_accounts(seed: int) -> Accounts:
    """A productive economy: at most nine tenths of an output is bought of others."""
    random = np.random.default_rng(seed)
    whole = random.random((INDUSTRIES, INDUSTRIES)) * (random.random((INDUSTRIES, INDUSTRIES)) < 0.6)
    whole *= 0.9 * random.random(INDUSTRIES) / np.maximum(whole.sum(axis=0), 1e-9)
    home = whole * random.random((INDUSTRIES, INDUSTRIES))
    output = random.uniform(10.0, 1_000.0, INDUSTRIES)
    names = tuple(f"industry {n}" for n in range(INDUSTRIES))
    added = output * (1.0 - whole.sum(axis=0))
    return Accounts("USA", "2023", tuple(map(str, range(INDUSTRIES))), names, output, added, home, whole - home)


shares = st.lists(st.just(0.0) | st.floats(1e-9, 1.0), min_size=INDUSTRIES, max_size=INDUSTRIES).map(np.array)
"""An industry stands still to a share that rounding does not lose, or not at all."""
economies = st.integers(0, 10_000).map(random_accounts)
thresholds = st.sampled_from((0.0, 0.02, 0.1, 1.0))


@settings(max_examples=60, deadline=None)
@given(economies, thresholds)
def test_no_shortfall_no_loss(accounts: Accounts, threshold: float) -> None:
    lost = propagate(accounts, stopped_share=np.zeros(INDUSTRIES), binding_cost_share=threshold)
    assert not lost.total_musd.any()


@settings(max_examples=60, deadline=None)
@given(economies, shares, thresholds)
def test_never_less_than_the_first_round_nor_more_than_all_there_is(
    accounts: Accounts, stopped: np.ndarray, threshold: float
) -> None:
    lost = propagate(accounts, stopped_share=stopped, binding_cost_share=threshold)
    for part in (lost.first_round_musd, lost.downstream_musd, lost.upstream_musd):
        assert (part >= -1e-9).all()
    assert (lost.total_musd >= accounts.value_added_musd * stopped - 1e-9).all()
    assert (lost.total_musd <= accounts.value_added_musd + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(economies, shares, st.floats(0.0, 1.0))
def test_more_stops_more_is_lost_where_only_suppliers_feel_it(
    accounts: Accounts, stopped: np.ndarray, part: float
) -> None:
    more = propagate(accounts, stopped_share=stopped)
    less = propagate(accounts, stopped_share=part * stopped)
    assert less.total_musd.sum() <= more.total_musd.sum() + 1e-6


@settings(max_examples=60, deadline=None)
@given(economies, shares)
def test_the_more_inputs_bind_the_further_output_falls(accounts: Accounts, stopped: np.ndarray) -> None:
    falls = [
        propagate(accounts, stopped_share=stopped, binding_cost_share=threshold).downstream_musd.sum()
        for threshold in (1.0, 0.1, 0.02, 0.0)
    ]
    assert falls[0] == pytest.approx(0.0, abs=1e-9)
    assert all(a <= b + 1e-9 for a, b in pairwise(falls))


@settings(max_examples=30, deadline=None)
@given(economies, shares)
def test_suppliers_lose_what_leontief_says(accounts: Accounts, stopped: np.ndarray) -> None:
    """With the constrained outputs given, free outputs meet all remaining demand, where none would have to be negative."""
    lost = propagate(accounts, stopped_share=stopped)
    assume((lost.upstream_musd < accounts.value_added_musd).all())
    free = stopped == 0.0
    output = accounts.output_musd * (1.0 - stopped)
    output[free] -= lost.upstream_musd[free] / accounts.value_added_musd[free] * accounts.output_musd[free]
    final = accounts.output_musd - accounts.requirements @ accounts.output_musd
    left = output - accounts.requirements @ output
    assert left[free] == pytest.approx(final[free], rel=1e-6, abs=1e-6)


lost_by_use = st.fixed_dictionaries({use: st.floats(0.0, 1_000.0) for use in USES})


@settings(max_examples=25, deadline=None)
@given(lost_by_use, st.integers(1, 24))
def test_money_of_the_uses_is_kept_and_only_grows(lost: dict[str, float], months: int) -> None:
    """The first round, over industries, is the loss of the uses; both ends hold it, industry by industry."""
    accounts = united_states()
    carried = carry_losses(accounts, lost_musd=lost, months=months)
    assert carried.first_round_musd.sum() == pytest.approx(sum(lost.values()), rel=1e-9, abs=1e-9)
    assert (carried.low_musd >= carried.first_round_musd - 1e-9).all()
    assert (carried.high_musd >= carried.low_musd - 1e-9).all()
    assert (carried.high_musd <= accounts.value_added_musd * months / 12.0 + 1e-6).all()


@settings(max_examples=25, deadline=None)
@given(lost_by_use, st.integers(1, 24))
def test_twice_the_loss_over_twice_the_time_is_twice_the_money(lost: dict[str, float], months: int) -> None:
    once = carry_losses(united_states(), lost_musd=lost, months=months)
    twice = carry_losses(united_states(), lost_musd={use: 2.0 * musd for use, musd in lost.items()}, months=2 * months)
    assert twice.low_musd == pytest.approx(2.0 * once.low_musd, rel=1e-9, abs=1e-9)
    assert twice.high_musd == pytest.approx(2.0 * once.high_musd, rel=1e-9, abs=1e-9)
