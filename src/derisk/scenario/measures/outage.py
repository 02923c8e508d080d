"""outage: plants in `by` that make the goods lose a share of their capacity."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import Regions, Share


@final
class Outage(Measure):
    """Strike, flood, power cut: a plant that makes several goods loses all of them alike."""

    restriction: ClassVar[bool] = True

    kind: Literal["outage"]
    """`outage`."""
    by: Regions
    """Where the plants stand."""
    share: Share
    """Share of capacity lost; several outages multiply what is left."""


def apply(measure: Outage, numbers: Numbers, draft: ShockDraft) -> None:
    """Scale the capacity of every plant of the base year that makes one of the goods."""
    ground = draft.ground
    processes = ground.processes(by=ground.regions(measure.by), goods=ground.goods(measure.goods))
    draft.scale_capacity(measure.place, processes, ratio=1.0 - numbers["share"])
