"""Files: publishers' tables opened as lines of words; a malformed, cut or re-encoded copy is an error with a name."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derisk.errors import EncodingError, InputError, LayoutError, Problem, TruncatedFileError, name_some

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file, counted from 1, and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unpacked where its name ends in `.gz`.

    Raises:
        InputError: there is no such file, or it is empty.
        TruncatedFileError: a packed file ends too early.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what, allowed = f"cannot read '{path}': {error.strerror}", "a publisher's file, or the folder that holds it"
        raise InputError(
            Problem(what, str(path), allowed, "derisk data import --list says which file of each kind")
        ) from error
    if not content:
        raise TruncatedFileError(Problem("the file is empty", str(path), hint="fetch it again from the publisher"))
    if path.suffix == ".gz":
        try:
            return gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise TruncatedFileError(Problem(f"not a whole gzip file: {error}", str(path), hint=_AGAIN)) from error
    return content


_AGAIN = "fetch it again from the publisher"


def read_text(path: Path, *, encoding: str) -> str:
    """A file's text in the one encoding its publisher uses; a byte-order mark is dropped.

    Raises:
        EncodingError: the bytes are another encoding's (UTF-16 in place of UTF-8, a table saved again as UTF-8
            where the publisher writes cp1252).
    """
    content = read_bytes(path)
    found = _foreign_encoding(content, encoding)
    if found is None:
        try:
            return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            found = f"bytes that are no {encoding} (byte {error.start})"
    raise EncodingError(
        Problem(f"the file holds {found}", str(path), f"{encoding}, as the publisher writes it", _AGAIN)
    )


def _foreign_encoding(content: bytes, encoding: str) -> str | None:
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xef\xbb\xbf", "UTF-8 with a mark")):
        if content.startswith(mark) and not (name.startswith("UTF-8") and encoding == "utf-8"):
            return name
    if b"\x00" in content[:4096]:
        return "zero bytes, as UTF-16 text or a binary file does"
    if encoding in ("utf-8", "ascii") or content.isascii():
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "UTF-8"


def read_csv(
    path: Path,
    *,
    encoding: str,
    columns: Sequence[str],
    ends_with_newline: bool = True,
) -> list[Line]:
    """Lines of a table with a header.

    Args:
        columns: those the importer needs; others may stand beside them.
        ends_with_newline: whether the publisher ends the last line, so that a cut file can be told.

    Raises:
        EncodingError, TruncatedFileError: as in `read_text`; the last line is cut.
        LayoutError: a column is missing or a line has too many or too few cells; names the lines.
    """
    text = read_text(path, encoding=encoding)
    if ends_with_newline and not text.endswith(("\n", "\r")):
        raise TruncatedFileError(Problem("the last line has no end: the file is cut", str(path), hint=_AGAIN))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    lines: list[Line] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            listed = ", ".join(f"'{name}'" for name in missing)
            raise LayoutError(Problem(f"no column {listed}", f"{path}, line 1", name_some(header, shown=30)))
        if repeated := next((name for name, count in Counter(header).items() if name and count > 1), ""):
            raise LayoutError(Problem(f"column '{repeated}' stands there twice", f"{path}, line 1", hint=_AGAIN))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                what = f"{len(cells)} cells in place of {len(header)}"
                problems.append(Problem(what, f"{path}, line {reader.line_num}", hint=_AGAIN, line=reader.line_num))
                continue
            lines.append(Line(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        what = f"not a table: {error}"
        raise LayoutError(Problem(what, f"{path}, line {reader.line_num}", hint=_AGAIN)) from error
    if problems:
        raise LayoutError(*problems[:20])
    if not lines:
        raise TruncatedFileError(Problem("a header and no lines", str(path), hint=_AGAIN))
    return lines


def demand_line(lines: Sequence[Line], words: Mapping[str, str], *, path: Path) -> None:
    """Refuse a table without the line that its publisher prints last: the one sign of a cut between two lines.

    Args:
        words: what the line holds, by column.

    Raises:
        TruncatedFileError: there is no such line.
    """
    if not any(all(line[column] == word for column, word in words.items()) for line in lines):
        what = f"no line of {', '.join(words.values())}, which stands last: the file is cut"
        raise TruncatedFileError(Problem(what, str(path), hint=_AGAIN))


def read_json(path: Path) -> Any:
    """Content of a JSON file.

    Raises:
        TruncatedFileError: the text ends before its value does.
        LayoutError: it is not JSON.
    """
    text = read_text(path, encoding="utf-8")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}"
        if error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg:
            raise TruncatedFileError(Problem("the JSON text ends too early", where, hint=_AGAIN)) from error
        raise LayoutError(Problem(f"not JSON: {error.msg}", where, hint=_AGAIN)) from error


def open_workbook(path: Path) -> Workbook:
    """An Excel workbook, values in place of formulas.

    Raises:
        TruncatedFileError: the file is cut or damaged.
        LayoutError: the file is not an .xlsx workbook.
    """
    import openpyxl

    content = read_bytes(path)
    if not content.startswith(b"PK"):
        raise LayoutError(Problem("not an .xlsx workbook", str(path), "an Excel 2007 file", _AGAIN))
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        raise TruncatedFileError(Problem(f"the workbook is cut or damaged: {error}", str(path), hint=_AGAIN)) from error


def sheet_rows(workbook: Workbook, sheet: str, *, path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of a sheet with their numbers, counted from 1, all as wide as the widest.

    Raises:
        LayoutError: the workbook has no such sheet; names those it has.
    """
    if sheet not in workbook.sheetnames:
        raise LayoutError(Problem(f"no sheet '{sheet}'", str(path), name_some(workbook.sheetnames, shown=20)))
    rows = list(workbook[sheet].iter_rows(values_only=True))
    width = max((len(cells) for cells in rows), default=0)
    for number, cells in enumerate(rows, start=1):
        yield number, cells + (None,) * (width - len(cells))
