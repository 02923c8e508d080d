"""Records beside the rows: projects and events, one line each."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Final

from derisk.errors import Problem, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES
from derisk.vocabulary.regions import BLOCS, COUNTRIES

_IDENTITY: Final = {"projects": "project_id", "events": "event_id"}
_NUMBER_SUFFIXES: Final = ("_t", "_t_per_year", "_musd", "_usd", "_share", "_months", "_probability")
_NUMBERS: Final = frozenset({"value", "quantity", "low", "high", "latitude", "longitude", "probability"})

_WORDS: Final[dict[str, Collection[str]]] = {
    "country": COUNTRIES,
    "imposed_by": (*COUNTRIES, *BLOCS),
    "imposed_on": (*COUNTRIES, *BLOCS, "all"),
    "material": MATERIALS,
    "stage": STAGES,
    "good": GOODS,
    "goods": GOODS,
}
"""Columns that hold words of the vocabulary; an event's `materials` may lie outside it (nickel, antimony)."""


def is_number_column(name: str) -> bool:
    """Whether a column of projects or events holds numbers, by its name's unit."""
    return name in _NUMBERS or name.endswith(_NUMBER_SUFFIXES)


def read_records(path: Path, *, sources: Collection[str], problems: list[Problem]) -> tuple[list[str], list[list[str]]]:
    """Header and lines of projects.csv or events.csv; both empty if the file is absent."""
    if not path.exists():
        return [], []
    identity = _IDENTITY[path.stem]
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader, [])
        if identity not in header or len(set(header)) != len(header):
            problems.append(Problem(f"header lacks '{identity}' or names a column twice", f"{path.name}, line 1"))
            return [], []
        lines, seen = [], set()
        for cells in reader:
            where = f"{path.name}, line {reader.line_num}"
            if len(cells) != len(header):
                problems.append(
                    Problem(f"{len(cells)} cells in place of {len(header)}", where, hint="quote texts that hold commas")
                )
                continue
            record = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            if record[identity] in seen or not record[identity]:
                problems.append(Problem(f"{identity} '{record[identity]}' is empty or stands twice", where))
            seen.add(record[identity])
            for name in header:
                if is_number_column(name) and record[name] and not _is_number(record[name]):
                    problems.append(
                        Problem(f"{name} '{record[name]}' is not a number", where, "digits with a point, or empty")
                    )
                    record[name] = ""
            problems.extend(_unknown_words(record, sources, where))
            lines.append(list(record.values()))
    return header, lines


def _unknown_words(record: dict[str, str], sources: Collection[str], where: str) -> list[Problem]:
    """Words of a record outside the vocabulary; a cell may hold several, parted by semicolons."""
    problems = []
    for name, known in (*_WORDS.items(), ("source", sources)):
        for word in record.get(name, "").split(";"):
            if word.strip() and word.strip() not in known:
                problems.append(unknown_word(name, word.strip(), tuple(known), where=where))
    if "source" in record and not record["source"]:
        problems.append(Problem("no source", where, "ids in dataset/sources"))
    if "locator" in record and not record["locator"]:
        problems.append(Problem("no locator", where, "where in the source"))
    return problems


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
