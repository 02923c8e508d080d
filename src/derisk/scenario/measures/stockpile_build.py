"""stockpile_build: `by` buys tonnes to hold, evenly over the months in force, while the price is not too high."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.distributions import Constant
from derisk.scenario.addition import Addition
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import NotNegative, PriceRatio, Regions


@final
class StockpileBuild(Measure):
    """A buyer inside each region, with a monthly limit; what a month does not buy is not made up for later."""

    remedy: ClassVar[bool] = True

    kind: Literal["stockpile_build"]
    """`stockpile_build`."""
    by: Regions
    """Who buys; several share the tonnes in proportion to their base intake of the good."""
    quantity_t: NotNegative
    """Tonnes to buy of each good [t], all regions of `by` together."""
    ceiling_price_ratio: PriceRatio = Constant(2.0)
    """Price at which buying stops, as a ratio to the base price; the default is 2.0."""


def additions(measure: StockpileBuild, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition]:
    """One buyer for each good and region, its monthly limit the tonnes over the months in force."""
    months = measure.months_in_force(last_month)
    regions = ground.regions(measure.by)
    buyers = []
    for name in measure.goods:
        good = ground.good(name)
        for region, weight in zip(regions, ground.intake_share(good, regions), strict=True):
            if weight <= 0.0:
                continue
            held_t = numbers["quantity_t"] * float(weight)
            buyers.append(
                Addition(
                    place=measure.place,
                    name=f"stockpile_build_{name}",
                    role="buyer",
                    region=int(region),
                    good=good,
                    recipe=-Addition.alone(good, ground.network),
                    capacity_t=held_t / months,
                    unit_cost_usd_per_t=-numbers["ceiling_price_ratio"]
                    * float(ground.network.base_price_usd_per_t[good]),
                    held_t=held_t,
                )
            )
    return buyers


def apply(measure: StockpileBuild, numbers: Numbers, draft: ShockDraft) -> None:
    """Let the buyers buy."""
    draft.open_additions(measure.place)
