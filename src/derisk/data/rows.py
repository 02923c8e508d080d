"""Rows: one number each, as written in the CSV files of dataset/observations."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final

from derisk.data.edited_csv import edited_lines
from derisk.errors import Problem

COLUMNS: Final[tuple[str, ...]] = (
    "material", "stage", "good", "region", "partner", "use", "period", "field",
    "value", "unit", "basis", "status", "low", "high", "source", "locator", "note",
)  # fmt: skip
KEY: Final[tuple[str, ...]] = ("material", "stage", "good", "region", "partner", "use", "period", "field")
"""What a number is about. Rows of one key compete; choices decide."""
NUMBERS: Final = ("value", "low", "high")
PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
"""A year or a month."""
DERIVED_COLUMNS: Final[tuple[str, ...]] = (
    "row_id", "chosen", "choice", "range_from", "correction", "stated_low", "stated_high", "file", "line",
)  # fmt: skip
_TEXTS: Final = tuple(name for name in COLUMNS if name not in NUMBERS)
_CELLS: Final = "a cell for each column of the header"
_key = attrgetter(*KEY)
_identity = itemgetter(*KEY, "source")
_content = attrgetter(*COLUMNS, "row_id", "chosen", "choice", "range_from", "correction")


@dataclass(frozen=True, slots=True)
class Row:
    """One number with its key, its source, and what the build decided about it."""

    material: str
    stage: str
    good: str
    region: str
    partner: str
    use: str
    period: str
    field: str
    value: float | None
    unit: str
    basis: str
    status: str
    low: float | None
    high: float | None
    source: str
    locator: str
    note: str
    row_id: str
    file: str
    line: int
    chosen: bool = True
    choice: str = ""
    """Why it was chosen over others, or why another was."""
    range_from: str = ""
    """Row ids of other sources whose figures widened `low` and `high`."""
    correction: str = ""
    stated_low: float | None = None
    """The source's own `low`, where `range_from` widened it; likewise `stated_high`."""
    stated_high: float | None = None

    def key(self) -> tuple[str, ...]:
        """The words that say what the number is about."""
        return _key(self)

    def where(self) -> str:
        """File and line, as messages print it."""
        return f"{self.file}, line {self.line}"

    def canonical(self) -> str:
        """The row as one line of text that does not depend on its place in a file."""
        return "\x1f".join(["" if value is None else str(value) for value in _content(self)])


def read_rows(folder: Path, *, problems: list[Problem]) -> list[Row]:
    """Rows of every CSV below a folder; appends every problem found, with file and line."""
    rows: list[Row] = []
    for path in sorted(folder.rglob("*.csv")):
        file = path.relative_to(folder.parent).as_posix()
        known = len(problems)
        lines = edited_lines(path, where=file, problems=problems)
        _, header = next(lines, (1, []))
        if tuple(header) == COLUMNS:
            found = (_read_row(cells, file=file, line=line, problems=problems) for line, cells in lines)
            rows.extend(row for row in found if row is not None)
        elif len(problems) == known:
            hint = "write the dataset's header"
            problems.append(Problem("header is not the dataset's", f"{file}, line 1", ",".join(COLUMNS), hint))
    return rows


def _read_row(cells: list[str], *, file: str, line: int, problems: list[Problem]) -> Row | None:
    where = f"{file}, line {line}"
    if len(cells) != len(COLUMNS):
        problems.append(
            Problem(f"{len(cells)} cells in place of {len(COLUMNS)}", where, _CELLS, "quote texts that hold commas")
        )
        return None
    words = dict(zip(COLUMNS, map(str.strip, cells)))
    numbers: list[float | None] = []
    for name in NUMBERS:
        number = _number(words[name])
        if number is not None and not math.isfinite(number):
            problems.append(
                Problem(f"{name} '{words[name]}' is not a number", where, "digits with a point, or empty", "mend it")
            )
            return None
        numbers.append(number)
    words["basis"] = words["basis"] or "none"
    return make_row(words, *numbers, file=file, line=line)


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return math.nan


def make_row(
    words: Mapping[str, str], value: float | None, low: float | None, high: float | None, *, file: str, line: int
) -> Row:
    """A row of its words and numbers, with its id."""
    texts = {name: words[name] for name in _TEXTS}
    numbers = {"value": value, "low": low, "high": high}
    return Row(**texts, **numbers, row_id=row_id(texts), file=file, line=line)  # type: ignore[arg-type]


def row_id(words: Mapping[str, str]) -> str:
    """Short id of a row that stays as long as its key and source stay."""
    return hashlib.sha256("\x1f".join(_identity(words)).encode()).hexdigest()[:12]
