"""Window equilibrium: prices and stocks of a tree of months, of which the first happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.market.equilibrium import Equilibrium
from derisk.market.network_arrays import NetworkArrays

if TYPE_CHECKING:
    from derisk.market.gradient import Gradient
    from derisk.market.window_question import WindowQuestion

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WindowEquilibrium:
    """The answer of a window; a failed solve holds the last point tried. Prices are in the money of their moment."""

    first: Equilibrium
    """This month, which happens. Its nodes balance with `opening_t` in and `closing_t` out."""
    opening_t: Floats
    """(store,) stock the first month opens with [t]."""
    closing_t: Floats
    """(store,) stock at its end [t]."""
    delivered_price: Floats
    """(moment, good, region) [USD/t]."""
    producer_price: Floats
    """(moment, good, region) [USD/t]."""
    permit_price: tuple[Floats, ...]
    """One (quota,) array for each moment, in the order of its shock [USD per tonne of quota weight]."""
    stored_t: Floats
    """(moment, store) stock at the end of each moment [t]."""
    converged: bool
    """True where every part of the certificate of all moments together is at most 1e-8."""
    residual: float
    """Worst excess of any moment relative to its node's throughput (equation 6.16)."""
    reason: str
    """Why it has not converged; empty where it has."""
    months: Equilibrium = field(repr=False)
    """All moments as one answer in present value: regions are (moment, region), as are links, processes and uses;
    openings and stores follow the processes. Much larger than `first`: for the gradient, not for keeping."""
    question: WindowQuestion = field(repr=False)
    """The window and the shocks this answers."""

    def gradient(self, outcome_gradient: Mapping[str, ArrayLike]) -> Gradient:
        """Exact derivatives of an outcome by every input, by one linear solve (equations 6.23 to 6.27 and 6.32).

        Args:
            outcome_gradient: derivatives of the outcome by `delivered_price`, `producer_price` (moment, good, region),
                `stored_t` (moment, store), and by `flow`, `production`, `use` and `permit_price` of the first month;
                others count as 0.

        Returns:
            Input name to array. Those of a `Shock` have the moment before their own axis, `quota_t` all moments'
            quotas one after another; those of a `Market` count at every moment; `opening_t`, `target_t` and
            `scale_usd_per_t` are (store,).

        Raises:
            ShapeError: an unknown name or a wrong shape.
        """
        return self.question.gradient(self.months, outcome_gradient)


def first_month(months: Equilibrium, net: NetworkArrays, quotas: int) -> Equilibrium:
    """The first month of a replicated market's answer, in arrays of its own.

    Args:
        months: all moments.
        net: one month.
        quotas: number of quotas of the first month's shock.
    """
    return Equilibrium(
        producer_price=months.producer_price[:, : net.regions].copy(),
        delivered_price=months.delivered_price[:, : net.regions].copy(),
        permit_price=months.permit_price[:quotas].copy(),
        flow=months.flow[: net.links].copy(),
        link_rent=months.link_rent[: net.links].copy(),
        production=months.production[: net.processes].copy(),
        use=months.use[: net.uses].copy(),
        producer_disposal=months.producer_disposal[:, : net.regions].copy(),
        delivered_disposal=months.delivered_disposal[:, : net.regions].copy(),
        flat_producer=months.flat_producer[:, : net.regions].copy(),
        flat_delivered=months.flat_delivered[:, : net.regions].copy(),
        residual=months.residual,
        certificate=months.certificate,
        converged=months.converged,
        reason=months.reason,
        iterations=months.iterations,
    )
