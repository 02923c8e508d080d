"""new_capacity: a mine or plant is built in `by` and runs after its lead time, with a probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Self, final

from pydantic import model_validator

from derisk.distributions import Constant
from derisk.errors import Problem, ScenarioError, name_some
from derisk.network.record import Floats, Network
from derisk.scenario.addition import Addition
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.plants import check_kind, plant_kinds
from derisk.scenario.words import ALL, LeadMonths, NotNegative, Positive, PriceRatio, Regions, Share, refuse
from derisk.vocabulary.processes import NEW_PREFIX, PROCESSES
from derisk.vocabulary.regions import BLOCS


@final
class NewCapacity(Measure):
    """A plant with the recipe of its kind in its region, or in the world, weighted by the base year's output."""

    remedy: ClassVar[bool] = True
    one_of: ClassVar[tuple[str, ...]] = ("unit_cost_usd_per_t", "unit_cost_ratio")

    kind: Literal["new_capacity"]
    """`new_capacity`."""
    project: str = ""
    """Project of the dataset (`derisk data projects`): what the file leaves out is taken from it."""
    by: Regions
    """Where it stands: one region."""
    process: str = ""
    """Kind of plant; left out, the first primary one that makes the good in its region, as far as is known there."""
    capacity_t_per_year: Positive
    """Capacity in tonnes of the good named [t/year]."""
    unit_cost_usd_per_t: NotNegative | None = None
    """Cost of a tonne of the good named [USD/t], capital charge included, the goods it buys excluded."""
    unit_cost_ratio: PriceRatio | None = None
    """The same as a ratio to the good's base price."""
    capital_cost_musd: NotNegative = Constant(0.0)
    """Capital cost [million USD], of which an `investment_grant` pays a share; the unit cost holds its charge
    already. 0 if left out."""
    lead_time_months: LeadMonths
    """Months from `from` to the first tonne."""
    probability: Share = Constant(1.0)
    """Probability that it is built at all."""

    @model_validator(mode="after")
    def _check_plant(self) -> Self:
        if len(self.by) > 1 or self.by[0] == ALL or self.by[0] in BLOCS:
            what = f"a plant stands in one region, got {', '.join(self.by)}"
            refuse(Problem(what=what, allowed="one region, no bloc", key="by", hint="write one measure for each plant"))
        if len(self.goods) > 1:
            what = f"a plant's capacity is stated in one good, got {', '.join(self.goods)}"
            refuse(Problem(what=what, allowed="one good; joint products follow", key="goods"))
        kinds = plant_kinds(self.goods[0])
        if not self.process and len(kinds) == 1:
            object.__setattr__(self, "process", kinds[0])
        if self.process:
            check_kind(self.process, self.goods)
        return self


def additions(measure: NewCapacity, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition]:
    """The plant, in tonnes of its main product."""
    good = ground.good(measure.goods[0])
    plants = []
    for region in ground.regions(measure.by):
        able = _kinds_that_make(measure, ground.network, int(region))
        process = measure.process or (able or plant_kinds(measure.goods[0]))[0]
        recipe = Addition.usual(process, ground.network, int(region), place=measure.place)
        per_main = float(recipe[good])
        if per_main <= 0.0:
            raise ScenarioError(_makes_none(measure, process, ground.network, int(region), recipe, able))
        price = float(ground.network.base_price_usd_per_t[good])
        unit_cost = numbers.get("unit_cost_usd_per_t", numbers.get("unit_cost_ratio", 0.0) * price)
        plants.append(
            Addition(
                place=measure.place,
                name=f"{NEW_PREFIX}{measure.goods[0]}",
                role="plant",
                region=int(region),
                good=ground.good(PROCESSES[process].main),
                recipe=recipe,
                capacity_t=numbers["capacity_t_per_year"] / 12.0 / per_main,
                unit_cost_usd_per_t=unit_cost * per_main,
                sells_abroad=True,
                kind=process,
                project=measure.project,
                capital_cost_usd_per_t=1e6 * numbers["capital_cost_musd"] * per_main / numbers["capacity_t_per_year"],
            )
        )
    return plants


def _kinds_that_make(measure: NewCapacity, network: Network, region: int) -> list[str]:
    """Kinds of plant whose recipe in the region, or in the world where it has none, gives the good."""
    good = network.goods.index(measure.goods[0])
    return [
        kind
        for kind in plant_kinds(measure.goods[0])
        if kind in network.process_kind and Addition.usual(kind, network, region, place=measure.place)[good] > 0.0
    ]


def _makes_none(
    measure: NewCapacity, process: str, network: Network, region: int, recipe: Floats, able: Sequence[str]
) -> Problem:
    """What plants of the kind make in the region instead, and the kinds that make the good."""
    good, makes = measure.goods[0], [name for name, amount in zip(network.goods, recipe, strict=True) if amount > 0.0]
    return Problem(
        what=f"plants of kind '{process}' in {network.regions[region]} make no {good}",
        where=f"{measure.place}.process",
        allowed=f"what they make in the base year: {name_some(makes)}",
        hint=f"write process: {able[0]}" if able else f"state the capacity in {PROCESSES[process].main}",
        line=measure.line,
        key=f"{measure.place}.process",
    )


def apply(measure: NewCapacity, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the plant."""
    draft.open_additions(measure.place)
