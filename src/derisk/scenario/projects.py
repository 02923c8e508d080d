"""Projects: a measure that names one of the dataset's projects takes from it what the file leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from derisk.errors import Problem, unknown_word
from derisk.scenario.document import Document, Path, key_of
from derisk.scenario.months import is_month, month_number
from derisk.scenario.schema import Scenario
from derisk.vocabulary.goods import GOODS, PARTS

CHANCE_OF_STATUS: Final[Mapping[str, float]] = {
    "operating": 1.0,
    "ramping": 1.0,
    "commissioning": 0.95,
    "construction": 0.8,
    "planned": 0.4,
    "pilot": 0.3,
    "study": 0.2,
    "stalled": 0.1,
    "exploration": 0.05,
}
"""Probability that a project of a status is built as announced: assumed, as no count of outcomes was found."""
DEFAULT_COST_RATIO: Final = {"triangular": [0.6, 0.9, 1.2]}
"""Unit cost over base price of a project without a stated one, assumed: built for a price near today's."""
_ANYTHING: Final = {"by": "USA", "goods": "gallium", "capacity_t_per_year": 1.0, "lead_time_months": 0.0}


def fill_projects(document: Document) -> tuple[Document, tuple[Problem, ...]]:
    """The document with every measure that names a project filled in from the dataset's table of projects.

    Returns:
        The document, and what is wrong with the projects: an unknown one, one that ran before the base year, one that
        lacks what the file lacks too. Such a measure is filled with words that mean nothing, so that its other faults
        are found at once.
    """
    rows = document.data.get("measures")
    if not isinstance(rows, list) or not any(_names_project(row) for row in rows):
        return document, ()
    problems: list[Problem] = []
    base_year = document.data.get("base_year", Scenario.model_fields["base_year"].default)
    filled = [_filled(row, ("measures", step), document, base_year, problems) for step, row in enumerate(rows)]
    return replace(document, data={**document.data, "measures": filled}), tuple(problems)


def _names_project(row: object) -> bool:
    return isinstance(row, dict) and row.get("kind") in ("new_capacity", "investment_grant") and "project" in row


def _filled(row: Any, path: Path, document: Document, base_year: object, problems: list[Problem]) -> Any:
    if not _names_project(row):
        return row
    name, place = str(row["project"]), (*path, "project")
    project = _projects().get(name)
    if project is None:
        known = unknown_word("project", name, tuple(_projects()), listing="derisk data projects")
        problems.append(_placed(known, document, place))
        return _with_anything(row)
    if row["kind"] == "new_capacity" and _runs_already(project, base_year):
        what = f"project {name}, {project['project']}, ran in the base year already"
        hint = "leave 'project' out and state what is added to it"
        problems.append(_placed(Problem(what=what, allowed="projects that start later", hint=hint), document, place))
        return _with_anything(row)
    if row["kind"] == "new_capacity":
        filled = {**_from_project(project, row), **_narrowed(row, project)}
        lacking = _lacking(filled, name, project)
        problems.extend(
            replace(_placed(problem, document, place), key=key_of((*path, problem.key))) for problem in lacking
        )
        return _with_anything(filled) if lacking else filled
    return {"by": project["country"].split(";"), "goods": project["good"], **_narrowed(row, project)}


def _with_anything(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with a lawful word for every key that a plant must have and it lacks."""
    return {**_ANYTHING, **({} if "unit_cost_usd_per_t" in row else {"unit_cost_ratio": 1.0}), **row}


def _lacking(row: Mapping[str, Any], name: str, project: Mapping[str, Any]) -> list[Problem]:
    """What a plant must have that neither the project nor the file states, and what to write."""
    told = f"project {name}, {project['project']}, states no"
    good = row["goods"]
    lacking = []
    if "capacity_t_per_year" not in row:
        hint = "add 'capacity_t_per_year: ...' to the measure, and to 'why' what the figure rests on"
        allowed = f"tonnes of {good} a year, a number or a range"
        lacking.append(Problem(f"{told} capacity", allowed=allowed, hint=hint, key="capacity_t_per_year"))
    if "lead_time_months" not in row and is_month(row.get("from")):
        hint = "add 'lead_time_months: ...' to the measure"
        allowed = f"months from {row['from']} to the first tonne, a number or a range"
        lacking.append(Problem(f"{told} year of start", allowed=allowed, hint=hint, key="lead_time_months"))
    return lacking


def _narrowed(row: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    """The row, with the good of a project where it names the wider one: rare-earth ore of a clay is the clay's."""
    good = project["good"] or ""
    wider = good in PARTS and row.get("goods") in (GOODS[good].part_of, [GOODS[good].part_of])
    return {**row, "goods": good} if wider else dict(row)


def _placed(problem: Problem, document: Document, path: Path) -> Problem:
    hint, key = problem.hint or "derisk data projects lists them", f"measures[{path[1]}].project"
    return replace(problem, where=document.where(path), hint=hint, line=document.line(path), key=key)


def _runs_already(project: Mapping[str, Any], base_year: object) -> bool:
    """Whether it ran in a base year; what is no year is another check's to refuse."""
    start = project["expected_start"]
    if project["status"] != "operating" or not isinstance(base_year, int):
        return False
    return not start or int(start) <= base_year


def _from_project(project: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a `new_capacity` as the project states them; what it does not state is left out."""
    keys: dict[str, Any] = {"by": project["country"].split(";"), "goods": project["good"]}
    for stem, unit in (("capacity", "t_per_year"), ("capital_cost", "musd")):
        low, central, high = (project[f"{stem}_{end}{unit}"] for end in ("low_", "", "high_"))
        if central and low and high:
            keys[f"{stem}_{unit}"] = {"triangular": [float(low), float(central), float(high)]}
        elif central:
            keys[f"{stem}_{unit}"] = float(central)
    if project["expected_start"] and is_month(row.get("from")):
        first = month_number(f"{int(project['expected_start'])}-01") - month_number(str(row["from"]))
        early, late = max(0, first), max(0, first + 11)
        keys["lead_time_months"] = {"uniform": [early, late]} if late > early else early
    keys["probability"] = CHANCE_OF_STATUS[project["status"]]
    if "unit_cost_usd_per_t" not in row and "unit_cost_ratio" not in row:
        keys["unit_cost_ratio"] = DEFAULT_COST_RATIO
    return keys


@cache
def _projects() -> Mapping[str, Mapping[str, Any]]:
    """Projects of the dataset by id; an empty cell is None."""
    from derisk.data import load_dataset
    from derisk.data.dataset import plain_records

    return {str(record["project_id"]): record for record in plain_records(load_dataset().projects())}
