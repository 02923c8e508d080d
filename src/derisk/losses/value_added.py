"""Value added at risk: output a sector cannot make for want of its scarcest input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.network import Network

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ValueAtRisk:
    """A month's first-round loss, sector by sector, charged to the input that binds."""

    lost_musd: Floats
    """(region, use) value added at risk in the month [million USD]."""
    binding_row: NDArray[np.int64]
    """(region, use) use row of the good that binds, -1 where nothing is short."""


def value_added_at_risk(network: Network, *, shortfall_share: Floats) -> ValueAtRisk:
    """First-round value added at risk in one month, by region and use.

    Equation (9.2) of docs/theory/losses.md, the binding-input rule: a sector u in region j loses
    `VA_ju / 12 x max_k dep_uk short_jku`; the input with the largest product binds and carries the loss.
    Bounded by the largest single loss and by their sum, hence sub-additive over inputs.

    Args:
        network: uses `value_added_musd`, `dependence_share` and the use rows' indices.
        shortfall_share: share of wanted tonnes that is short, (use_row,).
    """
    stopped_share = np.zeros(network.value_added_musd.shape)
    binding_row = np.full(stopped_share.shape, -1, dtype=np.int64)
    exposure = network.dependence_share * shortfall_share
    rows = np.flatnonzero(exposure > 0.0)
    rows = rows[np.argsort(exposure[rows], kind="stable")]  # the largest is written last, and stays
    place = (network.use_region[rows], network.use_sector[rows])
    stopped_share[place] = exposure[rows]
    binding_row[place] = rows
    return ValueAtRisk(lost_musd=network.value_added_musd / 12.0 * stopped_share, binding_row=binding_row)
