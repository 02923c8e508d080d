"""dumping: producers in `by` offer the goods below their cost, everywhere, and someone pays the difference."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from derisk.network.record import Floats, Integers
from derisk.scenario.addition import Addition, Outlet
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import Regions, ShareBelowOne
from derisk.vocabulary.processes import SCRAP_PREFIX


@final
class Dumping(Measure):
    """A subsidy on every tonne made, idle plants set to work at the cut price, and an offer in every market.

    Equations (7.35) and (7.36) of docs/theory/plants.md.
    """

    restriction: ClassVar[bool] = True

    kind: Literal["dumping"]
    """`dumping`."""
    by: Regions
    """Whose producers sell below cost."""
    price_cut_share: ShareBelowOne
    """Share of the good's base price by which the offer falls; how far the price itself falls, the market decides."""


def additions(measure: Dumping, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition | Outlet]:
    """What idle plants along the chain would make, and the links over which the goods are offered."""
    network, regions = ground.network, ground.regions(measure.by)
    goods = ground.goods(measure.goods)
    margin = network.process_good_matrix @ network.base_price_usd_per_t
    idle: list[Addition | Outlet] = [
        Addition(
            place=measure.place,
            name=f"idle_{network.process_kind[plant]}",
            role="idle",
            region=int(network.process_region[plant]),
            good=int(network.process_main_good[plant]),
            recipe=network.process_good_matrix[plant].copy(),
            capacity_t=float(network.capacity_t[plant] - network.base_output_t[plant]),
            unit_cost_usd_per_t=float(margin[plant]),
            sells_at_home_t=0.0,
        )
        for plant in _with_room(ground, regions, goods)
    ]
    return idle + [Outlet(place=measure.place, good=int(good), sellers=regions) for good in goods]


def apply(measure: Dumping, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the idle plants and the links; lower the cost of all plants that make the goods by what the cut takes."""
    ground = draft.ground
    regions, goods, network = ground.regions(measure.by), ground.goods(measure.goods), ground.network
    draft.open_additions(measure.place)
    makers = ground.processes(by=regions, goods=goods)
    plants = np.concatenate([draft.extension.plants(makers), draft.extension.idle(makers)])
    cut_usd_per_t = numbers["price_cut_share"] * network.base_price_usd_per_t[goods]
    draft.add_cost(
        measure.place, plants, usd_per_t=-(network.process_good_matrix[np.ix_(plants, goods)] @ cut_usd_per_t)
    )


def _with_room(ground: Ground, regions: Integers, goods: Integers) -> list[int]:
    """Plants of the regions with idle capacity that make the goods, what those are made of, and so on."""
    network = ground.network
    room: Floats = network.capacity_t - network.base_output_t
    wanted, known = set(goods.tolist()), set[int]()
    found: list[int] = []
    while wanted - known:
        ahead = np.array(sorted(wanted - known), dtype=np.int64)
        known |= wanted
        for plant in ground.processes(by=regions, goods=ahead).tolist():
            bounded = network.process_fixed[plant] or network.process_kind[plant].startswith(SCRAP_PREFIX)
            if plant not in found and not bounded:  # hosts and scrap leave no room to spare
                found.append(plant)
                wanted |= set(np.flatnonzero(network.process_good_matrix[plant] < 0.0).tolist())
    return [plant for plant in found if room[plant] > 0.0 and network.base_output_t[plant] > 0.0]
