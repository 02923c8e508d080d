"""substitution: a programme of research and redesign lets users in `by` do with less of the goods."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.distributions import Constant
from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import LeadMonths, NotNegative, Regions, ShareBelowOne, Uses
from derisk.vocabulary.uses import USES


@final
class Substitution(Measure):
    """Material intensity falls by a share once the programme has had its lead time."""

    remedy: ClassVar[bool] = True

    kind: Literal["substitution"]
    """`substitution`."""
    by: Regions
    """Where the users are."""
    uses: Uses = tuple(USES)
    """The sectors; left out, all."""
    intensity_cut_share: ShareBelowOne
    """Share of the good saved per unit of what the sector makes."""
    lead_time_months: LeadMonths
    """Months from `from` to the cut."""
    cost_musd: NotNegative = Constant(0.0)
    """Cost of the programme [million USD], all regions together: kept with the scenario, counted in no result. 0 if
    left out."""


def apply(measure: Substitution, numbers: Numbers, draft: ShockDraft) -> None:
    """Scale the demand of every use named by what is still needed."""
    ground = draft.ground
    rows = ground.use_rows(to=ground.regions(measure.by), goods=ground.goods(measure.goods), uses=measure.uses)
    draft.scale_demand(measure.place, rows, ratio=1.0 - numbers["intensity_cut_share"])
