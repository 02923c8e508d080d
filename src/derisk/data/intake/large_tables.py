"""Large tables: publishers' files of many lines, opened in DuckDB as lines of words."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from derisk.data.intake.files import (
    AGAIN,
    OTHER_KIND,
    ZIP,
    archived,
    foreign,
    is_packed,
    read_text,
    truncated,
    unreadable,
)
from derisk.errors import EncodingError, Problem, name_some

_MARK: Final = b"PAR1"
_HEAD_BYTES: Final = 4096
_WHOLE_FILE_BYTES: Final = 200_000_000
"""Files up to this size are decoded whole, so that any foreign byte is found."""


def open_lines(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Put a file's lines into table `words`, every cell as text, with their `line` in the file; the column names.

    A line of a Parquet file is its place, counted from 1; of a CSV, as in an editor. A Parquet file whose bytes changed
    is told where it can no longer be unpacked; a changed number that still can is not.

    Raises:
        InputError: the file cannot be read.
        TruncatedFileError: it is empty, cut or damaged.
        EncodingError: a CSV in another encoding than UTF-8.
        LayoutError: lines of another shape than the header's, or no table at all.
    """
    start = _first_bytes(path)
    is_parquet = start == _MARK or path.suffix.lower() == ".parquet"
    if is_parquet:
        _check_parquet(path, start)
        table, first = "read_parquet(?)", 1
    else:
        _check_text(path)
        packing = "gzip" if is_packed(path) else "none"
        options = f"all_varchar=true, header=true, delim=',', quote='\"', auto_detect=false, compression='{packing}'"
        table, first = f"read_csv(?, {options}, columns={_column_types(path)})", 2
    columns = f"CAST(COLUMNS(*) AS VARCHAR), row_number() OVER () - 1 + {first} AS line"
    query = f"CREATE OR REPLACE TABLE words AS SELECT {columns} FROM {table}"
    try:
        connection.execute(query, [str(path)])
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        if is_parquet:
            raise truncated(f"the file is damaged: {what}", path) from error
        raise foreign(f"not a table: {what}", path) from error
    found = connection.execute("SELECT count(*) FROM words").fetchone()
    if found is None or found[0] == 0:
        raise truncated("a header and no lines", path)
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
    raise foreign(what, path, known, OTHER_KIND)


def _first_bytes(path: Path) -> bytes:
    """The first four bytes of a file.

    Raises:
        InputError: it cannot be read.
        TruncatedFileError: it is empty.
        LayoutError: it is a zip archive.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise unreadable(path, error) from error
    if not start:
        raise truncated("the file is empty", path)
    if start.startswith(ZIP):
        raise archived(path.read_bytes(), path, wanted="a table of text or a Parquet file")
    return start


def _check_parquet(path: Path, start: bytes) -> None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        end = file.read(4)
    if start != _MARK:
        raise foreign("not a Parquet file", path, "a Parquet file", AGAIN)
    if end != _MARK or size < 12:
        raise truncated("the Parquet file ends too early", path)


def _check_text(path: Path) -> None:
    if is_packed(path) or path.stat().st_size <= _WHOLE_FILE_BYTES:
        text = read_text(path, encoding="utf-8")
        ended = text.endswith(("\n", "\r"))
    else:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(-1, 2)
            ended = file.read(1) in (b"\n", b"\r")
        if b"\x00" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise EncodingError(Problem("the file holds UTF-16", str(path), "utf-8, as the publisher writes it", AGAIN))
    if not ended:
        raise truncated("the last line has no end: the file is cut", path)


def _column_types(path: Path) -> str:
    """The header's names, each as text, as DuckDB's reader wants them."""
    with gzip.open(path) if is_packed(path) else path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    names = head.decode("utf-8-sig", errors="replace").splitlines()[0].split(",")
    quoted = (name.strip().strip('"').replace("'", "''") for name in names)
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in quoted) + "}"
