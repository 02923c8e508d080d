"""Parts: a few draws of every table as Parquet files, written whole and read back as one."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from derisk.study.labels import COLUMNS, axis_of
from derisk.study.tables import TABLES

_SQL_TYPE = {"float64": "DOUBLE", "bool": "BOOLEAN"}
_STATUS_TYPES = {
    "draw": "INTEGER",
    "month": "VARCHAR",
    "converged": "BOOLEAN",
    "residual": "DOUBLE",
    "reason": "VARCHAR",
    "imbalance": "DOUBLE",
}


def parts_of(folder: Path, table: str) -> list[Path]:
    """The parts of a table that a study's folder holds, by their first draw."""
    return sorted((folder / table).glob("draws-*.parquet"))


def consecutive_runs(draws: Sequence[int]) -> list[list[int]]:
    """Ascending draws in runs without gaps, since a part is named by its first and last draw."""
    runs: list[list[int]] = []
    for draw in draws:
        if runs and draw == runs[-1][-1] + 1:
            runs[-1].append(draw)
        else:
            runs.append([draw])
    return runs


class PartWriter:
    """Writes parts one after the other, over one connection."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def write(self, path: Path, draws: Sequence[int], tables: dict[str, list[pd.DataFrame]]) -> None:
        """Write one part of every table, `status` last; a part is named by its first and last draw."""
        name = f"draws-{draws[0]:06d}-{draws[-1]:06d}.parquet"
        for table in TABLES:
            folder = path / table
            folder.mkdir(parents=True, exist_ok=True)
            temporary = folder / f".{name}.{os.getpid()}.{threading.get_ident()}.tmp"
            frames = [frame for frame in tables[table] if len(frame)] or tables[table][:1]
            self._connection.register("rows", pd.concat(frames, ignore_index=True))
            self._connection.execute(
                f"COPY (SELECT {_columns_as_sql(table)} FROM rows) TO '{_quoted(temporary)}' "
                "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 2000)"
            )
            self._connection.unregister("rows")
            temporary.replace(folder / name)


def parts_as_sql(files: Sequence[Path]) -> str:
    """The parts as a DuckDB table function."""
    return "read_parquet([" + ", ".join(f"'{_quoted(_literal(file))}'" for file in files) + "])"


def _literal(path: Path) -> str:
    """The path as a DuckDB pattern that matches nothing else: folders may hold brackets."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def read_parts(files: Sequence[Path], *, labels: Sequence[str]) -> pd.DataFrame:
    """The rows of a table, ordered as written, with words as categorical columns."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * FROM {parts_as_sql(files)}")
        columns_of_axis: dict[str, list[str]] = {}
        for label in labels:  # origin and destination share their words, so that they can be compared
            columns_of_axis.setdefault(axis_of(label), []).append(label)
        for axis, columns in columns_of_axis.items():
            distinct = " UNION ".join(f'SELECT DISTINCT "{column}" AS word FROM rows' for column in columns)
            words = connection.execute(f"SELECT word FROM ({distinct}) ORDER BY word").fetchall()
            known = ", ".join("'" + str(row[0]).replace("'", "''") + "'" for row in words) or "''"
            connection.execute(f'CREATE TYPE "{axis}_word" AS ENUM ({known})')
        casts = ", ".join(f'"{label}"::"{axis_of(label)}_word" AS "{label}"' for label in labels)
        return connection.execute(f"SELECT * REPLACE ({casts}) FROM rows").df()


def sum_parts(
    files: Sequence[Path],
    *,
    by: Sequence[str],
    columns: Sequence[str],
    draws: Sequence[int],
    only: Mapping[str, Collection[str]],
    without: Mapping[str, Collection[str]],
) -> pd.DataFrame:
    """Sums of columns over the rows of some draws that agree in the columns `by`, in the order of those.

    Rows are added in the order in which they stand, so that the same parts give the same digits.

    Args:
        files: parts of one table.
        by: columns of words, or `draw`.
        columns: columns to add up.
        draws: draws that count.
        only: by column, the words whose rows alone count.
        without: by column, the words whose rows do not count.
    """
    keys, sums = ", ".join(f'"{key}"' for key in by), ", ".join(f'sum("{name}") AS "{name}"' for name in columns)
    counts = [f"draw IN ({', '.join(str(int(draw)) for draw in draws) or 'NULL'})"]
    counts += [f'"{column}" IN ({_listed(words)})' for column, words in only.items()]
    counts += [f'"{column}" NOT IN ({_listed(words)})' for column, words in without.items()]
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        return connection.execute(
            f"SELECT {keys}, {sums} FROM {parts_as_sql(files)} WHERE {' AND '.join(counts)} "
            f"GROUP BY {keys} ORDER BY {keys}"
        ).df()


def _listed(words: Collection[str]) -> str:
    return ", ".join(f"'{_quoted(word)}'" for word in words) or "NULL"


def _columns_as_sql(table: str) -> str:
    """The table's columns with their types; labels are enumerations already, which DuckDB writes as text."""
    if table == "status":
        types = _STATUS_TYPES
    else:
        types = {"draw": "INTEGER", "month": "label"} | COLUMNS[table]
    return ", ".join(
        f'"{name}"' if kind == "label" else f'CAST("{name}" AS {_SQL_TYPE.get(kind, kind)}) AS "{name}"'
        for name, kind in types.items()
    )


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")
