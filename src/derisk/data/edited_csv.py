"""Edited CSV: tables as people edit them, line by line; bytes that are no text are a problem with file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from derisk.errors import Problem


def read_edited(path: Path, *, where: str, problems: list[Problem]) -> str:
    """Text of a file that people edit, without the mark that spreadsheets put first.

    Appends a problem where the bytes are no UTF-8; the text is then empty.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what, hint = f"not UTF-8 text (byte {error.start})", "save the file as UTF-8 text"
        problems.append(Problem(what, f"{where}, line {line}", "UTF-8", hint, line=line))
        return ""


def edited_lines(path: Path, *, where: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Cells of each line, the header first, with the line on which it begins; empty lines are left out.

    Appends a problem where the file is no CSV, and ends there.
    """
    reader = csv.reader(io.StringIO(read_edited(path, where=where, problems=problems), newline=""))
    end_of_last = 0
    try:
        for cells in reader:
            line, end_of_last = end_of_last + 1, reader.line_num
            if cells:
                yield line, cells
    except csv.Error as error:
        problems.append(Problem(f"not a table: {error}", f"{where}, line {reader.line_num}", "CSV", "mend the line"))
