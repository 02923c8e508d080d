"""Reading: a company's purchase list as lines of words, whatever its columns are called."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.errors import EncodingError, InputError, LayoutError, Problem, name_some

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "item": ("item", "part", "part number", "component", "description", "article", "item name"),
    "material": ("material", "substance", "element"),
    "good": ("good",),
    "customs_code": ("hs code", "hs", "hs6", "customs code", "tariff code", "cn code", "hts"),
    "quantity": ("quantity", "qty", "amount", "mass", "weight", "annual quantity"),
    "unit": ("unit", "uom", "quantity unit"),
    "value_usd": ("value usd", "value", "spend", "spend usd", "annual spend", "annual spend usd", "cost usd"),
    "supplier_country": ("supplier country", "country", "origin", "country of origin", "supplier"),
    "revenue_usd": ("revenue usd", "revenue at stake", "revenue at stake usd", "sales usd"),
}
"""Columns and the headings they go by; letter case, `_`, `-` and brackets do not matter."""

LARGEST_BYTES: Final = 50_000_000
_DELIMITERS: Final = ",;\t|"
_NAMING: Final = ("item", "material", "good", "customs_code")


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line of the list as written: its number in the file and its cells by column, '' where there is none."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_purchases(path: str | Path) -> list[PurchaseLine]:
    """Lines of a purchase list or bill of materials, a CSV or Excel table with a heading line.

    Yearly quantities and values; empty lines are passed over. Columns nobody knows are left alone.

    Raises:
        InputError: no such file, or one of more than 50 MB.
        EncodingError: the file is not UTF-8 text.
        LayoutError: no heading names what is bought, none gives its amount, or a heading stands there twice.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(Problem(f"no file '{path}'", allowed="a CSV or XLSX file", hint="derisk exposure --help"))
    if file.stat().st_size > LARGEST_BYTES:
        raise InputError(Problem(f"'{path}' is too large", allowed=f"up to {LARGEST_BYTES // 10**6} MB"))
    table = _workbook_cells(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _text_cells(file)
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in table if any(c.strip() for c in cells)]
    if not filled:
        raise LayoutError(Problem("the file is empty", str(path), "a heading line, then one line for each purchase"))
    columns = _columns(filled[0][1], where=f"{path}, line {filled[0][0]}")
    return [
        PurchaseLine(number, {column: cells[at] for column, at in columns.items() if at < len(cells)})
        for number, cells in filled[1:]
    ]


def _text_cells(file: Path) -> list[tuple[int, list[str]]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is no UTF-8 text (byte {error.start})"
        raise EncodingError(Problem(what, str(file), "UTF-8", "save it as 'CSV UTF-8', or as XLSX")) from error
    if "\x00" in text:
        raise EncodingError(Problem("the file holds zero bytes", str(file), "UTF-8", "save it as 'CSV UTF-8'"))
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise LayoutError(Problem(f"not a table: {error}", f"{file}, line {reader.line_num}")) from error


def _workbook_cells(file: Path) -> list[tuple[int, list[str]]]:
    from derisk.data.intake.files import open_workbook

    sheet = open_workbook(file).worksheets[0]
    rows = sheet.iter_rows(values_only=True)
    return [(number, ["" if cell is None else str(cell) for cell in row]) for number, row in enumerate(rows, 1)]


def _columns(heading: list[str], *, where: str) -> dict[str, int]:
    """Place of each known column; every problem of the heading at once."""
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for at, word in enumerate(heading):
        column = _column_of(word)
        if column and column in found:
            what = f"'{heading[found[column]]}' and '{word}' both mean {column}"
            problems.append(Problem(what, where, hint="rename or drop one of the two"))
        elif column:
            found[column] = at
    if not problems and not any(column in found for column in _NAMING):
        problems.append(Problem("no column says what is bought", where, _headings(_NAMING), _seen(heading)))
    if not problems and "quantity" not in found and "value_usd" not in found:
        problems.append(Problem("no column says how much", where, _headings(("quantity", "value_usd")), _seen(heading)))
    if problems:
        raise LayoutError(*problems)
    return found


def _column_of(word: str) -> str:
    plain = " ".join("".join(c if c.isalnum() else " " for c in word.casefold()).split())
    return next((column for column, words in HEADINGS.items() if plain in words), "")


def _headings(columns: tuple[str, ...]) -> str:
    return ", ".join(column for column in columns)


def _seen(heading: list[str]) -> str:
    return f"the heading line holds {name_some(heading, shown=12)}"
