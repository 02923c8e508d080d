"""Do mines answer to prices within months? USGS, Data Series 140: world output and prices, 1970 to 1992.

World output and the unit value in dollars of 1998 of some thirty minerals. Year on year, changes of output on changes of
price in the same year and in the two before, a constant for each mineral, errors clustered by mineral. What is found is a
few hundredths in the year and as much in the next: supply that answers within months and is missing here there is none.
"""

from __future__ import annotations

import json
import math
from functools import cache

import numpy as np
import pytest
from comparison import PUBLISHER_FILES, needs_files

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path.parameters import load_parameters

FOLDER = PUBLISHER_FILES / "production" / "usgs_history_wilson" / "ds140_1861_1992" / "commodities"
FIRST, LAST = 1970, 1992
LEAP = 0.5
"""A change of the logarithm of output beyond this is a break in the series."""

pytestmark = needs_files


def series():
    """Of each mineral with both: world output and real unit value by year."""
    found = []
    for file in sorted(FOLDER.glob("*.json")):
        for part in json.loads(file.read_text(encoding="utf-8"))["series"]:
            by_id = {one["id"]: {row[0]: row[1] for row in one["observations"]} for one in part["measures"]}
            output = next((values for name, values in by_id.items() if "world" in name), None)
            price = next((values for name, values in by_id.items() if "98" in name), None)
            if output and price:
                found.append((output, price))
    return found


def change(values, year):
    now, before = values.get(year), values.get(year - 1)
    return math.log(now / before) if now and before else math.nan


@cache
def regression():
    """Elasticities in the year and the two after, with their covariance, and how many years and minerals."""
    rows, minerals = [], []
    for number, (output, price) in enumerate(series()):
        for year in range(FIRST, LAST + 1):
            row = [change(output, year), *(change(price, year - lag) for lag in range(3))]
            if np.isfinite(row).all() and abs(row[0]) <= LEAP:
                rows.append(row)
                minerals.append(number)
    table, group = np.array(rows), np.array(minerals)
    for number in set(minerals):
        table[group == number] -= table[group == number].mean(axis=0)
    changes, prices = table[:, 0], table[:, 1:]
    bread = np.linalg.inv(prices.T @ prices)
    slopes = bread @ prices.T @ changes
    scores = np.array([prices[group == n].T @ (changes - prices @ slopes)[group == n] for n in set(minerals)])
    return slopes, bread @ scores.T @ scores @ bread, len(rows), len(set(minerals))


def test_mines_answer_with_hundredths_in_a_year_and_as_much_in_the_next():
    slopes, covariance, years, minerals = regression()
    assert years > 700
    assert minerals > 25
    assert slopes[:2] == pytest.approx([0.06, 0.06], abs=0.015)
    assert np.sqrt(np.diag(covariance))[:2].max() < 0.04


def test_mines_here_answer_no_less_than_those_did_in_two_years():
    network = build_network(load_dataset(), base_year=2024)
    mines = [number for number, kind in enumerate(network.process_kind) if kind.startswith("mine_")]
    kinds = {network.process_kind[number]: float(network.supply_elasticity[number]) for number in mines}
    ratio = load_parameters().supply_elasticity_ratio
    slopes, covariance, *_ = regression()
    highest = slopes[:2].sum() + 2.0 * math.sqrt(covariance[:2, :2].sum())
    assert len(kinds) > 10
    assert ratio * float(np.median(list(kinds.values()))) > highest
