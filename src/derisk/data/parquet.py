"""Between lines of words and DuckDB: how rows enter a table and leave as Parquet."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.rows import COLUMNS, DERIVED_COLUMNS, KEY, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROW_COLUMNS: Final = (*COLUMNS, *DERIVED_COLUMNS)
ROW_TYPES: Final = {
    **dict.fromkeys(("value", "low", "high", "stated_low", "stated_high"), "DOUBLE"),
    "chosen": "BOOLEAN",
    "line": "INTEGER",
}
CODED: Final = (*KEY, "unit", "basis", "status", "source")
"""Columns of few words. The words of each stand, sorted, beside the rows in the Parquet file: readers take codes."""
_WORDS: Final = "derisk_words"
_ROWS_TOGETHER: Final = 20_480
"""Rows of a Parquet row group: small, so that both cores read."""


def open_tables() -> DuckDBPyConnection:
    """An empty database in memory, on one thread: order is kept, and files come out the same each time."""
    import duckdb

    return duckdb.connect(config={"threads": 1})


def write_parquet(path: Path, header: Sequence[str], lines: Iterable[Sequence[Any]], *, types: dict[str, str]) -> None:
    """Lines of words as a Parquet file; columns named in `types` become numbers or flags."""
    with open_tables() as connection:
        create_table(connection, "lines", header, lines, types=types)
        connection.execute(f"COPY lines TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


def write_rows(connection: DuckDBPyConnection, table: str, path: Path) -> None:
    """A table of rows as a Parquet file, with the words of its coded columns beside them."""
    words = {
        name: [word for (word,) in connection.execute(f"SELECT DISTINCT {name} FROM {table} ORDER BY 1").fetchall()]
        for name in CODED
    }
    told = json.dumps(words, ensure_ascii=False).replace("'", "''")
    connection.execute(
        f"COPY (SELECT {', '.join(ROW_COLUMNS)} FROM {table}) TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd, "
        f"ROW_GROUP_SIZE {_ROWS_TOGETHER}, KV_METADATA {{{_WORDS}: '{told}'}})"
    )


def read_words(connection: DuckDBPyConnection, path: Path) -> dict[str, list[str]]:
    """Words of the coded columns of a Parquet file of rows."""
    told = connection.execute(
        "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = ?", [str(path), _WORDS]
    ).fetchone()
    words: dict[str, list[str]] = json.loads(told[0]) if told else {}
    return words


def quoted(text: object) -> str:
    """A text as it stands between the quotes of SQL."""
    return str(text).replace("'", "''")


def create_table(
    connection: DuckDBPyConnection,
    name: str,
    header: Sequence[str],
    lines: Iterable[Sequence[Any]],
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
            f"CREATE TABLE {name} AS SELECT {selected} FROM read_csv('{quoted(path)}', header=true, auto_detect=false, "
            f"delim=',', quote='\"', escape='\"', columns={{{words}}}, parallel=false)"
        )


def _selected(column: str, kind: str | None) -> str:
    if kind is None:
        return f'COALESCE("{column}", \'\') AS "{column}"'
    return f'CAST(NULLIF("{column}", \'\') AS {kind}) AS "{column}"'


row_cells: Final[Callable[[Row], Sequence[Any]]] = attrgetter(*ROW_COLUMNS)
"""A row's columns; a CSV writes its numbers so that they read back exactly."""
