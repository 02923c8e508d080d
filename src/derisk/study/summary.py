"""Summary: the numbers a brief prints, computed from the study's own tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from derisk.losses import range_levels, range_words, spread
from derisk.losses.order import by_size
from derisk.study.parts import parts_as_sql
from derisk.study.tables import TABLES

_LEAST_SHORTFALL_SHARE = 1e-3
_LEAST_PRICE_CHANGE = 0.01
_LEAST_LOSS_MUSD = 0.5
_TOTALS = ("value_added_lost_musd", "price_transfer_musd", "forgone_value_musd")

Question = Callable[[duckdb.DuckDBPyConnection], Any]


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
        _create_views(connection, folder)
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


def _create_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The tables' rows of draws that converged, and those draws as `good_draws`."""
    for table in TABLES:
        parts = parts_as_sql(sorted((folder / table).glob("draws-*.parquet")))
        connection.execute(f"CREATE VIEW all_{table} AS SELECT * FROM {parts}")
    connection.execute(
        "CREATE TABLE good_draws AS SELECT draw FROM all_status GROUP BY draw HAVING bool_and(converged) ORDER BY draw"
    )
    for table in TABLES:
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * FROM all_{table} WHERE draw IN (SELECT draw FROM good_draws)"
        )


def _range_levels(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """The quantiles of the two ends of a range over the draws there are."""
    return range_levels(int(connection.execute("SELECT count(*) FROM good_draws").fetchall()[0][0]))


def _spreads_of_totals(connection: duckdb.DuckDBPyConnection) -> list[dict[str, float]]:
    sums = ", ".join(f"coalesce(sum({column}), 0.0)" for column in _TOTALS)
    totals = connection.execute(
        f"SELECT {sums} FROM good_draws LEFT JOIN losses USING (draw) GROUP BY draw ORDER BY draw"
    ).fetchall()
    return [spread(list(column)) for column in zip(*totals, strict=True)]


def _median_rows(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Median and range over draws of each column's sum by `keys`; a draw without rows counts as zero."""
    by, (low, high) = ", ".join(f'"{key}"' for key in keys), _range_levels(connection)
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
    return _ranked(rows, columns[0], keys)


def _ranked(rows: pd.DataFrame, column: str, keys: Sequence[str]) -> pd.DataFrame:
    """Rows with the largest of a column first, those that only rounding parts by their words."""
    places = zip(rows[column], *(rows[key].astype(str) for key in keys), strict=True)
    order = [by_size(value, *words) for value, *words in places]
    return rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]


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


def _shortfall(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    low, high = _range_levels(connection)
    rows = connection.execute(
        f"""
        WITH sums AS (
            SELECT draw, good, region, "use", sum(shortfall_t) AS short, sum(quantity_t + shortfall_t) AS wanted,
                   sum(CASE WHEN rationed THEN 1 ELSE 0 END) AS rationed_months
            FROM "use" WHERE "use" <> 'disposal' GROUP BY draw, good, region, "use"
        )
        SELECT good, region, "use", quantile_cont(short, 0.5) AS shortfall_t,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, 0.5) AS shortfall_share,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, {low}) AS shortfall_share_p05,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, {high}) AS shortfall_share_p95,
               quantile_cont(rationed_months, 0.5) AS rationed_months
        FROM sums GROUP BY good, region, "use"
        """
    ).df()
    rows = _ranked(rows, "shortfall_share", ["good", "region", "use"])
    kept = rows[(rows["shortfall_share"] > _LEAST_SHORTFALL_SHARE) & (rows["shortfall_t"] > 0)]
    return _records(kept)


def _shortfall_by_region(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Shortfall of each good in each region over all uses, the most valuable first [million USD at base prices]."""
    low, high = _range_levels(connection)
    rows = connection.execute(
        f"""
        WITH base AS (
            SELECT good, median(delivered_price_usd_per_t / delivered_price_ratio) AS price
            FROM prices WHERE delivered_price_ratio > 0 GROUP BY good
        ), sums AS (
            SELECT draw, good, region, sum(shortfall_t) AS short, sum(quantity_t + shortfall_t) AS wanted
            FROM "use" WHERE "use" <> 'disposal' GROUP BY draw, good, region
        ), shares AS (SELECT *, CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END AS share FROM sums)
        SELECT good, region, quantile_cont(short, 0.5) AS shortfall_t, quantile_cont(share, 0.5) AS shortfall_share,
               quantile_cont(share, {low}) AS shortfall_share_p05, quantile_cont(share, {high}) AS shortfall_share_p95,
               quantile_cont(short, 0.5) * any_value(price) / 1e6 AS base_value_musd
        FROM shares JOIN base USING (good) GROUP BY good, region
        """
    ).df()
    rows = _ranked(rows, "base_value_musd", ["good", "region"])
    return _records(rows[(rows["shortfall_share"] > _LEAST_SHORTFALL_SHARE) & (rows["shortfall_t"] > 0)])


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


def _peak_price_ratio(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Highest monthly delivered price over its base, of end uses, and of traded goods that none takes where plants do.

    `base_quantity_t` is what the region takes in a month of the base year, `end_use` whether end users do;
    `rationed_share` is the share of draws in which users come within a tenth of their value in use. Words are held as
    numbers, in the order of the words: the prices of all draws and months are in memory at once.
    """
    for axis in ("month", "good", "region"):
        connection.execute(f"CREATE TYPE {axis}_word AS ENUM (SELECT DISTINCT {axis} FROM prices ORDER BY {axis})")
    low, high = _range_levels(connection)
    rows = connection.execute(
        f"""
        WITH ends AS (
                SELECT draw, good, region, count(DISTINCT month) AS months, sum(base_quantity_t) AS base_t,
                       bool_or(rationed) AS rationed
                FROM "use" WHERE "use" <> 'disposal' AND base_quantity_t > 0 GROUP BY ALL
             ),
             shipped AS (
                SELECT draw, good, origin, destination, base_quantity_t FROM flows
                WHERE month = (SELECT min(month) FROM status) AND base_quantity_t > 0
             ),
             plants AS (
                SELECT draw, good, destination AS region, sum(base_quantity_t) AS base_t FROM shipped
                WHERE good NOT IN (SELECT DISTINCT good FROM ends)
                     AND good IN (SELECT good FROM shipped WHERE origin <> destination)
                GROUP BY ALL
             ),
             users AS (
                SELECT draw, TRY_CAST(good AS good_word) AS good, TRY_CAST(region AS region_word) AS region,
                       base_t, rationed, end_use
                FROM (SELECT draw, good, region, base_t / months AS base_t, rationed, true AS end_use FROM ends
                      UNION ALL SELECT draw, good, region, base_t, false AS rationed, false AS end_use FROM plants)
             ),
             monthly AS (
                SELECT draw, month, good, region, ratio
                FROM (
                    SELECT draw, month::month_word AS month, good::good_word AS good, region::region_word AS region,
                           delivered_price_ratio AS ratio
                    FROM prices WHERE delivered_price_ratio IS NOT NULL
                ) SEMI JOIN users USING (draw, good, region)
             ),
             peaks AS (SELECT draw, good, region, max(ratio) AS peak FROM monthly GROUP BY draw, good, region),
             middles AS (
                SELECT good, region, month, quantile_cont(ratio, 0.5) AS middle
                FROM monthly GROUP BY good, region, month
             ),
             months AS (
                SELECT good, region, month FROM middles
                QUALIFY row_number() OVER (PARTITION BY good, region ORDER BY round(middle, 6) DESC, month) = 1
             )
        SELECT good, region, any_value(month) AS month, quantile_cont(peak, {low}) AS p05,
               quantile_cont(peak, 0.5) AS p50,
               quantile_cont(peak, {high}) AS p95, avg(CASE WHEN rationed THEN 1.0 ELSE 0.0 END) AS rationed_share,
               avg(base_t) AS base_quantity_t, bool_or(end_use) AS end_use
        FROM peaks JOIN months USING (good, region) JOIN users USING (draw, good, region)
        GROUP BY good, region
        """
    ).df()
    rows = _ranked(rows, "p50", ["good", "region"])
    return _records(rows[rows["p95"] > 1.0 + _LEAST_PRICE_CHANGE])


def _assumed_share(connection: duckdb.DuckDBPyConnection) -> float:
    """Share of the loss in sectors whose value added is assumed (scaled by GDP), over all draws."""
    row = connection.execute(
        """
        SELECT sum(CASE WHEN value_added_assumed THEN value_added_lost_musd ELSE 0 END), sum(value_added_lost_musd)
        FROM losses
        """
    ).fetchall()[0]
    return float(row[0] / row[1]) if row[1] else 0.0


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): (value if isinstance(value, str | bool) else float(value)) for key, value in row.items()}
        for row in rows.to_dict("records")
    ]


_QUESTIONS: Final[dict[str, Question]] = {
    "totals": _spreads_of_totals,
    "by_region": _by_region,
    "by_use": _by_use,
    "by_material": _by_material,
    "by_month": _by_month,
    "shortfall": _shortfall,
    "shortfall_by_region": _shortfall_by_region,
    "peak_price_ratio": _peak_price_ratio,
    "assumed_share": _assumed_share,
}
"""What is asked of the tables for each key of the summary."""
