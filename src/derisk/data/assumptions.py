"""Assumptions: the user's own figures put in place of the chosen rows, with their own lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import numpy as np

from derisk.data.columns import Columns, Places
from derisk.data.fields import FIELDS, Field
from derisk.data.rows import KEY
from derisk.data.sources import Source
from derisk.errors import InputError, Problem, name_some, unknown_word

USER_SOURCE: Final = Source(
    id="user",
    title="The user's own figure",
    publisher="user",
    year=0,
    licence="the user's own",
    url="",
    shippable=False,
)
_AMOUNTS: Final = (
    "trade_value",
    "gdp",
    "value_added",
    "end_use_share",
    "output_share",
    "clay_output_share",
    "composition_share",
    "demand_share",
)
"""Fields, beside tonnages, whose rows are parts of a whole: one figure cannot stand for several of them."""


def replace_rows(rows: Columns, assumptions: Sequence[Mapping[str, Any]]) -> Columns:
    """Rows in which each assumption stands in place of the chosen rows it concerns.

    It concerns every period unless it names one. A parameter without, say, a region stands for all regions;
    an amount must name one row.

    Raises:
        InputError: an assumption concerns no row, or an amount several, or lies outside the field's bounds.
    """
    problems: list[Problem] = []
    for assumption in assumptions:
        words = {name: str(assumption[name]) for name in KEY if assumption.get(name) not in (None, "")}
        where = str(assumption.get("where", ""))
        if words.get("field") not in FIELDS:
            problems.append(unknown_word("field", words.get("field", ""), tuple(FIELDS), where=where))
            continue
        concerned = np.flatnonzero(rows.chosen)
        for name, word in words.items():
            concerned = concerned[rows.among(name, (word,), concerned)]
        problem = _problem(rows, concerned, words, assumption, where)
        if problem is None:
            rows = rows.changed(concerned, _cells(assumption, where))
        else:
            problems.append(problem)
    if problems:
        raise InputError(*problems)
    return rows


def _problem(
    rows: Columns, concerned: Places, words: Mapping[str, str], assumption: Mapping[str, Any], where: str
) -> Problem | None:
    field = FIELDS[words["field"]]
    about = ", ".join(words.values())
    if not len(concerned):
        return Problem(
            f"the dataset has no row for the assumption about {about}",
            where,
            _fields_there(rows, words) or "words of a row that the dataset has",
            f"derisk data table {field.table}",
        )
    for number in (assumption["value"], assumption.get("low"), assumption.get("high")):
        if number is not None and not _within(float(number), field.minimum, field.maximum):
            return Problem(
                f"{field.field} {number:g} lies outside its bounds", where, _bounds(field), "correct the value"
            )
        if field.field == "price" and number is not None and float(number) <= 0.0:
            return Problem(f"price {number:g} is not above 0", where, "a price above 0", "correct the value")
    if field.mass == "good" or field.field in _AMOUNTS:
        for name in ("good", "region", "partner", "use"):
            stated = sorted(set(rows.column(name, concerned)))
            if len(stated) > 1:
                return Problem(
                    f"one figure for {len(stated)} rows of {about}", where, name_some(stated), f"name its {name}"
                )
    return None


def _fields_there(rows: Columns, words: Mapping[str, str]) -> str:
    """The fields that have a row of the assumption's other words, the nearest first; empty where none does."""
    others = {name: word for name, word in words.items() if name != "field"}
    there = np.flatnonzero(rows.chosen)
    for name, word in others.items():
        there = there[rows.among(name, (word,), there)]
    stated = sorted({str(field) for field in rows.column("field", there)})
    stated.sort(key=lambda field: -SequenceMatcher(None, field, words["field"]).ratio())
    return f"for {', '.join(others.values())} the fields {name_some(stated)}" if others and stated else ""


def _bounds(field: Field) -> str:
    if field.maximum is None:
        return "any number" if field.minimum is None else f"{field.minimum:g} or more"
    return f"from {field.minimum or 0:g} to {field.maximum:g}"


def _within(number: float, minimum: float | None, maximum: float | None) -> bool:
    return (minimum is None or number >= minimum) and (maximum is None or number <= maximum)


def _cells(assumption: Mapping[str, Any], where: str) -> dict[str, Any]:
    numbers = {name: float(assumption.get(name, np.nan)) for name in ("value", "low", "high")}
    return {
        **numbers,
        "status": "assumed",
        "source": USER_SOURCE.id,
        "range_from": "",
        "choice": "the user's own",
        "locator": f"user, {where}" if where else "user",
        "note": str(assumption.get("why", "")),
    }
