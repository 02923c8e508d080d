"""The user's dataset: the folder of rows that a user imported, beside those the package carries."""

from __future__ import annotations

import csv
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, quoted
from derisk.data.rows import COLUMNS, KEY, NUMBERS, Row, read_rows
from derisk.data.sources import Source, read_sources
from derisk.errors import DatasetError, InputError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VARIABLE: Final = "DERISK_DATA"
PREFIX: Final = "user/"
"""Stands before the file names of a user's rows, where lineage prints them."""
_LOCK_SECONDS: Final = 600.0
_SHORTEST_WAIT_SECONDS: Final = 0.05
_LARGEST_CSV: Final = 20_000
"""Rows that a CSV may hold; more go into Parquet."""
_KINDS: Final = {"DOUBLE": float, "BOOLEAN": bool, "INTEGER": int}
_SAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def user_folder() -> Path:
    """`DERISK_DATA`, or the platform's folder for data of a user's programs."""
    if told := os.environ.get(VARIABLE):
        return Path(told).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "derisk"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "derisk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "derisk"


def row_files(folder: Path) -> list[Path]:
    """Files of rows, CSV and Parquet, by name."""
    observations = folder / "observations"
    return sorted(path for ending in ("csv", "parquet") for path in observations.rglob(f"*.{ending}"))


def rows_path(folder: Path, kind: str, file: Path, *, ending: str) -> Path:
    """Where the rows of a publisher's file are kept."""
    name = file.name.split(".")[0] if not file.name.startswith(".") else file.name[1:]
    return folder / "observations" / kind / f"{_SAFE.sub('_', name) or 'rows'}.{ending}"


def stamp(folder: Path) -> str:
    """Names, sizes and times of the files that say what the user's dataset holds."""
    files = [
        *row_files(folder),
        *sorted((folder / "sources").glob("*.yml")),
        folder / "choices.yml",
        folder / "tables" / "input_output.csv",
    ]
    told = [(path.relative_to(folder).as_posix(), path.stat()) for path in files if path.exists()]
    return "\n".join(f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in told)


def read_user_sources(folder: Path) -> dict[str, Source]:
    """Sources of the user's rows, those that may not be shipped among them.

    Raises:
        DatasetError: a file of `sources/` is no source's.
    """
    problems: list[Problem] = []
    sources = read_sources(folder / "sources", problems=problems, licences="any")
    if problems:
        raise DatasetError(*problems)
    return sources


def create_user_rows(connection: DuckDBPyConnection, folder: Path, *, table: str) -> None:
    """Make a table of all the user's rows; file and line say where they are kept.

    Raises:
        DatasetError: a file does not hold rows; names file and line.
    """
    problems: list[Problem] = []
    rows = read_rows(folder / "observations", problems=problems)
    if problems:
        raise DatasetError(*problems)
    create_rows(connection, rows, table=table)
    connection.execute(f"UPDATE {table} SET file = '{PREFIX}' || file")
    for path in row_files(folder):
        if path.suffix == ".parquet":
            _append_parquet(connection, path, PREFIX + path.relative_to(folder).as_posix(), table=table)


def create_rows(connection: DuckDBPyConnection, rows: Sequence[Row], *, table: str) -> None:
    """Make a table of rows, column by column: some hundred thousand take a few seconds."""
    import numpy as np
    import pandas as pd

    columns = {}
    for name in ROW_COLUMNS:
        kind = _KINDS.get(ROW_TYPES.get(name, ""), object)
        columns[name] = pd.Series(np.array([getattr(row, name) for row in rows], dtype=kind), dtype=kind)
    typed = ", ".join(_typed(name) for name in ROW_COLUMNS)
    connection.register("rows_to_create", pd.DataFrame(columns))
    connection.execute(f"CREATE TABLE {table} AS SELECT {typed} FROM rows_to_create")
    connection.unregister("rows_to_create")


def _typed(name: str) -> str:
    """A column as a table of rows has it; pandas' NaN is an absent number."""
    kind = ROW_TYPES.get(name, "VARCHAR")
    cell = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END" if kind == "DOUBLE" else name
    return f"CAST({cell} AS {kind}) AS {name}"


def _append_parquet(connection: DuckDBPyConnection, path: Path, name: str, *, table: str) -> None:
    import duckdb

    words = [f"COALESCE({column}, '') AS {column}" for column in COLUMNS if column not in NUMBERS]
    numbers = [f"CAST({column} AS DOUBLE) AS {column}" for column in NUMBERS]
    identity = ", ".join((*KEY, "source"))
    try:
        connection.execute(
            f"""INSERT INTO {table} BY NAME
                SELECT *, substr(sha256(concat_ws(chr(31), {identity})), 1, 12) AS row_id, true AS chosen, '' AS choice,
                    '' AS range_from, '' AS correction
                FROM (SELECT {", ".join((*words, *numbers))}, '{quoted(name)}' AS file,
                          CAST(file_row_number + 1 AS INTEGER) AS line
                      FROM read_parquet('{quoted(path)}', file_row_number = true))"""
        )
    except duckdb.Error as error:
        what = f"not a file of rows: {str(error).splitlines()[0]}"
        raise DatasetError(Problem(what, str(path), ", ".join(COLUMNS), "remove it, and import again")) from error


def write_user_file(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as the file of a user's rows: CSV, or Parquet where they are many; none removes it."""
    counted = connection.execute(f"SELECT count(*) {query}").fetchone()
    count = counted[0] if counted else 0
    ending = "csv" if count <= _LARGEST_CSV else "parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    ordered = f"SELECT {', '.join(COLUMNS)} {query} ORDER BY ALL"
    if ending == "parquet":
        connection.execute(f"COPY ({ordered}) TO '{quoted(part)}' (FORMAT parquet, COMPRESSION zstd)")
    elif count:
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(connection.execute(ordered).fetchall())
    if count:
        part.replace(path.with_suffix(f".{ending}"))
    for other in ("csv", "parquet"):
        if not count or other != ending:
            path.with_suffix(f".{other}").unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone: a second import, or a merge, waits for the first.

    Raises:
        InputError: another process held it for ten minutes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+b") as handle:
        _acquire(handle.fileno(), folder)
        try:
            yield
        finally:
            _release(handle.fileno())


def _acquire(handle: int, folder: Path) -> None:
    deadline = time.monotonic() + _LOCK_SECONDS
    while not _try_lock(handle):
        if time.monotonic() > deadline:
            what = "another derisk has been changing the user's dataset for ten minutes"
            raise InputError(Problem(what, str(folder), "one import at a time", "wait for it, or end it"))
        time.sleep(_SHORTEST_WAIT_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
