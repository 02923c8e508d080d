"""Plant loads: how much of what they can make plants make at the end, and when they are idled, of a study's draws."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import numpy as np
import pandas as pd

from derisk.study.questions import draw_batches, levels_of_range, plain_rows, rank_rows
from derisk.vocabulary.processes import NEW_PREFIX, PROCESSES

LAST_MONTHS: Final = 12
"""A load is the mean of so many last months of the horizon, of all where it is shorter."""
IDLED_SHARE: Final = 0.5
"""Plants are told as idled from the month on in which less than this share of their capacity is in service for good."""
_KEYS: Final = ["process", "good", "region"]
_LOADS: Final = """
WITH made AS (
        SELECT draw, month, process, good, region, sum(quantity_t) AS made_t, sum(capacity_t) AS capacity_t
        FROM production WHERE capacity_t IS NOT NULL AND {kinds} AND draw BETWEEN {first} AND {last} GROUP BY ALL
     ),
     every AS (
        SELECT draw, month, process, good, region, coalesce(made_t, 0) AS made_t, coalesce(capacity_t, 0) AS capacity_t,
               max(coalesce(capacity_t, 0)) OVER (PARTITION BY draw, process, good, region ORDER BY month) AS stood_t
        FROM (SELECT DISTINCT draw, process, good, region FROM made)
             CROSS JOIN (SELECT DISTINCT month FROM status)
             LEFT JOIN made USING (draw, month, process, good, region)
     ),
     plants AS (
        SELECT draw, process, good, region, max(stood_t) AS full_t,
               max(CASE WHEN capacity_t >= {idled} * stood_t AND stood_t > 0 THEN month END) AS last_month,
               sum(made_t) FILTER (month >= '{late}') / sum(stood_t) FILTER (month >= '{late}') AS load_share
        FROM every GROUP BY ALL HAVING sum(stood_t) FILTER (month >= '{late}') > 0
     ),
     base AS (
        SELECT draw, good, origin AS region, sum(base_quantity_t) AS base_t FROM flows
        WHERE month = '{start}' AND draw BETWEEN {first} AND {last} GROUP BY ALL
     ),
     stood AS (
        SELECT draw, good, region, sum(full_t) AS full_t FROM plants
        WHERE NOT starts_with(process, '{new}') GROUP BY ALL
     )
SELECT plants.draw, process, good, region, plants.full_t AS capacity_t, load_share,
       CASE WHEN starts_with(process, '{new}') THEN NULL ELSE least(base_t / stood.full_t, 1.0) END AS base_load_share,
       last_month
FROM plants LEFT JOIN base USING (draw, good, region) LEFT JOIN stood USING (draw, good, region)
"""


def plant_loads(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Load of each country's plants of one kind, and of each new plant, over the last year; medians over draws.

    `capacity_t` is what they could make in a month at their largest; `load_share` the part that they make of what
    stands, idle or not, over the last twelve months, of a new plant since it opened; `base_load_share` that of the
    base year, None of a new plant. `idled_from` is the month from which on less than half of what stands is in
    service, empty where more is in service at the end; plants are idled by their owners or stopped by a measure. What
    stands in less than half of the draws is left out. `idle_output_musd` is what base load less load is worth in a
    month.
    """
    months = [str(row[0]) for row in connection.execute("SELECT DISTINCT month FROM status ORDER BY month").fetchall()]
    late = months[-LAST_MONTHS:]
    words = {"late": late[0], "start": months[0], "idled": IDLED_SHARE, "new": NEW_PREFIX}
    named = ", ".join(f"'{kind}'" for kind in PROCESSES)
    kinds = f"(process IN ({named}) OR starts_with(process, '{NEW_PREFIX}'))"
    batches = [
        connection.execute(_LOADS.format(first=first, last=last, kinds=kinds, **words)).df()
        for first, last in draw_batches(connection)
    ]
    by_draw = pd.concat(batches)
    if by_draw.empty:
        return []
    rows = _over_draws(by_draw, months, levels_of_range(connection), draws=by_draw["draw"].nunique())
    rows["idle_output_musd"] = _idle_output_t(rows) * rows["good"].map(_base_prices(connection)).fillna(0.0) / 1e6
    return [
        {key: None if value != value else value for key, value in row.items()}
        for row in plain_rows(rank_rows(rows, "idle_output_musd", _KEYS))
    ]


def _over_draws(by_draw: pd.DataFrame, months: list[str], levels: tuple[float, float], *, draws: int) -> pd.DataFrame:
    """Medians and range over the draws in which a plant stands, of plants that stand in half of them."""
    ahead = dict(zip(months, [*months[1:], ""], strict=True))
    by_draw = by_draw.assign(
        idled=by_draw["last_month"]
        .astype(str)
        .map(lambda month: months.index(ahead[month]) if ahead[month] else np.inf)
    )
    groups = by_draw.groupby(_KEYS, observed=True)
    rows = groups[["capacity_t", "base_load_share", "load_share"]].median()
    rows["load_share_p05"], rows["load_share_p95"] = (groups["load_share"].quantile(level) for level in levels)
    middle = groups["idled"].apply(lambda values: float(np.quantile(values, 0.5, method="higher")))
    rows["idled_from"] = [months[int(month)] if np.isfinite(month) else "" for month in middle]
    return rows[groups.size() * 2 >= draws].reset_index()


def _idle_output_t(rows: pd.DataFrame) -> pd.Series:
    """Tonnes a month that plants make less than at their base load, a new one than it can."""
    reference = rows["base_load_share"].fillna(1.0)
    return (reference - rows["load_share"]).clip(lower=0.0) * rows["capacity_t"]


def _base_prices(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    found = connection.execute(
        """
        SELECT good, median(delivered_price_usd_per_t / delivered_price_ratio) FROM prices
        WHERE delivered_price_ratio > 0 AND draw = (SELECT min(draw) FROM good_draws) GROUP BY good
        """
    ).fetchall()
    return {str(good): float(price) for good, price in found}
