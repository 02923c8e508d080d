"""Arithmetic on a study folder's Parquet files that imports nothing of derisk."""

from __future__ import annotations

from pathlib import Path

import duckdb


def table(folder: Path, name: str) -> str:
    """A study table, file or folder of parts, as SQL."""
    single = folder / f"{name}.parquet"
    return f"read_parquet('{single if single.is_file() else folder / name / '*.parquet'}')"


def worst_imbalance(folder: Path) -> float:
    """Largest gap between what comes into a good's region in a month and what leaves it, over the sum of absolute terms."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            WITH terms AS (
                SELECT draw, month, good, region, quantity_t AS term FROM {table(folder, "production")}
                UNION ALL SELECT draw, month, good, destination, quantity_t FROM {table(folder, "flows")} WHERE origin <> destination
                UNION ALL SELECT draw, month, good, origin, -quantity_t FROM {table(folder, "flows")} WHERE origin <> destination
                UNION ALL SELECT draw, month, good, region, opening_t FROM {table(folder, "stocks")}
                UNION ALL SELECT draw, month, good, region, -quantity_t FROM {table(folder, "stocks")}
                UNION ALL SELECT draw, month, good, region, -quantity_t FROM {table(folder, "use")}
            )
            SELECT max(gap / size) FROM (
                SELECT abs(sum(term)) AS gap, sum(abs(term)) AS size FROM terms GROUP BY draw, month, good, region
            ) WHERE size > 0
            """
        ).fetchall()[0][0]


def worst_departure_from_base(folder: Path) -> float:
    """Largest |flow - base flow| over max(base flow, 1e-6 of the good's world output)."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            WITH world AS (
                SELECT draw, month, good, sum(quantity_t) AS output FROM {table(folder, "production")} WHERE quantity_t > 0
                GROUP BY draw, month, good
            )
            SELECT max(abs(quantity_t - base_quantity_t) / greatest(base_quantity_t, 1e-6 * output))
            FROM {table(folder, "flows")} JOIN world USING (draw, month, good)
            """
        ).fetchall()[0][0]


def transfers_gap(folder: Path) -> float:
    """Largest sum of all parties' gains in a draw and month, over the sum of their absolute gains."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            SELECT coalesce(max(abs(total) / size), 0) FROM (
                SELECT sum(gain_musd) AS total, sum(abs(gain_musd)) AS size FROM {table(folder, "transfers")} GROUP BY draw, month
            ) WHERE size > 0
            """
        ).fetchall()[0][0]


def columns(folder: Path, name: str) -> list[str]:
    """Column names of a table."""
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {table(folder, name)}").fetchall()]
