"""Is a summary's order the same where rounding alone parts the numbers?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from derisk.losses.order import by_size
from derisk.study.labels import COLUMNS, Labels
from derisk.study.parts import PartWriter
from derisk.study.summary import summarise_tables
from derisk.study.tables import TABLES

MONTHS = ("2026-01", "2026-02")
AXES = {
    "good": ("gallium", "germanium"),
    "region": ("DEU", "JPN", "USA"),
    "use": ("defence", "semiconductors"),
    "material": ("gallium", "germanium"),
}
CELLS = [(good, region, use) for good in (0, 1) for region in (0, 1, 2) for use in (0, 1)]


def noise(rng: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    """What two machines differ by."""
    return 1.0 + 1e-9 * rng.uniform(-1.0, 1.0, count)


def month_of(table: str, rng: np.random.Generator) -> dict[str, Any]:
    """Every good short by the same in every region and use, every price and loss the same."""
    good, region, use = np.array(CELLS).T
    if table == "use":
        short = 5.0 * noise(rng, good.size)
        return {
            "good": good, "region": region, "use": use, "quantity_t": 10.0 - short, "shortfall_t": short,
            "base_quantity_t": np.full(good.size, 10.0), "rationed": np.zeros(good.size, dtype=np.bool_),
        }  # fmt: skip
    if table == "prices":
        good, region = np.divmod(np.arange(6), 3)
        ratio = 2.0 * noise(rng, good.size)
        return {
            "good": good, "region": region, "producer_price_usd_per_t": np.full(6, 1e6),
            "delivered_price_usd_per_t": 1e6 * ratio, "delivered_price_ratio": ratio,
            "permit_price_usd_per_t": np.zeros(6),
        }  # fmt: skip
    lost = 3.0 * noise(rng, good.size)
    return {
        "region": region, "use": use, "material": good, "value_added_lost_musd": lost, "price_transfer_musd": lost,
        "forgone_value_musd": lost, "value_added_assumed": np.zeros(good.size, dtype=np.bool_),
    }  # fmt: skip


def summary_of(folder: Path, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    labels = Labels(AXES)
    tables = {name: [Labels({}).frame(name, draw=0, months=MONTHS, rows=[])] for name in COLUMNS}
    for name in ("use", "prices", "losses"):
        rows = [(month, month_of(name, rng)) for month in range(2)]
        tables[name] = [labels.frame(name, draw=0, months=MONTHS, rows=rows)]
    status = {"draw": 0, "month": list(MONTHS), "converged": True, "residual": 0.0, "reason": "", "imbalance": 0.0}
    tables["status"] = [pd.DataFrame(status)]
    with PartWriter() as writer:
        writer.write(folder, [0], {name: tables[name] for name in TABLES})
    return summarise_tables(folder)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equal_rows_stand_in_the_order_of_good_region_and_use(tmp_path: Path, seed: int) -> None:
    summary = summary_of(tmp_path, seed)
    goods, regions, uses, _ = AXES.values()
    assert [(row["good"], row["region"], row["use"]) for row in summary["shortfall"]] == [
        (goods[good], regions[region], uses[use]) for good, region, use in CELLS
    ]
    pairs = [(good, region) for good in goods for region in regions]
    assert [(row["good"], row["region"]) for row in summary["shortfall_by_region"]] == pairs
    assert [(row["good"], row["region"]) for row in summary["peak_price_ratio"]] == pairs
    assert {row["month"] for row in summary["peak_price_ratio"]} == {MONTHS[0]}
    assert [row["region"] for row in summary["by_region"]] == list(regions)
    assert [row["use"] for row in summary["by_use"]] == list(uses)


def test_a_summary_is_the_same_however_many_questions_are_asked_at_once(tmp_path: Path) -> None:
    alone = summary_of(tmp_path, 1)
    assert list(alone) == list(summarise_tables(tmp_path, threads=3))
    assert alone == summarise_tables(tmp_path, threads=3)


def test_the_largest_comes_first_and_six_digits_part() -> None:
    values = {"b": 2.0, "a": 2.0 + 1e-9, "c": 2.00002, "d": -1.0, "e": 0.0, "f": 1e-12, "g": 2e9}
    assert sorted(values, key=lambda name: by_size(values[name], name)) == ["g", "c", "a", "b", "f", "e", "d"]
