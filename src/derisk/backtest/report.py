"""Report: forecasts as the rows that programs read, and the scores as lines that people read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from derisk.backtest.run import CaseResult
from derisk.backtest.scores import Forecast, Scores

BARS: dict[str, dict[str, float]] = {
    "from-text": {"direction_share": 0.80, "median_log_error": math.log(3.0)},
    "given-volume": {"median_log_error": math.log(2.0)},
}
"""What each mode is asked to reach: directions right at least, median absolute log error at most."""
COVERAGE_BAR = (0.65, 0.95)
"""Between these the share of observations inside their 80 % interval should lie."""


def rows_of(results: Iterable[CaseResult]) -> list[dict[str, Any]]:
    """One row an observation: plain values, in the order of the cases."""
    return [row_of(forecast) for result in results for forecast in result.forecasts]


def row_of(forecast: Forecast) -> dict[str, Any]:
    """A forecast as plain values; all numbers are ratios."""
    error = forecast.log_error
    return {
        "case": forecast.case,
        "metric": forecast.metric,
        "mode": forecast.mode,
        "naive_no_change": forecast.naive_no_change,
        "naive_lost_share": forecast.naive_lost_share,
        "month": forecast.month,
        "unit": "ratio",
        "observed": forecast.observed,
        "predicted": forecast.predicted,
        "low": forecast.low,
        "high": forecast.high,
        "log_error": error if error is None or math.isfinite(error) else None,
        "direction_right": forecast.direction_right,
    }


def lines_of(scores: Scores, *, mode: str) -> list[tuple[str, str, bool | None]]:
    """The scores of a mode: name, value in words, and whether the bar is reached (None: there is none)."""
    bars, lines = BARS[mode], []
    if scores.moved:
        share = scores.direction_share or 0.0
        wanted = bars.get("direction_share")
        told = f"{scores.directions_right} of {scores.moved} ({share:.0%})"
        lines.append(("direction right", told, None if wanted is None else share >= wanted))
    if scores.median_log_error is not None:
        error = scores.median_log_error
        told = f"{error:.2f} (a factor of {math.exp(error):.2f})"
        lines.append(("median absolute log error", told, error <= bars["median_log_error"]))
        for name, naive in (
            ("that of no change", scores.median_log_error_no_change),
            ("that of the lost share", scores.median_log_error_lost_share),
        ):
            if naive is not None:
                lines.append((name, f"{naive:.2f}", error < naive))
    if scores.covered_share is not None:
        told = f"{scores.covered_share:.0%} ({scores.covered_low:.0%} to {scores.covered_high:.0%}, by case)"
        lines.append(("inside the 80 % interval", told, COVERAGE_BAR[0] <= scores.covered_share <= COVERAGE_BAR[1]))
        lines.append(("inside that of the draws alone", f"{scores.covered_by_draws_share:.0%}", None))
    return lines
