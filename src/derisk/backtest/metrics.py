"""Metrics: the value of a reading in every draw of a study, from its tables of prices and flows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from derisk.backtest.reading import IMPORTS, PRICE_GAP, Reading, Span
from derisk.errors import InputError, Problem
from derisk.scenario.ground import regions_named
from derisk.scenario.months import month_label, month_number
from derisk.study import draws_converged

LagMonths = Callable[[str, str], float]
"""Months that goods are under way from an origin to a destination."""


class Tables(Protocol):
    """What a metric reads: the tables of a study."""

    @property
    def prices(self) -> pd.DataFrame:
        """Prices by draw, month, good and region."""

    @property
    def flows(self) -> pd.DataFrame:
        """Tonnes shipped by draw, month, good, origin and destination."""

    @property
    def status(self) -> pd.DataFrame:
        """Convergence by draw and month."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a reading runs over the months of a study, in every draw that reached equilibrium in all of them."""

    to_base: pd.DataFrame
    """(draw, month) ratio to the base year."""
    compared_with: pd.Series[float]
    """(draw,) what the reading divides by, as a ratio to the base year."""

    @property
    def ratio(self) -> pd.DataFrame:
        """(draw, month) the reading's ratio if it were of that month alone."""
        return self.to_base.div(self.compared_with, axis=0)

    def at(self, reading: Reading) -> pd.Series[float]:
        """(draw,) the reading's ratio: equation (15.1) of docs/theory/backtest.md."""
        months = _in_months(self.to_base, reading.months)
        value = months.max(axis=1) if reading.statistic == "highest" else months.mean(axis=1)
        return value / self.compared_with


def read_course(tables: Tables, reading: Reading, *, lag_months: LagMonths) -> Course:
    """The reading in every month simulated.

    Raises:
        InputError: nothing of what is read was shipped in the base year, or its months lie after the last simulated.
    """
    _check_end(tables, reading)
    shipped = _shipments(_converged(tables, tables.flows), reading)
    to_base = _tonnes(shipped, reading, lag_months) if reading.of_tonnes else _prices(tables, shipped, reading)
    if reading.over is None:
        return Course(to_base, pd.Series(1.0, index=to_base.index))
    return Course(to_base, _in_months(to_base, reading.over).mean(axis=1))


def _in_months(to_base: pd.DataFrame, span: Span) -> pd.DataFrame:
    """The months of a span; those before the first simulated are the base year's."""
    return to_base.reindex(columns=list(span.labels()), fill_value=1.0)


def _converged(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["draw"].isin(draws_converged(tables.status))]


def _shipments(flows: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Rows of the flows that the reading is about, with positive base tonnes in all."""
    known = sorted({str(region) for column in ("origin", "destination") for region in flows[column].cat.categories})
    origins, destinations = regions_named(reading.origin, known), regions_named(reading.destination, known)
    chosen = flows["good"].isin(reading.goods)
    chosen &= flows["origin"].isin(origins) & flows["destination"].isin(destinations)
    if origins != destinations or len(origins) > 1:  # a home delivery is no trade
        chosen &= flows["origin"].astype(str) != flows["destination"].astype(str)
    shipped = flows[chosen]
    if not float(shipped["base_quantity_t"].sum()) > 0.0:
        raise InputError(_nothing_shipped(reading))
    return shipped


def _nothing_shipped(reading: Reading) -> Problem:
    what = f"no {' or '.join(reading.goods)} went from {' '.join(reading.origin)} to {' '.join(reading.destination)}"
    return Problem(
        f"{what} in the base year",
        where="goods, origin, destination",
        allowed="goods that were shipped in the base year of the scenario",
        hint="name another good, or a wider origin or destination",
    )


def _tonnes(shipped: pd.DataFrame, reading: Reading, lag_months: LagMonths) -> pd.DataFrame:
    """(draw, month) tonnes over the base year's, by month of departure, or of arrival for imports."""
    keys = ["draw", "origin", "destination", "month"]
    sums = shipped.groupby(keys, observed=True)[["quantity_t", "base_quantity_t"]].sum()
    base = sums["base_quantity_t"].groupby(level=keys[:-1], observed=True).max()
    quantity = _by_month(sums["quantity_t"]).fillna(0.0)
    if reading.kind == IMPORTS:
        lags = np.array([lag_months(str(origin), str(destination)) for _, origin, destination in quantity.index])
        quantity = arrivals(quantity, base, lags)
    return quantity.groupby(level="draw").sum().div(base.groupby(level="draw").sum(), axis=0)


def _by_month(values: pd.Series[float]) -> pd.DataFrame:
    """Months, the last level of the index, as columns in their order."""
    table = pd.DataFrame(values.unstack("month"))
    table.columns = pd.Index([str(month) for month in table.columns])
    return table[sorted(table.columns)]


def arrivals(departures: pd.DataFrame, base: pd.Series[float], lags: np.ndarray) -> pd.DataFrame:
    """Tonnes by month of arrival: a lag of 0.5 months brings half of what left in the month and half of the one before.

    Args:
        departures: (link, month) tonnes [t].
        base: (link,) tonnes of a base month, which left in the months before the first [t].
        lags: (link,) months under way.
    """
    first = month_number(str(departures.columns[0]))
    arrived = departures * 0.0
    for whole in range(int(np.ceil(lags.max())) + 1):
        share = np.clip(1.0 - np.abs(lags - whole), 0.0, 1.0)
        earlier = [month_label(first + step - whole) for step in range(departures.shape[1])]
        left = departures.reindex(columns=earlier)
        left = left.apply(lambda column: column.fillna(base))
        arrived += left.to_numpy() * share[:, np.newaxis]
    return arrived


def _prices(tables: Tables, shipped: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """(draw, month) delivered price over the base year's, or its gap to the price at home."""
    prices = _converged(tables, tables.prices)
    prices = prices[prices["good"].isin(reading.goods)].dropna(subset=["delivered_price_ratio"])
    first = shipped[shipped["month"].astype(str) == shipped["month"].astype(str).min()]
    first = first.rename(columns={"destination": "region"})
    weight = first.groupby(["draw", "region"], observed=True)["base_quantity_t"].sum()
    abroad = _mean_price(prices.join(weight, on=["draw", "region"], how="inner"), "base_quantity_t")
    if reading.kind != PRICE_GAP:
        return abroad
    known = sorted(str(region) for region in prices["region"].cat.categories)
    home = prices[prices["region"].isin(regions_named(reading.origin, known))]
    return abroad / _mean_price(home.assign(alike=1.0), "alike")


def _mean_price(rows: pd.DataFrame, weight: str) -> pd.DataFrame:
    weights = rows[weight].to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "draw": rows["draw"].to_numpy(),
            "month": rows["month"].astype(str).to_numpy(),
            "worth": rows["delivered_price_ratio"].to_numpy(dtype=float) * weights,
            "weight": weights,
        }
    )
    sums = table.groupby(["draw", "month"])[["worth", "weight"]].sum()
    return _by_month(sums["worth"] / sums["weight"])


def _check_end(tables: Tables, reading: Reading) -> None:
    last = max(str(month) for month in tables.status["month"].unique())
    spans: Sequence[Span] = [span for span in (reading.months, reading.over) if span is not None]
    for span in spans:
        if span.last > last:
            raise InputError(
                Problem(
                    f"{span} lies after the last month simulated, {last}",
                    where="months",
                    allowed=f"months up to {last}",
                    hint="lengthen the scenario",
                )
            )
