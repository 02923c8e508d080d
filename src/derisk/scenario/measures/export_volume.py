"""export_volume: what is known to have left `by` for `to`, in place of what the acts in force would let through."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, NotNegative, Ratio, Regions


@final
class ExportVolume(Measure):
    """Exports that are known, most of all of the past: at most these tonnes a month, over all destinations and goods.

    Bans, quotas and licences over the same links give way to them. Nobody expects them to last: in what a month
    expects of the next ones, the acts in force decide, as far as known exports show them carried out.
    """

    one_of: ClassVar[tuple[str, ...]] = ("quantity_t_per_year", "share_of_base")

    kind: Literal["export_volume"]
    """`export_volume`."""
    by: Regions
    """Where the goods come from; each region has a volume of its own."""
    to: Regions = (ALL,)
    """Destinations that share it."""
    quantity_t_per_year: NotNegative | None = None
    """Tonnes a year [t/year]; a twelfth of it a month."""
    share_of_base: Ratio | None = None
    """Tonnes as a share of the base year's flow over the same links."""


def apply(measure: ExportVolume, numbers: Numbers, draft: ShockDraft) -> None:
    """State the volume of the links of each region of `by`."""
    ground = draft.ground
    to, goods = ground.regions(measure.to), ground.goods(measure.goods)
    for region in ground.regions(measure.by):
        links = ground.links(by=np.array([region]), to=to, goods=goods)
        if "share_of_base" in numbers:
            limit_t = numbers["share_of_base"] * float(ground.network.base_flow_t[links].sum())
        else:
            limit_t = numbers["quantity_t_per_year"] / 12.0
        draft.give_volume(measure.place, links, quantity_t=limit_t)
