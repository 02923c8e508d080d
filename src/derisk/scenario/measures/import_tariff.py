"""import_tariff: each tonne that `by` takes from `to` pays; `by` is the importer, `to` the origins."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, NotNegative, Rate, Regions


@final
class ImportTariff(Measure):
    """A wedge on the links into `by`, beside what stands there already; wedges add."""

    restriction: ClassVar[bool] = True
    one_of: ClassVar[tuple[str, ...]] = ("rate", "usd_per_t")

    kind: Literal["import_tariff"]
    """`import_tariff`."""
    by: Regions
    """The importers that levy it."""
    to: Regions = (ALL,)
    """The origins that it is levied on."""
    rate: Rate | None = None
    """Share of the good's base price, not of the price of the month: 0.25 is 25 %. At most 3."""
    usd_per_t: NotNegative | None = None
    """Tariff on a tonne of the good's basis [USD/t]."""


def apply(measure: ImportTariff, numbers: Numbers, draft: ShockDraft) -> None:
    """Add the tariff to the wedge of every link from an origin into an importer."""
    ground = draft.ground
    importers, origins = ground.regions(measure.by), ground.regions(measure.to)
    links = ground.links(by=origins, to=importers, goods=ground.goods(measure.goods))
    if "rate" in numbers:
        draft.add_wedge(measure.place, links, usd_per_t=numbers["rate"] * ground.base_price(links))
    else:
        draft.add_wedge(measure.place, links, usd_per_t=numbers["usd_per_t"])
