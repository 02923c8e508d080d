"""price_floor: plants in `by` are paid what the good's price lacks to a floor, on every tonne they make."""

from __future__ import annotations

from typing import ClassVar, Literal, Self, final

import numpy as np
from pydantic import model_validator

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.plants import check_kind
from derisk.scenario.shock import Floor
from derisk.scenario.words import Positive, Regions


@final
class PriceFloor(Measure):
    """A contract for difference: the payment of a month is max(0, floor - last month's price at the plant's gate)."""

    remedy: ClassVar[bool] = True

    kind: Literal["price_floor"]
    """`price_floor`."""
    by: Regions
    """Where the plants stand, those that the scenario builds included."""
    process: str = ""
    """Kind of plant; left out, all that make the goods."""
    usd_per_t: Positive
    """The floor [USD/t], in the good's basis, without value-added tax."""

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.process:
            check_kind(self.process, self.goods)
        return self


def apply(measure: PriceFloor, numbers: Numbers, draft: ShockDraft) -> None:
    """State the floor of each good's plants."""
    ground = draft.ground
    regions = ground.regions(measure.by)
    for good in ground.goods(measure.goods):
        makers = ground.processes(by=regions, goods=np.array([good]))
        plants = draft.extension.plants(makers, kind=measure.process)
        draft.set_floor(Floor(measure.place, plants, numbers["usd_per_t"], int(good)))
