"""Between lines of words and DuckDB: how rows enter a table and leave as Parquet."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from derisk.data.rows import COLUMNS, DERIVED_COLUMNS, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROW_COLUMNS: Final = (*COLUMNS, *DERIVED_COLUMNS)
ROW_TYPES: Final = {"value": "DOUBLE", "low": "DOUBLE", "high": "DOUBLE", "chosen": "BOOLEAN", "line": "INTEGER"}


def open_tables() -> DuckDBPyConnection:
    """An empty database in memory, on one thread: order is kept, and files come out the same each time."""
    import duckdb

    return duckdb.connect(config={"threads": 1})


def write_parquet(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]], *, types: dict[str, str]) -> None:
    """Lines of words as a Parquet file; columns named in `types` become numbers or flags."""
    with open_tables() as connection:
        create_table(connection, "lines", header, lines, types=types)
        connection.execute(f"COPY lines TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def create_table(
    connection: DuckDBPyConnection,
    name: str,
    header: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    types: dict[str, str] | None = None,
) -> None:
    """Lines of words as a table of DuckDB, through a quoted CSV: inserting them singly is a hundred times slower."""
    types = types or {}
    words = ", ".join(f"'{column}': 'VARCHAR'" for column in header)
    selected = ", ".join(_selected(column, types.get(column)) for column in header)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
            writer.writerow(header)
            writer.writerows(lines)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT {selected} FROM read_csv('{path}', header=true, auto_detect=false, "
            f"delim=',', quote='\"', escape='\"', columns={{{words}}}, parallel=false)"
        )


def _selected(column: str, kind: str | None) -> str:
    if kind is None:
        return f'COALESCE("{column}", \'\') AS "{column}"'
    return f'CAST(NULLIF("{column}", \'\') AS {kind}) AS "{column}"'


def row_cells(row: Row) -> list[str]:
    """A row's columns as words, numbers so that they read back exactly."""
    return [_cell(getattr(row, name)) for name in ROW_COLUMNS]


def _cell(value: str | float | bool | None) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
