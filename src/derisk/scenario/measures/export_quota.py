"""export_quota: exports from `by` to `to` may not exceed a tonnage, one for all the goods together."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, NotNegative, Ratio, Regions


@final
class ExportQuota(Measure):
    """One tonnage a month for each region of `by`, over all destinations and goods; a quota of 0 is a ban."""

    restriction: ClassVar[bool] = True
    one_of: ClassVar[tuple[str, ...]] = ("quantity_t_per_year", "share_of_base")

    kind: Literal["export_quota"]
    """`export_quota`."""
    by: Regions
    """Who limits; each region has a quota of its own."""
    to: Regions = (ALL,)
    """Destinations that share the quota."""
    quantity_t_per_year: NotNegative | None = None
    """Tonnes a year [t/year]; a twelfth of it a month."""
    share_of_base: Ratio | None = None
    """Quota as a share of the base year's flow over the same links."""


def apply(measure: ExportQuota, numbers: Numbers, draft: ShockDraft) -> None:
    """Put one quota on the links of each region of `by`."""
    ground = draft.ground
    to, goods = ground.regions(measure.to), ground.goods(measure.goods)
    for region in ground.regions(measure.by):
        links = ground.links(by=np.array([region]), to=to, goods=goods)
        weights = np.ones(len(links))
        if "share_of_base" in numbers:
            limit_t = numbers["share_of_base"] * float(weights @ ground.network.base_flow_t[links])
        else:
            limit_t = numbers["quantity_t_per_year"] / 12.0
        annual = "quantity_t_per_year" in numbers
        draft.limit_links(measure.place, links, quota_t=limit_t, weights=weights, annual=annual)
