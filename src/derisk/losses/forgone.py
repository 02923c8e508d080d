"""Forgone value: what the tonnes nobody got were worth at the prices at which they were given up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_USD_PER_MUSD = 1e6


def forgone_value_musd(*, shortfall: Floats, base_price_usd_per_t: Floats, delivered_price_usd_per_t: Floats) -> Floats:
    """Worth of the tonnes short in the month, (use_row,) [million USD].

    Equation (9.4) of docs/theory/losses.md: `h (mu0 + mu) / 2`. Users give up the tonnes that are worth least to
    them first, each at the price it was worth; along a convex demand curve the mean of the two prices is at
    most too high.

    Args:
        shortfall: tonnes short, (use_row,) [t].
        base_price_usd_per_t: base price of the row's good, (use_row,).
        delivered_price_usd_per_t: delivered price in the row's region, (use_row,).
    """
    price = 0.5 * (base_price_usd_per_t + np.maximum(delivered_price_usd_per_t, base_price_usd_per_t))
    return np.asarray(shortfall * price / _USD_PER_MUSD)
