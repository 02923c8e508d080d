"""Summary: the numbers a brief prints, computed from the study's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from derisk.losses import range_words, spread
from derisk.study.bills import bills_of_goods
from derisk.study.parts import parts_as_sql
from derisk.study.peak_prices import peak_price_ratios
from derisk.study.plant_loads import plant_loads
from derisk.study.questions import Question, create_views, levels_of_range, rank_rows
from derisk.study.shortfalls import shortfalls, shortfalls_by_region

_LEAST_LOSS_MUSD = 0.5
_TOTALS = ("value_added_lost_musd", "price_transfer_musd", "forgone_value_musd")


def summarise_tables(folder: Path, *, threads: int = 1) -> dict[str, Any]:
    """Losses, shortfalls and peak prices of a study, over the draws whose every month converged.

    Args:
        folder: holds the parts of each table.
        threads: how many questions are asked of the tables at once; each is answered on one thread.

    Returns:
        The keys of `summary.json` that come from tables; medians over draws where not said otherwise.
    """
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # one order of summation, so that the same study gives the same digits
        create_views(connection, folder)
        draws, worst = connection.execute("SELECT count(DISTINCT draw), max(imbalance) FROM status").fetchall()[0]
        if not draws:
            return {"converged_draws": 0}

        def answer(question: Question) -> Any:
            with connection.cursor() as own:
                return question(own)

        with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="summarise") as pool:
            asked = {name: pool.submit(answer, question) for name, question in _QUESTIONS.items()}
            found = {name: answered.result() for name, answered in asked.items()}
    totals = dict(zip(_TOTALS, found.pop("totals"), strict=True))
    counted = {"converged_draws": int(draws), "range": range_words(int(draws)), "worst_imbalance": float(worst)}
    return {**counted, **totals, **found}


def _spreads_of_totals(connection: duckdb.DuckDBPyConnection) -> list[dict[str, float]]:
    sums = ", ".join(f"coalesce(sum({column}), 0.0)" for column in _TOTALS)
    totals = connection.execute(
        f"SELECT {sums} FROM good_draws LEFT JOIN losses USING (draw) GROUP BY draw ORDER BY draw"
    ).fetchall()
    return [spread(list(column)) for column in zip(*totals, strict=True)]


def _median_rows(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Median and range over draws of each column's sum by `keys`; a draw without rows counts as zero."""
    by, (low, high) = ", ".join(f'"{key}"' for key in keys), levels_of_range(connection)
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    zeros = ", ".join(f"coalesce({column}, 0.0) AS {column}" for column in columns)
    quantiles = ", ".join(
        f"quantile_cont({column}, 0.5) AS {column}, quantile_cont({column}, {low}) AS {column}_p05, "
        f"quantile_cont({column}, {high}) AS {column}_p95"
        for column in columns
    )
    rows = connection.execute(
        f"""
        WITH sums AS (SELECT draw, {by}, {sums} FROM losses GROUP BY draw, {by}),
             places AS (SELECT DISTINCT {by} FROM sums),
             filled AS (SELECT {by}, {zeros} FROM places CROSS JOIN good_draws LEFT JOIN sums USING (draw, {by}))
        SELECT {by}, {quantiles} FROM filled GROUP BY {by}
        """
    ).df()
    return rank_rows(rows, columns[0], keys)


def _by_region(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _median_rows(connection, ["region"], ["value_added_lost_musd", "price_transfer_musd"])
    kept = rows[(rows["value_added_lost_musd"] > 0) | (rows["price_transfer_musd"].abs() > _LEAST_LOSS_MUSD)]
    return [
        _spread_row(row, ["region"], ["value_added_lost_musd", "price_transfer_musd"])
        for row in kept.to_dict("records")
    ]


def _by_use(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _median_rows(connection, ["use"], ["value_added_lost_musd"])
    return [
        _spread_row(row, ["use"], ["value_added_lost_musd"])
        for row in rows.to_dict("records")
        if row["value_added_lost_musd"] > 0
    ]


def _by_material(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _median_rows(connection, ["material"], ["value_added_lost_musd"])
    return [_spread_row(row, ["material"], ["value_added_lost_musd"]) for row in rows.to_dict("records")]


def _by_month(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _median_rows(connection, ["month"], ["value_added_lost_musd"]).sort_values("month")
    return [_spread_row(row, ["month"], ["value_added_lost_musd"]) for row in rows.to_dict("records")]


def _spread_row(row: dict[Any, Any], keys: Sequence[str], columns: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {key: row[key] for key in keys}
    for column in columns:
        result[column] = float(row[column])
        result[f"{column}_p05"], result[f"{column}_p95"] = float(row[f"{column}_p05"]), float(row[f"{column}_p95"])
    return result


def converged_draws(files: Sequence[Path]) -> set[int]:
    """Draws whose every month reached equilibrium."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT draw FROM {parts_as_sql(files)} GROUP BY draw HAVING bool_and(converged)"
        ).fetchall()
    return {int(row[0]) for row in rows}


def losses_by_draw(files: Sequence[Path]) -> dict[int, float]:
    """Value added at risk of each draw [million USD]; a draw without losses is left out."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        rows = connection.execute(
            f"SELECT draw, sum(value_added_lost_musd) FROM {parts_as_sql(files)} GROUP BY draw ORDER BY draw"
        ).fetchall()
    return {int(draw): float(lost) for draw, lost in rows}


def _assumed_share(connection: duckdb.DuckDBPyConnection) -> float:
    """Share of the loss in sectors whose value added is assumed (scaled by GDP), over all draws."""
    row = connection.execute(
        """
        SELECT sum(CASE WHEN value_added_assumed THEN value_added_lost_musd ELSE 0 END), sum(value_added_lost_musd)
        FROM losses
        """
    ).fetchall()[0]
    return float(row[0] / row[1]) if row[1] else 0.0


_QUESTIONS: Final[dict[str, Question]] = {
    "totals": _spreads_of_totals,
    "by_region": _by_region,
    "by_use": _by_use,
    "by_material": _by_material,
    "by_month": _by_month,
    "by_good": bills_of_goods,
    "plants": plant_loads,
    "shortfall": shortfalls,
    "shortfall_by_region": shortfalls_by_region,
    "peak_price_ratio": peak_price_ratios,
    "assumed_share": _assumed_share,
}
"""What is asked of the tables for each key of the summary."""
