"""demand_change: end users in `to` want more or less of the goods at the same price."""

from __future__ import annotations

from typing import Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Ratio, Regions, Uses
from derisk.vocabulary.uses import USES


@final
class DemandChange(Measure):
    """A shift of the demand curve; several shifts multiply."""

    kind: Literal["demand_change"]
    """`demand_change`."""
    to: Regions = (ALL,)
    """Where the users are."""
    uses: Uses = tuple(USES)
    """The sectors; left out, all."""
    ratio: Ratio
    """Tonnes wanted at the base price, as a ratio to the base year: 1.2 is a fifth more."""


def apply(measure: DemandChange, numbers: Numbers, draft: ShockDraft) -> None:
    """Scale the demand of every use named."""
    ground = draft.ground
    rows = ground.use_rows(to=ground.regions(measure.to), goods=ground.goods(measure.goods), uses=measure.uses)
    draft.scale_demand(measure.place, rows, ratio=numbers["ratio"])
