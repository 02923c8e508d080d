"""Rows: the dataset's rows that a study's numbers rest on, each as an assumption with its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from derisk.data.fields import FIELDS
from derisk.network import Network, build_network
from derisk.network.activities import collect_activities
from derisk.network.figure import Figure
from derisk.network.figures import Figures, Rows
from derisk.network.rules import highest_utilisation
from derisk.network.stock_building import draw_value_ratio
from derisk.network.values import (
    collect_demand_elasticities,
    collect_dependence,
    collect_prices,
    collect_trade_elasticities,
    collect_value_added,
    price_list,
    set_value_ratios,
    value_in_use,
)
from derisk.scenario import Realisation, realise
from derisk.scenario.measures import KINDS
from derisk.sensitivity.central import Central
from derisk.sensitivity.parameter import Parameter, range_around
from derisk.sensitivity.words import row_words

_MONTHS = 12.0


def row_parameters(central: Central) -> Iterator[Parameter]:
    """Every row of a field in `FIELD_CHANGES` about the network's goods, in the dataset's order."""
    figures, goods = central.ground.figures, set(central.network.goods)
    for field, change in FIELD_CHANGES.items():
        for row in figures.rows[field]:
            if not row.good or row.good in goods:
                yield _parameter(central, row, change)


def _parameter(central: Central, row: Figure, change: Change) -> Parameter:
    bounds = FIELDS[row.field]
    reach = range_around(row.value, row.low, row.high, least=bounds.minimum, most=bounds.maximum)

    def held(value: float) -> Realisation:
        return laid_on(central, change(central, changed_figures(central.ground.figures, row, value)))

    def anew(value: float) -> Realisation:
        if row.field in BALANCED_WITH:
            return realise(central.scenario, rebuilt_network(central, row, value))
        return held(value)

    return Parameter(
        words=row_words(row.field, good=row.good, use=row.use, region=row.region),
        kind=row.field,
        good=row.good,
        use=row.use,
        region=row.region,
        base=row.value,
        low=reach.low,
        high=reach.high,
        status=row.status,
        row_ids=(row.row_id,),
        note=reach.note,
        held=held,
        anew=anew,
    )


def changed_figures(figures: Figures, row: Figure, value: float) -> Figures:
    """The same figures with another value in one row."""
    values = figures.values[row.field].copy()
    values[figures.position[row.field, row.key]] = value
    return replace(figures, values={**figures.values, row.field: values})


def rebuilt_network(central: Central, row: Figure, value: float) -> Network:
    """The network balanced again with another value in one row."""
    return build_network(_ChangedRows(central.dataset, row, value), base_year=central.scenario.base_year)


@dataclass(frozen=True, slots=True)
class _ChangedRows:
    """A dataset with another value in one row."""

    dataset: Rows
    row: Figure
    value: float

    @property
    def hash(self) -> str:
        return f"{self.dataset.hash}, row {self.row.row_id} at {self.value!r}"

    @property
    def wanted_goods(self) -> tuple[str, ...]:
        """Those of the dataset itself."""
        wanted: tuple[str, ...] = getattr(self.dataset, "wanted_goods", ())
        return wanted

    def observations(self, *, field: str) -> Any:
        table = self.dataset.observations(field=field)
        if field == self.row.field:
            table = table.copy()
            table.loc[table["row_id"] == self.row.row_id, "value"] = self.value / self.row.ratio
        return table


def laid_on(central: Central, network: Network) -> Realisation:
    """The central realisation with a changed network of the same tonnes under it."""
    before = central.realisation
    altered = any(KINDS[measure.kind].alter is not None for measure in central.scenario.measures)
    if altered or not np.array_equal(network.base_price_usd_per_t, central.network.base_price_usd_per_t):
        return realise(central.scenario, network)  # its own elasticities, tariffs and release prices laid on it again
    own = len(central.network.process_kind)
    extended = replace(
        before.network,
        trade_elasticity=network.trade_elasticity,
        demand_elasticity=network.demand_elasticity,
        dependence_share=network.dependence_share,
        value_added_musd=network.value_added_musd,
        value_in_use_usd_per_t=network.value_in_use_usd_per_t,
        capacity_t=np.concatenate([network.capacity_t, before.network.capacity_t[own:]]),
        supply_elasticity=np.concatenate([network.supply_elasticity, before.network.supply_elasticity[own:]]),
    )
    return replace(before, network=extended)


def revalued(network: Network) -> Network:
    """The network with the value in use that follows from its other numbers."""
    row, sector = network.use_region, network.use_sector
    worth = value_in_use(
        network.value_added_musd[row, sector],
        network.dependence_share,
        network.base_use_t * _MONTHS,
        network.base_price_usd_per_t[network.use_good],
        group=network.use_good * len(network.uses) + sector,
        set_ratio=set_value_ratios(sector, network.uses, stock_building_ratio=draw_value_ratio(None)),
    )
    return replace(network, value_in_use_usd_per_t=worth)


def _prices(central: Central, figures: Figures) -> Network:
    price = price_list(collect_prices(figures), central.network.goods)
    return revalued(replace(central.network, base_price_usd_per_t=price))


def _dependence(central: Central, figures: Figures) -> Network:
    return revalued(replace(central.network, dependence_share=collect_dependence(figures, central.users)))


def _value_added(central: Central, figures: Figures) -> Network:
    added, _ = collect_value_added(figures, central.ground.region_map)
    return revalued(replace(central.network, value_added_musd=added))


def _demand_elasticities(central: Central, figures: Figures) -> Network:
    return replace(central.network, demand_elasticity=collect_demand_elasticities(figures, central.users))


def _trade_elasticities(central: Central, figures: Figures) -> Network:
    return replace(central.network, trade_elasticity=collect_trade_elasticities(figures, central.network.goods))


def _plants(central: Central, figures: Figures) -> Network:
    """Capacities and supply elasticities; a capacity never lies below what balanced output fills."""
    network = central.network
    after = collect_activities(figures, central.ground.region_map)
    capacity_t, elasticity = network.capacity_t.copy(), network.supply_elasticity.copy()
    for at, (old, new) in enumerate(zip(central.plants, after, strict=True)):
        if new.capacity_t != old.capacity_t:
            filled_t = network.base_output_t[at] / highest_utilisation
            capacity_t[at] = max(new.capacity_t / _MONTHS, filled_t)
        if new.supply_elasticity != old.supply_elasticity:
            elasticity[at] = new.supply_elasticity
    return replace(network, capacity_t=capacity_t, supply_elasticity=elasticity)


Change = Callable[[Central, Figures], Network]

FIELD_CHANGES: Final[Mapping[str, Change]] = {
    "dependence_share": _dependence,
    "value_added": _value_added,
    "demand_elasticity": _demand_elasticities,
    "trade_elasticity": _trade_elasticities,
    "supply_elasticity": _plants,
    "utilisation_share": _plants,
    "capacity": _plants,
    "price": _prices,
}
"""Fields whose rows are varied, and what another value makes of the network while its tonnes are held."""
BALANCED_WITH: Final = frozenset({"price"})
"""Fields that the balance of tonnes itself reads: at another value it is struck again."""
