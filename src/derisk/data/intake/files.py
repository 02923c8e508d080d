"""Files: publishers' tables opened as lines of words; a malformed, cut or re-encoded copy is an error with a name."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from derisk.errors import EncodingError, InputError, LayoutError, Problem, TruncatedFileError, name_some


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file, counted from 1, and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


WHOLE: Final = "the whole file, as its publisher offers it"
AGAIN: Final = "fetch it again from the publisher"
OTHER_KIND: Final = "derisk data import --list says which kinds of files there are"
_GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
_WEB_PAGE: Final = re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE)


def truncated(what: str, where: str | Path, *, line: int | None = None) -> TruncatedFileError:
    """The error for a file that is empty, cut or damaged."""
    return TruncatedFileError(Problem(what, str(where), WHOLE, AGAIN, line=line))


def foreign(what: str, where: str | Path, allowed: str = WHOLE, hint: str = AGAIN) -> LayoutError:
    """The error for a file that is not laid out as its importer knows it."""
    return LayoutError(Problem(what, str(where), allowed or WHOLE, hint))


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unpacked where they are packed by gzip, whatever the file's name.

    Raises:
        InputError: there is no such file.
        TruncatedFileError: it is empty, or a packed file ends too early.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if not content:
        raise truncated("the file is empty", path)
    if content.startswith(_GZIP):
        try:
            return gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise truncated(f"not a whole gzip file: {error}", path) from error
    return content


def unreadable(path: Path, error: OSError) -> InputError:
    """The error for a path that cannot be read: there is none, it is a folder, it is another's."""
    what, hint = f"cannot read '{path}': {error.strerror}", OTHER_KIND
    if path.is_dir():
        held = sorted(file.name for file in path.iterdir() if file.is_file())
        what = f"'{path}' is a folder"
        hint = f"name one of its files: {name_some(held)}" if held else "the folder holds no file"
    return InputError(Problem(what, str(path), "one file, as its publisher offers it", hint))


def is_packed(path: Path) -> bool:
    """Whether a file's bytes are packed by gzip."""
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def read_text(path: Path, *, encoding: str) -> str:
    """A file's text in the one encoding its publisher uses; a byte-order mark is dropped.

    Raises:
        EncodingError: the bytes are another encoding's (UTF-16 in place of UTF-8, a table saved again as UTF-8
            where the publisher writes cp1252).
        LayoutError: they are no table of text but a zip archive, an Excel workbook or a web page.
    """
    content = read_bytes(path)
    if content.startswith(ZIP):
        raise archived(content, path, wanted="a table of text")
    if _WEB_PAGE.match(content):
        hint = "download the file itself; the publisher may have asked you to log in or to wait"
        raise foreign("a web page in place of a table", path, WHOLE, hint)
    found = _foreign_encoding(content, encoding)
    if found is None:
        try:
            return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            found = f"bytes that are no {encoding} (byte {error.start})"
    raise EncodingError(Problem(f"the file holds {found}", str(path), f"{encoding}, as the publisher writes it", AGAIN))


def archived(content: bytes, path: Path, *, wanted: str) -> InputError:
    """The error for a zip archive, or an Excel workbook, in place of the file that is wanted."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile as error:
        return truncated(f"a zip archive that is cut: {error}", path)
    if "[Content_Types].xml" in names:
        return foreign(f"an Excel workbook in place of {wanted}", path, WHOLE, OTHER_KIND)
    held = name_some(names) or "nothing"
    return foreign(f"a zip archive of {held} in place of {wanted}", path, wanted, "unpack it, and import what it holds")


def _foreign_encoding(content: bytes, encoding: str) -> str | None:
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xef\xbb\xbf", "UTF-8 with a mark")):
        if content.startswith(mark) and not (name.startswith("UTF-8") and encoding == "utf-8"):
            return name
    if b"\x00" in content:
        return "zero bytes, as UTF-16 text or a binary file does"
    if encoding in ("utf-8", "ascii") or content.isascii():
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "UTF-8"


def read_header(text: str, path: Path) -> list[str]:
    """The first line's words, blank lines before it passed over; none of an empty text.

    Raises:
        LayoutError: the text is no table.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return next(([cell.strip() for cell in cells] for cells in reader if any(cells)), [])
    except csv.Error as error:
        raise foreign(f"not a table: {error}", f"{path}, line {reader.line_num}") from error


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
        raise truncated("the last line has no end: the file is cut", path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    lines: list[Line] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            listed = ", ".join(f"'{name}'" for name in missing)
            raise foreign(f"no column {listed}", f"{path}, line 1", name_some(header, shown=30), OTHER_KIND)
        if repeated := next((name for name, count in Counter(header).items() if name and count > 1), ""):
            raise foreign(f"column '{repeated}' stands there twice", f"{path}, line 1")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                what = f"{len(cells)} cells in place of {len(header)}"
                problems.append(Problem(what, f"{path}, line {reader.line_num}", WHOLE, AGAIN, line=reader.line_num))
                continue
            lines.append(Line(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        raise foreign(f"not a table: {error}", f"{path}, line {reader.line_num}") from error
    if problems:
        raise LayoutError(*problems[:20])
    if not lines:
        raise truncated("a header and no lines", path)
    return lines


def demand_line(lines: Sequence[Line], words: Mapping[str, str], *, path: Path) -> None:
    """Refuse a table without the line that its publisher prints last: the one sign of a cut between two lines.

    Args:
        words: what the line holds, by column.

    Raises:
        TruncatedFileError: there is no such line.
    """
    if not any(all(line[column] == word for column, word in words.items()) for line in lines):
        raise truncated(f"no line of {', '.join(words.values())}, which stands last: the file is cut", path)


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
            raise truncated("the JSON text ends too early", where) from error
        raise foreign(f"not JSON: {error.msg}", where) from error
