"""Shortfall: tonnes a use would take at base prices and does not get."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shortfall_t(*, use_t: Floats, base_use_t: Floats, demand_ratio: Floats | None) -> Floats:
    """Tonnes short, against what would be used at base prices after changes of demand.

    Equation (9.1) of docs/theory/losses.md: `h = max(0, d u0 - u)`. A use that was made to need less (by
    substitution, or by a fall of demand) is short only of what it still needs.

    Args:
        use_t: use in the month [t], (use_row,).
        base_use_t: use in a month of the base year [t], (use_row,).
        demand_ratio: demand at base prices over the base year's, (use_row,); 1 when None.
    """
    wanted = base_use_t if demand_ratio is None else base_use_t * demand_ratio
    return np.asarray(np.maximum(0.0, wanted - use_t))


def shortfall_share(*, shortfall: Floats, base_use_t: Floats, demand_ratio: Floats | None) -> Floats:
    """Share of the wanted tonnes that is short, (use_row,); 0 where nothing is wanted."""
    wanted = base_use_t if demand_ratio is None else base_use_t * demand_ratio
    share = np.zeros_like(shortfall)
    np.divide(shortfall, wanted, out=share, where=wanted > 0.0)
    return np.clip(share, 0.0, 1.0)
