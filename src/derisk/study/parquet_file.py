"""Parquet file: a table of a study that is written once, at the end, as one file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd


def write_rows(file: Path, rows: pd.DataFrame, columns: Mapping[str, str]) -> None:
    """Write rows through a temporary name, in their order.

    Args:
        file: where to.
        rows: the table.
        columns: SQL type of each column, in order.
    """
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("rows", rows)
        target = str(temporary).replace("'", "''")
        connection.execute(f"COPY (SELECT {casts} FROM rows) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    temporary.replace(file)


def read_rows(file: Path) -> pd.DataFrame:
    """The table as it was written."""
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(file)]).df()
