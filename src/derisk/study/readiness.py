"""Readiness: whether the dataset can answer a scenario, and the dataset with the scenario's own figures in it."""

from __future__ import annotations

from dataclasses import replace

from derisk.data import Dataset
from derisk.errors import InputError, Problem, ScenarioError
from derisk.scenario import Scenario
from derisk.study.assumptions import user_figures


def ready_dataset(scenario: Scenario, dataset: Dataset) -> Dataset:
    """The dataset that the scenario's network is built from: the scenario's own figures in it, asked about the goods
    that a measure names. What no measure reaches stays at its base and is left out.

    Raises:
        ScenarioError: trade or prices of the base year are not known, or an assumption fits no row; with file and line.
    """
    years = dataset.base_years()
    if scenario.base_year not in years:
        line = f"line {scenario.base_year_line}" if scenario.base_year_line else ""
        raise ScenarioError(
            Problem(
                f"the dataset cannot balance the base year {scenario.base_year}",
                where=", ".join(part for part in (scenario.file or scenario.name, line, "base_year") if part),
                allowed=", ".join(str(year) for year in years),
                hint=f"write 'base_year: {years[-1]}'" if years else "build a dataset with trade and price rows",
                line=scenario.base_year_line,
                key="base_year",
            )
        )
    dataset = dataset.about(dict.fromkeys(good for measure in scenario.measures for good in measure.goods))
    if not scenario.assumptions:
        return dataset
    try:
        return dataset.with_assumptions(user_figures(scenario))
    except InputError as error:
        raise ScenarioError(*(_placed(problem, scenario) for problem in error.problems)) from None


def _placed(problem: Problem, scenario: Scenario) -> Problem:
    """The problem with the file's name, and its line as a number."""
    digits = problem.where.removeprefix("scenario line ")
    if not digits.isdecimal():
        return problem
    step = next((n for n, row in enumerate(scenario.assumptions) if row.line == int(digits)), 0)
    key = f"assume[{step}]"
    where = f"{scenario.file or scenario.name}, line {digits}, {key}"
    return replace(problem, where=where, line=int(digits), key=key)
