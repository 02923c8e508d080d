"""export_licence: what leaves `by` for `to` needs a licence: none for a while, then for a part of what is asked."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.distributions import Constant
from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.shock import LicenceTerms
from derisk.scenario.words import ALL, DelayMonths, Regions, Share


@final
class ExportLicence(Measure):
    """Nothing passes until the first approvals; from then on each destination gets a share of what it asks for."""

    restriction: ClassVar[bool] = True

    kind: Literal["export_licence"]
    """`export_licence`."""
    by: Regions
    """Who licenses."""
    to: Regions = (ALL,)
    """Destinations that need a licence; `all` is everyone else."""
    delay_months: DelayMonths
    """Months from `from` to the first approvals; a part of a month lets that part of the month's exports through."""
    approval_share: Share
    """Share of what is asked for that is approved, to each destination alike."""
    covered_share: Share = Constant(1.0)
    """Share of the good's trade that needs a licence; the rest goes on as in the base year. The default is 1."""


def apply(measure: ExportLicence, numbers: Numbers, draft: ShockDraft) -> None:
    """State the terms of every licensed link."""
    ground = draft.ground
    links = ground.links(
        by=ground.regions(measure.by), to=ground.regions(measure.to), goods=ground.goods(measure.goods)
    )
    terms = LicenceTerms(
        place=measure.place,
        links=links,
        delay_months=numbers["delay_months"],
        approval_share=numbers["approval_share"],
        free_t=(1.0 - numbers["covered_share"]) * ground.network.base_flow_t[links],
        since=measure.first_month(numbers),
    )
    draft.license_links(terms)
