"""enforcement: how much of the goods still leaves `by` in spite of its bans, quotas, licences and sanctions."""

from __future__ import annotations

from typing import Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Regions, Share


@final
class Enforcement(Measure):
    """Smuggling, false declarations and re-export through third countries, as a share of the base year's trade.

    A link closed by a ban or a sanction, or waiting for licences, carries up to that share of its base flow; a quota
    lets so much more through. Without this measure nothing leaks. Taxes, blocked routes and outages are not got round.
    """

    kind: Literal["enforcement"]
    """`enforcement`."""
    by: Regions
    """Whose restrictions are got round."""
    to: Regions = (ALL,)
    """Destinations that the goods leak to."""
    leak_share: Share
    """Share of each link's base flow that goes on in spite of restrictions: 0 is perfect enforcement."""


def apply(measure: Enforcement, numbers: Numbers, draft: ShockDraft) -> None:
    """Let the share leak over every link out of `by`."""
    ground = draft.ground
    links = ground.links(
        by=ground.regions(measure.by), to=ground.regions(measure.to), goods=ground.goods(measure.goods)
    )
    draft.leak_links(measure.place, links, share=numbers["leak_share"])
