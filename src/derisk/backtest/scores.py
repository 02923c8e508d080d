"""Scores: how far a forecast lies from what was observed, and what the forecasts of many cases are worth together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

NEAR_ZERO: Final = 0.10
"""Tonnes up to this share of the month they are compared with count as near zero."""
OFFSET: Final = 0.01
"""What is added to both sides where tonnes are near zero."""
MOVED: Final = 0.10
"""An observation that lies this far from what it is compared with has a direction."""
STILL: Final = 1e-3
"""A forecast this near to what it is compared with has not moved."""
INTERVAL: Final = (0.10, 0.90)
"""Quantiles of the draws between which a forecast's interval lies."""
_RESAMPLES: Final = 2000
_CHANCES: Final = 199


@dataclass(frozen=True, slots=True)
class Forecast:
    """One observed number beside what was forecast for it; all numbers are ratios."""

    case: str
    metric: str
    mode: str
    month: str
    observed: float
    predicted: float | None
    """Median of the draws; None where no draw reached equilibrium."""
    low: float | None
    high: float | None
    """Low and high hold four fifths of what draws and the model's own error let expect (equation 15.2)."""
    draws_low: float | None
    draws_high: float | None
    """The same of the draws alone."""
    naive_no_change: float
    naive_lost_share: float
    of_tonnes: bool
    scored: bool
    """False for tonnes that were input."""

    @property
    def log_error(self) -> float | None:
        """Logarithm of predicted over observed; None where nothing was observed or forecast, or tonnes were input."""
        return self._error(self.predicted) if self.scored else None

    @property
    def direction_right(self) -> bool | None:
        """Whether it moved the way it was observed to; None where the observation moved less than a tenth."""
        return self._direction(self.predicted) if self.scored else None

    @property
    def covered(self) -> bool | None:
        """Whether the interval holds the observation; an observed zero is held by an interval that comes near it."""
        return self._holds(self.low, self.high)

    @property
    def covered_by_draws(self) -> bool | None:
        """Whether the interval of the draws alone holds it."""
        return self._holds(self.draws_low, self.draws_high)

    def naive_errors(self) -> tuple[float | None, float | None]:
        """Log errors of the two naive forecasts."""
        return self._error(self.naive_no_change), self._error(self.naive_lost_share)

    def _holds(self, low: float | None, high: float | None) -> bool | None:
        if not self.scored or low is None or high is None:
            return None
        slack = OFFSET if self.observed <= 0.0 else 0.0
        return low - slack <= self.observed <= high

    def _error(self, predicted: float | None) -> float | None:
        if predicted is None:
            return None
        return log_error(predicted, self.observed, of_tonnes=self.of_tonnes)

    def _direction(self, predicted: float | None) -> bool | None:
        return direction_right(predicted, self.observed)


def log_error(predicted: float, observed: float, *, of_tonnes: bool) -> float | None:
    """Logarithm of predicted over observed: equation (15.3) of docs/theory/backtest.md.

    Near-zero tonnes are compared as log((x + 1 %)/(y + 1 %)); an observed zero has no log error, its direction is
    judged alone.

    Args:
        predicted: ratio forecast.
        observed: ratio observed.
        of_tonnes: whether tonnes are compared.
    """
    if observed <= 0.0:
        return None
    if of_tonnes and min(predicted, observed) <= NEAR_ZERO:
        return math.log((predicted + OFFSET) / (observed + OFFSET))
    return math.log(predicted / observed) if predicted > 0.0 else -math.inf


def direction_right(predicted: float | None, observed: float) -> bool | None:
    """Whether a forecast moved the way it was observed to (equation 15.4).

    None where the observation moved by less than a tenth. A forecast that moves by less than a thousandth moves neither
    way, so that no direction hangs on rounding. An observed zero is met by a forecast of at most a tenth of the mean
    month before.
    """
    if abs(observed - 1.0) < MOVED - 1e-12:
        return None
    if predicted is None:
        return False
    if observed <= 0.0:
        return predicted <= NEAR_ZERO
    return predicted > 1.0 + STILL if observed > 1.0 else predicted < 1.0 - STILL


def interval(values: Floats, error_sd: float, *, of_tonnes: bool) -> tuple[float, float]:
    """Quantiles of the draws, each spread by the model's own error (equation 15.2).

    Args:
        values: (draw,) ratios.
        error_sd: standard deviation of the model's log error; 0 leaves the draws alone.
        of_tonnes: whether tonnes are forecast, which have the offset of near-zero ones.
    """
    offset = OFFSET if of_tonnes else 0.0
    chances = ndtri((np.arange(_CHANCES) + 0.5) / _CHANCES) if error_sd > 0.0 else np.zeros(1)
    spread = (values[:, np.newaxis] + offset) * np.exp(error_sd * chances) - offset
    low, high = np.quantile(np.maximum(spread, 0.0), INTERVAL)
    return float(low), float(high)


def naive_lost_share(lost_share: float, *, of_tonnes: bool) -> float:
    """The second naive forecast (equation 15.5): what is left of the tonnes, or the price that spreads what is left.

    Args:
        lost_share: share of the supply that the act takes away.
        of_tonnes: whether tonnes are forecast; a price otherwise.
    """
    return 1.0 - lost_share if of_tonnes else 1.0 / (1.0 - lost_share)


@dataclass(frozen=True, slots=True)
class Scores:
    """What many forecasts are worth together."""

    rows: int
    """Forecasts scored."""
    moved: int
    """Those whose observation moved by a tenth or more."""
    directions_right: int
    median_log_error: float | None
    """Median absolute log error, and those of the naive forecasts."""
    median_log_error_no_change: float | None
    median_log_error_lost_share: float | None
    covered_share: float | None
    """Share of observations inside their interval, the mean over cases."""
    covered_low: float | None
    """From this share, 90 % of resamples of whole cases."""
    covered_high: float | None
    covered_by_draws_share: float | None
    """The same of the intervals of the draws alone."""

    @property
    def direction_share(self) -> float | None:
        """Directions right over observations that moved."""
        return self.directions_right / self.moved if self.moved else None


def score(forecasts: Iterable[Forecast]) -> Scores:
    """The scores of the forecasts that are not of input."""
    rows = [forecast for forecast in forecasts if forecast.scored]
    directions = [found for row in rows if (found := row.direction_right) is not None]
    naive = [row.naive_errors() for row in rows]
    covered, low, high = _coverage([(row.case, row.covered) for row in rows])
    by_draws, _, _ = _coverage([(row.case, row.covered_by_draws) for row in rows])
    return Scores(
        rows=len(rows),
        moved=len(directions),
        directions_right=sum(directions),
        median_log_error=_median_size([row.log_error for row in rows]),
        median_log_error_no_change=_median_size([errors[0] for errors in naive]),
        median_log_error_lost_share=_median_size([errors[1] for errors in naive]),
        covered_share=covered,
        covered_low=low,
        covered_high=high,
        covered_by_draws_share=by_draws,
    )


def _median_size(errors: Sequence[float | None]) -> float | None:
    sizes = [abs(error) for error in errors if error is not None]
    return float(np.median(sizes)) if sizes else None


def _coverage(rows: Sequence[tuple[str, bool | None]]) -> tuple[float | None, float | None, float | None]:
    """Mean over cases of the share covered, with 90 % of resamples of whole cases: rows of a case stand together."""
    by_case: dict[str, list[bool]] = {}
    for case, covered in rows:
        if covered is not None:
            by_case.setdefault(case, []).append(covered)
    if not by_case:
        return None, None, None
    shares = np.array([np.mean(found) for found in by_case.values()])
    picks = np.random.default_rng(0).integers(0, len(shares), size=(_RESAMPLES, len(shares)))
    low, high = np.quantile(shares[picks].mean(axis=1), (0.05, 0.95))
    return float(shares.mean()), float(low), float(high)
