"""stockpile_release: tonnes held in `by` are offered above a release price, evenly over the months in force."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.distributions import Constant
from derisk.scenario.addition import Addition
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import NotNegative, PriceRatio, Regions


@final
class StockpileRelease(Measure):
    """A seller inside each region, with a monthly limit; what a month leaves unsold stays in the store."""

    remedy: ClassVar[bool] = True

    kind: Literal["stockpile_release"]
    """`stockpile_release`."""
    by: Regions
    """Who releases; several share the tonnes in proportion to their base intake of the good."""
    quantity_t: NotNegative
    """Tonnes held of each good [t], all regions of `by` together."""
    release_price_ratio: PriceRatio = Constant(1.0)
    """Price at which release begins, as a ratio to the base price; the default is 1.0."""


def additions(measure: StockpileRelease, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition]:
    """One seller for each good and region, its monthly limit the held tonnes over the months in force."""
    months = measure.months_in_force(last_month)
    regions = ground.regions(measure.by)
    sellers = []
    for name in measure.goods:
        good = ground.good(name)
        for region, weight in zip(regions, ground.intake_share(good, regions), strict=True):
            if weight <= 0.0:
                continue
            held_t = numbers["quantity_t"] * float(weight)
            sellers.append(
                Addition(
                    place=measure.place,
                    name=f"stockpile_{name}",
                    role="stockpile",
                    region=int(region),
                    good=good,
                    recipe=Addition.alone(good, ground.network),
                    capacity_t=held_t / months,
                    unit_cost_usd_per_t=numbers["release_price_ratio"]
                    * float(ground.network.base_price_usd_per_t[good]),
                    held_t=held_t,
                )
            )
    return sellers


def apply(measure: StockpileRelease, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the sellers."""
    draft.open_additions(measure.place)
