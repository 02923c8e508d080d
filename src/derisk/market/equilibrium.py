"""Equilibrium: prices and quantities of one month, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LARGEST_RESIDUAL = 1e-8
"""A solve with a larger residual has not converged, whatever tolerance was asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Equilibrium:
    """One month's answer. Tonnes and USD per tonne of each good's basis; a failed solve holds the last point tried."""

    producer_price: Floats
    """(good, region) at the producer's gate; the base price where the good has no producer node."""
    delivered_price: Floats
    """(good, region) at the user's door; the base price where the good has no delivered node."""
    permit_price: Floats
    """(quota,) per tonne of quota weight."""
    flow: Floats
    """(link,) [t]."""
    link_rent: Floats
    """(link,) what a cap on the link is worth [USD/t]; zero where it does not bind."""
    production: Floats
    """(process,) of the main output [t]."""
    use: Floats
    """(use_row,) [t]."""
    producer_disposal: Floats
    """(good, region) tonnes made that nobody takes."""
    delivered_disposal: Floats
    """(good, region) tonnes received that nobody uses."""
    flat_producer: Flags
    """(good, region) true where no quantity answers to the price: the lowest such price is reported."""
    flat_delivered: Flags
    """(good, region) the same for delivered prices."""
    residual: float
    """Worst excess relative to the node's throughput (equation 6.16)."""
    converged: bool
    reason: str
    """Why it has not converged; empty where it has."""
    iterations: int
    """Newton steps, all components together."""
