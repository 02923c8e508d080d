"""Seeds: all prior figures of a base year as one list of quantities over nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derisk.errors import BalanceError, Problem
from derisk.network.activities import Activity, collect_activities, total_output
from derisk.network.balance import Incidence
from derisk.network.figures import Figures
from derisk.network.links import LinkSeeds, Trade, collect_trade, no_trade, seed_links
from derisk.network.recipes import RecipeChange, close_recipes, cover_residues
from derisk.network.record import Flags, Floats, Integers
from derisk.network.regions import RegionMap
from derisk.network.rules import weight
from derisk.network.uses import UsePrior, collect_uses, spare_for_processes
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import PROCESSES


@dataclass(frozen=True, slots=True)
class Seeds:
    """Prior quantities in order: links, then activities, then uses [t/year]."""

    goods: tuple[str, ...]
    origin: Integers
    destination: Integers
    good: Integers
    observed: Flags
    """(link,)."""
    activities: tuple[Activity, ...]
    uses: tuple[UsePrior, ...]
    recipes: tuple[RecipeChange, ...]
    trade: dict[str, Trade]
    prior: Floats
    """(quantity,)."""
    weight: Floats
    """(quantity,)."""
    incidence: Incidence
    node_place: tuple[tuple[str, str, int], ...]
    """(node,) side (`producer` or `delivered`), good, region."""


def sow_seeds(figures: Figures, region_map: RegionMap, distance_km: Floats, prices: Mapping[str, float]) -> Seeds:
    """Collect every prior figure and lay them out over the nodes they must close.

    Args:
        figures: the rows, central or sampled.
        region_map: regions of the network.
        distance_km: (region, region).
        prices: of each good [USD/t]; a figure weighs by the value of its tonnes.

    Raises:
        DatasetError: rows are missing.
        BalanceError: a good is made and nobody takes it, or is taken and nobody makes it.
    """
    activities = collect_activities(figures, region_map)
    made = {good for activity in activities for good, tonnes in activity.coefficients.items() if tonnes > 0}
    taken = {good for activity in activities for good, tonnes in activity.coefficients.items() if tonnes < 0}
    goods = tuple(good for good in GOODS if good in made or good in taken)
    count = len(region_map.regions)
    recipes = cover_residues(activities, [good for good in goods if not GOODS[good].traded], region_map)
    supply = {good: _spread(total_output(activities, good), count) for good in goods}
    stated_need = {good: _spread(_total_input(activities, good), count) for good in goods}
    spare = {
        good: spare_for_processes(figures, good, supply=supply[good], need=stated_need[good])
        for good in goods
        if GOODS[good].traded
    }
    recipes += close_recipes(activities, spare)
    process_need = {good: _spread(_total_input(activities, good), count) for good in goods}
    trade = collect_trade(figures, region_map)
    uses = collect_uses(figures, region_map, activities, supply=supply, process_need=process_need, trade=trade)
    need = {good: process_need[good].copy() for good in goods}
    for use in uses:
        need[use.good][use.region] += use.tonnes
    _check_both_sides(goods, supply, need, activities, region_map)
    links = {
        good: seed_links(
            trade.get(good, no_trade(count)), supply=supply[good], need=need[good], distance_km=distance_km
        )
        if GOODS[good].traded
        else _home_only(supply[good], need[good])
        for good in goods
    }
    return _lay_out(goods, activities, uses, recipes, trade, links, prices)


def _spread(totals: dict[int, float], count: int) -> Floats:
    spread = np.zeros(count)
    for region, tonnes in totals.items():
        spread[region] = tonnes
    return spread


def _total_input(activities: list[Activity], good: str) -> dict[int, float]:
    totals: dict[int, float] = {}
    for activity in activities:
        tonnes = -activity.tonnes * activity.coefficients.get(good, 0.0)
        if tonnes > 0:
            totals[activity.region] = totals.get(activity.region, 0.0) + tonnes
    return totals


def _home_only(supply: Floats, need: Floats) -> LinkSeeds:
    tonnes = np.diag(np.where((supply > 0) & (need > 0), supply, 0.0))
    return LinkSeeds(tonnes=tonnes, error=np.ones_like(tonnes), observed=np.zeros(tonnes.shape, dtype=np.bool_))


def _check_both_sides(
    goods: tuple[str, ...],
    supply: dict[str, Floats],
    need: dict[str, Floats],
    activities: list[Activity],
    region_map: RegionMap,
) -> None:
    problems = []
    for good in goods:
        makers = [f"{a.kind} {region_map.regions[a.region]}" for a in activities if a.coefficients.get(good, 0.0) > 0]
        takers = [f"{a.kind} {region_map.regions[a.region]}" for a in activities if a.coefficients.get(good, 0.0) < 0]
        if not need[good].any():
            where = f"made by {', '.join(makers[:4])}"
            problems.append(Problem(f"{good} is made and nobody takes it", where, "end_use_share rows or an input_"))
        elif not supply[good].any():
            where = f"taken by {', '.join(takers[:4]) or 'end uses'}"
            problems.append(Problem(f"{good} is taken and nobody makes it", where, "production rows"))
        elif not GOODS[good].traded:
            for region in np.flatnonzero((need[good] > 0) & (supply[good] <= 0)):
                place = region_map.regions[region]
                taking = [f"{a.kind} {place}" for a in activities if a.region == region and good in a.coefficients]
                where = f"{place}: taken by {', '.join(taking)}"
                problems.append(Problem(f"{good} is taken where no host makes it", where, "residue_supply rows"))
    if problems:
        raise BalanceError(*problems)


def _lay_out(
    goods: tuple[str, ...],
    activities: list[Activity],
    uses: list[UsePrior],
    recipes: list[RecipeChange],
    trade: dict[str, Trade],
    links: dict[str, LinkSeeds],
    prices: Mapping[str, float],
) -> Seeds:
    where = {good: np.nonzero(links[good].tonnes > 0) for good in goods}
    origin = np.concatenate([where[good][0] for good in goods])
    destination = np.concatenate([where[good][1] for good in goods])
    good_index = np.concatenate([np.full(len(where[good][0]), g) for g, good in enumerate(goods)])
    link_t = np.concatenate([links[good].tonnes[where[good]] for good in goods])
    link_error = np.concatenate([links[good].error[where[good]] for good in goods])
    observed = np.concatenate([links[good].observed[where[good]] for good in goods])
    errors = np.concatenate((link_error, [a.error for a in activities], [u.error for u in uses]))
    price = np.array([prices[good] for good in goods])
    value = np.concatenate(
        (
            price[good_index],
            [prices[PROCESSES[a.kind].main] for a in activities],
            [prices[u.good] for u in uses],
        )
    )
    node_place, incidence = _incidence(goods, origin, destination, good_index, activities, uses)
    return Seeds(
        goods=goods,
        origin=origin,
        destination=destination,
        good=good_index,
        observed=observed,
        activities=tuple(activities),
        uses=tuple(uses),
        recipes=tuple(recipes),
        trade=trade,
        prior=np.concatenate((link_t, [a.tonnes for a in activities], [u.tonnes for u in uses])),
        weight=value * np.array([weight(error) for error in errors.tolist()]),
        incidence=incidence,
        node_place=node_place,
    )


def _incidence(
    goods: tuple[str, ...],
    origin: Integers,
    destination: Integers,
    good_index: Integers,
    activities: list[Activity],
    uses: list[UsePrior],
) -> tuple[tuple[tuple[str, str, int], ...], Incidence]:
    """Equation (5.1): producer nodes gain output and lose flows; delivered nodes gain flows and lose what is taken."""
    good_at = {good: at for at, good in enumerate(goods)}
    links, plants = len(origin), len(activities)
    entries = [
        (links + at, tonnes < 0, good_at[good], activity.region, tonnes)
        for at, activity in enumerate(activities)
        for good, tonnes in activity.coefficients.items()
    ]
    entries += [(links + plants + at, True, good_at[use.good], use.region, -1.0) for at, use in enumerate(uses)]
    rest = np.array(entries, dtype=np.float64)
    every_link = np.arange(links)
    quantity = np.concatenate((every_link, every_link, rest[:, 0].astype(np.int64)))
    delivered = np.concatenate((np.zeros(links), np.ones(links), rest[:, 1])).astype(np.int64)
    good = np.concatenate((good_index, good_index, rest[:, 2].astype(np.int64)))
    region = np.concatenate((origin, destination, rest[:, 3].astype(np.int64)))
    coefficient = np.concatenate((-np.ones(links), np.ones(links), rest[:, 4]))
    count = int(region.max()) + 1
    present, node = np.unique((good * 2 + delivered) * count + region, return_inverse=True)
    places = tuple(
        ("delivered" if flat // count % 2 else "producer", goods[flat // count // 2], flat % count)
        for flat in present.tolist()
    )
    return places, Incidence(quantity, node, coefficient, links + plants + len(uses), len(places))
