"""Depots: the market of the months ahead with a store at each gate, and its answers without the way there and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from derisk.market import Equilibrium, Market, Shock, Stores, WindowEquilibrium
from derisk.network.record import Flags, Floats, Integers
from derisk.path.gates import Gates

PRICE_GAP_RATIO: Final = 0.1
"""Price gap over the base price, against it, at which one of the four steps to a depot and back carries nothing."""
LEAST_MARGIN_SHARE: Final = 0.1
"""Margin of a plant that sells what it buys, over its revenue (equation 6.5 of docs/theory/market.md)."""
ROOM_RATIO: Final = 10.0
"""Most that comes back from a depot in a month, over the base year's output."""
LEAST_EXPONENT: Final = 2.0
"""Exponent of the links on which a good comes back; the least there is."""


class Depots:
    """A market and its stores, with a depot beside each gate (equation 7.2b of docs/theory/path.md).

    A store stands where goods are delivered, and no plant gives the good it takes. So a depot is a region of its own:
    goods are delivered there, are given a second name, are delivered home under that name and become themselves again
    at the gate. In the base year the month's output goes round.
    """

    market: Market
    """With a region for each depot beside another of its good, and a second name for each good that has any."""
    stores: Stores
    """Those of users and makers, then those of the depots."""
    good: Integers
    """(store,) good held, under its own name."""
    region: Integers
    """(store,) region of who holds it."""
    at_gate: Flags
    """(store,) whether it is held at the gate, else at the door."""

    def __init__(
        self, market: Market, stores: Stores, gates: Gates, *, makers_stock_months: float, makers_scale_ratio: float
    ) -> None:
        """Lay a depot beside each gate.

        Args:
            market: without depots.
            stores: its stores.
            gates: where the depots are.
            makers_stock_months: months of output that a depot holds in the base year.
            makers_scale_ratio: psi of what is held there.
        """
        count, base = gates.good.size, market.network
        names, name = np.unique(gates.good, return_inverse=True)
        before = gates.good[:, None] == gates.good
        self._plain, self._gates = market, gates
        self._second = base.goods + name
        self._depot = base.regions + np.tril(before, -1).sum(axis=1)
        self.market = self._laid_out(names) if count else market
        held = np.asarray(stores.good), np.asarray(stores.region), np.asarray(stores.target_t)
        price = base.base_price[gates.good, 0]
        self.stores = Stores(
            good=np.concatenate((held[0], gates.good)),
            region=np.concatenate((held[1], self._depot)),
            target_t=np.concatenate((held[2], makers_stock_months * gates.output_t)),
            scale_usd_per_t=np.concatenate((np.asarray(stores.scale_usd_per_t), makers_scale_ratio * price)),
        )
        self.good, self.region = np.asarray(self.stores.good), np.concatenate((held[1], gates.region))
        self.at_gate = np.arange(self.good.size) >= held[0].size

    def told(self, shocks: Sequence[Shock]) -> list[Shock]:
        """Shocks of the market without depots as this one takes them; what they share stays shared."""
        count = 2 * self._gates.good.size
        if not count:
            return list(shocks)
        arrays: dict[tuple[int, float], Floats] = {}

        def widened(values: Any, more: float) -> Floats:
            key = (id(values), more)
            if key not in arrays:
                arrays[key] = np.concatenate((values, np.full(count, more)))
            return arrays[key]

        made = {
            id(shock): replace(
                shock,
                capacity_ratio=widened(shock.capacity_ratio, 1.0),
                cost_usd_per_t=widened(shock.cost_usd_per_t, 0.0),
                flow_cap_t=widened(shock.flow_cap_t, np.inf),
                wedge_usd_per_t=widened(shock.wedge_usd_per_t, 0.0),
            )
            for shock in shocks
        }
        return [made[id(shock)] for shock in shocks]

    def seen(self, answer: WindowEquilibrium) -> WindowEquilibrium:
        """The months' prices and the first month on the axes of the market without depots.

        What is lost in a depot or on the way is lost at the gate.
        """
        if not self._gates.good.size:
            return answer
        here = (slice(None), slice(self._plain.goods), slice(self._plain.regions))
        return replace(
            answer,
            first=self._first(answer.first),
            producer_price=answer.producer_price[here],
            delivered_price=answer.delivered_price[here],
        )

    def _laid_out(self, names: Integers) -> Market:
        """The market with the depots' two links and two plants each, all of them links before all of those back."""
        net, gates, count = self._plain.network, self._gates, self._gates.good.size
        step = net.processes + np.arange(count)
        matrix = np.zeros((net.processes + 2 * count, net.goods + names.size))
        matrix[: net.processes, : net.goods] = net.process_good_matrix
        matrix[step, gates.good], matrix[step, self._second] = -1.0, 1.0
        matrix[step + count, self._second], matrix[step + count, gates.good] = -1.0, 1.0
        there_and_back = np.concatenate((self._depot, gates.region))
        round_t = np.tile(gates.output_t, 2)
        price = net.base_price[:, 0]

        def more(values: Any, added: Any) -> Any:
            return np.concatenate((values, np.broadcast_to(added, 2 * count)))

        return Market(
            base_flow_t=more(net.base_flow_t, round_t),
            origin=more(net.origin, np.concatenate((gates.region, self._depot))),
            destination=more(net.destination, there_and_back),
            good=more(net.link_good, np.concatenate((gates.good, self._second))),
            base_price_usd_per_t=np.concatenate((price, price[names])),
            trade_elasticity=np.concatenate((net.trade_exponent, np.full(names.size, LEAST_EXPONENT))),
            process_region=more(net.process_region, there_and_back),
            process_good_matrix=matrix,
            base_output_t=more(net.base_output_t, round_t),
            capacity_t=more(net.capacity_t, ROOM_RATIO * round_t),
            unit_cost_usd_per_t=more(net.unit_cost, 0.0),
            supply_steepness=more(net.steepness, LEAST_MARGIN_SHARE / PRICE_GAP_RATIO),
            base_use_t=net.base_use_t,
            use_good=net.use_good,
            use_region=net.use_region,
            demand_elasticity=net.demand_elasticity,
            value_in_use_usd_per_t=net.value_in_use,
            link_weight_t=more(net.link_weight_t, round_t),
            gap_scale_ratio=more(net.gap_scale_ratio, PRICE_GAP_RATIO),
        )

    def _first(self, month: Equilibrium) -> Equilibrium:
        """The first month without depots."""
        plain, gates = self._plain, self._gates
        lost_t = month.producer_disposal[: plain.goods, : plain.regions].copy()
        for disposed_t, good, region in (
            (month.delivered_disposal, gates.good, self._depot),
            (month.producer_disposal, self._second, self._depot),
            (month.delivered_disposal, self._second, gates.region),
        ):
            lost_t[gates.good, gates.region] += disposed_t[good, region]
        here: dict[str, Floats | Flags] = {
            name: getattr(month, name)[: plain.goods, : plain.regions].copy()
            for name in ("producer_price", "delivered_price", "delivered_disposal", "flat_producer", "flat_delivered")
        }
        changed: dict[str, Any] = here | {
            "flow": month.flow[: plain.links].copy(),
            "link_rent": month.link_rent[: plain.links].copy(),
            "production": month.production[: plain.processes].copy(),
            "producer_disposal": lost_t,
        }
        return replace(month, **changed)
