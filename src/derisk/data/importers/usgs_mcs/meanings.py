"""Meanings: what a printed statistic is among goods and fields, read from `statistics.csv` and its neighbours."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.intake.printed import find_slip
from derisk.vocabulary.goods import GOODS

OUTSIDE: Final = "commodity outside the vocabulary: "


@dataclass(frozen=True, slots=True)
class Meaning:
    """One line of `statistics.csv`: where `field` is empty, `note` says why the figure is set aside.

    `good` is a good, or `material/stage/basis` where the statistic counts no one good. `unit` stands in place of
    the printed one where a header's own is damaged. `factor` follows the conversion of the unit.
    """

    field: str
    good: str
    material: str
    stage: str
    basis: str
    region: str
    unit: str
    factor: float
    adds_up: bool
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A known error of one edition's file: the unit meant, or, where `unit` is empty, figures not to be read."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: tonnes, USD per tonne, or parts of one."""

    words: str
    dimension: str
    factor: float


def _lines(name: str) -> list[dict[str, str]]:
    text = resources.files("derisk.data.importers.usgs_mcs").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _chapters() -> dict[str, str]:
    return {
        spelling.casefold(): line["chapter"]
        for line in _lines("chapters.csv")
        for spelling in line["spellings"].split("; ")
    }


def find_chapter(spelling: str) -> str | None:
    """Chapter of the Summaries, as `statistics.csv` calls it; None where the vocabulary holds nothing of it."""
    return _chapters().get(spelling.strip().casefold())


@cache
def find_chapter_meant(spelling: str) -> str:
    """Spelling of a chapter from which an unknown one is a slip of the pen away; empty where none is."""
    known = (known for line in _lines("chapters.csv") for known in line["spellings"].split("; "))
    return find_slip(spelling.strip().casefold(), [word.casefold() for word in known])


@cache
def _units() -> dict[str, Unit]:
    return {
        line["printed"]: Unit(line["words"], line["dimension"], float(line["factor"])) for line in _lines("units.csv")
    }


def find_unit(printed: str) -> Unit | None:
    """What a printed unit measures, and how many of the dataset's unit it holds."""
    return _units().get(printed.strip())


@cache
def _statistics() -> tuple[tuple[str, str, re.Pattern[str], Meaning], ...]:
    return tuple(
        (line["chapter"], line["table"], re.compile(line["statistic"], re.IGNORECASE), _meaning(line))
        for line in _lines("statistics.csv")
    )


def _meaning(line: dict[str, str]) -> Meaning:
    good, material, stage, basis = line["good"], "", "", ""
    if "/" in good:
        material, stage, basis = good.split("/")
        good = ""
    elif good:
        material, stage = GOODS[good].material, GOODS[good].stage
    return Meaning(
        field=line["field"],
        good=good,
        material=material,
        stage=stage,
        basis=basis,
        region=line["region"],
        unit=line["unit"],
        factor=float(line["factor"] or 1),
        adds_up=line["combine"] == "sum",
        status=line["status"],
        note=line["note"],
    )


@cache
def find_meaning(chapter: str, table: str, statistic: str) -> Meaning | None:
    """What a chapter's statistic is: the first line whose pattern covers its words; None where none does."""
    for of_chapter, of_table, pattern, meaning in _statistics():
        if of_chapter in (chapter, "*") and of_table == table and pattern.fullmatch(statistic):
            return meaning
    return None


@cache
def _defects() -> tuple[tuple[str, str, str, re.Pattern[str], str, Defect], ...]:
    return tuple(
        (
            line["edition"],
            line["chapter"],
            line["table"],
            re.compile(line["statistic"], re.IGNORECASE),
            line["printed_unit"],
            Defect(line["unit"], line["reason"]),
        )
        for line in _lines("defects.csv")
    )


def find_defect(chapter: str, figure: Figure) -> Defect | None:
    """The known error that touches a figure."""
    for edition, of_chapter, table, pattern, unit, defect in _defects():
        if (edition, of_chapter, table) != (str(figure.edition), chapter, figure.table):
            continue
        if pattern.fullmatch(figure.statistic) and (not defect.unit or unit == figure.unit):
            return defect
    return None


@cache
def find_salient_columns(edition: int, chapter: str) -> tuple[str, ...]:
    """Columns of an edition's salient statistics from which figures are taken; none where the edition is unknown."""
    for line in _lines("salient_columns.csv"):
        if (line["edition"], line["chapter"]) == (str(edition), chapter):
            return tuple(line["columns"].split("; "))
    return ()
