"""Changes: what balancing did to each figure, and which changes are refused."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from derisk.errors import BalanceError, Problem
from derisk.network.balance import Balanced
from derisk.network.record import Change, Floats
from derisk.network.regions import RegionMap
from derisk.network.rules import irreconcilable_ratio, large_share_of_world, largest_imbalance, shown_change_ratio
from derisk.network.seeds import Seeds
from derisk.vocabulary.processes import PROCESSES

_READ = frozenset({"reported", "estimated", "preliminary"})
"""Statuses of figures that a publisher prints."""


def list_changes(
    seeds: Seeds, balanced: Balanced, region_map: RegionMap, prices: dict[str, float]
) -> tuple[Change, ...]:
    """Figures that balancing moved by more than 0.1 %, the largest by value first."""
    every = [
        *_production_changes(seeds, balanced, region_map.regions),
        *_use_changes(seeds, balanced, region_map.regions),
        *_trade_changes(seeds, balanced, region_map.regions),
        *_recipe_changes(seeds, balanced, region_map.regions),
    ]
    moved = [change for change in every if _moved_t(change) > shown_change_ratio * change.reported_t_per_year]
    return tuple(sorted(moved, key=lambda change: -prices[change.good] * _moved_t(change)))


def refuse_irreconcilable(seeds: Seeds, balanced: Balanced, region_map: RegionMap, *, lent: bool) -> None:
    """Stop where nodes stay open, or where a large stated output would have to move beyond belief.

    What another year lends is no statement about this one: it may move as far as the year's own rows ask, and so may
    what a rule derives where a neighbour of it is lent.

    Args:
        seeds: prior figures.
        balanced: what became of them.
        region_map: regions of the network.
        lent: whether other years lend any of the figures.

    Raises:
        BalanceError: names each good and region, and the rows in conflict.
    """
    problems = [*_open_nodes(seeds, balanced, region_map), *_moved_too_far(seeds, balanced, region_map, lent=lent)]
    if problems:
        raise BalanceError(*problems)


def _open_nodes(seeds: Seeds, balanced: Balanced, region_map: RegionMap) -> Iterator[Problem]:
    for node in np.flatnonzero(~(np.abs(balanced.imbalance) <= largest_imbalance))[:8]:
        side, good, region = seeds.node_place[node]
        yield Problem(
            what=f"{good} does not close in {region_map.regions[region]} ({side} side)",
            where="; ".join(_figures_at(seeds, balanced, int(node), region_map)),
            hint="one of these rows has a wrong unit or basis",
        )


def _moved_too_far(seeds: Seeds, balanced: Balanced, region_map: RegionMap, *, lent: bool) -> Iterator[Problem]:
    world: dict[str, float] = {}
    for activity in seeds.activities:
        world[activity.kind] = world.get(activity.kind, 0.0) + activity.tonnes
    for rank, (activity, tonnes) in enumerate(zip(seeds.activities, _outputs(seeds, balanced), strict=True)):
        large = activity.tonnes >= large_share_of_world * world[activity.kind]
        loose = activity.borrowed_t > 0.5 * activity.tonnes or (lent and activity.status not in _READ)
        if not large or loose or abs(math.log(tonnes / activity.tonnes)) <= math.log(irreconcilable_ratio):
            continue
        good = PROCESSES[activity.kind].main
        node = _tightest_node(seeds, balanced, len(seeds.origin) + rank)
        yield Problem(
            what=f"{good} of {activity.kind} in {region_map.regions[activity.region]} would have to move from"
            f" {activity.tonnes:,.4g} to {tonnes:,.4g} t a year",
            where="; ".join(_figures_at(seeds, balanced, node, region_map)),
            allowed=f"a factor of {irreconcilable_ratio:g}",
            hint="a unit, basis or input coefficient of these rows is wrong",
        )


def _tightest_node(seeds: Seeds, balanced: Balanced, quantity: int) -> int:
    """The node that pulls hardest at a quantity."""
    at = np.flatnonzero(seeds.incidence.quantity == quantity)
    nodes = seeds.incidence.node[at]
    return int(nodes[np.argmax(np.abs(seeds.incidence.coefficient[at] * balanced.multiplier[nodes]))])


def _outputs(seeds: Seeds, balanced: Balanced) -> list[float]:
    first = len(seeds.origin)
    outputs: list[float] = balanced.amounts[first : first + len(seeds.activities)].tolist()
    return outputs


def _figures_at(seeds: Seeds, balanced: Balanced, node: int, region_map: RegionMap) -> list[str]:
    """The four largest quantities of a node, prior and balanced, in words."""
    at = np.flatnonzero(seeds.incidence.node == node)
    tonnes = np.abs(seeds.incidence.coefficient[at] * seeds.prior[seeds.incidence.quantity[at]])
    return [
        f"{_quantity_words(seeds, q, region_map)} {seeds.prior[q]:,.4g} -> {balanced.amounts[q]:,.4g} t"
        for q in seeds.incidence.quantity[at[np.argsort(-tonnes)[:4]]].tolist()
    ]


def _quantity_words(seeds: Seeds, quantity: int, region_map: RegionMap) -> str:
    links, regions = len(seeds.origin), region_map.regions
    if quantity < links:
        good = seeds.goods[seeds.good[quantity]]
        return f"trade {good} {regions[seeds.origin[quantity]]} to {regions[seeds.destination[quantity]]}"
    if quantity < links + len(seeds.activities):
        activity = seeds.activities[quantity - links]
        return f"{activity.kind} {regions[activity.region]} ({activity.status})"
    use = seeds.uses[quantity - links - len(seeds.activities)]
    return f"use {use.good} {regions[use.region]} {use.use} ({use.status})"


def _production_changes(seeds: Seeds, balanced: Balanced, regions: tuple[str, ...]) -> Iterator[Change]:
    for activity, tonnes in zip(seeds.activities, _outputs(seeds, balanced), strict=True):
        good = PROCESSES[activity.kind].main
        kind = "recycling" if activity.kind.startswith("recycle_") else "production"
        yield Change(kind, good, regions[activity.region], "", "", activity.tonnes, tonnes, activity.status)


def _recipe_changes(seeds: Seeds, balanced: Balanced, regions: tuple[str, ...]) -> Iterator[Change]:
    """What plants take or give by a coefficient as stated and as moved, at their balanced output."""
    output = {(a.kind, a.region): t for a, t in zip(seeds.activities, _outputs(seeds, balanced), strict=True)}
    for recipe in seeds.recipes:
        tonnes = output[recipe.kind, recipe.region]
        yield Change(
            "recipe",
            recipe.good,
            regions[recipe.region],
            "",
            "",
            recipe.stated * tonnes,
            recipe.closed * tonnes,
            "derived",
        )


def _use_changes(seeds: Seeds, balanced: Balanced, regions: tuple[str, ...]) -> Iterator[Change]:
    amounts = balanced.amounts[len(seeds.origin) + len(seeds.activities) :].tolist()
    for use, tonnes in zip(seeds.uses, amounts, strict=True):
        yield Change("use", use.good, regions[use.region], "", use.use, use.tonnes, tonnes, use.status)


def _trade_changes(seeds: Seeds, balanced: Balanced, regions: tuple[str, ...]) -> Iterator[Change]:
    for g, good in enumerate(seeds.goods):
        if good not in seeds.trade:
            continue
        flows: Floats = np.zeros((len(regions), len(regions)))
        mine = np.flatnonzero(seeds.good == g)
        flows[seeds.origin[mine], seeds.destination[mine]] = balanced.amounts[mine]
        trade = seeds.trade[good]
        for (i, j), status in trade.status.items():
            yield Change(
                "trade", good, regions[i], regions[j], "", float(trade.tonnes[i, j]), float(flows[i, j]), status
            )


def _moved_t(change: Change) -> float:
    return abs(change.balanced_t_per_year - change.reported_t_per_year)
