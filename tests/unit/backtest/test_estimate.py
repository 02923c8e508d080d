"""The search for global parameters, on episodes whose errors are known in closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from derisk.backtest.estimate import (
    BEND,
    LARGEST_ERROR,
    PENALTY_WEIGHT,
    Errors,
    counted_error,
    estimate,
    slopes_at,
    spread_of,
)
from derisk.backtest.estimates import into_table
from derisk.backtest.priors import Prior, load_priors, places_of, values_at
from derisk.backtest.scores import Forecast
from derisk.errors import EquilibriumError, Problem

PRIORS = (Prior("elasticity_ratio", 1.0, 0.25, 4.0, "log"), Prior("refile_share", 0.5, 0.1, 0.9, "logit"))


@dataclass
class LinearEpisode:
    """Predicts exp(a·place) for an observation: its log error is linear in the parameters' places."""

    name: str
    slopes: tuple[float, float]
    observed: float
    fails: bool = False
    mode: str = "from-text"
    calls: list[float] = field(default_factory=list)

    @property
    def case(self):
        reading = SimpleNamespace(of_tonnes=False)
        return SimpleNamespace(name=self.name, observations=(SimpleNamespace(reading=reading),))

    def forecasts(self, parameters):
        self.calls.append(parameters["elasticity_ratio"])
        if self.fails:
            raise EquilibriumError(Problem("none"))
        place = places_of(PRIORS, parameters)
        return [price(self.observed, math.exp(float(np.dot(self.slopes, place))), case=self.name)]


def price(observed, predicted, *, case="A", of_tonnes=False):
    return Forecast(
        case=case,
        metric="price",
        mode="from-text",
        month="2020-01",
        observed=observed,
        predicted=predicted,
        low=predicted,
        high=predicted,
        draws_low=predicted,
        draws_high=predicted,
        naive_no_change=1.0,
        naive_lost_share=1.0,
        of_tonnes=of_tonnes,
        scored=True,
    )


def test_the_estimate_is_where_a_linear_model_has_its_minimum():
    episodes = [LinearEpisode("A", (0.5, 0.0), 2.0), LinearEpisode("B", (0.0, 0.5), 0.6)]
    errors = Errors(episodes, PRIORS)
    found = estimate(errors, spread=8)
    slopes = np.diag([0.5, 0.5]) / math.sqrt(2.0)
    wanted = np.linalg.solve(
        slopes.T @ slopes + PENALTY_WEIGHT * np.eye(2), slopes.T @ np.log([2.0, 0.6]) / math.sqrt(2.0)
    )
    assert places_of(PRIORS, found.values()) == pytest.approx(wanted, abs=0.01)
    assert found.objective <= found.objective_at_priors
    without_a = places_of(PRIORS, found.values_without("A"))
    assert without_a[0] == pytest.approx(0.0, abs=0.01)  # nothing but the prior speaks of it
    assert found.fit_without["A"] > found.fit_within["A"]
    ranges = {row.name: (row.low, row.value, row.high) for row in found.parameters}
    assert all(low < value < high for low, value, high in ranges.values())


def test_the_spread_is_the_posterior_of_a_linear_model():
    episodes = [LinearEpisode("A", (0.5, 0.2), 2.0), LinearEpisode("B", (0.0, 0.5), 0.6)]
    errors = Errors(episodes, PRIORS)
    slopes = np.array([[0.5, 0.2], [0.0, 0.5]]) / math.sqrt(2.0)
    wanted = np.linalg.inv(slopes.T @ slopes / PENALTY_WEIGHT + np.eye(2))
    found = slopes_at(errors, np.zeros(2), ("A", "B"))
    assert found["A"] == pytest.approx(np.array([[0.5, 0.2]]))
    assert spread_of(errors, np.zeros(2), found) == pytest.approx(wanted)


def test_large_errors_tell_less_of_the_parameters():
    near, far = (LinearEpisode("A", (0.5, 0.0), observed) for observed in (2.0, 15.0))
    wide, narrow = (
        spread_of(errors, np.zeros(2), slopes_at(errors, np.zeros(2), ("A",)))[0, 0]
        for errors in (Errors([far], PRIORS), Errors([near], PRIORS))
    )
    assert wide > narrow


def test_a_place_is_solved_once():
    episode = LinearEpisode("A", (0.5, 0.0), 2.0)
    errors = Errors([episode], PRIORS)
    place = np.array([0.3, -0.2])
    assert errors.objective(place, ("A",)) == errors.objective(place, ("A",))
    assert len(episode.calls) == 1


def test_an_episode_without_equilibrium_counts_the_largest_error():
    errors = Errors([LinearEpisode("A", (0.5, 0.0), 2.0, fails=True)], PRIORS)
    straight = BEND * (2.0 * LARGEST_ERROR - BEND)
    assert errors.objective(np.zeros(2), ("A",)) == pytest.approx(straight)


@pytest.mark.parametrize(
    ("observed", "predicted", "of_tonnes", "expected"),
    [
        (2.0, 4.0, False, math.log(2.0)),
        (2.0, None, False, LARGEST_ERROR),
        (1.0, 1e9, False, LARGEST_ERROR),
        (1.0, 1e-9, False, -LARGEST_ERROR),
        (0.0, 0.1, True, 0.0),
        (0.0, 0.19, True, math.log(20.0)),
        (0.0, 0.11, True, math.log(12.0)),
    ],
)
def test_errors_that_count(observed, predicted, of_tonnes, expected):
    assert counted_error(price(observed, predicted, of_tonnes=of_tonnes)) == pytest.approx(expected)


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.scale)
def test_places_and_values_are_each_others_way_back(prior):
    assert prior.place(prior.value) == 0.0
    assert prior.value_at(0.0) == pytest.approx(prior.value)
    assert prior.value_at(prior.place(0.7)) == pytest.approx(0.7)
    assert prior.place(prior.high) - prior.place(prior.low) == pytest.approx(2.0 * 1.645)


def test_shipped_priors_lie_in_their_ranges_and_are_parameters_of_the_path():
    from derisk.path.parameters import NAMES

    for prior in load_priors():
        assert prior.name in NAMES
        assert prior.low < prior.value < prior.high
        assert values_at([prior], np.zeros(1))[prior.name] == pytest.approx(prior.value)


def test_estimates_go_into_the_table_of_parameters():
    errors = Errors([LinearEpisode("A", (0.5, 0.0), 2.0)], PRIORS)
    found = estimate(errors, spread=2)
    text = "name,value,low,high,unit,status,source,note\nrefile_share,0.5,0.1,0.9,share,assumed,x,y\nother,1,1,1,t,assumed,x,y\n"
    head, refile, other = into_table(text, found).splitlines()
    assert head == text.splitlines()[0]
    assert other == "other,1,1,1,t,assumed,x,y"
    assert refile.startswith("refile_share,0.5,")
    assert ",estimated," in refile
    assert "before the cases 0.5 (0.1 to 0.9)" in refile
