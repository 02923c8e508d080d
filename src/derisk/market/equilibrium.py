"""Equilibrium: prices and quantities of one month, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.certificate import Certificate

if TYPE_CHECKING:
    from derisk.market.gradient import Gradient, Question

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
    certificate: Certificate
    """Four measures of what is left of an error, checked apart from the solver (equation 6.21)."""
    converged: bool
    """True where every part of the certificate is at most 1e-8."""
    reason: str
    """Why it has not converged; empty where it has."""
    iterations: int
    """Newton steps, all components together."""
    question: Question | None = field(default=None, repr=False)
    """The market and the shock this answers; what `gradient` needs."""

    def gradient(self, outcome_gradient: Mapping[str, ArrayLike]) -> Gradient:
        """Exact derivatives of an outcome by every input, by one linear solve (equations 6.23 to 6.27).

        The outcome is any function of producer_price, delivered_price, permit_price, flow, production and use; it is
        given by its derivatives by them at this equilibrium. Away from switches the answer is exact; at a switch it is
        the derivative on the side that `switches` of the answer names.

        Args:
            outcome_gradient: name of a field to derivatives of the outcome, of the field's shape; others count as 0.

        Returns:
            Input name, as in `Market` and `Shock`, to an array of the input's shape; base prices are (good, region),
            each counted at both ends of every link and in every curve that refers to it.

        Raises:
            ShapeError: an unknown name or a wrong shape; or an equilibrium no market has made.
        """
        if self.question is None:
            what = "an equilibrium without its question has no gradient"
            raise ShapeError(Problem(what, "Equilibrium.gradient", "an equilibrium returned by Market.solve"))
        return self.question.gradient(self, outcome_gradient)
