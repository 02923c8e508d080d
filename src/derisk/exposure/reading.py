"""Reading: a company's purchase list as lines of words, whatever its columns are called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from derisk.errors import EncodingError, InputError, LayoutError, Problem, name_some, nearest_word
from derisk.exposure.amounts import TONNES

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "item": ("item", "component", "description", "article", "item name", "part name", "part description"),
    "part": ("part", "part no", "part number", "article no", "article number", "item no", "item number", "sku"),
    "material": ("material", "substance", "element"),
    "good": ("good",),
    "customs_code": ("hs code", "hs", "hs6", "customs code", "tariff code", "cn code", "hts"),
    "quantity": ("quantity", "qty", "amount", "mass", "weight"),
    "unit": ("unit", "uom", "quantity unit"),
    "value_usd": ("value usd", "value", "spend", "spend usd", "cost usd"),
    "currency": ("currency", "currency code", "value currency", "spend currency"),
    "supplier_country": ("supplier country", "country", "origin", "country of origin", "supplier"),
    "revenue_usd": ("revenue usd", "revenue at stake", "revenue at stake usd", "sales usd"),
}
"""Columns and the headings they go by; letter case, `_`, `-`, brackets and words for a year do not matter."""
_YEARLY: Final = re.compile(r"\b(annual|yearly|per year|a year|per annum|pa|p a)\b")

LARGEST_BYTES: Final = 50_000_000
_DELIMITERS: Final = ",;\t|"
_NAMING: Final = ("item", "part", "material", "good", "customs_code")


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line of the list as written: its number in the file and its cells by column, '' where there is none."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class PurchaseList:
    """A purchase list as read."""

    lines: tuple[PurchaseLine, ...]
    unknown_headings: tuple[Problem, ...]
    """Headings that name no column, each once, with the nearest that does; their cells are passed over."""


def read_purchases(path: str | Path) -> PurchaseList:
    """Lines of a purchase list or bill of materials, a CSV or Excel table with a heading line.

    Yearly quantities and values; empty lines are passed over, and so are columns under a heading that nobody knows,
    which the list names.

    Raises:
        InputError: no such file, or one of more than 50 MB.
        EncodingError: the file is not UTF-8 text.
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
    table = _workbook_cells(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _text_cells(file)
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in table if any(c.strip() for c in cells)]
    if not filled:
        allowed, hint = "a heading line, then one line for each purchase", "docs/examples/purchases.csv is an example"
        raise LayoutError(Problem("the file is empty", str(path), allowed, hint))
    heading, where = filled[0][1], f"{path}, line {filled[0][0]}"
    columns = _columns(heading, where=where)
    if len(filled) == 1:
        raise LayoutError(Problem("a heading and no purchase", where, "one line for each purchase", "add them below"))
    unit = _unit_of(heading[columns["quantity"]]) if "quantity" in columns else ""
    lines = tuple(
        PurchaseLine(
            number,
            {"unit": unit, **{column: cells[at] for column, at in columns.items() if at < len(cells)}},
        )
        for number, cells in filled[1:]
    )
    return PurchaseList(lines, _unknown(heading, set(columns), where=where))


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
    return [(number, ["" if cell is None else str(cell) for cell in row]) for number, row in rows]


def _columns(heading: list[str], *, where: str) -> dict[str, int]:
    """Place of each known column; every problem of the heading at once."""
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for at, word in enumerate(heading):
        column = _column_of(word)
        if column and column in found:
            what = f"'{heading[found[column]]}' and '{word}' both mean {column}"
            problems.append(Problem(what, where, "each column once", "rename or drop one of the two"))
        elif column:
            found[column] = at
    if not problems and not any(column in found for column in _NAMING):
        problems.append(Problem("no column says what is bought", where, _headings(_NAMING), _seen(heading, set(found))))
    if not problems and "quantity" not in found and "value_usd" not in found:
        problems.append(
            Problem("no column says how much", where, _headings(("quantity", "value_usd")), _seen(heading, set(found)))
        )
    if problems:
        raise LayoutError(*problems)
    return found


def _unknown(heading: list[str], found: Set[str], *, where: str) -> tuple[Problem, ...]:
    """Headings that name no column, each once, with the nearest heading of a column that is not there."""
    words = dict.fromkeys(word for word in heading if word and not _column_of(word))
    return tuple(
        Problem(f"heading '{word}' names no column", where, hint=_nearest_heading(word, found)) for word in words
    )


def _nearest_heading(word: str, found: Set[str]) -> str:
    missing = [known for column, words in HEADINGS.items() if column not in found for known in words]
    return nearest_word(_plain(word), missing)


def _column_of(word: str) -> str:
    plain = _plain(word)
    column = next((column for column, words in HEADINGS.items() if plain in words), "")
    return column or ("quantity" if _unit_of(word) else "")


def _unit_of(word: str) -> str:
    """The unit of mass that the heading of a quantity ends with, as in `Quantity (kg)`; '' without one."""
    plain = _plain(word)
    return next((u for u in TONNES if any(plain == f"{quantity} {u}" for quantity in HEADINGS["quantity"])), "")


def _plain(word: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in word.casefold())
    return " ".join(_YEARLY.sub(" ", " ".join(words.split())).split())


def _headings(columns: tuple[str, ...]) -> str:
    return ", ".join(column for column in columns)


def _seen(heading: list[str], found: Set[str]) -> str:
    """What the heading line holds, and what its unknown words may have been meant to be."""
    unknown = [word for word in heading if word and not _column_of(word)]
    near = [f"'{word}': {hint}" for word in unknown if (hint := _nearest_heading(word, found))]
    return "; ".join([f"the heading line holds {name_some(heading, shown=12)}", *near])
