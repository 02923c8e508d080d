"""Large tables: publishers' files of many lines, opened in DuckDB as lines of words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from derisk.data.intake.files import read_bytes, read_text
from derisk.errors import EncodingError, InputError, LayoutError, Problem, TruncatedFileError, name_some

_AGAIN: Final = "fetch it again from the publisher"
_MARK: Final = b"PAR1"
_WHOLE_FILE_BYTES: Final = 200_000_000
"""Files up to this size are decoded whole, so that any foreign byte is found."""


def open_lines(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Put a file's lines into table `words`, every cell as text, with their `line` in the file; the column names.

    A line of a Parquet file is its place, counted from 1; of a CSV, as in an editor.

    Raises:
        InputError: the file cannot be read.
        TruncatedFileError: it is empty, cut or damaged.
        EncodingError: a CSV in another encoding than UTF-8.
        LayoutError: lines of another shape than the header's, or no table at all.
    """
    if path.suffix == ".parquet":
        _check_parquet(path)
        table, first = "read_parquet(?)", 1
    else:
        _check_text(path)
        options = "all_varchar=true, header=true, delim=',', quote='\"', auto_detect=false"
        table, first = f"read_csv(?, {options}, columns={_column_types(path)})", 2
    columns = f"CAST(COLUMNS(*) AS VARCHAR), row_number() OVER () - 1 + {first} AS line"
    query = f"CREATE OR REPLACE TABLE words AS SELECT {columns} FROM {table}"
    try:
        connection.execute(query, [str(path)])
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        if path.suffix == ".parquet":
            raise TruncatedFileError(Problem(f"the file is damaged: {what}", str(path), hint=_AGAIN)) from error
        raise LayoutError(Problem(f"not a table: {what}", str(path), hint=_AGAIN)) from error
    found = connection.execute("SELECT count(*) FROM words").fetchone()
    if found is None or found[0] == 0:
        raise TruncatedFileError(Problem("a header and no lines", str(path), hint=_AGAIN))
    names = [name for name, *_ in connection.execute("DESCRIBE words").fetchall()]
    return tuple(name for name in names if name != "line")


def demand_columns(path: Path, names: Sequence[str], layouts: Sequence[Sequence[str]]) -> None:
    """Refuse a table that has none of the known sets of columns.

    Raises:
        LayoutError: names what stands there and what is known.
    """
    if any(set(layout) <= set(names) for layout in layouts):
        return
    known = " or ".join(" ".join(layout) for layout in layouts)
    what = f"a table of another layout: {name_some(names, shown=30)}"
    raise LayoutError(Problem(what, str(path), known, _AGAIN))


def _check_parquet(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0, 2)
            size = file.tell()
            file.seek(max(size - 4, 0))
            end = file.read(4)
    except OSError as error:
        what, allowed = f"cannot read '{path}': {error.strerror}", "a publisher's file, or the folder that holds it"
        raise InputError(
            Problem(what, str(path), allowed, "derisk data import --list says which file of each kind")
        ) from error
    if not size:
        raise TruncatedFileError(Problem("the file is empty", str(path), hint=_AGAIN))
    if start != _MARK:
        raise LayoutError(Problem("not a Parquet file", str(path), hint=_AGAIN))
    if end != _MARK or size < 12:
        raise TruncatedFileError(Problem("the Parquet file ends too early", str(path), hint=_AGAIN))


def _check_text(path: Path) -> None:
    if path.suffix == ".gz" or not path.exists() or path.stat().st_size <= _WHOLE_FILE_BYTES:
        text = read_text(path, encoding="utf-8")
        ended = text.endswith(("\n", "\r"))
    else:
        with path.open("rb") as file:
            head = file.read(4096)
            file.seek(-1, 2)
            ended = file.read(1) in (b"\n", b"\r")
        if b"\x00" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise EncodingError(
                Problem("the file holds UTF-16", str(path), "utf-8, as the publisher writes it", _AGAIN)
            )
    if not ended:
        raise TruncatedFileError(Problem("the last line has no end: the file is cut", str(path), hint=_AGAIN))


def _column_types(path: Path) -> str:
    """The header's names, each as text, as DuckDB's reader wants them."""
    if path.suffix == ".gz":
        head = read_bytes(path)[:4096]
    else:
        with path.open("rb") as file:
            head = file.read(4096)
    names = head.decode("utf-8-sig", errors="replace").splitlines()[0].split(",")
    quoted = (name.strip().strip('"').replace("'", "''") for name in names)
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in quoted) + "}"
