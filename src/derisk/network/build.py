"""Build: from the dataset's rows to a balanced network, in one straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from derisk.network.balance import Balanced, balance_amounts
from derisk.network.changes import list_changes, refuse_irreconcilable
from derisk.network.figure import BORROWED
from derisk.network.figures import Figures, Quantile, Rows, read_figures
from derisk.network.record import Change, Floats, Network
from derisk.network.regions import RegionMap, draw_regions, region_distances_km
from derisk.network.rules import highest_utilisation, largest_imbalance
from derisk.network.seeds import Seeds, sow_seeds
from derisk.network.stock_building import draw_value_ratio
from derisk.network.values import (
    collect_demand_elasticities,
    collect_dependence,
    collect_gdp,
    collect_prices,
    collect_stock_cover,
    collect_trade_elasticities,
    collect_value_added,
    price_list,
    set_value_ratios,
    value_in_use,
)
from derisk.vocabulary.processes import PROCESSES, linked_goods
from derisk.vocabulary.uses import PSEUDO_USES, USES

_MONTHS: Final = 12.0
_USES: Final = (*USES, *PSEUDO_USES)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every draw of a base year shares: rows, regions, distances, and the central duals to start from."""

    figures: Figures
    region_map: RegionMap
    distance_km: Floats
    multiplier: Floats


@threadpool_limits.wrap(limits=1, user_api="blas")
def build_network(dataset: Rows, base_year: int = 2024, *, quantile: Quantile | None = None) -> Network:
    """The balanced base year.

    Args:
        dataset: the reference dataset, or anything with its `observations`; one that is about some goods
            (`Dataset.about`) gives a network of these and of what plants link to them, number by number the same.
        base_year: year of production and trade; slower fields take their newest row.
        quantile: number in (0, 1) for the id of a row that has a range, drawn as triangular with its
            value as mode; None for central values. What exists (goods, regions, links, processes, uses)
            never depends on it. What balancing changed is listed for central values alone.

    Linear algebra keeps to one thread meanwhile, as sums divided among several round otherwise: the numbers would
    hang on the machine's cores.

    Raises:
        DatasetError: rows are missing; all that are missed at one step are named.
        BalanceError: the figures cannot be reconciled.
    """
    ground = lay_ground(dataset, base_year)
    figures = ground.figures if quantile is None else ground.figures.sampled(quantile)
    prices = collect_prices(figures)
    seeds = sow_seeds(figures, ground.region_map, ground.distance_km, prices)
    balanced = _balance(seeds, ground.multiplier)
    refuse_irreconcilable(seeds, balanced, ground.region_map, lent=bool(figures.borrowed))
    changes = list_changes(seeds, balanced, ground.region_map, prices) if quantile is None else ()
    return _network(base_year, figures, ground, seeds, balanced, prices, changes, draw_value_ratio(quantile))


def _balance(seeds: Seeds, start: Floats) -> Balanced:
    """The balance from the central duals; from none where a draw lies too far from the centre for them to help."""
    balanced = balance_amounts(seeds.prior, seeds.weight, seeds.incidence, start=start)
    if np.abs(balanced.imbalance).max() <= largest_imbalance:
        return balanced
    return balance_amounts(seeds.prior, seeds.weight, seeds.incidence)


_GROUNDS_KEPT = 4
_grounds: dict[tuple[str, int], Ground] = {}


@threadpool_limits.wrap(limits=1, user_api="blas")
def lay_ground(dataset: Rows, base_year: int) -> Ground:
    """What the draws of a base year share; the last few are kept, so that a draw costs a balance only."""
    key = (dataset.hash, base_year)
    ground = _grounds.get(key)
    if ground is None:
        figures = read_figures(dataset, base_year=base_year)
        region_map = draw_regions(figures)
        if wanted := getattr(dataset, "wanted_goods", ()):  # the regions are those of all goods
            figures = figures.about(linked_goods(wanted))
        distance_km = region_distances_km(region_map, collect_gdp(figures))
        seeds = sow_seeds(figures, region_map, distance_km, collect_prices(figures))
        central = balance_amounts(seeds.prior, seeds.weight, seeds.incidence)
        refuse_irreconcilable(seeds, central, region_map, lent=bool(figures.borrowed))
        for oldest in list(_grounds)[: 1 - _GROUNDS_KEPT]:
            _grounds.pop(oldest, None)
        ground = _grounds[key] = Ground(figures, region_map, distance_km, central.multiplier)
    return ground


def _network(
    base_year: int,
    figures: Figures,
    ground: Ground,
    seeds: Seeds,
    balanced: Balanced,
    prices: dict[str, float],
    changes: tuple[Change, ...],
    stock_building_ratio: float,
) -> Network:
    """The record of a balanced year: what is balanced by the year, a month's in the record."""
    links, processes = len(seeds.origin), len(seeds.activities)
    flow_t, output_t, use_t = np.split(balanced.amounts, [links, links + processes])
    price = price_list(prices, seeds.goods)
    return Network(
        base_year=base_year,
        goods=seeds.goods,
        regions=ground.region_map.regions,
        uses=_USES,
        distance_km=ground.distance_km,
        base_price_usd_per_t=price,
        changes=changes,
        borrowed=figures.borrowed,
        **_of_goods(figures, seeds.goods, ground.region_map.regions),
        **_of_links(seeds, flow_t),
        **_of_plants(seeds, output_t),
        **_of_uses(figures, ground.region_map, seeds, use_t, price, stock_building_ratio),
    )


def _of_goods(figures: Figures, goods: tuple[str, ...], regions: tuple[str, ...]) -> dict[str, Any]:
    """Fields of the network about its goods, prices apart."""
    return {
        "trade_elasticity": collect_trade_elasticities(figures, goods),
        "stock_cover_months": collect_stock_cover(figures, goods, regions),
        "price_borrowed": np.array([_price_is_borrowed(figures, good) for good in goods], dtype=np.bool_),
    }


def _of_links(seeds: Seeds, flow_t: Floats) -> dict[str, Any]:
    """Fields of the network about its links; `flow_t` [t/year]."""
    return {
        "origin": seeds.origin.astype(np.int64),
        "destination": seeds.destination.astype(np.int64),
        "good": seeds.good.astype(np.int64),
        "base_flow_t": flow_t / _MONTHS,
        "link_observed": seeds.observed,
    }


def _of_plants(seeds: Seeds, output_t: Floats) -> dict[str, Any]:
    """Fields of the network about its processes; `output_t` [t/year]."""
    activities, good_at = seeds.activities, _places(seeds.goods)
    kinds = [PROCESSES[activity.kind] for activity in activities]
    return {
        "process_kind": tuple(kind.kind for kind in kinds),
        "process_region": np.array([activity.region for activity in activities], dtype=np.int64),
        "process_main_good": np.array([good_at[kind.main] for kind in kinds], dtype=np.int64),
        "process_good_matrix": _matrix(seeds, good_at),
        "process_fixed": np.array([kind.fixed for kind in kinds], dtype=np.bool_),
        "base_output_t": output_t / _MONTHS,
        "capacity_t": _capacity(seeds, output_t) / _MONTHS,
        "unit_cost_usd_per_t": np.zeros(len(activities)),
        "supply_elasticity": np.array([activity.supply_elasticity for activity in activities]),
        "output_borrowed_share": np.array([activity.borrowed_t / activity.tonnes for activity in activities]),
    }


def _of_uses(
    figures: Figures, region_map: RegionMap, seeds: Seeds, use_t: Floats, price: Floats, stock_building_ratio: float
) -> dict[str, Any]:
    """Fields of the network about what users take and what it is worth to them; `use_t` [t/year]."""
    good_at, use_at = _places(seeds.goods), _places(_USES)
    of_row = [(good_at[row.good], row.region, use_at[row.use]) for row in seeds.uses]
    good, region, sector = np.array(of_row, dtype=np.int64).reshape(-1, 3).T.copy()
    value_added, assumed = collect_value_added(figures, region_map)
    dependence = collect_dependence(figures, seeds.uses)
    return {
        "use_good": good,
        "use_region": region,
        "use_sector": sector,
        "base_use_t": use_t / _MONTHS,
        "demand_elasticity": collect_demand_elasticities(figures, seeds.uses),
        "value_in_use_usd_per_t": value_in_use(
            value_added[region, sector],
            dependence,
            use_t,
            price[good],
            group=good * len(_USES) + sector,
            set_ratio=set_value_ratios(sector, _USES, stock_building_ratio=stock_building_ratio),
        ),
        "dependence_share": dependence,
        "value_added_musd": value_added,
        "value_added_assumed": assumed,
    }


def _places(words: Sequence[str]) -> dict[str, int]:
    return {word: at for at, word in enumerate(words)}


def _price_is_borrowed(figures: Figures, good: str) -> bool:
    row = figures.row("price", good=good)
    return row is not None and row.status == BORROWED


def _matrix(seeds: Seeds, good_at: dict[str, int]) -> Floats:
    matrix = np.zeros((len(seeds.activities), len(good_at)))
    for at, activity in enumerate(seeds.activities):
        for good, tonnes in activity.coefficients.items():
            matrix[at, good_at[good]] = tonnes
    return matrix


def _capacity(seeds: Seeds, output_t: Floats) -> Floats:
    """Stated capacity, raised where balanced output would fill it [t/year]; a host's is its output's share."""
    stated = np.array([activity.capacity_t for activity in seeds.activities])
    return np.maximum(stated, output_t / highest_utilisation)
