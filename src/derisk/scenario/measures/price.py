"""price: in `by` an outside market buys and sells the goods at a fixed price, as much as anyone wants."""

from __future__ import annotations

from typing import Final, Literal, final

from derisk.scenario.addition import Addition
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Positive, Regions

_DEPTH_RATIO: Final = 100.0
"""Size of the outside market over what passes through the region: its price moves by a thousandth at most."""
_REACH_RATIO: Final = 1.5
"""What it can deliver at home at its own price, over the region's intake."""


@final
class Price(Measure):
    """The delivered price is fixed from outside; what the outside market sells net is what the region lacks at it."""

    kind: Literal["price"]
    """`price`."""
    by: Regions = (ALL,)
    """Where the price is fixed."""
    usd_per_t: Positive
    """The price [USD/t], in the good's basis, without value-added tax."""


def additions(measure: Price, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition]:
    """A seller and a buyer for each good and region that takes it in."""
    traders = []
    for name in measure.goods:
        good = ground.good(name)
        intake_t = ground.inflow_t(good)
        passing_t = intake_t + ground.outflow_t(good)
        alone = Addition.alone(good, ground.network)
        for region in (int(index) for index in ground.regions(measure.by) if intake_t[index] > 0.0):
            capacity_t, price = _DEPTH_RATIO * float(passing_t[region]), numbers["usd_per_t"]
            reach_t = _REACH_RATIO * float(intake_t[region])
            for side, recipe, unit_cost in (("seller", alone, price), ("buyer", -alone, -price)):
                traders.append(
                    Addition(
                        place=measure.place,
                        name=f"outside_{side}_{name}",
                        role="outside",
                        region=region,
                        good=good,
                        recipe=recipe,
                        capacity_t=capacity_t,
                        unit_cost_usd_per_t=unit_cost,
                        sells_at_home_t=reach_t,
                    )
                )
    return traders


def apply(measure: Price, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the outside market."""
    draft.open_additions(measure.place)
