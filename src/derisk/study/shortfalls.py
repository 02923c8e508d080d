"""Shortfalls: tonnes that users want at base prices and do not get, of a study's draws, by use and by region."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pandas as pd

from derisk.study.questions import levels_of_range, plain_rows, rank_rows

_LEAST_SHARE: Final = 1e-3
"""Users who lack less of what they want are not said to run short."""


def shortfalls(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Shortfall of each good in each region and use, the largest share first; medians over draws."""
    low, high = levels_of_range(connection)
    rows = connection.execute(
        f"""
        WITH sums AS (
            SELECT draw, good, region, "use", sum(shortfall_t) AS short, sum(quantity_t + shortfall_t) AS wanted,
                   sum(CASE WHEN rationed THEN 1 ELSE 0 END) AS rationed_months
            FROM "use" WHERE "use" NOT IN ('disposal', 'stock_building') GROUP BY draw, good, region, "use"
        )
        SELECT good, region, "use", quantile_cont(short, 0.5) AS shortfall_t,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, 0.5) AS shortfall_share,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, {low}) AS shortfall_share_p05,
               quantile_cont(CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END, {high}) AS shortfall_share_p95,
               quantile_cont(rationed_months, 0.5) AS rationed_months
        FROM sums GROUP BY good, region, "use"
        """
    ).df()
    return _short(rank_rows(rows, "shortfall_share", ["good", "region", "use"]))


def shortfalls_by_region(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Shortfall of each good in each region over all uses, the most valuable first [million USD at base prices]."""
    low, high = levels_of_range(connection)
    rows = connection.execute(
        f"""
        WITH base AS (
            SELECT good, median(delivered_price_usd_per_t / delivered_price_ratio) AS price
            FROM prices WHERE delivered_price_ratio > 0 GROUP BY good
        ), sums AS (
            SELECT draw, good, region, sum(shortfall_t) AS short, sum(quantity_t + shortfall_t) AS wanted
            FROM "use" WHERE "use" NOT IN ('disposal', 'stock_building') GROUP BY draw, good, region
        ), shares AS (SELECT *, CASE WHEN wanted > 0 THEN short / wanted ELSE 0 END AS share FROM sums)
        SELECT good, region, quantile_cont(short, 0.5) AS shortfall_t, quantile_cont(share, 0.5) AS shortfall_share,
               quantile_cont(share, {low}) AS shortfall_share_p05, quantile_cont(share, {high}) AS shortfall_share_p95,
               quantile_cont(short, 0.5) * any_value(price) / 1e6 AS base_value_musd
        FROM shares JOIN base USING (good) GROUP BY good, region
        """
    ).df()
    return _short(rank_rows(rows, "base_value_musd", ["good", "region"]))


def _short(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return plain_rows(rows[(rows["shortfall_share"] > _LEAST_SHARE) & (rows["shortfall_t"] > 0)])
