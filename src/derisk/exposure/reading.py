"""Reading: a company's purchase list as lines of words, whatever its columns are called."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from derisk.errors import EncodingError, InputError, LayoutError, Problem
from derisk.exposure.amounts import decimal_sign, is_ambiguous
from derisk.exposure.headings import Columns, read_headings

LARGEST_BYTES: Final = 50_000_000
_DELIMITERS: Final = ",;\t|"
_NUMBERS: Final = ("quantity", "value_usd", "revenue_usd")


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line of the list as written: its number in the file and its cells by column, '' where there is none."""

    number: int
    cells: dict[str, str]
    decimal: str = ""
    """Decimal sign of the list's numbers, '' where none tells."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class PurchaseList:
    """A purchase list as read."""

    lines: tuple[PurchaseLine, ...]
    unknown_headings: tuple[Problem, ...]
    """Headings that name no column, each once, with the nearest that does; their cells are passed over."""
    notes: tuple[str, ...] = ()
    """How the file was read where it does not say so itself: its letters, its decimal sign."""


def read_purchases(path: str | Path) -> PurchaseList:
    """Lines of a purchase list or bill of materials, a CSV or Excel table with a heading line.

    Yearly quantities and values; empty lines are passed over, and so are columns under a heading that nobody knows,
    which the list names.

    Raises:
        InputError: no such file, or one of more than 50 MB.
        EncodingError: the file is no text in UTF-8, UTF-16 or Windows-1252.
        LayoutError: no heading names what is bought, none gives its amount, or a heading stands there twice.
    """
    file = Path(path)
    if file.is_dir():
        what, hint = f"'{path}' is a folder", "name the file in it"
        raise InputError(Problem(what, str(path), "a CSV or XLSX file", hint))
    if not file.is_file():
        raise InputError(Problem(f"no file '{path}'", str(path), "a CSV or XLSX file", "derisk exposure --help"))
    if file.stat().st_size > LARGEST_BYTES:
        raise InputError(
            Problem(f"'{path}' is too large", str(path), f"up to {LARGEST_BYTES // 10**6} MB", "cut it in parts")
        )
    is_workbook = file.suffix.lower() in (".xlsx", ".xlsm")
    text, note = ("", "") if is_workbook else _text(file)
    table = _workbook_cells(file) if is_workbook else _text_cells(text, file)
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in table if any(c.strip() for c in cells)]
    if not filled:
        allowed, hint = "a heading line, then one line for each purchase", "docs/examples/purchases.csv is an example"
        raise LayoutError(Problem("the file is empty", str(path), allowed, hint))
    heading, where = filled[0][1], f"{path}, line {filled[0][0]}"
    columns = read_headings(heading, where=where)
    if len(filled) == 1:
        raise LayoutError(Problem("a heading and no purchase", where, "one line for each purchase", "add them below"))
    read = [(number, _cells(cells, columns)) for number, cells in filled[1:]]
    amounts = [line.get(column, "") for _, line in read for column in _NUMBERS]
    decimal = decimal_sign(amounts)
    notes = (note, _number_note(decimal, amounts))
    lines = tuple(PurchaseLine(number, line, decimal) for number, line in read)
    return PurchaseList(lines, columns.passed_over, tuple(said for said in notes if said))


def _number_note(decimal: str, amounts: list[str]) -> str:
    """How numbers are read that may be a thousand times another; '' where the list has none."""
    if not any(is_ambiguous(cell) for cell in amounts):
        return ""
    if decimal:
        return f"numbers have a decimal {'comma' if decimal == ',' else 'point'}, as others of the list show"
    return "no number shows the list's decimal sign: '1,250' is read as 1250, '1.250' as 1.25"


def _cells(cells: list[str], columns: Columns) -> dict[str, str]:
    """The cells of a line by column, with the unit and the scale that the headings state."""
    line = {"unit": columns.unit} | {column: cells[at] for column, at in columns.place.items() if at < len(cells)}
    return line | {column: f"{line[column]} {scale}" for column, scale in columns.scale.items() if line.get(column)}


def _text(file: Path) -> tuple[str, str]:
    """The file's text, and in what letters it was read where it is no UTF-8."""
    content = file.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text, note = content.decode(encoding), ""
    except UnicodeDecodeError as error:
        try:
            text, note = content.decode("cp1252"), "the file is no UTF-8 and was read as Windows-1252"
        except UnicodeDecodeError:
            what = f"the file is no UTF-8 text (byte {error.start})"
            raise EncodingError(Problem(what, str(file), "UTF-8", "save it as 'CSV UTF-8', or as XLSX")) from error
    if "\x00" in text:
        raise EncodingError(Problem("the file holds zero bytes", str(file), "UTF-8", "save it as 'CSV UTF-8'"))
    return text, note


def _text_cells(text: str, file: Path) -> list[tuple[int, list[str]]]:
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        where = f"{file}, line {reader.line_num}"
        raise LayoutError(Problem(f"not a table: {error}", where, "CSV", "mend the line, or save it again")) from error


def _workbook_cells(file: Path) -> list[tuple[int, list[str]]]:
    """Cells of the first sheet.

    Raises:
        LayoutError, TruncatedFileError: the file is no workbook, or a damaged one.
    """
    from derisk.data.intake.workbooks import open_workbook, sheet_rows

    try:
        workbook = open_workbook(file)
        rows = list(sheet_rows(workbook, workbook.worksheets[0].title, path=file))
    except InputError as error:
        allowed, hint = "a CSV or XLSX file", "save it again as XLSX, or as CSV UTF-8"
        raise type(error)(*(replace(problem, allowed=allowed, hint=hint) for problem in error.problems)) from error
    return [(number, [_written(cell) for cell in row]) for number, row in rows]


def _written(cell: object) -> str:
    """A cell as text; a number of a workbook shows that its point stands before decimals, were they three."""
    return "" if cell is None else f"{cell}0" if isinstance(cell, float) and is_ambiguous(str(cell)) else str(cell)
