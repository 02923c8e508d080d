"""Slow: plants, products in use and thrift of one draw together, and what they change in a month's shock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.network.record import Flags, Floats, Network
from derisk.path.parameters import Parameters
from derisk.path.plant_costs import CostRows, Quantile, plants_of, read_cost_rows
from derisk.path.plant_state import Plants, PlantState, first_state
from derisk.path.plants import margins_usd_per_t, step_plants
from derisk.path.products import (
    Products,
    ProductState,
    Recyclers,
    first_products,
    products_of,
    recyclers_of,
    recycling_ratio,
    step_products,
)
from derisk.path.thrift import ThriftState, first_thrift, step_thrift
from derisk.path.wear import Lives, Wear, read_lives, wear_of
from derisk.scenario import MonthShock

if TYPE_CHECKING:
    from derisk.data import Dataset

ROUNDING: Final = 1e-12
"""A ratio this near to 1 is 1, so that what nothing moves rests at its base."""


@dataclass(frozen=True, slots=True, eq=False)
class SlowRows:
    """What slow states need of the dataset, read once for all draws of a study."""

    costs: CostRows
    lives: Lives
    wear: Wear


@dataclass(frozen=True, slots=True, eq=False)
class SlowRules:
    """What decides over the slow states of one draw."""

    parameters: Parameters
    network: Network
    """With the scenario's processes appended."""
    plants: Plants
    products: Products
    recyclers: Recyclers
    thrifty: Flags
    """(use_row,) uses that redesign."""


@dataclass(frozen=True, slots=True, eq=False)
class SlowState:
    """Slow states at the start of a month."""

    plants: PlantState
    products: ProductState
    thrift: ThriftState
    scrap_ratio: Floats
    """(process,) capacity that scrap allows."""

    @property
    def capacity_ratio(self) -> Floats:
        """Capacity that plants and scrap allow over that of the base year, (process,)."""
        return self.capacity_ahead(0)

    def capacity_ahead(self, months: int) -> Floats:
        """The same so many months on, with what is then built or restarted, (process,); rounding counts for nothing."""
        ratio = self.plants.capacity_ahead(months) * self.scrap_ratio
        return np.where(np.abs(ratio - 1.0) < ROUNDING, 1.0, ratio)


def read_slow_rows(dataset: Dataset, network: Network, *, months: int, history_growth_share: float = 0.0) -> SlowRows:
    """Costs and lives for a network's base year and a path's months.

    The history of sales is steady unless stated otherwise: then a path without measures rests at its base.
    """
    lives = read_lives(dataset, network)
    wear = wear_of(lives, months=months, history_growth_share=history_growth_share)
    return SlowRows(read_cost_rows(dataset, base_year=network.base_year), lives, wear)


def slow_rules(
    network: Network,
    rows: SlowRows,
    parameters: Parameters,
    *,
    quantile: Quantile | None = None,
    aside: Collection[int] = (),
) -> SlowRules:
    """What decides in one draw; arguments as for `plants_of`."""
    products = products_of(network, rows.lives, rows.wear)
    return SlowRules(
        parameters=parameters,
        network=network,
        plants=plants_of(network, rows.costs, parameters, quantile=quantile, aside=aside),
        products=products,
        recyclers=recyclers_of(products, network),
        thrifty=network.served,
    )


def first_slow(rules: SlowRules) -> SlowState:
    """The base year."""
    return SlowState(
        plants=first_state(rules.plants),
        products=first_products(rules.products),
        thrift=first_thrift(len(rules.network.use_good)),
        scrap_ratio=np.ones(len(rules.network.process_kind)),
    )


def step_slow(
    state: SlowState,
    rules: SlowRules,
    *,
    producer_price: Floats,
    delivered_price: Floats,
    use_t: Floats,
    open_ratio: Floats | None = None,
    cost_usd_per_t: Floats | None = None,
    grant_share: Floats | None = None,
    coming_usd_per_t: Floats | None = None,
) -> SlowState:
    """Slow states a month later.

    Args:
        state: at the start of the month.
        rules: of the draw.
        producer_price: (good, region) of the month [USD/t].
        delivered_price: (good, region) of the month [USD/t].
        use_t: (use_row,) what each use took [t/month].
        open_ratio: (process,) capacity the measures leave, without the slow states.
        cost_usd_per_t: (process,) change of cost, floors' top-ups among them.
        grant_share: (process,) share of capital cost granted to expansions.
        coming_usd_per_t: (process,) what announced restrictions are expected to add to margins.
    """
    network = rules.network
    margin = margins_usd_per_t(
        network.process_good_matrix,
        network.process_region,
        producer_price=producer_price,
        delivered_price=delivered_price,
        cost_usd_per_t=cost_usd_per_t,
    )
    price_ratio = delivered_price[network.use_good, network.use_region] / network.base_price_usd_per_t[network.use_good]
    products = step_products(state.products, rules.products, use_t=use_t)
    return SlowState(
        plants=step_plants(
            state.plants,
            rules.plants,
            margin_usd_per_t=margin,
            open_ratio=open_ratio,
            grant_share=grant_share,
            coming_usd_per_t=coming_usd_per_t,
        ),
        products=products,
        thrift=step_thrift(state.thrift, price_ratio=price_ratio, parameters=rules.parameters, answers=rules.thrifty),
        scrap_ratio=recycling_ratio(products, rules.recyclers),
    )


def slowed(shock: MonthShock, state: SlowState, *, ahead: int = 0) -> MonthShock:
    """A month's shock with the slow states laid on; the same object where they are at the base.

    Args:
        shock: of the measures.
        state: slow states at the start of this month.
        ahead: how many months later the shock acts.
    """
    capacity, intensity = state.capacity_ahead(ahead), state.thrift.intensity_ratio
    if (capacity == 1.0).all() and (intensity == 1.0).all():
        return shock
    return replace(shock, capacity_ratio=shock.capacity_ratio * capacity, demand_ratio=shock.demand_ratio * intensity)
