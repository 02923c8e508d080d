"""Run: cases become studies, studies become forecasts beside what was observed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from derisk.backtest.cases import Case, Observation, last_month
from derisk.backtest.estimates import ModelError, load_estimates
from derisk.backtest.given import Volume, given_volume
from derisk.backtest.metrics import Course, LagMonths, Tables, read_course
from derisk.backtest.scores import Floats, Forecast, interval, naive_lost_share
from derisk.data import Dataset, load_dataset
from derisk.errors import EquilibriumError, InputError, Problem
from derisk.network import Network, build_network
from derisk.path.shipping import months_between
from derisk.scenario import Scenario, load_scenario
from derisk.scenario.months import month_number
from derisk.study import Study, run_study
from derisk.study.readiness import ready_dataset

FROM_TEXT: Final = "from-text"
GIVEN_VOLUME: Final = "given-volume"
MODES: Final = {
    FROM_TEXT: "the act, its dates and the base year are known; tonnes and prices are forecast",
    GIVEN_VOLUME: "the controlled exports as they were are known; prices are forecast",
}
PICTURED: Final = 6
"""Months simulated after the last observation, for the picture."""
DRAWS: Final = 20
"""Draws of a case where the caller names none."""

Progress = Callable[[str, int, int], None]
"""Called with a case and its draws done and wanted."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case in one mode: forecasts, and how each reading ran over the months."""

    case: Case
    scenario: Scenario
    forecasts: tuple[Forecast, ...]
    courses: tuple[Course | None, ...]
    """One an observation; None where no draw reached equilibrium."""
    draws: int
    converged_draws: int
    failure: str
    """Why there are no forecasts, or nothing."""
    study: Study | None
    model_error: ModelError


def run_backtest(
    cases: Sequence[Case],
    volumes: Iterable[Volume] = (),
    *,
    mode: str = FROM_TEXT,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    dataset: Dataset | None = None,
    model_error: ModelError | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[CaseResult, ...]:
    """Run every case and read what a study says of each observed number.

    Args:
        cases: the episodes.
        volumes: tonnes that happened, for the mode `given-volume`.
        mode: one of `MODES`.
        draws: draws of a case.
        seed: seed of the draws, each scenario's own when None.
        workers: threads; all cores when None. The numbers do not depend on it.
        dataset: the reference dataset; the embedded one when None.
        model_error: how far the model itself is off; as estimated on the package's cases when None.
        out: folder that keeps each case's study; temporary ones when None.
        progress: called after each draw.

    Raises:
        ScenarioError: a case's scenario is wrong.
        InputError: a case reads months that its scenario does not simulate, or goods that nobody shipped.
    """
    dataset = load_dataset() if dataset is None else dataset
    model_error = load_estimates().model_error if model_error is None else model_error
    known = tuple(volumes)
    prepared = [(case, prepare(case, known, mode=mode)) for case in cases]
    results = []
    for case, scenario in prepared:
        results.append(
            _run_case(
                case,
                scenario,
                mode=mode,
                draws=DRAWS if draws is None else draws,
                seed=seed,
                workers=workers,
                dataset=dataset,
                model_error=model_error,
                out=out / case.name / mode if out else None,
                progress=progress,
            )
        )
    return tuple(results)


def prepare(case: Case, volumes: Iterable[Volume], *, mode: str, beyond: int = PICTURED) -> Scenario:
    """The scenario of a case in a mode, some months beyond the last observation: later ones change nothing before.

    Raises:
        InputError: an observation lies after the last month that the scenario simulates.
    """
    scenario = load_scenario(case.scenario)
    if last_month(case) >= scenario.end:
        raise InputError(
            Problem(
                f"'{case.name}' observes {last_month(case)}, the scenario ends before {scenario.end}",
                where=case.place,
                allowed="observations in months that the scenario simulates",
                hint="lengthen the scenario's months",
            )
        )
    observed = month_number(last_month(case)) + 1 - month_number(scenario.start)
    scenario = scenario.model_copy(update={"months": min(scenario.months, observed + beyond)})
    if mode == FROM_TEXT:
        return scenario
    return given_volume(scenario, [volume for volume in volumes if volume.case == case.name])


def forecasts_of(
    case: Case, tables: Tables, *, mode: str, lag_months: LagMonths, model_error: ModelError
) -> list[tuple[Forecast, Course]]:
    """What the tables of a study say of each observation of a case."""
    courses: dict[tuple[object, ...], Course] = {}
    found = []
    for observation in case.observations:
        reading = observation.reading
        course = courses.get(reading.course) or read_course(tables, reading, lag_months=lag_months)
        courses[reading.course] = course
        found.append((_forecast(case, observation, course.at(reading), mode=mode, model_error=model_error), course))
    return found


def _run_case(
    case: Case,
    scenario: Scenario,
    *,
    mode: str,
    draws: int,
    seed: int | None,
    workers: int | None,
    dataset: Dataset,
    model_error: ModelError,
    out: Path | None,
    progress: Progress | None,
) -> CaseResult:
    def show(done: int, wanted: int) -> None:
        if progress:
            progress(case.name, done, wanted)

    try:
        study = run_study(scenario, dataset=dataset, out=out, draws=draws, seed=seed, workers=workers, progress=show)
    except EquilibriumError as error:
        empty = pd.Series(dtype=float)
        nothing = tuple(_forecast(case, row, empty, mode=mode, model_error=model_error) for row in case.observations)
        reason = error.problems[0].what
        return CaseResult(case, scenario, nothing, (None,) * len(nothing), draws, 0, reason, None, model_error)
    network = build_network(ready_dataset(scenario, dataset), base_year=scenario.base_year)
    found = forecasts_of(case, study, mode=mode, lag_months=lag_between(network), model_error=model_error)
    summary = study.summary
    return CaseResult(
        case=case,
        scenario=scenario,
        forecasts=tuple(forecast for forecast, _ in found),
        courses=tuple(course for _, course in found),
        draws=int(summary["draws"]),
        converged_draws=int(summary["converged_draws"]),
        failure="",
        study=study,
        model_error=model_error,
    )


def lag_between(network: Network) -> LagMonths:
    """Months under way between two regions of a network."""
    place = {region: index for index, region in enumerate(network.regions)}
    months = months_between(network)

    def lag(origin: str, destination: str) -> float:
        return float(months[place[origin], place[destination]])

    return lag


def _forecast(
    case: Case, observation: Observation, drawn: pd.Series[float], *, mode: str, model_error: ModelError
) -> Forecast:
    values: Floats = np.asarray(drawn.dropna(), dtype=np.float64)
    of_tonnes = observation.reading.of_tonnes
    scored = mode == FROM_TEXT or not of_tonnes
    middle = low = high = draws_low = draws_high = None
    if len(values):
        middle = float(np.median(values))
        draws_low, draws_high = interval(values, 0.0, of_tonnes=of_tonnes)
        error_sd = model_error.sd(of_tonnes=of_tonnes) if scored else 0.0
        low, high = interval(values, error_sd, of_tonnes=of_tonnes)
    return Forecast(
        case=case.name,
        metric=observation.metric,
        mode=mode,
        month=observation.reading.months.last,
        observed=observation.observed,
        predicted=middle,
        low=low,
        high=high,
        draws_low=draws_low,
        draws_high=draws_high,
        naive_no_change=1.0,
        naive_lost_share=naive_lost_share(observation.lost_share, of_tonnes=of_tonnes),
        of_tonnes=of_tonnes,
        scored=scored,
    )
