"""dumping: producers in `by` offer the goods below their cost, and someone pays the difference."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import Regions, ShareBelowOne


@final
class Dumping(Measure):
    """A subsidy on every tonne made: the price at which any quantity is offered falls by a share."""

    restriction: ClassVar[bool] = True

    kind: Literal["dumping"]
    """`dumping`."""
    by: Regions
    """Whose producers sell below cost."""
    price_cut_share: ShareBelowOne
    """Share of the good's base price by which the offer falls; how far the price itself falls, the market decides."""


def apply(measure: Dumping, numbers: Numbers, draft: ShockDraft) -> None:
    """Lower the cost of every plant that makes the goods, in the base year or built since, by good made."""
    ground = draft.ground
    regions, network = ground.regions(measure.by), ground.network
    for good in ground.goods(measure.goods):
        plants = draft.extension.plants(ground.processes(by=regions, goods=np.array([good])))
        cut = numbers["price_cut_share"] * network.base_price_usd_per_t[good]
        draft.add_cost(measure.place, plants, usd_per_t=-cut * network.process_good_matrix[plants, good])
