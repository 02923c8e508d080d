"""Window question: what a window answers; certificate and derivatives by stores, shocks of every moment and inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.certificate import EXACT, Certificate, certify
from derisk.market.equilibrium import Equilibrium
from derisk.market.gradient import Gradient, gradient_of
from derisk.market.prices import given_prices, given_quantities
from derisk.market.rents import single_quota_error
from derisk.market.restrict import restrict
from derisk.market.shock import CheckedShock

if TYPE_CHECKING:
    from derisk.market.window import Window, Worth

Floats = NDArray[np.float64]

OUTCOMES = ("producer_price", "delivered_price", "stored_t", "permit_price", "flow", "production", "use")
"""What an outcome of a window may depend on."""
OF_PROCESSES = ("capacity_ratio", "cost_usd_per_t", "capacity_t", "unit_cost_usd_per_t", "supply_steepness")
"""Inputs by process: in the replicated market openings and stores follow them."""


@dataclass(frozen=True, slots=True)
class WindowQuestion:
    """What the answer of a window answers."""

    window: Window
    worth: Worth
    shocks: tuple[CheckedShock, ...]
    """(moment,) in the money and tonnes of one month."""
    joined: CheckedShock
    """The same as one shock of the replicated market."""

    def certify(self, months: Equilibrium) -> Certificate:
        """How far prices and quantities of all moments are from the equilibrium (equation 6.21), whoever made them.

        Args:
            months: as `WindowEquilibrium.months`.
        """
        certificate = EXACT
        for month in self.window.pieces_of(self.shocks):
            piece = self.window.piece(month, self.worth)
            part = restrict(piece, self.joined)
            price, quantities = given_prices(piece, part, months), given_quantities(piece, months)
            certificate = certificate.joined(certify(piece.component, part.terms, price, quantities))
        prices = months.producer_price, months.delivered_price, months.permit_price
        single = single_quota_error(self.worth.network, self.joined, *prices, months.flow)
        return certificate.joined(replace(EXACT, complementarity=single))

    def gradient(self, months: Equilibrium, outcome_gradient: Mapping[str, ArrayLike]) -> Gradient:
        """Derivatives by every input, see `WindowEquilibrium.gradient`."""
        window, worth = self.window, self.worth
        outcome = self._spread(outcome_gradient)
        pieces = [window.piece(month, worth) for month in window.pieces_of(self.shocks)]
        found = gradient_of(worth.network, pieces, self.joined, months, outcome)
        return self._fold(found)

    def _spread(self, given: Mapping[str, ArrayLike]) -> dict[str, Floats]:
        """The outcome's weights in the replicated market's arrays and money."""
        window, weight = self.window, self.worth.weight
        net, count, held = window.market.network, weight.size, window.stores.size
        price = (count, net.goods, net.regions)
        quotas = self.shocks[0].quota_t.size
        shapes = (price, price, (count, held), (quotas,), (net.links,), (net.processes,), (net.uses,))
        values: dict[str, Floats] = {}
        problems = [
            Problem(f"unknown outcome '{name}'", "gradient(outcome_gradient)", ", ".join(OUTCOMES))
            for name in given
            if name not in OUTCOMES
        ]
        for name, shape in zip(OUTCOMES, shapes, strict=True):
            values[name] = np.asarray(given.get(name, np.zeros(shape)), dtype=np.float64)
            if values[name].shape != shape:
                what = f"{name} has shape {values[name].shape}"
                problems.append(Problem(what, "gradient(outcome_gradient)", f"shape {shape}"))
        if problems:
            raise ShapeError(*problems)
        full = self.worth.network
        production = np.zeros(full.processes)
        production[: net.processes] = values["production"]
        production[full.processes - count * held :] = values["stored_t"].ravel()
        return {
            "producer_price": np.concatenate(list(values["producer_price"] / weight[:, None, None]), axis=1),
            "delivered_price": np.concatenate(list(values["delivered_price"] / weight[:, None, None]), axis=1),
            "permit_price": np.pad(values["permit_price"], (0, self.joined.quota_t.size - quotas)),
            "flow": np.pad(values["flow"], (0, full.links - net.links)),
            "production": production,
            "use": np.pad(values["use"], (0, full.uses - net.uses)),
        }

    def _fold(self, found: Gradient) -> Gradient:
        """Derivatives by the inputs as they were given, before they were replicated."""
        window, weight = self.window, self.worth.weight
        net, count, held = window.market.network, weight.size, window.stores.size
        months, target = window.tree.months, window.stores.target_t
        plants = count * net.processes

        def apart(name: str, factor: Floats) -> Floats:
            values = found[name][:plants] if name in OF_PROCESSES else found[name]
            return values.reshape(count, -1) * factor[:, None]

        same = np.ones(count)
        opened = found["capacity_ratio"][plants : plants + held]
        quota_months = np.repeat(months, [shock.quota_t.size for shock in self.shocks])
        price = np.stack(np.split(found["base_price_usd_per_t"], count, axis=1))
        result = Gradient(
            capacity_ratio=apart("capacity_ratio", same),
            flow_cap_t=apart("flow_cap_t", months),
            quota_t=found["quota_t"] * quota_months,
            wedge_usd_per_t=apart("wedge_usd_per_t", weight),
            demand_ratio=apart("demand_ratio", same),
            cost_usd_per_t=apart("cost_usd_per_t", weight),
            base_price_usd_per_t=np.tensordot(weight, price, 1),
            trade_elasticity=found["trade_elasticity"],
            gap_scale_ratio=found["gap_scale_ratio"].reshape(count, -1).sum(axis=0),
            capacity_t=apart("capacity_t", months).sum(axis=0),
            unit_cost_usd_per_t=apart("unit_cost_usd_per_t", weight).sum(axis=0),
            supply_steepness=apart("supply_steepness", same).sum(axis=0),
            demand_elasticity=apart("demand_elasticity", same).sum(axis=0),
            value_in_use_usd_per_t=apart("value_in_use_usd_per_t", weight).sum(axis=0),
            opening_t=opened / target,
            target_t=found["capacity_t"][plants + held :].reshape(count, held).sum(axis=0),
            scale_usd_per_t=weight @ found["store_scale"][plants + held :].reshape(count, held),
        )
        result.switches = found.switches
        return result
