"""Tail measures: mean, percentiles and the mean of the worst twentieth; of few draws the lowest and the highest."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

FEW_DRAWS: Final = 20
"""Of fewer draws no twentieth can be told: their range is from the lowest to the highest."""


def range_levels(draws: int) -> tuple[float, float]:
    """The two quantiles between which a range is told: 5 and 95 %, of few draws the lowest and the highest."""
    return (0.05, 0.95) if draws >= FEW_DRAWS else (0.0, 1.0)


def range_words(draws: int) -> str:
    """What a range over so many draws is, in words: `5 to 95 %`, or `lowest to highest of 4 draws`."""
    return "5 to 95 %" if draws >= FEW_DRAWS else f"lowest to highest of {draws} draws"


def spread(values: ArrayLike) -> dict[str, float]:
    """Mean, median, the two ends of `range_levels` and CVaR of a set of draws.

    The ends stand under `p05` and `p95`: nearest-rank percentiles where the draws are fewer than twenty. CVaR at
    95 % is the mean of the draws at or above `p95` (Rockafellar and Uryasev 2000, Journal of Risk 2, 21-41).

    Args:
        values: one number a draw; at least one.
    """
    draws = np.asarray(values, dtype=np.float64)
    low, high = range_levels(len(draws))
    p05, p50, p95 = np.quantile(draws, [low, 0.5, high])
    return {
        "mean": float(draws.mean()),
        "p05": float(p05),
        "p50": float(p50),
        "p95": float(p95),
        "cvar95": float(draws[draws >= p95].mean()),
    }
