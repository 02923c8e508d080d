"""Restrict: a shock, or earlier prices, in the numbering of one component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.certificate import Certificate, certify
from derisk.market.component import Component, Place
from derisk.market.equilibrium import Equilibrium
from derisk.market.network_arrays import NetworkArrays
from derisk.market.shock import CheckedShock
from derisk.market.state import Quantities, Terms
from derisk.market.supply import FIXED, NEW

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_NOBODY, _NOTHING = np.zeros(0, np.int64), np.zeros(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A component, where it stands, and the market's links in its numbering (-1 elsewhere)."""

    component: Component
    place: Place
    local_link: Integers
    base_certificate: Certificate


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
    cap = shock.flow_cap_t[place.links]
    wedge = shock.wedge_usd_per_t[place.links]
    ratio = shock.capacity_ratio[place.processes]
    demand_ratio = shock.demand_ratio[place.uses]
    cost = shock.cost_usd_per_t[place.processes]
    cap_ratio = np.full(cap.size, np.inf)
    finite = np.isfinite(cap)
    cap_ratio[finite] = (cap[finite] / component.link_base_t[finite]) ** (1.0 / component.link_exponent[finite])
    quotas, members = _members(piece, shock)
    quota_t = shock.quota_t[quotas]
    member_quota, member_link, member_weight, quota_price, used = members
    new = component.process_kind == NEW
    touched = (
        bool((np.minimum(cap, component.link_base_t) != place.base_flow_t).any())
        or bool((wedge != 0.0).any())
        or bool((demand_ratio[component.use_base_t > 0.0] != 1.0).any())
        or bool((ratio[~new] != 1.0).any())
        or bool(((cost != 0.0) & (ratio > 0.0) & (component.process_kind != FIXED)).any())
        or bool((ratio[new] * place.base_run_t[new] > 0.0).any())
        or bool((used > quota_t * (1.0 + 1e-12)).any())
    )
    terms = Terms(
        process_ratio=ratio,
        process_margin=component.process_margin + cost,
        link_wedge=place.base_wedge + wedge,
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
