"""Estimate: the few global parameters, once, on all cases together; without each case in turn; and how sure they are.

    python -m derisk.backtest.estimate

writes `estimates.json` beside this file and the values into `derisk/path/parameters.csv`. The objective is equation
(15.6) of docs/theory/backtest.md: log errors by Huber's function, the mean within each case and then over cases, and a
penalty for leaving what publications say. It is minimised by steps along differences, with a fixed
number of evaluations at most.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import qmc

from derisk.backtest.cases import load_cases
from derisk.backtest.central import Episode, episodes
from derisk.backtest.estimates import FILE, Estimate, Estimates, ModelError, into_table
from derisk.backtest.given import load_volumes
from derisk.backtest.priors import Prior, load_priors, values_at
from derisk.backtest.run import FROM_TEXT
from derisk.backtest.scores import OFFSET, Forecast
from derisk.data import load_dataset
from derisk.ensemble import default_workers
from derisk.errors import DeriskError

Floats = NDArray[np.float64]

PENALTY_WEIGHT: Final = math.log(2.0) ** 2 / 10.0
"""Weight of the priors: as if each of five cases said twice what it says, each time with an error of a factor of 2."""
FAR: Final = 2.5
"""Standard deviations from the priors' centres beyond which no parameter is looked for."""
LARGEST_ERROR: Final = math.log(20.0)
"""A row counts no more than an error by this factor, and as much where a month has no equilibrium."""
BEND: Final = math.log(3.0)
"""Errors beyond this factor count in proportion, smaller ones squared: a bubble is no hundred times as telling."""
SPREAD: Final = 8
"""Evaluations spread evenly before the search."""
ROUNDS: Final = 2
"""Most rounds of the search: each takes an evaluation a parameter, and three."""
STEP: Final = 0.25
"""Standard deviations of a prior by which a parameter is moved to see how errors move."""
LEAST_GAIN: Final = 0.001
"""A round that gains less in the objective is the last."""
SEED: Final = 7
_NINE_TENTHS: Final = 1.645

Progress = Callable[[str, int, float], None]
"""Called with what is searched, evaluations so far and the best objective."""


@dataclass(slots=True)
class Errors:
    """Log errors of every row at every place evaluated: what all searches share."""

    episodes: Sequence[Episode]
    priors: Sequence[Prior]
    workers: int = 1
    known: dict[tuple[float, ...], dict[str, list[float]]] = field(default_factory=dict)
    """Place to case to errors."""

    def at(self, place: Floats, cases: Iterable[str]) -> dict[str, list[float]]:
        """Errors of some cases at a place, in standard deviations from the priors' centres."""
        key = tuple(round(float(step), 9) for step in place)
        found = self.known.setdefault(key, {})
        wanted = [case for case in dict.fromkeys(cases) if case not in found]
        if wanted:
            parameters = values_at(self.priors, np.array(key))
            jobs = [episode for episode in self.episodes if episode.case.name in wanted]
            with ThreadPoolExecutor(max_workers=self.workers) as pool:
                rows = list(pool.map(lambda episode: errors_of(episode, parameters), jobs))
            for case in wanted:
                found[case] = [error for job, row in zip(jobs, rows) if job.case.name == case for error in row]
        return {case: found[case] for case in cases}

    def objective(self, place: Floats, cases: Sequence[str]) -> float:
        """Equation (15.6) over some cases."""
        errors = self.at(place, cases)
        fit = float(np.mean([np.mean(_counted(errors[case])) for case in cases]))
        return fit + PENALTY_WEIGHT * float(place @ place)

    def best(self, cases: Sequence[str]) -> Floats:
        """The best place evaluated so far."""
        whole = [key for key, found in self.known.items() if all(case in found for case in cases)]
        return np.array(min(whole, key=lambda key: (self.objective(np.array(key), cases), key)))


def errors_of(episode: Episode, parameters: Mapping[str, float]) -> list[float]:
    """The log error of every scored row of an episode; the largest that counts where there is no equilibrium."""
    try:
        forecasts = episode.forecasts(parameters)
    except DeriskError:
        return [LARGEST_ERROR] * len(scored_kinds(episode))
    return [counted_error(forecast) for forecast in forecasts if forecast.scored]


def counted_error(forecast: Forecast) -> float:
    """The log error as the objective counts it: limited, and near zero where nothing was observed."""
    if forecast.predicted is None or not math.isfinite(forecast.predicted):
        return LARGEST_ERROR
    if forecast.observed <= 0.0:
        error = math.log((forecast.predicted + OFFSET) / OFFSET) if forecast.direction_right is False else 0.0
    else:
        error = forecast.log_error or 0.0
    return float(np.clip(error, -LARGEST_ERROR, LARGEST_ERROR))


def _counted(errors: Sequence[float] | Floats) -> Floats:
    """Huber's function: squares up to `BEND`, straight lines of the same slope beyond."""
    size = np.abs(np.asarray(errors, dtype=np.float64))
    return np.where(size <= BEND, size * size, BEND * (2.0 * size - BEND))


def spread_out(errors: Errors, cases: Sequence[str], *, count: int = SPREAD, progress: Progress | None = None) -> None:
    """Evaluate the priors' centre and places spread evenly about it."""
    dimensions = len(errors.priors)
    sobol = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(SEED))
    places = [np.zeros(dimensions), *((2.0 * sobol.random(count) - 1.0) * 1.5)]
    for step, place in enumerate(places, start=1):
        errors.at(place, cases)
        if progress:
            progress("spread", step, errors.objective(errors.best(cases), cases))


def search(errors: Errors, cases: Sequence[str], *, rounds: int, progress: Progress | None = None) -> Floats:
    """The place with the least objective that rounds of linear steps meet, from the best known."""
    place = errors.best(cases)
    for made in range(rounds):
        before = errors.objective(place, cases)
        place = linear_step(errors, place, slopes_at(errors, place, cases), cases)
        if progress:
            progress("search", made + 1, errors.objective(place, cases))
        if before - errors.objective(place, cases) < LEAST_GAIN:
            break
    return place


def linear_step(errors: Errors, place: Floats, slopes: Mapping[str, Floats], cases: Sequence[str]) -> Floats:
    """Towards the minimum of the objective if errors were linear in the parameters, as far as that holds.

    Steps of a quarter, half and the whole of the way are evaluated; the best of them and of the place is taken.
    """
    there = errors.at(place, cases)

    def linear(at: Floats) -> float:
        moved = [np.array(there[case]) + slopes[case] @ (at - place) for case in cases]
        return float(np.mean([np.mean(_counted(rows)) for rows in moved])) + PENALTY_WEIGHT * float(at @ at)

    aim = minimize(linear, place, method="L-BFGS-B", bounds=[(-FAR, FAR)] * place.size).x
    tried = [place + share * (aim - place) for share in (0.0, 0.25, 0.5, 1.0)]
    return min(tried, key=lambda at: errors.objective(at, cases))


def slopes_at(errors: Errors, place: Floats, cases: Sequence[str]) -> dict[str, Floats]:
    """Derivatives of each case's errors by differences, towards the priors' centres, (row, parameter)."""
    there = errors.at(place, cases)
    columns: dict[str, list[Floats]] = {case: [] for case in cases}
    for index in range(place.size):
        moved = place.copy()
        moved[index] += STEP if place[index] <= 0.0 else -STEP
        found, by = errors.at(moved, cases), moved[index] - place[index]
        for case in cases:
            columns[case].append((np.array(found[case]) - np.array(there[case])) / by)
    return {case: np.stack(columns[case], axis=1) for case in cases}


def spread_of(errors: Errors, place: Floats, slopes: Mapping[str, Floats]) -> Floats:
    """Covariance of the place (equation 15.7): curvature of the fit, and the priors'.

    Returns:
        (parameter, parameter) in squared standard deviations of the priors.
    """
    precision: Floats = np.eye(place.size)
    for case, found in errors.at(place, tuple(slopes)).items():
        size = np.abs(np.array(found))
        bent = np.where(size <= BEND, 1.0, BEND / np.sqrt(np.maximum(_counted(found), BEND**2)))  # of the signed root
        root = slopes[case] * bent[:, np.newaxis] / math.sqrt(size.size * len(slopes))
        precision = np.asarray(precision + root.T @ root / PENALTY_WEIGHT, dtype=np.float64)
    covariance: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    return covariance


def estimate(
    errors: Errors,
    *,
    spread: int = SPREAD,
    progress: Progress | None = None,
) -> Estimates:
    """Search on all cases, then without each in turn.

    Args:
        errors: the episodes and the priors.
        spread: evaluations spread evenly before the search.
        progress: called after each evaluation.
    """
    cases = tuple(dict.fromkeys(episode.case.name for episode in errors.episodes))
    spread_out(errors, cases, count=spread, progress=progress)
    place = search(errors, cases, rounds=ROUNDS, progress=progress)
    slopes = slopes_at(errors, place, cases)
    half_width = _NINE_TENTHS * np.sqrt(np.diag(spread_of(errors, place, slopes)))
    others = {case: tuple(other for other in cases if other != case) for case in cases}
    left = {
        case: linear_step(errors, place, slopes, rest) if rest else np.zeros(place.size)  # the priors alone
        for case, rest in others.items()
    }
    centre = np.zeros(place.size)
    rows = []
    for index, prior in enumerate(errors.priors):
        value, low, high = (prior.value_at(place[index] + side * half_width[index]) for side in (0.0, -1.0, 1.0))
        values_without = {case: prior.value_at(left[case][index]) for case in cases}
        rows.append(Estimate(prior.name, prior.value, prior.low, prior.high, value, low, high, values_without))
    return Estimates(
        parameters=tuple(rows),
        objective=errors.objective(place, cases),
        fit=_fit(errors, place, cases),
        objective_at_priors=errors.objective(centre, cases),
        fit_at_priors=_fit(errors, centre, cases),
        fit_without={case: _fit(errors, left[case], (case,)) for case in cases},
        fit_within={case: _fit(errors, place, (case,)) for case in cases},
        model_error=model_error(errors, place, cases),
        model_error_without={case: model_error(errors, left[case], rest) for case, rest in others.items()},
        evaluations=len(errors.known),
        seed=SEED,
        penalty_weight=PENALTY_WEIGHT,
    )


def model_error(errors: Errors, place: Floats, cases: Sequence[str]) -> ModelError:
    """Standard deviations of the log errors of tonnes and of prices (equation 15.8), each case counting alike."""
    kinds: dict[str, list[bool]] = {case: [] for case in cases}
    for episode in errors.episodes:
        kinds.get(episode.case.name, []).extend(scored_kinds(episode))
    found = errors.at(place, cases)

    def sd(of_tonnes: bool) -> float:
        rows = [[e for e, kind in zip(found[case], kinds[case]) if kind == of_tonnes] for case in cases]
        counted = [float(np.mean(_counted(row))) for row in rows if row]
        return math.sqrt(float(np.mean(counted))) if counted else 0.0

    return ModelError(tonnes=sd(True), price=sd(False))


def scored_kinds(episode: Episode) -> list[bool]:
    """Whether each scored row of an episode is of tonnes."""
    kinds = [row.reading.of_tonnes for row in episode.case.observations]
    return kinds if episode.mode == FROM_TEXT else [kind for kind in kinds if not kind]


def _fit(errors: Errors, place: Floats, cases: Sequence[str]) -> float:
    return errors.objective(place, cases) - PENALTY_WEIGHT * float(place @ place)


def main() -> None:
    """Estimate on the package's cases; write the record and the table of parameters."""
    argparse.ArgumentParser(prog="python -m derisk.backtest.estimate", description=main.__doc__).parse_args()
    cases = load_cases()
    errors = Errors(episodes(cases, load_volumes(), load_dataset()), load_priors(), workers=default_workers())

    def show(what: str, made: int, best: float) -> None:
        sys.stderr.write(f"{what}: {made} evaluations, objective {best:.4f}\n")

    found = estimate(errors, progress=show)
    here = Path(__file__).resolve().parent
    found.write(here / FILE)
    table = here.parent / "path" / "parameters.csv"
    table.write_text(into_table(table.read_text(encoding="utf-8"), found), encoding="utf-8")
    for row in found.parameters:
        sys.stdout.write(f"{row.name}: {row.value:.3g} ({row.low:.3g} to {row.high:.3g}), prior {row.prior:g}\n")


if __name__ == "__main__":
    main()
