"""Extension: a network with a scenario's processes and links appended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from derisk.errors import Problem, ScenarioError
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.scenario.addition import Addition, Contract, Outlet
from derisk.scenario.ground import Ground
from derisk.vocabulary.goods import GOODS


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
    link_contracts: tuple[str, ...]
    """(added link,) key of the measure whose contract alone it serves, '' for a link of access."""

    def contract_links(self, place: str) -> Integers:
        """Links that serve a measure's contract."""
        own = [number for number, contract in enumerate(self.link_contracts) if contract == place]
        return self.first_link + np.array(own, dtype=np.int64)

    def plants(self, processes: Integers, *, kind: str = "", project: str = "") -> Integers:
        """Those of the processes that are plants or recyclers, of the base year or the scenario's own.

        Args:
            processes: (process,).
            kind: kind of plant, '' for any.
            project: project of the dataset that a plant of the scenario is, '' for any plant.
        """
        return np.array([p for p in processes.tolist() if self._is_plant(p, kind, project)], dtype=np.int64)

    def _is_plant(self, process: int, kind: str, project: str) -> bool:
        step = process - self.first_process
        if step < 0:
            return not project and kind in ("", self.network.process_kind[process])
        addition = self.additions[step]
        return addition.role == "plant" and kind in ("", addition.kind) and project in ("", addition.project)

    def idle(self, processes: Integers) -> Integers:
        """Those of the processes that are room of the base year's plants, which a measure sets to work."""
        steps = [(p, p - self.first_process) for p in processes.tolist()]
        return np.array([p for p, s in steps if s >= 0 and self.additions[s].role == "idle"], dtype=np.int64)

    def capital_cost_usd_per_t(self, plants: Integers) -> Floats:
        """Capital cost of plants over their year's capacity [USD per t/year of main output], (plant,); 0 if built."""
        steps = [plant - self.first_process for plant in plants.tolist()]
        cost = [self.additions[step].capital_cost_usd_per_t if step >= 0 else 0.0 for step in steps]
        return np.array(cost, dtype=np.float64)


def extend_network(
    network: Network, additions: Sequence[Addition | Contract | Outlet], *, shunned: Flags | None = None
) -> Extension:
    """Append processes, and links where those of the base year are too thin for what they trade.

    At base prices a plant that runs full would sell to its own region in proportion to what that takes in, and to
    others in proportion to what they import; it buys by the same rule. A stockpile or recycler sells at home; a buyer
    takes what is delivered to it anyway. A contract has links of its own, one for each pair of seller and buyer.
    A seller's outlets would sell each region his share of the world's trade in the good. An added link's weight is what
    that needs beyond the base flow; it may run beside a link of the base year.
    A plant seeks no buyers abroad where `shunned`, (region of the plant, buyer); the base year's links there stay.
    """
    ground, count = Ground(network), len(network.regions)
    avoided = np.zeros((count, count), dtype=np.bool_) if shunned is None else shunned
    usable = tuple(_with_feed(addition, ground) for addition in additions if isinstance(addition, Addition))
    contracts = [contract for contract in additions if isinstance(contract, Contract)]
    outlets = [outlet for outlet in additions if isinstance(outlet, Outlet)]
    added = [*_access_links(usable, ground, avoided), *_outlet_links(outlets, ground)]
    added += _contract_links(contracts, usable, ground)
    first_link = len(network.good)
    return Extension(
        network=_append_links(_append_processes(network, usable), [link.key for link in added]),
        link_weight_t=np.concatenate([network.base_flow_t, [link.weight_t for link in added]]),
        additions=usable,
        first_process=len(network.process_kind),
        first_link=first_link,
        link_beside=np.array([*range(first_link), *_beside(added, ground, first_link)], np.int64),
        link_places=tuple(link.places for link in added),
        link_contracts=tuple(link.contract for link in added),
    )


_Key = tuple[int, int, int]


class _Link(NamedTuple):
    """A link to append: good, origin and destination, its weight, the measures that open it, the contract it is."""

    key: _Key
    weight_t: float
    places: frozenset[str]
    contract: str = ""


def _access_links(additions: Sequence[Addition], ground: Ground, shunned: Flags) -> list[_Link]:
    """What the added processes need to buy and sell beyond the base year's links."""
    wanted: dict[_Key, float] = {}
    places: dict[_Key, frozenset[str]] = {}
    for addition in additions:
        for key, tonnes in _wanted_links(addition, ground, shunned).items():
            wanted[key] = wanted.get(key, 0.0) + tonnes
            places[key] = places.get(key, frozenset[str]()) | {addition.place}
    lacking = {key: tonnes - ground.flow_t(key) for key, tonnes in sorted(wanted.items())}
    return [_Link(key, tonnes, places[key]) for key, tonnes in lacking.items() if tonnes > 0.0]


def _outlet_links(outlets: Sequence[Outlet], ground: Ground) -> list[_Link]:
    """A link from each seller to each region abroad, equation (7.36) of docs/theory/plants.md."""
    places: dict[_Key, frozenset[str]] = {}
    for outlet in outlets:
        for seller in outlet.sellers.tolist():
            for buyer in np.flatnonzero(ground.inflow_t(outlet.good)).tolist():
                if buyer != seller:
                    key = (outlet.good, seller, buyer)
                    places[key] = places.get(key, frozenset[str]()) | {outlet.place}
    links = []
    for key, opened_by in places.items():
        good, seller, buyer = key
        ships_t = ground.outflow_t(good)
        weight_t = float(ships_t[seller] / ships_t.sum() * ground.inflow_t(good)[buyer]) - ground.flow_t(key)
        if weight_t > 0.0:
            links.append(_Link(key, weight_t, opened_by))
    return links


def _contract_links(contracts: Sequence[Contract], additions: Sequence[Addition], ground: Ground) -> list[_Link]:
    """A link of its own for each pair of a contract's buyers and sellers."""
    links = []
    for contract in contracts:
        ships, takes = ground.outflow_t(contract.good), ground.inflow_t(contract.good)
        for addition in additions:
            if addition.role == "plant":
                made_t = float(addition.recipe[contract.good]) * addition.capacity_t
                ships[addition.region] += max(0.0, made_t)
                takes[addition.region] += max(0.0, -made_t)
        pairs = {
            (int(seller), int(buyer)): float(ships[seller] * takes[buyer])
            for seller in contract.sellers
            for buyer in contract.buyers
            if contract.at_home or seller != buyer
        }
        total = sum(pairs.values())
        for (seller, buyer), weight in pairs.items():
            if weight > 0.0:
                weight_t = contract.quantity_t * weight / total
                key = (contract.good, seller, buyer)
                links.append(_Link(key, weight_t, frozenset({contract.place}), contract.place))
    return links


def _beside(added: Sequence[_Link], ground: Ground, first_link: int) -> list[int]:
    """(added link,) the first link of the same good, origin and destination, of the base year where there is one."""
    first: dict[_Key, int] = {}
    for number, link in enumerate(added):
        of_base = ground.link(link.key)
        first.setdefault(link.key, first_link + number if of_base is None else of_base)
    return [first[link.key] for link in added]


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


_LEAST_PARTNER_SHARE = 0.005
"""Regions with less of a plant's trade than this are no partners at first; the links they have stay."""


def _wanted_links(addition: Addition, ground: Ground, shunned: Flags) -> dict[_Key, float]:
    """(good, origin, destination) to tonnes at base prices [t/month]."""
    wanted: dict[_Key, float] = {}
    home = addition.region
    if not (addition.recipe > 0.0).any():
        return wanted
    for good in (int(g) for g in np.flatnonzero(addition.recipe) if GOODS[ground.network.goods[g]].traded):
        tonnes = float(addition.recipe[good] * addition.capacity_t)
        if not addition.sells_abroad:
            partners = np.zeros(len(ground.network.regions))
            partners[home] = ground.inflow_t(good)[home]
            tonnes = tonnes if addition.sells_at_home_t is None else addition.sells_at_home_t
        else:
            partners = _partners(ground, good, home, buyers=tonnes > 0.0, shunned=shunned[home])
        total = partners.sum()
        if total <= 0.0:
            continue
        at = np.flatnonzero(partners)
        for partner, share in zip(at.tolist(), (partners[at] / total).tolist(), strict=True):
            key = (good, home, partner) if tonnes > 0.0 else (good, partner, home)
            wanted[key] = abs(tonnes) * share
    return {key: tonnes for key, tonnes in wanted.items() if tonnes > 0.0}


def _partners(ground: Ground, good: int, home: int, *, buyers: bool, shunned: Flags) -> Floats:
    """Weight of each region as buyer of, or seller to, a plant at home: its own trade abroad, and all of home's."""
    total = ground.inflow_t(good) if buyers else ground.outflow_t(good)
    abroad = total - ground.kept_home_t(good)
    abroad[home] = total[home]
    weight = abroad if abroad.sum() > 0.0 else total
    if buyers:
        kept = np.where(shunned & (np.arange(shunned.size) != home), 0.0, weight)
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
