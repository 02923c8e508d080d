"""Rows: one number each, as written in the CSV files of dataset/observations."""

from __future__ import annotations

import csv
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.errors import Problem

COLUMNS: Final[tuple[str, ...]] = (
    "material", "stage", "good", "region", "partner", "use", "period", "field",
    "value", "unit", "basis", "status", "low", "high", "source", "locator", "note",
)  # fmt: skip
KEY: Final[tuple[str, ...]] = ("material", "stage", "good", "region", "partner", "use", "period", "field")
"""What a number is about. Rows of one key compete; choices decide."""
NUMBERS: Final = frozenset({"value", "low", "high"})
DERIVED_COLUMNS: Final[tuple[str, ...]] = (
    "row_id", "chosen", "choice", "range_from", "correction", "file", "line",
)  # fmt: skip


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

    def key(self) -> tuple[str, ...]:
        """The words that say what the number is about."""
        return tuple(getattr(self, name) for name in KEY)

    def where(self) -> str:
        """File and line, as messages print it."""
        return f"{self.file}, line {self.line}"

    def canonical(self) -> str:
        """The row as one line of text that does not depend on its place in a file."""
        words = (
            _canonical(getattr(self, name))
            for name in (*COLUMNS, "row_id", "chosen", "choice", "range_from", "correction")
        )
        return "\x1f".join(words)


def _canonical(value: str | float | bool | None) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def read_rows(folder: Path, *, problems: list[Problem]) -> list[Row]:
    """Rows of every CSV below a folder; appends every problem found, with file and line."""
    rows: list[Row] = []
    for path in sorted(folder.rglob("*.csv")):
        file = path.relative_to(folder.parent).as_posix()
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            header = next(reader, [])
            if tuple(header) != COLUMNS:
                problems.append(Problem("header is not the dataset's", f"{file}, line 1", ",".join(COLUMNS)))
                continue
            end_of_last = reader.line_num
            for cells in reader:
                line, end_of_last = end_of_last + 1, reader.line_num
                if cells:
                    row = _read_row(cells, file=file, line=line, problems=problems)
                    if row is not None:
                        rows.append(row)
    return rows


def _read_row(cells: list[str], *, file: str, line: int, problems: list[Problem]) -> Row | None:
    where = f"{file}, line {line}"
    if len(cells) != len(COLUMNS):
        problems.append(
            Problem(f"{len(cells)} cells in place of {len(COLUMNS)}", where, hint="quote texts that hold commas")
        )
        return None
    words = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}
    numbers: dict[str, float | None] = {}
    for name in NUMBERS:
        try:
            numbers[name] = float(words[name]) if words[name] else None
        except ValueError:
            numbers[name] = math.nan
        number = numbers[name]
        if number is not None and not math.isfinite(number):
            problems.append(Problem(f"{name} '{words[name]}' is not a number", where, "digits with a point, or empty"))
            return None
    texts = {name: word for name, word in words.items() if name not in NUMBERS}
    texts["basis"] = texts["basis"] or "none"
    return Row(**texts, **numbers, row_id=row_id(texts), file=file, line=line)  # type: ignore[arg-type]


def row_id(words: dict[str, str]) -> str:
    """Short id of a row that stays as long as its key and source stay."""
    text = "\x1f".join([*(words[name] for name in KEY), words["source"]])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
