"""export_tax: each tonne that leaves `by` for `to` pays."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, NotNegative, Rate, Regions


@final
class ExportTax(Measure):
    """A wedge on the links, beside what stands there already; wedges add."""

    restriction: ClassVar[bool] = True
    one_of: ClassVar[tuple[str, ...]] = ("rate", "usd_per_t")

    kind: Literal["export_tax"]
    """`export_tax`."""
    by: Regions
    """Who taxes."""
    to: Regions = (ALL,)
    """Destinations taxed."""
    rate: Rate | None = None
    """Share of the good's base price, not of the price of the month: 0.25 is 25 %. At most 3."""
    usd_per_t: NotNegative | None = None
    """Tax on a tonne of the good's basis [USD/t]."""


def apply(measure: ExportTax, numbers: Numbers, draft: ShockDraft) -> None:
    """Add the tax to the wedge of every taxed link."""
    ground = draft.ground
    links = ground.links(
        by=ground.regions(measure.by), to=ground.regions(measure.to), goods=ground.goods(measure.goods)
    )
    if "rate" in numbers:
        draft.add_wedge(measure.place, links, usd_per_t=numbers["rate"] * ground.base_price(links))
    else:
        draft.add_wedge(measure.place, links, usd_per_t=numbers["usd_per_t"])
