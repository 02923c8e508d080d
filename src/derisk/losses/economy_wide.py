"""Economy-wide: what end uses lose in some months, carried through the accounts at both ends of what may bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.importers.bea_io.uses import use_shares
from derisk.losses.accounts import Accounts, stopped_by_uses
from derisk.losses.propagation import propagate

Floats = NDArray[np.float64]

BINDING_COST_SHARE: Final = 0.05
"""At the high end an input of at least this share of a buyer's output stops it."""

_MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class EconomyWide:
    """A loss of several months by the industries that bear it [million USD]."""

    first_round_musd: Floats
    """(industry,) value added that the scarce materials stop; sums to what the uses lose."""
    low_musd: Floats
    """(industry,) the same with what suppliers lose because less is bought of them."""
    high_musd: Floats
    """(industry,) the same, and with what buyers lose for want of inputs of a twentieth of their output or more."""


def value_added_of_uses(accounts: Accounts) -> dict[str, float]:
    """Value added that the accounts hold for each end use [million USD a year], equation (9.14)."""
    added = dict(zip(accounts.industries, np.maximum(accounts.value_added_musd, 0.0).tolist(), strict=True))
    held: dict[str, float] = {}
    for share in use_shares():
        held[share.use] = held.get(share.use, 0.0) + share.share * added.get(share.industry, 0.0)
    return held


def carry_losses(accounts: Accounts, *, lost_musd: Mapping[str, float], months: int) -> EconomyWide:
    """Carry what end uses lose over some months through an economy.

    Equation (9.14) of docs/theory/losses.md turns each use's loss into a share of the value added that the accounts
    hold for it over as many months; equations (9.7) to (9.11) do the rest, so that the first round sums to the loss.

    Args:
        accounts: an economy in the industries of the Bureau of Economic Analysis' summary tables.
        lost_musd: by use, value added lost over all months [million USD].
        months: how many.

    Raises:
        DatasetError: the accounts lack an industry that makes something for a use.
    """
    part_of_year = months / _MONTHS
    held = value_added_of_uses(accounts)
    share = {
        use: min(1.0, lost / (held[use] * part_of_year)) for use, lost in lost_musd.items() if held.get(use, 0.0) > 0.0
    }
    stopped = stopped_by_uses(accounts, share)
    low = propagate(accounts, stopped_share=stopped)
    high = propagate(accounts, stopped_share=stopped, binding_cost_share=BINDING_COST_SHARE)
    return EconomyWide(
        low.first_round_musd * part_of_year,
        low.total_musd * part_of_year,
        np.maximum(high.total_musd, low.total_musd) * part_of_year,
    )
