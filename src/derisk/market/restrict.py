"""Restrict: a shock, or earlier prices, in the numbering of one component."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.certificate import Certificate, certify
from derisk.market.compiled import kernel
from derisk.market.component import Component, Place
from derisk.market.equilibrium import Equilibrium
from derisk.market.network_arrays import NetworkArrays
from derisk.market.shock import CheckedShock
from derisk.market.state import Quantities, Terms
from derisk.market.supply import FIXED, NEW

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_NOBODY, _NOTHING = np.zeros(0, np.int64), np.zeros(0)


@dataclass(frozen=True)
class Piece:
    """A component, where it stands, and the market's links in its numbering (-1 elsewhere)."""

    component: Component
    place: Place
    local_link: Integers

    @cached_property
    def base_certificate(self) -> Certificate:
        """Certificate of the base year."""
        return base_certificate(self.component, self.place)


class Priced(Protocol):
    """What has prices to start from."""

    @property
    def producer_price(self) -> Floats: ...

    @property
    def delivered_price(self) -> Floats: ...

    @property
    def permit_price(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Part:
    """What a shock means for one component."""

    terms: Terms
    quotas: Integers
    touched: bool


def base_certificate(component: Component, place: Place) -> Certificate:
    """Certificate of the base year of a component, new processes at rest."""
    quotas = np.zeros(0)
    cap = np.where((place.base_flow_t <= 0.0) & (component.link_base_t > 0.0), 0.0, np.inf)
    terms = Terms(
        process_ratio=(component.process_kind != NEW).astype(np.float64),
        process_margin=component.process_margin,
        link_wedge=place.base_wedge,
        link_cap_t=cap,
        link_cap_ratio=cap,
        use_ratio=np.ones(component.use_base_t.size),
        quota_t=quotas,
        quota_price=quotas,
        member_quota=quotas.astype(np.int64),
        member_link=quotas.astype(np.int64),
        member_weight=quotas,
    )
    quantities = Quantities(
        place.base_flow_t, component.process_base_t, component.use_base_t, np.zeros(component.node_price.size)
    )
    return certify(component, terms, component.node_price, quantities)


def restrict(net: NetworkArrays, piece: Piece, shock: CheckedShock) -> Part:
    """The shock in a component's numbering, and whether it moves anything there."""
    component, place = piece.component, piece.place
    quotas, members = _members(piece, shock)
    quota_t = shock.quota_t[quotas]
    member_quota, member_link, member_weight, quota_price, used = members
    ratio, margin, wedge, cap, cap_ratio, demand_ratio, touched = _taken(
        component,
        (place.links, place.processes, place.uses),
        (place.base_flow_t, place.base_wedge, place.base_run_t),
        (shock.flow_cap_t, shock.wedge_usd_per_t),
        (shock.capacity_ratio, shock.cost_usd_per_t, shock.demand_ratio),
    )
    touched = touched or bool((used > quota_t * (1.0 + 1e-12)).any())
    terms = Terms(
        process_ratio=ratio,
        process_margin=margin,
        link_wedge=wedge,
        link_cap_t=cap,
        link_cap_ratio=cap_ratio,
        use_ratio=demand_ratio,
        quota_t=quota_t,
        quota_price=quota_price,
        member_quota=member_quota,
        member_link=member_link,
        member_weight=member_weight,
    )
    return Part(terms, quotas, touched)


@kernel
def _taken(
    component: Component,
    places: tuple[Integers, Integers, Integers],
    base: tuple[Floats, Floats, Floats],
    of_links: tuple[Floats, Floats],
    of_others: tuple[Floats, Floats, Floats],
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, bool]:
    """A component's own entries of a shock, ready for `Terms`, and whether they move anything.

    Args:
        component: base-year arrays.
        places: its links, processes and uses among the market's.
        base: its base flows, base wedges, and what its processes make at base prices.
        of_links: the market's caps [t] and changes of wedges [USD/t].
        of_others: the market's capacity ratios, changes of cost [USD/t], and demand ratios.
    """
    c = component
    links, processes, uses = places
    base_flow, base_wedge, base_run = base
    wedge, cap, cap_ratio = np.empty(links.size), np.empty(links.size), np.empty(links.size)
    ratio, margin, demand_ratio = np.empty(processes.size), np.empty(processes.size), np.empty(uses.size)
    touched = False
    for link in range(links.size):
        most, more = of_links[0][links[link]], of_links[1][links[link]]
        cap[link], cap_ratio[link] = most, np.inf
        if most < np.inf:
            cap_ratio[link] = (most / c.link_base_t[link]) ** (1.0 / c.link_exponent[link])
        wedge[link] = base_wedge[link] + more
        touched = touched or more != 0.0 or min(most, c.link_base_t[link]) != base_flow[link]
    for p in range(processes.size):
        plants, cost = of_others[0][processes[p]], of_others[1][processes[p]]
        ratio[p], margin[p] = plants, c.process_margin[p] + cost
        if c.process_kind[p] == NEW:
            touched = touched or plants * base_run[p] > 0.0
        else:
            touched = touched or plants != 1.0
        touched = touched or (cost != 0.0 and plants > 0.0 and c.process_kind[p] != FIXED)
    for u in range(uses.size):
        demand_ratio[u] = of_others[2][uses[u]]
        touched = touched or (c.use_base_t[u] > 0.0 and demand_ratio[u] != 1.0)
    return ratio, margin, wedge, cap, cap_ratio, demand_ratio, touched


def _members(piece: Piece, shock: CheckedShock) -> tuple[Integers, tuple[Integers, Integers, Floats, Floats, Floats]]:
    """Quotas with a permit price of their own here; members in order of links, price scales, tonnage in the base."""
    component, place = piece.component, piece.place
    if not shock.shared.any():
        return _NOBODY, (_NOBODY, _NOBODY, _NOTHING, _NOTHING, _NOTHING)
    link = piece.local_link[shock.member_link]
    mine = shock.shared[shock.member_quota] & (link >= 0) & (shock.member_weight > 0.0)
    quotas, member_quota = np.unique(shock.member_quota[mine], return_inverse=True)
    member_link, member_weight = link[mine], shock.member_weight[mine]
    order = np.argsort(member_link, kind="stable")
    member_quota, member_link, member_weight = member_quota[order], member_link[order], member_weight[order]
    quota_price = np.zeros(quotas.size)
    np.maximum.at(quota_price, member_quota, component.link_price[member_link] / member_weight)
    used = np.zeros(quotas.size)
    np.add.at(used, member_quota, member_weight * place.base_flow_t[member_link])
    numbers = member_quota.astype(np.int64), member_link.astype(np.int64)
    return quotas, (*numbers, member_weight, quota_price, used)


def given_prices(piece: Piece, part: Part, equilibrium: Equilibrium) -> Floats:
    """(node, then quota) prices of an equilibrium of the same shock in a component's numbering [USD/t]."""
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    lam = equilibrium.producer_price[good[:m], region[:m]]
    mu = equilibrium.delivered_price[good[m:], region[m:]]
    return np.concatenate([lam, mu, equilibrium.permit_price[part.quotas]])


def given_quantities(piece: Piece, equilibrium: Equilibrium) -> Quantities:
    """Quantities of an equilibrium in a component's numbering [t]."""
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    sink = [
        equilibrium.producer_disposal[good[:m], region[:m]],
        equilibrium.delivered_disposal[good[m:], region[m:]],
    ]
    return Quantities(
        equilibrium.flow[place.links],
        equilibrium.production[place.processes],
        equilibrium.use[place.uses],
        np.concatenate(sink),
    )


def start_prices(net: NetworkArrays, piece: Piece, part: Part, start: Priced) -> Floats:
    """Prices of an earlier equilibrium in a component's numbering."""
    shape = (net.goods, net.regions)
    if start.producer_price.shape != shape or start.delivered_price.shape != shape:
        raise ShapeError(
            Problem(
                f"start has prices of shape {start.producer_price.shape}",
                "Market.solve(start=...)",
                f"an equilibrium of this market, shape {shape}",
                "None starts from base prices",
            )
        )
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    lam = start.producer_price[good[:m], region[:m]]
    mu = start.delivered_price[good[m:], region[m:]]
    permit = np.zeros(part.quotas.size)
    if part.quotas.size and start.permit_price.size > part.quotas.max():
        permit = np.maximum(start.permit_price[part.quotas], 0.0)
    first = np.concatenate([lam, mu, permit])
    return first if np.isfinite(first).all() else np.concatenate([piece.component.node_price, np.zeros(permit.size)])
