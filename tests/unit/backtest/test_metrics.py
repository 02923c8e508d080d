"""Readings on a study small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic_study import tiny_study

from derisk.backtest.metrics import arrivals, read_course
from derisk.backtest.reading import Reading, Span
from derisk.errors import InputError


def reading(kind, *, origin="CHN", destination="all", months="2020-02", over=None, statistic="mean", goods="gallium"):
    first, _, last = months.partition("..")
    compared = over if over is None else Span(over.partition("..")[0], over.partition("..")[2] or over)
    return Reading(kind, (goods,), (origin,), (destination,), Span(first, last or first), compared, statistic)


def values(wanted, *, lag=0.0, study=None):
    study = study or tiny_study()
    return read_course(study, wanted, lag_months=lambda origin, destination: lag).at(wanted).tolist()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (reading("exports", destination="JPN"), 0.0),
        (reading("exports", destination="JPN", months="2020-03"), 2.0),
        (reading("exports", destination="JPN", months="2020-03", over="2020-01"), 4.0),
        (reading("exports", destination="JPN", months="2020-01..2020-03"), 2.5 / 3.0),
        (reading("exports", months="2020-02"), 30.0 / 40.0),  # deliveries at home are no exports
        (reading("exports", months="2020-02", over="2020-01"), 30.0 / 35.0),
        (reading("exports", destination="CHN", months="2020-02"), 1.0),  # unless they are what is asked for
        (
            reading("exports", destination="JPN", months="2019-01..2019-12"),
            1.0,
        ),  # before the first month: the base year
        (reading("exports", destination="JPN", months="2020-01", over="2019-12"), 0.5),
        (reading("exports", destination="JPN", months="2019-12..2020-01"), 0.75),
        (reading("imports", origin="all", destination="JPN", months="2020-01"), 0.5),
        (reading("exports", destination="JPN", months="2020-01..2020-03", statistic="highest"), 2.0),
    ],
    ids=str,
)
def test_tonnes_are_ratios_to_the_base_year_or_to_other_months(wanted, expected):
    assert values(wanted) == pytest.approx([expected, expected])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (reading("price", destination="JPN"), [4.0, 8.0]),
        (reading("price", destination="JPN", over="2020-01"), [2.0, 2.0]),
        (reading("price", months="2020-02"), [(4.0 * 10 + 1.0 * 30) / 40, (8.0 * 10 + 2.0 * 30) / 40]),
        (reading("price", destination="CHN"), [0.8, 0.8]),
        (reading("price_gap", destination="JPN"), [4.0 / 0.8, 8.0 / 0.8]),
        (reading("price", destination="JPN", months="2020-01..2020-03", statistic="highest"), [4.0, 8.0]),
    ],
    ids=str,
)
def test_prices_abroad_are_weighted_by_base_tonnes(wanted, expected):
    assert values(wanted) == pytest.approx(expected)


def test_imports_arrive_after_their_lag():
    wanted = reading("imports", destination="JPN", months="2020-02")
    assert values(wanted, lag=0.5) == pytest.approx([0.25, 0.25])  # half of January's 0.5, half of February's 0
    assert values(wanted, lag=1.0) == pytest.approx([0.5, 0.5])
    assert values(wanted, lag=2.0) == pytest.approx([1.0, 1.0])  # what left before the first month


def test_arrivals_of_links_with_different_lags():
    departures = pd.DataFrame([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], columns=["2020-01", "2020-02", "2020-03"])
    arrived = arrivals(departures, pd.Series([4.0, 40.0]), np.array([0.0, 1.5]))
    assert arrived.to_numpy().tolist() == [[1.0, 2.0, 3.0], [40.0, 25.0, 15.0]]


def test_a_draw_with_a_month_that_failed_is_left_out():
    wanted = reading("price", destination="JPN")
    assert values(wanted, study=tiny_study(failed_draw=0)) == pytest.approx([8.0])


def test_what_nobody_shipped_is_named():
    with pytest.raises(InputError, match="no gallium went from JPN to USA in the base year"):
        values(reading("exports", origin="JPN", destination="USA"))


def test_months_after_the_last_simulated_are_refused():
    with pytest.raises(InputError, match="2020-04 lies after the last month simulated, 2020-03"):
        values(reading("exports", destination="JPN", months="2020-04"))
    with pytest.raises(InputError, match="2020-05 lies after"):
        values(reading("exports", destination="JPN", months="2020-01", over="2020-05"))
