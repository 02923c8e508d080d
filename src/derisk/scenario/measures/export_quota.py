"""export_quota: exports from `by` to `to` may not exceed a tonnage, one for all the goods together."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, final

import numpy as np
from pydantic import Field, model_validator

from derisk.errors import Problem
from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Good, NotNegative, Ratio, Regions, refuse
from derisk.vocabulary.goods import PARTS


@final
class ExportQuota(Measure):
    """One tonnage a year for each region of `by`, over all destinations and goods; a quota of 0 is a ban."""

    restriction: ClassVar[bool] = True
    one_of: ClassVar[tuple[str, ...]] = ("quantity_t_per_year", "share_of_base")

    kind: Literal["export_quota"]
    """`export_quota`."""
    by: Regions
    """Who limits; each region has a quota of its own."""
    to: Regions = (ALL,)
    """Destinations that share the quota."""
    quantity_t_per_year: NotNegative | None = None
    """Tonnes a year [t/year]; a twelfth of it a month, and what earlier months of the year left unused."""
    share_of_base: Ratio | None = None
    """The same as a share of the base year's exports from `by` to `to` of these goods together."""
    weights: dict[Good, Annotated[float, Field(gt=0.0, le=1000.0)]] = Field(default_factory=dict)
    """Quota tonnes for each tonne of a good, such as tonnes of oxide in one of magnets; 1 for a good left out."""

    @model_validator(mode="after")
    def _check_weights(self) -> Self:
        for good in self.weights:
            if good not in self.goods:
                what = f"'{good}' has a weight and is not among the goods"
                refuse(Problem(what=what, allowed=", ".join(self.goods), key="weights"))
        return self


def apply(measure: ExportQuota, numbers: Numbers, draft: ShockDraft) -> None:
    """Put one quota on the links of each region of `by`."""
    ground = draft.ground
    to, goods = ground.regions(measure.to), ground.goods(measure.goods)
    counted = np.ones(len(ground.network.goods))
    for good, weight in sorted(measure.weights.items(), key=lambda item: item[0] in PARTS):
        counted[ground.goods([good])] = weight
    for region in ground.regions(measure.by):
        links = ground.links(by=np.array([region]), to=to, goods=goods)
        weights = counted[ground.network.good[links]]
        if "share_of_base" in numbers:
            limit_t = numbers["share_of_base"] * float(weights @ ground.network.base_flow_t[links])
        else:
            limit_t = numbers["quantity_t_per_year"] / 12.0
        draft.limit_links(
            measure.place,
            links,
            account=_account(measure, ground.network.regions[region]),
            quota_t=limit_t,
            weights=weights,
        )


def _account(measure: ExportQuota, region: str) -> str:
    """Name of a region's tonnage of the year: what measures that follow each other within it have in common."""
    return f"{region}: {', '.join(sorted(measure.goods))} to {', '.join(sorted(measure.to))}"
