"""Questions: what all that is asked of a study's tables share: the draws that count, ranges, ranks, plain rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from derisk.losses import range_levels
from derisk.losses.order import by_size
from derisk.study.parts import parts_as_sql, parts_of
from derisk.study.tables import TABLES

DRAWS_AT_ONCE: Final = 25
"""Draws of a batch."""
Question = Callable[[duckdb.DuckDBPyConnection], Any]
"""What is asked of the views that `create_views` makes."""


def create_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The tables' rows of draws that converged, and those draws as `good_draws`."""
    for table in TABLES:
        parts = parts_as_sql(parts_of(folder, table))
        connection.execute(f"CREATE VIEW all_{table} AS SELECT * FROM {parts}")
    connection.execute(
        "CREATE TABLE good_draws AS SELECT draw FROM all_status GROUP BY draw HAVING bool_and(converged) ORDER BY draw"
    )
    for table in TABLES:
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * FROM all_{table} WHERE draw IN (SELECT draw FROM good_draws)"
        )


def levels_of_range(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """The quantiles of the two ends of a range over the draws there are."""
    return range_levels(int(connection.execute("SELECT count(*) FROM good_draws").fetchall()[0][0]))


def draw_batches(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """First and last draw of batches whose months, goods and regions fit in memory together."""
    draws = [int(row[0]) for row in connection.execute("SELECT draw FROM good_draws ORDER BY draw").fetchall()]
    batches = [draws[start : start + DRAWS_AT_ONCE] for start in range(0, len(draws), DRAWS_AT_ONCE)]
    return [(batch[0], batch[-1]) for batch in batches]


def rank_rows(rows: pd.DataFrame, column: str, keys: Sequence[str]) -> pd.DataFrame:
    """Rows with the largest of a column first, those that only rounding parts by their words."""
    places = zip(rows[column], *(rows[key].astype(str) for key in keys), strict=True)
    order = [by_size(value, *words) for value, *words in places]
    return rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]


def plain_rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, for JSON."""
    return [
        {str(key): (value if isinstance(value, str | bool) else float(value)) for key, value in row.items()}
        for row in rows.to_dict("records")
    ]
