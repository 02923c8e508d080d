"""Propagation by hand, and through the accounts the package carries."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from derisk.data.input_output import input_output
from derisk.errors import DatasetError, ShapeError
from derisk.losses.accounts import Accounts, accounts_of, stopped_by_uses
from derisk.losses.propagation import propagate
from derisk.vocabulary.uses import USES


@pytest.fixture(scope="module")
def united_states() -> Accounts:
    return accounts_of(input_output(), country="USA")


def chain() -> Accounts:
    """Ore mill -> magnet maker -> car maker; the mill's product is half home-made."""
    home, foreign = np.zeros((3, 3)), np.zeros((3, 3))
    home[0, 1], foreign[0, 1], home[1, 2] = 0.2, 0.2, 0.01
    added = np.array([100.0, 0.6 * 50.0, 0.99 * 200.0])
    names = ("mill", "magnets", "cars")
    return Accounts("USA", "2023", names, names, np.array([100.0, 50.0, 200.0]), added, home, foreign)


def test_a_supplier_feels_its_buyer() -> None:
    lost = propagate(chain(), stopped_share=np.array([0.0, 0.5, 0.0]))
    assert lost.first_round_musd == pytest.approx([0.0, 15.0, 0.0])
    assert lost.upstream_musd == pytest.approx([0.2 * 25.0, 0.0, 0.0])
    assert not lost.downstream_musd.any()


def test_an_input_binds_by_its_home_part() -> None:
    """The magnet maker loses the home half of its ore; cars need every magnet, small as its cost is."""
    lost = propagate(chain(), stopped_share=np.array([0.4, 0.0, 0.0]), binding_cost_share=0.01)
    assert lost.downstream_musd == pytest.approx([0.0, 30.0 * 0.2, 198.0 * 0.2])
    small = propagate(chain(), stopped_share=np.array([0.4, 0.0, 0.0]), binding_cost_share=0.02)
    assert small.downstream_musd == pytest.approx([0.0, 30.0 * 0.2, 0.0])


def test_the_last_of_a_long_chain_stops_with_the_first() -> None:
    """Each of sixty industries needs the one before: rounds are enough for the longest chain there is."""
    length = 60
    home = np.diag(np.full(length - 1, 0.5), k=1)
    names, output = tuple(f"step {step}" for step in range(length)), np.full(length, 100.0)
    long = Accounts("USA", "2023", names, names, output, np.full(length, 50.0), home, np.zeros_like(home))
    lost = propagate(long, stopped_share=np.eye(length)[0] * 0.3, binding_cost_share=0.1)
    assert lost.downstream_musd[1:] == pytest.approx(np.full(length - 1, 15.0), rel=1e-12)


def test_less_than_nothing_cannot_be_bought() -> None:
    made = chain()
    with pytest.raises(DatasetError, match="buys less than nothing"):
        dataclasses.replace(made, import_requirements=made.import_requirements - 0.1)


def test_accounts_of_the_united_states(united_states: Accounts) -> None:
    """Value added is output less all purchases; Leontief's inverse returns the outputs."""
    spent = united_states.requirements + united_states.import_requirements
    added = united_states.output_musd * (1.0 - spent.sum(axis=0))
    assert len(united_states.industries) == 71
    assert united_states.value_added_musd.sum() == pytest.approx(added.sum(), rel=0.01)
    assert united_states.value_added_musd.sum() == pytest.approx(27.7e6, rel=0.02)  # GDP of 2023, BEA


def test_uses_stop_the_industries_that_make_them(united_states: Accounts) -> None:
    stopped = stopped_by_uses(united_states, {"semiconductors": 0.1})
    at = united_states.industries.index("334")
    assert stopped[at] == pytest.approx(0.0199134)
    assert np.count_nonzero(stopped) == 1
    everything = stopped_by_uses(united_states, dict.fromkeys(USES, 1.0))
    assert everything[at] == pytest.approx(0.995, abs=0.006)


def test_semiconductors_propagate_between_their_bounds(united_states: Accounts) -> None:
    stopped = stopped_by_uses(united_states, {"semiconductors": 0.1})
    low = propagate(united_states, stopped_share=stopped)
    high = propagate(united_states, stopped_share=stopped, binding_cost_share=0.01)
    assert low.first_round_musd.sum() < low.total_musd.sum() < 3.0 * low.first_round_musd.sum()
    assert low.total_musd.sum() < high.total_musd.sum()


def test_what_is_wrong_is_named(united_states: Accounts) -> None:
    with pytest.raises(ShapeError, match="stopped_share"):
        propagate(united_states, stopped_share=np.zeros(3))
    with pytest.raises(ShapeError, match="binding_cost_share"):
        propagate(united_states, stopped_share=np.zeros(71), binding_cost_share=2.0)
    with pytest.raises(DatasetError, match="FRA"):
        accounts_of(input_output(), country="FRA")
    with pytest.raises(DatasetError, match="no industry"):
        stopped_by_uses(chain(), {"defence": 0.1})
