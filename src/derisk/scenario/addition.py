"""Processes that a scenario adds to the network: plants, recyclers, stockpiles, and the links they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from derisk.errors import Problem, ScenarioError
from derisk.network.record import Floats, Integers, Network
from derisk.scenario.ground import Ground
from derisk.vocabulary.goods import GOODS


@dataclass(frozen=True, slots=True)
class Addition:
    """A process without base output, closed until its measure opens it."""

    place: str
    """Key of the measure that adds it."""
    name: str
    region: int
    good: int
    """Its main good; capacity and unit cost are per tonne of it."""
    recipe: Floats
    """(good,) tonnes out (positive) or in (negative) per tonne of the main good."""
    capacity_t: float
    """[t/month]."""
    unit_cost_usd_per_t: float
    sells_abroad: bool
    """Whether it looks for customers in all regions or at home alone."""
    held_t: float = 0.0
    """Tonnes held at first by a stockpile, or bought at most by a buyer [t], else 0."""
    origins: Integers | None = None
    """Regions that a buyer's tonnes come from, beside what is delivered to it anyway; None for no buyer's contract."""

    @property
    def buys(self) -> bool:
        """Whether it takes goods off the market and gives none."""
        return not (self.recipe > 0.0).any()

    @staticmethod
    def alone(good: int, network: Network) -> Floats:
        """Recipe of a process that gives one good and takes none."""
        recipe = np.zeros(len(network.goods))
        recipe[good] = 1.0
        return recipe

    @staticmethod
    def usual(kind: str, network: Network, region: int, *, place: str) -> Floats:
        """Recipe that plants of a kind have in the region, or in the world where it has none, weighted by base output.

        Raises:
            ScenarioError: no plant of the kind runs in the base year.
        """
        of_kind = np.array([name == kind for name in network.process_kind], dtype=np.bool_) & (
            network.base_output_t > 0
        )
        at_home = of_kind & (network.process_region == region)
        rows = np.flatnonzero(at_home if at_home.any() else of_kind)
        if not len(rows):
            what = f"no plant of kind '{kind}' runs in the base year, so a new one has no recipe"
            raise ScenarioError(Problem(what=what, where=place, allowed=", ".join(sorted(set(network.process_kind)))))
        weights = network.base_output_t[rows]
        recipe: Floats = weights @ network.process_good_matrix[rows] / weights.sum()
        return recipe


@dataclass(frozen=True, slots=True)
class Extension:
    """A network with a scenario's processes and links appended."""

    network: Network
    """Added processes have no base output, added links no base flow, so it balances as before."""
    link_weight_t: Floats
    """(link,) what a link would ship at base prices [t/month]: the base flow, or an added link's weight."""
    additions: tuple[Addition, ...]
    first_process: int
    """Index of the first added process; they keep the order of `additions`."""
    first_link: int
    """Index of the first added link."""
    link_beside: Integers
    """(link,) the base year's link of the same good, origin and destination; itself where there is none."""
    link_places: tuple[frozenset[str], ...]
    """(added link,) keys of the measures that open it."""


def extend_network(network: Network, additions: Sequence[Addition], *, shunned: Iterable[int] = ()) -> Extension:
    """Append processes, and links where those of the base year are too thin for what they trade.

    At base prices a plant that runs full would sell to its own region in proportion to what that takes in, and to
    others in proportion to what they import; it buys by the same rule. A stockpile or recycler sells at home.
    An added link's weight is what that needs beyond the base flow; it may run beside a link of the base year.
    A plant seeks no buyers abroad in the regions `shunned`; the base year's links into them stay.
    """
    ground, avoided = Ground(network), np.array(sorted(set(shunned)), dtype=np.int64)
    usable = tuple(_with_feed(addition, ground) for addition in additions)
    wanted: dict[_Key, float] = {}
    places: dict[_Key, frozenset[str]] = {}
    for addition in usable:
        for key, tonnes in _wanted_links(addition, ground, avoided).items():
            wanted[key] = wanted.get(key, 0.0) + tonnes
            places[key] = places.get(key, frozenset[str]()) | {addition.place}
    lacking = {key: tonnes - ground.flow_t(key) for key, tonnes in sorted(wanted.items())}
    added = [key for key, tonnes in lacking.items() if tonnes > 0.0]
    beside = [ground.link(key) for key in added]
    first_link = len(network.good)
    return Extension(
        network=_append_links(_append_processes(network, usable), added),
        link_weight_t=np.concatenate([network.base_flow_t, [lacking[key] for key in added]]),
        additions=usable,
        first_process=len(network.process_kind),
        first_link=first_link,
        link_beside=np.array(
            [*range(first_link), *(first_link + n if link is None else link for n, link in enumerate(beside))], np.int64
        ),
        link_places=tuple(places[key] for key in added),
    )


def _with_feed(addition: Addition, ground: Ground) -> Addition:
    """The addition without by-products that its region cannot take; an untraded feed must be at home."""
    network, recipe = ground.network, addition.recipe.copy()
    for good in np.flatnonzero(recipe):
        if GOODS[network.goods[good]].traded or ground.inflow_t(int(good))[addition.region] > 0.0:
            continue
        if recipe[good] < 0.0:
            region = network.regions[addition.region]
            what = (
                f"{addition.name} in {region} has no feed: {network.goods[good]} arises there nowhere and is not traded"
            )
            hosts = [network.regions[index] for index in np.flatnonzero(ground.inflow_t(int(good)) > 0.0)]
            raise ScenarioError(
                Problem(what=what, where=addition.place, allowed=", ".join(hosts), key=f"{addition.place}.by")
            )
        recipe[good] = 0.0
    return replace(addition, recipe=recipe)


_Key = tuple[int, int, int]
_LEAST_PARTNER_SHARE = 0.005
"""Regions with less of a plant's trade than this are no partners at first; the links they have stay."""


def _wanted_links(addition: Addition, ground: Ground, shunned: Integers) -> dict[_Key, float]:
    """(good, origin, destination) to tonnes at base prices [t/month]."""
    wanted: dict[_Key, float] = {}
    home = addition.region
    for good in (int(g) for g in np.flatnonzero(addition.recipe) if GOODS[ground.network.goods[g]].traded):
        tonnes = float(addition.recipe[good] * addition.capacity_t)
        if addition.buys:
            partners = _contracted(addition, ground, good)
        elif not addition.sells_abroad:
            partners = np.zeros(len(ground.network.regions))
            partners[home] = ground.inflow_t(good)[home]
        else:
            partners = _partners(ground, good, home, buyers=tonnes > 0.0, shunned=shunned)
        if partners.sum() <= 0.0:
            continue
        for partner in np.flatnonzero(partners):
            key = (good, home, int(partner)) if tonnes > 0.0 else (good, int(partner), home)
            wanted[key] = abs(tonnes) * float(partners[partner] / partners.sum())
    return {key: tonnes for key, tonnes in wanted.items() if tonnes > 0.0}


def _contracted(addition: Addition, ground: Ground, good: int) -> Floats:
    """Weight of each region a buyer's contract names, by what it ships; a buyer without contract needs no links."""
    weight = np.zeros(len(ground.network.regions))
    if addition.origins is not None:
        weight[addition.origins] = ground.outflow_t(good)[addition.origins]
    return weight


def _partners(ground: Ground, good: int, home: int, *, buyers: bool, shunned: Integers) -> Floats:
    """Weight of each region as buyer of, or seller to, a plant at home: its own trade abroad, and all of home's."""
    total = ground.inflow_t(good) if buyers else ground.outflow_t(good)
    abroad = total - ground.kept_home_t(good)
    abroad[home] = total[home]
    weight = abroad if abroad.sum() > 0.0 else total
    if buyers:
        kept = weight.copy()
        kept[shunned[shunned != home]] = 0.0
        weight = kept if kept.sum() > 0.0 else weight
    return np.where(weight >= _LEAST_PARTNER_SHARE * weight.sum(), weight, 0.0)


def _append_links(network: Network, added: Sequence[_Key]) -> Network:
    axes = np.array(added, dtype=np.int64).reshape(len(added), 3)
    return replace(
        network,
        good=np.concatenate([network.good, axes[:, 0]]),
        origin=np.concatenate([network.origin, axes[:, 1]]),
        destination=np.concatenate([network.destination, axes[:, 2]]),
        base_flow_t=np.concatenate([network.base_flow_t, np.zeros(len(added))]),
        link_observed=np.concatenate([network.link_observed, np.zeros(len(added), dtype=np.bool_)]),
    )


def _append_processes(network: Network, additions: Sequence[Addition]) -> Network:
    if not additions:
        return network
    count = len(additions)
    return replace(
        network,
        process_kind=(*network.process_kind, *_unique_names(additions, network)),
        process_region=np.append(network.process_region, [a.region for a in additions]),
        process_main_good=np.append(network.process_main_good, [a.good for a in additions]),
        process_good_matrix=np.vstack([network.process_good_matrix, [a.recipe for a in additions]]),
        process_fixed=np.append(network.process_fixed, np.zeros(count, dtype=np.bool_)),
        base_output_t=np.append(network.base_output_t, np.zeros(count)),
        capacity_t=np.append(network.capacity_t, [a.capacity_t for a in additions]),
        unit_cost_usd_per_t=np.append(network.unit_cost_usd_per_t, [a.unit_cost_usd_per_t for a in additions]),
        supply_elasticity=np.append(network.supply_elasticity, np.ones(count)),
    )


def _unique_names(additions: Sequence[Addition], network: Network) -> list[str]:
    """Names, numbered from the second process of a name in a region on, those of the base year counted."""
    seen = dict.fromkeys(zip(network.process_kind, network.process_region.tolist(), strict=True), 1)
    names = []
    for addition in additions:
        number = seen[addition.name, addition.region] = seen.get((addition.name, addition.region), 0) + 1
        names.append(addition.name if number == 1 else f"{addition.name}_{number}")
    return names
