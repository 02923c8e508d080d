"""recycling: scrap of what `by` uses is collected and becomes the good again."""

from __future__ import annotations

from typing import ClassVar, Literal, Self, final

from pydantic import model_validator

from derisk.distributions import Constant
from derisk.errors import Problem
from derisk.scenario.addition import Addition
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import LeadMonths, NotNegative, Positive, Regions, Share, refuse
from derisk.vocabulary.processes import SCRAP_PREFIX

DEFAULT_COST_RATIO = 0.8
"""Unit cost of recycling over the good's base price where a scenario gives none."""


@final
class Recycling(Measure):
    """Secondary capacity = collection share x recovery share x base end use of the good in the region."""

    remedy: ClassVar[bool] = True

    kind: Literal["recycling"]
    """`recycling`."""
    by: Regions
    """Where scrap is collected and the good is made."""
    collection_share: Share
    """Share of the tonnes used that is collected as scrap."""
    recovery_share: Share
    """Share of the collected tonnes that becomes the good again."""
    unit_cost_usd_per_t: Positive | None = None
    """Cost of a tonne made [USD/t], capital charge included; excludes `unit_cost_ratio`."""
    unit_cost_ratio: Positive | None = None
    """The same as a ratio to the good's base price; 0.8 where neither is given."""
    capital_cost_musd: NotNegative = Constant(0.0)
    """Capital cost [million USD], all regions and goods together: kept with the scenario, counted in no
    result. 0 if left out."""
    lead_time_months: LeadMonths
    """Months from `from` to the first tonne."""

    @model_validator(mode="after")
    def _check_cost(self) -> Self:
        if self.unit_cost_usd_per_t is not None and self.unit_cost_ratio is not None:
            what = "'unit_cost_usd_per_t' and 'unit_cost_ratio' exclude each other"
            refuse(Problem(what=what, allowed="at most one of them", key="unit_cost_ratio"))
        if self.unit_cost_usd_per_t is None and self.unit_cost_ratio is None:
            object.__setattr__(self, "unit_cost_ratio", Constant(DEFAULT_COST_RATIO))
        return self


def additions(measure: Recycling, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition]:
    """One recycler for each good and region that uses it."""
    makers = []
    for name in measure.goods:
        good = ground.good(name)
        price = float(ground.network.base_price_usd_per_t[good])
        unit_cost = numbers.get("unit_cost_usd_per_t", numbers.get("unit_cost_ratio", 0.0) * price)
        for region in ground.regions(measure.by):
            use_t = ground.end_use_t(good, int(region))
            if use_t <= 0.0:
                continue
            makers.append(
                Addition(
                    place=measure.place,
                    name=f"{SCRAP_PREFIX}{name}",
                    role="plant",
                    region=int(region),
                    good=good,
                    recipe=Addition.alone(good, ground.network),
                    capacity_t=numbers["collection_share"] * numbers["recovery_share"] * use_t,
                    unit_cost_usd_per_t=unit_cost,
                )
            )
    return makers


def apply(measure: Recycling, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the recyclers."""
    draft.open_additions(measure.place)
