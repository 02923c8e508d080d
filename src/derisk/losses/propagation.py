"""Propagation: a first-round loss carried through an economy, up to suppliers and down to buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError
from derisk.losses.accounts import Accounts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Propagated:
    """What one first-round loss does to every industry [million USD a year], parts that add up."""

    first_round_musd: Floats
    """(industry,) value added that the scarce material stops."""
    downstream_musd: Floats
    """(industry,) further value added lost for want of other industries' products."""
    upstream_musd: Floats
    """(industry,) value added lost by suppliers whose buyers buy less."""

    @property
    def total_musd(self) -> Floats:
        """(industry,) the three together."""
        return self.first_round_musd + self.downstream_musd + self.upstream_musd


def propagate(accounts: Accounts, *, stopped_share: Floats, binding_cost_share: float = 1.0) -> Propagated:
    """Carry losses of output through the accounts.

    Equations (9.9) to (9.11) of docs/theory/losses.md, the Leontief quantity model with constrained industries
    (Miller and Blair 2009, Input-Output Analysis, sections 13.2 and 12.1) and inputs that bind.

    Args:
        accounts: an economy.
        stopped_share: (industry,) share of each industry's output that stops in the first round, from 0 to 1.
        binding_cost_share: a supplier's product binds a buyer's output where it is at least this share of the
            buyer's output; 1 lets nothing bind, so that only suppliers feel the loss; 0 lets everything bind.

    Raises:
        ShapeError: a share outside 0 to 1, or of another shape than the industries.
    """
    stopped = np.asarray(stopped_share, dtype=np.float64)
    industries = len(accounts.industries)
    if (
        stopped.shape != (industries,)
        or not np.isfinite(stopped).all()
        or (stopped < 0.0).any()
        or (stopped > 1.0).any()
    ):
        raise ShapeError(
            Problem("stopped_share is wrong", "propagate", f"numbers from 0 to 1 of shape ({industries},)")
        )
    if not 0.0 <= binding_cost_share <= 1.0:
        raise ShapeError(Problem(f"binding_cost_share is {binding_cost_share}", "propagate", "a number from 0 to 1"))
    left = 1.0 - _fall_downstream(accounts, stopped, binding_cost_share)
    fall = 1.0 - np.minimum(left, 1.0 - stopped)
    upstream = _fall_upstream(accounts, fall)
    added = np.maximum(accounts.value_added_musd, 0.0)
    first = added * stopped
    return Propagated(first, added * np.maximum(fall - stopped, 0.0), added * upstream)


def _fall_downstream(accounts: Accounts, stopped: Floats, binding_cost_share: float) -> Floats:
    """(industry,) share of output that inputs do not let an industry make, equation (9.9).

    The largest outputs that satisfy every binding input are reached from above, round by round; as no input stops
    more of its buyer than has stopped of itself, the worst chain passes no industry twice, and as many rounds as there
    are industries are enough.
    """
    whole = accounts.requirements + accounts.import_requirements
    binds = (whole >= binding_cost_share) & (accounts.requirements > 0.0)
    np.fill_diagonal(binds, False)  # an industry's own output is rationed by its own stop already
    at_home = np.divide(accounts.requirements, whole, out=np.zeros_like(whole), where=whole > 0.0) * binds
    fall = stopped.copy()
    for _ in accounts.industries:
        further = np.maximum(stopped, (at_home * fall[:, None]).max(axis=0, initial=0.0))
        if np.array_equal(further, fall):
            break
        fall = further
    return fall


def _fall_upstream(accounts: Accounts, fall: Floats) -> Floats:
    """(industry,) share of output that free industries lose because constrained ones buy less, equation (9.10)."""
    free, bound = np.flatnonzero(fall <= 0.0), np.flatnonzero(fall > 0.0)
    share = np.zeros_like(fall)
    if bound.size and free.size:
        less = accounts.requirements[np.ix_(free, bound)] @ (fall[bound] * accounts.output_musd[bound])
        among = np.eye(free.size) - accounts.requirements[np.ix_(free, free)]
        share[free] = np.minimum(1.0, np.linalg.solve(among, less) / accounts.output_musd[free])
    return share
