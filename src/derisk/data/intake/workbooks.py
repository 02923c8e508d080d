"""Workbooks: publishers' Excel files opened as rows of cells; a cut or damaged copy is an error with a name."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from derisk.data.intake.files import OTHER_KIND, archived, foreign, read_bytes, truncated
from derisk.errors import name_some

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_PACKED: Final = b"PK"
_DAMAGES: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What unpacking and parsing raise for a file that is no longer as it was written."""


def is_workbook(path: Path) -> bool:
    """Whether a file is packed as workbooks are, whatever its name.

    Raises:
        InputError, TruncatedFileError: as in `read_bytes`.
    """
    return read_bytes(path).startswith(_PACKED)


def open_workbook(path: Path) -> Workbook:
    """An Excel workbook, values in place of formulas; every part of it is as it was written.

    Raises:
        TruncatedFileError: the file is cut or damaged.
        LayoutError: the file is not an .xlsx workbook, or has no sheet of cells.
    """
    import openpyxl

    content = read_bytes(path)
    if not content.startswith(_PACKED):
        raise foreign("not an .xlsx workbook", path, "an Excel 2007 file", OTHER_KIND)
    with _reading(path):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names, broken = parts.namelist(), parts.testzip()
        if broken is not None:
            raise truncated(f"the workbook is cut or damaged: '{broken}' in it has changed", path)
        if "[Content_Types].xml" not in names:
            raise archived(content, path, wanted="the file itself")
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if not workbook.worksheets:
        raise foreign("the workbook has no sheet of cells", path)
    return workbook


def sheet_rows(workbook: Workbook, sheet: str, *, path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of a sheet with their numbers, counted from 1, all as wide as the widest.

    Raises:
        LayoutError: the workbook has no such sheet; names those it has.
        TruncatedFileError: the sheet cannot be read to its end.
    """
    sheets = {found.title: found for found in workbook.worksheets}
    if sheet not in sheets:
        raise foreign(f"no sheet '{sheet}'", path, name_some(list(sheets), shown=20), OTHER_KIND)
    with _reading(path):
        rows = list(sheets[sheet].iter_rows(values_only=True))
    width = max((len(cells) for cells in rows), default=0)
    for number, cells in enumerate(rows, start=1):
        yield number, cells + (None,) * (width - len(cells))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What a damaged workbook makes its reader raise becomes one error; its warnings, of print areas and styles, go.

    Raises:
        TruncatedFileError: the workbook is cut or damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
            yield
    except _DAMAGES as error:
        raise truncated(f"the workbook is cut or damaged: {error}", path) from error
