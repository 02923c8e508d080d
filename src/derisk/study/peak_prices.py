"""Peak prices: the highest monthly price of each good in each region over its base, of a study's draws."""

from __future__ import annotations

from typing import Any, Final

import duckdb

from derisk.study.questions import levels_of_range, plain_rows, rank_rows

_LEAST_RISE_SHARE: Final = 0.01
"""A price whose peak lies no further above its base is left out."""
_PEAKS: Final = """
WITH ends AS (
        SELECT draw, good, region, count(DISTINCT month) AS months, sum(base_quantity_t) AS base_t,
               bool_or(rationed) AS rationed
        FROM "use" WHERE "use" NOT IN ('disposal', 'stock_building') AND base_quantity_t > 0 GROUP BY ALL
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
"""Who takes each good (`users`: end uses, else plants), its price month by month, the peak of each draw and when."""


def peak_price_ratios(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Highest monthly delivered price over its base, of end uses, and of traded goods that none takes where plants do.

    `base_quantity_t` is what the region takes in a month of the base year, `end_use` whether end users do;
    `rationed_share` is the share of draws in which users come within a tenth of their value in use. Words are held as
    numbers, in the order of the words: the prices of all draws and months are in memory at once.
    """
    for axis in ("month", "good", "region"):
        connection.execute(f"CREATE TYPE {axis}_word AS ENUM (SELECT DISTINCT {axis} FROM prices ORDER BY {axis})")
    low, high = levels_of_range(connection)
    rows = rank_rows(connection.execute(_PEAKS.format(low=low, high=high)).df(), "p50", ["good", "region"])
    return plain_rows(rows[rows["p95"] > 1.0 + _LEAST_RISE_SHARE])
