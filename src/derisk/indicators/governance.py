"""Governance: the World Bank's estimates of each country by year, as arrays, with the year each one is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.fields import fields_of
from derisk.indicators.grouped import Grouped, group_rows
from derisk.indicators.readings import Evidence
from derisk.indicators.supply import PLACE_OF_REGION, REGIONS, yearly

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

Floats = NDArray[np.float64]
OLDEST_YEARS: Final = 4
"""An estimate stands for the years after it up to this many."""
GOVERNED_BY: Final = {"NCL": "FRA", "NFK": "AUS", "GIB": "GBR", "FRO": "DNK"}
"""Territories that the World Bank does not estimate, and the state whose estimate stands for them."""
STABILITY: Final = "governance_political_stability"


def governance_score(mean_estimate: Floats) -> Floats:
    """How badly a country is governed, 0 (best) to 10 (worst) where estimates lie within ±2.5 [none].

    Equation (12.3) of docs/theory/indicators.md.

    Args:
        mean_estimate: mean of the Worldwide Governance Indicators, any shape.
    """
    return 5.0 - 2.0 * np.asarray(mean_estimate, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Governance:
    """Estimates from about -2.5 (worst) to 2.5 (best), of one or several dimensions."""

    years: np.ndarray
    """Years with estimates, rising, (year,)."""
    estimate: np.ndarray
    """Mean of the dimensions, NaN where one is missing, (year, region)."""
    grouped: Grouped
    """Rows by year."""

    def place_of_year(self, years: np.ndarray) -> np.ndarray:
        """Place of the newest estimates that may stand for each year, -1 where there are none, (line,)."""
        place = np.searchsorted(self.years, years, side="right") - 1
        if not len(self.years):
            return np.full(len(years), -1)
        return np.where((place >= 0) & (years - self.years[place] <= OLDEST_YEARS), place, -1)

    def at(self, years: np.ndarray) -> np.ndarray:
        """Estimates that stand for some years, (line, region)."""
        place = self.place_of_year(years)
        if not len(self.years):
            return np.full((len(years), len(REGIONS)), np.nan)
        return np.where(place[:, None] >= 0, self.estimate[place], np.nan)

    def evidence(self, years: np.ndarray, is_used: np.ndarray) -> Evidence:
        """Rows of the countries that each line uses, (line, region)."""
        place = np.where(is_used.any(axis=1), self.place_of_year(years), -1)
        whole = self.grouped.evidence(place)

        def rows(line: int) -> pd.DataFrame:
            used = {GOVERNED_BY.get(REGIONS[r], REGIONS[r]) for r in np.flatnonzero(is_used[line])}
            frame = whole.rows(line)
            return frame[frame["region"].isin(used)]

        return Evidence(whole.source, whole.status, rows)

    def missing(self, years: np.ndarray, is_used: np.ndarray) -> np.ndarray:
        """Which country's estimate a line lacks: `no governance for X`; nothing where it has them all, (line,)."""
        lacks = np.isnan(self.at(years)) & is_used
        told = np.full(len(years), "", dtype=object)
        for line in np.flatnonzero(lacks.any(axis=1)):
            names = [REGIONS[r] for r in np.flatnonzero(lacks[line])]
            rest = f" and {len(names) - 3} more" if len(names) > 3 else ""
            told[line] = f"no governance for {', '.join(names[:3])}{rest} up to {years[line]}"
        return told


def read_governance(dataset: Dataset, fields: tuple[str, ...] = fields_of("governance")) -> Governance:
    """The mean of some dimensions; a country and year counts only where all of them are there."""
    frame = yearly(dataset.observations(field=fields))
    frame = frame[frame["region"].isin(REGIONS).to_numpy(dtype=bool)]
    years = np.unique(frame["year"].to_numpy())
    cell = np.searchsorted(years, frame["year"].to_numpy()) * len(REGIONS)
    cell = cell + np.array([PLACE_OF_REGION[region] for region in frame["region"]], dtype=np.int64)
    cells = len(years) * len(REGIONS)
    total = np.bincount(cell, frame["value"].to_numpy(dtype=np.float64), minlength=cells)
    count = np.bincount(cell, minlength=cells)
    mean = np.where(count == len(fields), total / len(fields), np.nan).reshape(len(years), len(REGIONS))
    for territory, state in GOVERNED_BY.items():
        own, its = PLACE_OF_REGION[territory], PLACE_OF_REGION[state]
        mean[:, own] = np.where(np.isnan(mean[:, own]), mean[:, its], mean[:, own])
    whole = ~np.isnan(mean).all(axis=1)
    frame, kept = frame[np.isin(frame["year"], years[whole])], years[whole]
    place = np.searchsorted(kept, frame["year"].to_numpy())
    return Governance(kept, mean[whole], group_rows(frame, place, len(kept)))
