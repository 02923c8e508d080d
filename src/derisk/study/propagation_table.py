"""Propagation table: first-round losses carried through economies, as a file of the study and in its summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from derisk.data import Dataset
from derisk.errors import DatasetError
from derisk.losses import range_levels, spread
from derisk.losses.accounts import Accounts, accounts_of
from derisk.losses.economy_wide import BINDING_COST_SHARE, carry_losses
from derisk.study.parquet_file import write_rows
from derisk.study.parts import parts_as_sql

PROPAGATION_COLUMNS: Final = {
    "draw": "INTEGER",
    "region": "VARCHAR",
    "industry": "VARCHAR",
    "industry_name": "VARCHAR",
    "first_round_musd": "DOUBLE",
    "propagated_low_musd": "DOUBLE",
    "propagated_high_musd": "DOUBLE",
}
"""Columns of `propagation.parquet`."""

_MONEY: Final = ("first_round_musd", "propagated_low_musd", "propagated_high_musd")
_LEAST_MUSD: Final = 0.05
Floats = NDArray[np.float64]
Lost = dict[int, dict[str, float]]
"""By draw and use, value added lost over all months [million USD]."""


def write_propagation(
    file: Path, *, losses: Sequence[Path], status: Sequence[Path], dataset: Dataset
) -> dict[str, Any]:
    """Carry every converged draw's losses through the accounts of their regions and write the table.

    Returns what `summary.json` says: one entry a region with accounts and losses, and the regions left out with why.

    Args:
        file: where to write it.
        losses: parts of the table `losses`.
        status: parts of the table `status`.
        dataset: its input-output tables.
    """
    rows: list[pd.DataFrame] = []
    regions, left_out = [], []
    months, draws, lost_by_region = _losses(losses, status, countries=_countries(dataset))
    for region, lost in lost_by_region.items():
        try:
            accounts = accounts_of(dataset.records("input_output"), country=region)
            money = _carried(accounts, lost, draws=draws, months=months)
        except DatasetError as error:
            left_out.append({"region": region, "why": error.problems[0].what})
            continue
        rows.append(_rows(accounts, money, draws=draws))
        regions.append(_summary(accounts, money))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(PROPAGATION_COLUMNS))
    write_rows(file, table, PROPAGATION_COLUMNS)
    return {"binding_cost_share": BINDING_COST_SHARE, "regions": regions, "left_out": left_out}


def _countries(dataset: Dataset) -> list[str]:
    if "input_output" not in dataset.record_names():
        return []
    return sorted(str(country) for country in dataset.records("input_output")["country"].unique())


def _losses(
    losses: Sequence[Path], status: Sequence[Path], *, countries: Sequence[str]
) -> tuple[int, list[int], dict[str, Lost]]:
    """Months, converged draws, and losses by region, draw and use."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        known = connection.execute(
            f"SELECT draw, count(*) FROM {parts_as_sql(status)} GROUP BY draw HAVING bool_and(converged) ORDER BY draw"
        ).fetchall()
        sums = connection.execute(
            f"""
            SELECT region, draw, "use", sum(value_added_lost_musd) FROM {parts_as_sql(losses)}
            WHERE region IN (SELECT unnest(?)) AND value_added_lost_musd > 0
            GROUP BY ALL ORDER BY ALL
            """,
            [list(countries)],
        ).fetchall()
    draws = [int(draw) for draw, _ in known]
    by_region: dict[str, Lost] = {}
    for region, draw, use, lost in sums:
        if int(draw) in set(draws):
            by_region.setdefault(str(region), defaultdict(dict))[int(draw)][str(use)] = float(lost)
    return (int(known[0][1]) if known else 0), draws, by_region


def _carried(accounts: Accounts, lost: Lost, *, draws: Sequence[int], months: int) -> Floats:
    """(draw, column, industry) money of every column; nothing in draws without losses."""
    money = np.zeros((len(draws), len(_MONEY), len(accounts.industries)))
    for at, draw in enumerate(draws):
        if draw in lost:
            carried = carry_losses(accounts, lost_musd=lost[draw], months=months)
            money[at] = carried.first_round_musd, carried.low_musd, carried.high_musd
    return money


def _rows(accounts: Accounts, money: Floats, *, draws: Sequence[int]) -> pd.DataFrame:
    """Rows of one region: every industry that bears something in a draw."""
    draw, industry = np.nonzero(money[:, -1] > 0.0)
    words = {"region": accounts.country, "industry": np.array(accounts.industries, dtype=object)[industry]}
    words["industry_name"] = np.array(accounts.names, dtype=object)[industry]
    numbers = {name: money[draw, column, industry] for column, name in enumerate(_MONEY)}
    return pd.DataFrame({"draw": np.array(draws, dtype=np.int32)[draw], **words, **numbers})


def _summary(accounts: Accounts, money: Floats) -> dict[str, Any]:
    """Totals with their tail, and each industry's medians and ranges, the largest first."""
    ends = range_levels(len(money))
    low, middle, high = np.quantile(money, (ends[0], 0.5, ends[1]), axis=0)
    order = np.argsort(-middle[-1], kind="stable")
    industries = [
        {"industry": accounts.industries[at], "name": accounts.names[at]}
        | {name: float(middle[column, at]) for column, name in enumerate(_MONEY)}
        | {f"{name}_p05": float(low[column, at]) for column, name in enumerate(_MONEY)}
        | {f"{name}_p95": float(high[column, at]) for column, name in enumerate(_MONEY)}
        for at in order.tolist()
        if middle[-1, at] >= _LEAST_MUSD
    ]
    totals = {name: spread(money[:, column].sum(axis=1)) for column, name in enumerate(_MONEY)}
    return {"region": accounts.country, "accounts_year": accounts.year, **totals, "industries": industries}
