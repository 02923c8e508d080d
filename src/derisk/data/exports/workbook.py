"""Workbook: the tables of a selection as sheets of an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.exports.selection import Selection
from derisk.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

SHEET_LINES: Final = 1_048_576
"""Lines that a sheet holds, its header among them."""
README: Final = "readme"
SOURCES: Final = "sources"
_WIDTHS: Final = {"note": 60, "locator": 50, "source": 28, "title": 50, "licence": 40, "url": 50, "choice": 40}
_NARROWEST: Final = 8
_WIDEST: Final = 28
_LINES_MEASURED: Final = 500
"""Rows by which a column's width is set."""
_THOUSANDS: Final = "#,##0"
_LARGE: Final = 10_000.0
"""Numbers from here on are shown in whole units, thousands apart; the cell keeps every digit."""


def write_xlsx(selection: Selection, out: Path) -> list[Path]:
    """Write a workbook: what it holds, a sheet for each table, the sources.

    Raises:
        InputError: a table has more rows than a sheet.
    """
    from openpyxl import Workbook

    _demand_room(selection)
    book = Workbook(write_only=True)
    readme = book.create_sheet(README)
    readme.column_dimensions["A"].width = 120
    for text in selection.readme():
        readme.append([_cell(readme, text)])
    for name, frame in {**selection.tables, SOURCES: selection.source_table()}.items():
        _fill(book.create_sheet(name), frame)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    book.save(part)
    part.replace(out)
    return [out]


def _demand_room(selection: Selection) -> None:
    problems = [
        Problem(
            f"{name} has {len(frame):,} rows",
            "the workbook",
            f"{SHEET_LINES - 1:,} rows in a sheet of Excel",
            "export it as csv or parquet, or fewer rows with --material or --table",
        )
        for name, frame in selection.tables.items()
        if len(frame) >= SHEET_LINES
    ]
    if problems:
        raise InputError(*problems)


def _fill(sheet: Any, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    for place, name in enumerate(frame.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(frame, str(name))
    header = [_cell(sheet, str(name), always=True) for name in frame.columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for line in _lines(frame):
        sheet.append([_cell(sheet, value) for value in line])


def _width(frame: pd.DataFrame, name: str) -> int:
    """Letters that a column has room for: its heading with the filter's arrow, and its first values."""
    if name in _WIDTHS:
        return _WIDTHS[name]
    shown = (len(str(value)) for value in frame[name].head(_LINES_MEASURED) if isinstance(value, str))
    return min(max(_NARROWEST, len(name) + 4, max(shown, default=0) + 1), _WIDEST)


def _lines(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Cells as plain values, absent numbers as None."""
    columns = [[None if value != value else value for value in frame[name].tolist()] for name in frame.columns]
    return zip(*columns)


def _cell(sheet: Any, value: Any, *, always: bool = False) -> Any:
    """A value as the sheet takes it.

    A text that begins like a formula stays a text; a number of seventeen digits, which openpyxl would round, keeps all;
    a large one is shown with its thousands apart.
    """
    from openpyxl.cell import WriteOnlyCell

    long = isinstance(value, float) and float(f"{value:.16g}") != value
    large = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _LARGE
    if not (always or long or large or (isinstance(value, str) and value[:1] == "=")):
        return value
    cell = WriteOnlyCell(sheet, value=repr(value) if long else value)
    cell.data_type = "n" if long or large else "s"
    if large:
        cell.number_format = _THOUSANDS
    return cell
