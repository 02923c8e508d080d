"""Completion: which draws of an unfinished study stand whole in its folder, and the lock of the run that writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from derisk.errors import InputError, Problem
from derisk.study.checksums import check_parts, damaged
from derisk.study.parts import parts_as_sql, parts_of
from derisk.study.tables import TABLES

_PART = re.compile(r"draws-(\d{6,})-(\d{6,})\.parquet")


def keep_whole_draws(folder: Path) -> set[int]:
    """Draws that the folder holds whole; parts that a killed run left incomplete are removed.

    A part is whole once `status`, which is written last, has it.

    Raises:
        StudyError: a whole part is missing from a table, cannot be read, or overlaps another; it is named.
    """
    names = {file.name for file in parts_of(folder, "status")}
    kept: set[int] = set()
    for name in sorted(names):
        match = _PART.fullmatch(name)
        draws = set(range(int(match[1]), int(match[2]) + 1)) if match else set()
        if not draws or draws & kept:
            raise damaged(f"the part {name} is none, or overlaps another", folder / "status" / name)
        kept |= draws
    if names:
        with duckdb.connect() as connection:
            for table in TABLES:
                _check_readable(connection, [folder / table / name for name in sorted(names)], table)
    for file in (file for table in TABLES for file in parts_of(folder, table) if file.name not in names):
        file.unlink()
    return kept


def check_finished_parts(folder: Path, manifest: dict[str, Any] | None) -> None:
    """Check every table of a finished study, so that more draws never lend a damaged part a new checksum.

    Raises:
        StudyError: a part is missing or damaged.
    """
    if manifest and manifest.get("finished"):
        for table in TABLES:
            check_parts(folder, manifest, table)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for this run; the system lets go of it when the process ends, however it ends.

    Raises:
        InputError: another run is writing into the folder.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                Problem(
                    f"another run is writing into '{folder}'",
                    where="--out",
                    allowed="one run at a time in a folder",
                    hint="wait until it ends, or name another folder",
                )
            ) from None
        yield
    finally:
        os.close(handle)


def _check_readable(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], table: str) -> None:
    for file in files:
        if not file.is_file():
            raise damaged(f"a part of table '{table}' is missing", file)
        try:
            connection.execute(f"SELECT count(*) FROM {parts_as_sql([file])}").fetchall()
        except duckdb.Error as error:
            raise damaged(f"a part of table '{table}' is damaged", file) from error
