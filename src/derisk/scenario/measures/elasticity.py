"""elasticity: demand, supply or trade in the goods answers to prices more, or less, than the dataset says."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final, Literal, Self, final

import numpy as np
from pydantic import Field, model_validator

from derisk.errors import Problem
from derisk.network.record import Network
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.words import ALL, Answering, Month, Positive, Regions, refuse
from derisk.vocabulary.uses import USES

BOUNDS: Final = {"demand": (0.0, 5.0), "supply": (0.0, 20.0), "trade": (2.0, 100.0)}
"""Lowest and highest value of each elasticity; the market takes trade elasticities below 2 as 2."""


@final
class Elasticity(Measure):
    """The network's own elasticities are replaced; it holds in every month simulated, as the market is built once."""

    standing: ClassVar[bool] = True

    kind: Literal["elasticity"]
    """`elasticity`."""
    by: Regions = (ALL,)
    """Where the users or plants are; an elasticity of trade holds for all."""
    of: Answering
    """`demand`: of end users to the delivered price; `supply`: of plants to their margin; `trade`: of flows."""
    value: Positive
    """The elasticity, a positive number: demand of 0.2 falls by 2 % where the price rises by 10 %."""
    from_month: Month = Field(default="", alias="from")
    """May be left out: it holds in every month."""

    @model_validator(mode="after")
    def _check_value(self) -> Self:
        low, high = BOUNDS[self.of]
        if not (low <= self.value.low and self.value.high <= high):
            reach = f"{self.value.low:g}" if self.value.certain else f"{self.value.low:g} to {self.value.high:g}"
            what = f"an elasticity of {self.of} of {reach} is out of range"
            refuse(Problem(what=what, allowed=f"from {low:g} to {high:g}", key="value"))
        if self.of == "trade" and ALL not in self.by:
            what = "an elasticity of trade belongs to a good, not to a region"
            refuse(Problem(what=what, allowed="by: all, or no 'by'", key="by", hint="leave 'by' out"))
        return self


def alter(measure: Elasticity, numbers: Numbers, ground: Ground) -> tuple[Network, int]:
    """The network with the elasticity in place, and how many rows it changed."""
    network, value = ground.network, numbers["value"]
    goods, regions = ground.goods(measure.goods), ground.regions(measure.by)
    if measure.of == "trade":
        return replace(network, trade_elasticity=_placed(network.trade_elasticity, goods, value)), len(goods)
    if measure.of == "demand":
        rows = ground.use_rows(to=regions, goods=goods, uses=USES)
        return replace(network, demand_elasticity=_placed(network.demand_elasticity, rows, value)), len(rows)
    plants = ground.processes(by=regions, goods=goods)
    plants = plants[~network.process_fixed[plants]]
    return replace(network, supply_elasticity=_placed(network.supply_elasticity, plants, value)), len(plants)


def _placed(values: np.ndarray, rows: np.ndarray, value: float) -> np.ndarray:
    changed = values.copy()
    changed[rows] = value
    return changed


def apply(measure: Elasticity, numbers: Numbers, draft: ShockDraft) -> None:
    """Nothing in any single month: the network has changed."""
