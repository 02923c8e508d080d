"""Report: forecasts as the rows that programs read, and the scores as lines that people read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from derisk.backtest.run import CaseResult
from derisk.backtest.scores import Forecast, Scores

BARS: dict[str, dict[str, float]] = {
    "from-text": {"direction_share": 0.80, "median_log_error": math.log(3.0)},
    "given-volume": {"median_log_error": math.log(2.0)},
}
"""What each mode is asked to reach: directions right at least, median absolute log error at most."""
COVERAGE_BAR = (0.65, 0.95)
"""Between these the share of observations inside their 80 % interval should lie."""


class ScoreLine(NamedTuple):
    """One score as people read it."""

    name: str
    value: str
    wanted: str = ""
    """The bar in words; empty where there is none."""
    reached: bool | None = None
    """Whether the bar is reached; None where there is none."""


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


def lines_of(scores: Scores, *, mode: str) -> list[ScoreLine]:
    """The scores of a mode, each with what is wanted of it."""
    bars, lines = BARS[mode], []
    if scores.moved:
        share = scores.direction_share or 0.0
        told = f"{scores.directions_right} of {scores.moved} ({share:.0%})"
        bar = bars.get("direction_share")
        wanted = ("", None) if bar is None else (f"at least {bar:.0%}", share >= bar)
        lines.append(ScoreLine("direction right", told, *wanted))
    if scores.median_log_error is not None:
        error, most = scores.median_log_error, bars["median_log_error"]
        told = f"{error:.2f} (a factor of {math.exp(error):.2f})"
        lines.append(ScoreLine("median absolute log error", told, f"at most {most:.2f}", error <= most))
        for name, naive in (
            ("that of no change", scores.median_log_error_no_change),
            ("that of the lost share", scores.median_log_error_lost_share),
        ):
            if naive is not None:
                lines.append(ScoreLine(name, f"{naive:.2f}", "more than ours", error < naive))
    if scores.covered_share is not None:
        low, high = COVERAGE_BAR
        told = f"{scores.covered_share:.0%} ({scores.covered_low:.0%} to {scores.covered_high:.0%}, by case)"
        wanted = (f"{low:.0%} to {high:.0%}", low <= scores.covered_share <= high)
        lines.append(ScoreLine("inside the 80 % interval", told, *wanted))
        lines.append(ScoreLine("inside that of the draws alone", f"{scores.covered_by_draws_share:.0%}"))
    return lines
