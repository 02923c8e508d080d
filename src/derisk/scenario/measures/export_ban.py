"""export_ban: nothing leaves `by` for `to`."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Regions


@final
class ExportBan(Measure):
    """No exports of the goods; deliveries inside a region of `by` go on."""

    restriction: ClassVar[bool] = True

    kind: Literal["export_ban"]
    """`export_ban`."""
    by: Regions
    """Who bans."""
    to: Regions = (ALL,)
    """Destinations cut off; `all` is everyone else."""


def apply(measure: ExportBan, numbers: Numbers, draft: ShockDraft) -> None:
    """Forbid every banned link."""
    ground = draft.ground
    links = ground.links(
        by=ground.regions(measure.by), to=ground.regions(measure.to), goods=ground.goods(measure.goods)
    )
    draft.forbid_links(measure.place, links)
