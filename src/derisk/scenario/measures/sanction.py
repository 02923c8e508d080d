"""sanction: no trade between `by` and `to` in the goods, either way."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import Regions


@final
class Sanction(Measure):
    """Neither side ships to the other; trade among those who sanction, and inside each region, goes on."""

    restriction: ClassVar[bool] = True

    kind: Literal["sanction"]
    """`sanction`."""
    by: Regions
    """Who sanctions."""
    to: Regions
    """Who is sanctioned."""


def apply(measure: Sanction, numbers: Numbers, draft: ShockDraft) -> None:
    """Forbid every link between the two sides."""
    ground = draft.ground
    here, there, goods = ground.regions(measure.by), ground.regions(measure.to), ground.goods(measure.goods)
    for origins, destinations in ((here, there), (there, here)):
        draft.forbid_links(measure.place, ground.links(by=origins, to=destinations, goods=goods))
