"""Tables: files of the Summaries as headers and lines, whatever their layout; a cut or re-encoded copy is an error."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.intake.files import AGAIN, WHOLE, foreign, read_bytes, read_text, truncated
from derisk.data.intake.workbooks import is_workbook, open_workbook, sheet_rows
from derisk.errors import LayoutError, Problem

_LAST_IN_CP1252: Final = "MCS chapter"
"""Column of the one table that the publisher writes in cp1252; all others are UTF-8."""

UNNAMED: Final = "column "
"""How the header calls a column without a name, before its place."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header and its lines, numbered as in the file, blank lines left out."""

    path: Path
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, name: str) -> int:
        """Place of a column.

        Raises:
            LayoutError: there is no such column.
        """
        if name not in self.header:
            raise foreign(f"no column '{name}'", f"{self.path}, line 1", ", ".join(self.header))
        return self.header.index(name)


def read_table(path: Path) -> Table:
    """A CSV file, or the open sheet of a workbook, as text.

    A name that stands twice in the header gets ` (2)`; a column without a name is called by its place.

    Raises:
        EncodingError, TruncatedFileError: the file is re-encoded or cut.
        LayoutError: a line has too many or too few cells.
    """
    numbered = _read_workbook(path) if is_workbook(path) else _read_csv(path)
    if len(numbered) < 2:
        raise truncated("a header and no lines", path)
    header = _unique(numbered[0][1])
    problems = [
        Problem(f"{len(cells)} cells in place of {len(header)}", f"{path}, line {number}", WHOLE, AGAIN, line=number)
        for number, cells in numbered[1:]
        if len(cells) != len(header)
    ]
    if problems:
        raise LayoutError(*problems[:20])
    return Table(path, header, tuple(numbered[1:]))


def _read_csv(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    first_line = read_bytes(path).split(b"\n", 1)[0]
    encoding = "cp1252" if _LAST_IN_CP1252.encode() in first_line else "utf-8"
    text = read_text(path, encoding=encoding)
    if not text.endswith(("\n", "\r")):
        raise truncated("the last line has no end: the file is cut", path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [
            (reader.line_num, tuple(_plain(cell) for cell in cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise foreign(f"not a table: {error}", f"{path}, line {reader.line_num}") from error


def _read_workbook(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    workbook = open_workbook(path)
    sheet = workbook.active or workbook.worksheets[0]
    rows = sheet_rows(workbook, sheet.title, path=path)
    texts = [(number, tuple("" if c is None else _plain(str(c)) for c in cells)) for number, cells in rows]
    return [(number, cells) for number, cells in texts if any(cells)]


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    unique = []
    for place, name in enumerate(names, start=1):
        seen[name] += 1
        unique.append(f"{UNNAMED}{place}" if not name else name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(unique)
