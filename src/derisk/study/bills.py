"""Bills: what end users pay above base prices for each good, of a study's draws."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pandas as pd

from derisk.study.questions import draw_batches, levels_of_range, plain_rows, rank_rows

BILL_RULE: Final = "tonnes used times the rise of the delivered price over its base, where it rises, regions and months"
"""What a bill is, in words."""
_BILLS: Final = """
WITH base AS (
        SELECT draw, good, median(delivered_price_usd_per_t / delivered_price_ratio) AS price
        FROM prices WHERE delivered_price_ratio > 0 AND draw BETWEEN {first} AND {last} GROUP BY draw, good
     ),
     taken AS (
        SELECT draw, month, good, region, sum(quantity_t) AS quantity_t FROM "use"
        WHERE "use" NOT IN ('disposal', 'stock_building') AND draw BETWEEN {first} AND {last} GROUP BY ALL
     ),
     paid AS (
        SELECT draw, month, good, region, delivered_price_usd_per_t AS delivered FROM prices
        WHERE draw BETWEEN {first} AND {last}
     )
SELECT draw, good, sum(greatest(delivered - price, 0.0) * quantity_t) / 1e6 AS bill
FROM taken JOIN paid USING (draw, month, good, region) JOIN base USING (draw, good) GROUP BY draw, good
"""


def bills_of_goods(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What users pay above base prices for each good, where and when it is dearer; the largest median first.

    Equation (9.3a) of docs/theory/losses.md. What users save where a good is cheaper is left out: it does not make the
    dear tonnes less dear. `paid_above_base_musd` is the median over draws.
    """
    found = [connection.execute(_BILLS.format(first=first, last=last)).df() for first, last in draw_batches(connection)]
    bills = pd.concat(found)
    if bills.empty:
        return []
    by_draw = bills.pivot(index="draw", columns="good", values="bill").fillna(0.0)
    low, high = levels_of_range(connection)
    table = by_draw.quantile([low, 0.5, high]).T
    table.columns = pd.Index([f"paid_above_base_musd{end}" for end in ("_p05", "", "_p95")])
    rows = rank_rows(table.rename_axis("good").reset_index(), "paid_above_base_musd", ["good"])
    return plain_rows(rows[rows["paid_above_base_musd_p95"] > 0.0])
