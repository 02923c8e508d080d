"""Tail measures: mean, percentiles and the mean of the worst twentieth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def spread(values: ArrayLike) -> dict[str, float]:
    """Mean, 5th, 50th and 95th percentile and CVaR of a set of draws.

    CVaR at 95 % is the mean of the draws at or above the 95th percentile (Rockafellar and Uryasev 2000,
    Journal of Risk 2, 21-41).

    Args:
        values: one number a draw; at least one.
    """
    draws = np.asarray(values, dtype=np.float64)
    p05, p50, p95 = np.quantile(draws, [0.05, 0.5, 0.95])
    return {
        "mean": float(draws.mean()),
        "p05": float(p05),
        "p50": float(p50),
        "p95": float(p95),
        "cvar95": float(draws[draws >= p95].mean()),
    }
