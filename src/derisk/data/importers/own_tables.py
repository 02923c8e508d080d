"""Own tables: what derisk itself exported or a user laid out so, in any of its formats, read with its sources."""

from __future__ import annotations

import io
import math
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from derisk.data.intake.files import foreign, read_bytes, read_csv
from derisk.data.intake.intake import Imported, Refusal
from derisk.data.intake.workbooks import open_workbook, sheet_rows
from derisk.data.parquet import open_tables
from derisk.data.rows import COLUMNS, NUMBERS, Row, make_row
from derisk.data.sources import Source
from derisk.errors import InputError, Problem, TruncatedFileError

KIND: Final = "derisk"
TITLE: Final = "tables that derisk exported, or rows of your own laid out so: csv, xlsx, parquet or a data package"
FILES: Final[tuple[str, ...]] = ()
_SOURCES: Final = "sources"
_SOURCE_COLUMNS: Final = ("id", "title", "publisher", "year", "licence", "url", "shippable")
_TEXTS: Final = tuple(name for name in COLUMNS if name not in NUMBERS)
_RECORDS: Final = "line of a table that holds records, not rows"
_README: Final = "readme"
_AGAIN: Final = "export it again"
_EXPORT: Final = "an export of derisk, as written: csv, parquet, xlsx, zip or a folder"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One exported table: its name, its columns, and its lines with their numbers."""

    name: str
    columns: tuple[str, ...]
    lines: list[tuple[int, dict[str, Any]]]


def read(path: Path) -> Imported:
    """Rows and sources of an export: a folder, a zip, a workbook, or one file with its sources beside it.

    Raises:
        InputError: there is no such path, or one of another kind.
        LayoutError: the path holds no table of rows, or none of sources.
        TruncatedFileError, EncodingError: a file is cut or of another encoding.
    """
    if not path.exists():
        hint = "derisk data export writes one"
        raise InputError(Problem(f"there is no '{path}'", str(path), _EXPORT, hint))
    if path.suffix.lower() == ".zip":
        return _read_zip(path)
    sheets = list(_sheets(path))
    sources = _sources(sheets, path)
    rows: list[Row] = []
    refused: list[Refusal] = []
    set_aside = 0
    for sheet in sheets:
        if set(COLUMNS) <= set(sheet.columns):
            _take(sheet, sources, rows=rows, refused=refused)
        elif sheet.name not in (_SOURCES, _README):
            set_aside += len(sheet.lines)
    if not rows and not refused:
        raise foreign("no table of rows", path, ", ".join(COLUMNS), "derisk data export writes them")
    named = {row.source for row in rows}
    share = len(refused) / (len(rows) + len(refused))
    told = {_RECORDS: set_aside} if set_aside else {}
    return Imported(tuple(s for s in sources.values() if s.id in named), tuple(rows), tuple(refused), told, share)


def _read_zip(path: Path) -> Imported:
    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, tempfile.TemporaryDirectory() as folder:
            files = {name: Path(name).name for name in packed.namelist() if not name.endswith("/")}
            if len(set(files.values())) < len(files):
                raise foreign("two files in the zip have one name", path, "one folder of tables", _AGAIN)
            for name, alone in files.items():
                (Path(folder) / alone).write_bytes(packed.read(name))
            return read(Path(folder))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise TruncatedFileError(Problem(f"not a whole zip: {error}", str(path), _EXPORT, _AGAIN)) from error


def _sheets(path: Path) -> Iterator[Sheet]:
    if path.is_dir():
        for file in sorted((*path.glob("*.csv"), *path.glob("*.parquet"))):
            yield _file_sheet(file, file.stem)
    elif path.suffix.lower() == ".xlsx":
        yield from _workbook_sheets(path)
    elif path.suffix in (".csv", ".parquet"):
        beside = path.with_name(f"{path.stem}.sources{path.suffix}")
        if not beside.exists():
            what = f"'{beside.name}' is missing: it says what the sources are"
            allowed = f"a table of sources beside the rows: {', '.join(_SOURCE_COLUMNS)}"
            raise foreign(
                what, path, allowed, "write it, or keep it as exported (docs/data/format.md, A row of your own)"
            )
        yield _file_sheet(path, path.stem)
        yield _file_sheet(beside, _SOURCES)
    else:
        raise InputError(
            Problem(f"'{path}' is no export of derisk", str(path), _EXPORT, "derisk data export writes one")
        )


def _file_sheet(file: Path, name: str) -> Sheet:
    if file.suffix == ".csv":
        lines = read_csv(file, encoding="utf-8", columns=())
        return Sheet(name, tuple(lines[0].cells), [(line.number, dict(line.cells)) for line in lines])
    import duckdb

    read_bytes(file)
    try:
        with open_tables() as connection:
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(file)])
            columns = tuple(column[0] for column in found.description or ())
            cells = found.fetchall()
    except duckdb.Error as error:
        what = f"not a whole Parquet file: {str(error).splitlines()[0]}"
        raise TruncatedFileError(Problem(what, str(file), _EXPORT, _AGAIN)) from error
    return Sheet(name, columns, [(at, dict(zip(columns, line))) for at, line in enumerate(cells, start=1)])


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    book = open_workbook(path)
    for name in book.sheetnames:
        lines = sheet_rows(book, name, path=path)
        _, header = next(lines, (1, ()))
        columns = tuple(str(cell) for cell in header)
        yield Sheet(name, columns, [(number, dict(zip(columns, cells))) for number, cells in lines])


def _sources(sheets: Sequence[Sheet], path: Path) -> dict[str, Source]:
    sheet = next((sheet for sheet in sheets if sheet.name == _SOURCES), None)
    if sheet is None or not set(_SOURCE_COLUMNS) <= set(sheet.columns):
        raise foreign("no table of sources", path, ", ".join(_SOURCE_COLUMNS), _AGAIN)
    return {str(line["id"]): _source(line, path) for _, line in sheet.lines}


def _source(line: Mapping[str, Any], path: Path) -> Source:
    texts = {
        name: _text(line.get(name)) for name in ("id", "title", "publisher", "licence", "licence_url", "url", "note")
    }
    year = _number(line["year"])
    if year is None or not year.is_integer():
        raise foreign(f"year '{line['year']}' of source '{texts['id']}' is no year", path, "a whole number", _AGAIN)
    return Source(**texts, year=int(year), shippable=_text(line["shippable"]).lower() == "true")


def _take(sheet: Sheet, sources: Mapping[str, Source], *, rows: list[Row], refused: list[Refusal]) -> None:
    for number, line in sheet.lines:
        words = {name: _text(line[name]) for name in _TEXTS}
        numbers = [_number(line[name]) for name in NUMBERS]
        if _text(line.get("range_from")):
            numbers[1:] = [_number(line.get("stated_low")), _number(line.get("stated_high"))]
        wrong = [name for name, value in zip(NUMBERS, numbers) if value is not None and not math.isfinite(value)]
        if wrong:
            refused.append(Refusal(number, f"{sheet.name}: {wrong[0]} '{line[wrong[0]]}' is not a number"))
        elif words["source"] not in sources:
            refused.append(Refusal(number, f"{sheet.name}: unknown source '{words['source']}'"))
        else:
            row = make_row(words, *numbers, file=sheet.name, line=number)
            lost = _text(line.get("chosen")).lower() == "false"
            rows.append(replace(row, chosen=False, choice=_text(line.get("choice"))) if lost else row)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _number(cell: Any) -> float | None:
    """The number a cell holds; NaN where it holds something else."""
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan
