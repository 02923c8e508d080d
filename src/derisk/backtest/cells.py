"""Cells: the texts of a table of cases as typed values, with the problems of every cell that is wrong."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from derisk.backtest.reading import Span
from derisk.errors import InputError, Problem, nearest_word, unknown_word
from derisk.scenario.months import is_month, month_meant
from derisk.scenario.words import REGION_WORDS
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.spellings import unknown_id

_LARGEST_BYTES: Final = 1_000_000


@dataclass(slots=True)
class Cells:
    """One line of a table; what is wrong in it is added to `problems`."""

    file: str
    line: int
    texts: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def text(self, key: str) -> str:
        """A text that must be there."""
        found = self.texts.get(key, "").strip()
        if not found:
            self.refuse(key, f"'{key}' is empty", "a text", f"fill '{key}'")
        return found

    def optional(self, key: str) -> str:
        """A text that may be empty."""
        return self.texts.get(key, "").strip()

    def one_of(self, key: str, words: Sequence[str], *, default: str = "") -> str:
        """One of some words."""
        found = self.optional(key) or default
        if found not in words:
            problem = unknown_word(key, found, words)
            self.refuse(key, problem.what, problem.allowed, problem.hint)
        return found

    def number(self, key: str, *, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number from `low` to `high`."""
        found = self.optional(key)
        try:
            value = float(found)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and low <= value <= high):
            limits = "a number" if math.isinf(low) else f"a number from {low:g}"
            limits += "" if math.isinf(high) else f" to {high:g}"
            self.refuse(key, f"'{found}' is no such number", limits, f"write {key} as a number, without unit")
            return math.nan
        return value

    def goods(self, key: str) -> tuple[str, ...]:
        """Goods of the network, separated by blanks."""
        words = tuple(self.text(key).split())
        for word in words:
            if word not in market_goods():
                problem = unknown_id("good", word, market_goods())
                self.refuse(key, problem.what, problem.allowed, problem.hint)
        return words

    def places(self, key: str) -> tuple[str, ...]:
        """Countries and blocs, separated by blanks, or `all`."""
        words = tuple(self.text(key).split())
        for word in words:
            if word not in REGION_WORDS:
                problem = unknown_id("region", word, REGION_WORDS)
                self.refuse(key, problem.what, problem.allowed, problem.hint)
        return words

    def span(self, key: str) -> Span:
        """A month, or two with `..` between them."""
        found = self.text(key)
        ends = found.split("..")
        wrong = next((end for end in ends if not is_month(end)), None)
        if len(ends) > 2 or wrong is not None or ends[0] > ends[-1]:
            meant = month_meant(wrong) if wrong else ""
            allowed = "a month as YYYY-MM, or two in their order: 2011-04..2011-06"
            self.refuse(key, f"'{found}' names no months", allowed, f"write '{meant}'" if meant else "")
            return Span("2000-01", "2000-01")
        return Span(ends[0], ends[-1])

    def refuse(self, key: str, what: str, allowed: str, hint: str) -> None:
        """Add a problem of the cell."""
        where = f"{self.file}, line {self.line}, {key}"
        hint = hint or f"correct {key} in line {self.line}"
        self.problems.append(Problem(what, where=where, allowed=allowed, hint=hint, line=self.line, key=key))


def read_table(text: str, *, file: str, required: Sequence[str], optional: Sequence[str]) -> list[Cells]:
    """The lines of a CSV text with a header.

    Raises:
        InputError: a column is missing, unknown or there twice, or a line has too many cells.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        problems = list(_header_problems(header, file, required, optional))
        lines = []
        for cells in reader:
            if len(cells) > len(header):
                what, where = f"{len(cells)} cells under {len(header)} columns", f"{file}, line {reader.line_num}"
                hint = "put texts that hold a comma in double quotes"
                allowed = f"{len(header)} cells a line"
                problems.append(Problem(what, where=where, allowed=allowed, hint=hint, line=reader.line_num))
            elif any(cell.strip() for cell in cells):
                lines.append(Cells(file, reader.line_num, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        where = f"{file}, line {reader.line_num}"
        hint = "put texts that hold a comma or a quote in double quotes"
        problems = [Problem(f"no CSV: {error}", where=where, allowed="CSV with commas", hint=hint)]
    if problems:
        raise InputError(*problems)
    if not lines:
        allowed, hint = "a line for each observed number", "add one below the header"
        raise InputError(Problem("no line below the header", where=file, allowed=allowed, hint=hint))
    return lines


def read_text(path: Path) -> str:
    """The text of a user's table.

    Raises:
        InputError: it cannot be read as UTF-8 text of at most 1 MB.
    """
    allowed = "a CSV file in UTF-8 of at most 1 MB"
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST_BYTES:
            hint = "name the table of cases, or divide it"
            raise InputError(Problem("the file is larger than 1 MB", where=str(path), allowed=allowed, hint=hint))
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where, hint = f"{path}, line {line}", "save the file as UTF-8 text"
        raise InputError(Problem(f"not UTF-8 text (byte {error.start})", where, allowed, hint)) from None
    except OSError as error:
        what = f"cannot read '{path}': {error.strerror}"
        raise InputError(Problem(what, where=str(path), allowed=allowed, hint="name a file that exists")) from None


def raise_problems(lines: Iterable[Cells], *more: Problem) -> None:
    """Raise what is wrong in any line, in the order of the file.

    Raises:
        InputError: there is a problem.
    """
    problems = [problem for line in lines for problem in line.problems] + list(more)
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: problem.line or 0))


def _header_problems(
    header: Sequence[str], file: str, required: Sequence[str], optional: Sequence[str]
) -> Iterator[Problem]:
    known, where = (*required, *optional), f"{file}, line 1"
    allowed = ", ".join(known)
    for name in header:
        if name not in known:
            hint = nearest_word(name, known) or "delete the column, or give it one of these names"
            yield Problem(f"unknown column '{name}'", where, allowed, hint, line=1, key=name)
    for name in required:
        if name not in header:
            yield Problem(f"no column '{name}'", where, allowed, f"add a column '{name}'", line=1, key=name)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(f"the column '{name}' stands twice", where, allowed, "delete one", line=1, key=name)
