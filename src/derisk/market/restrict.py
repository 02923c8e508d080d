"""Restrict: a shock in the numbering of one component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import kernel, lean
from derisk.market.component import Component, Place
from derisk.market.handles import addresses
from derisk.market.pieces import Piece, component_at, place_at
from derisk.market.shock import Changes, CheckedShock
from derisk.market.state import Quotas, Terms, room_for, terms_in
from derisk.market.supply import FIXED, NEW

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """What a shock means for one component."""

    terms: Terms
    quotas: Integers


def restrict(piece: Piece, shock: CheckedShock) -> Part:
    """The shock in a component's numbering."""
    quotas = quotas_of([piece], shock)
    return Part(_restricted(addresses([piece.handles]), shock.changes, quotas), quotas.number)


def moves(piece: Piece, shock: CheckedShock) -> bool:
    """Whether a shock moves anything in a component."""
    return bool(_moves(addresses([piece.handles]), shock.changes, quotas_of([piece], shock)))


@kernel
def _restricted(handles: Integers, changes: Changes, quotas: Quotas) -> Terms:
    """The terms of the first component of some handles."""
    component, place = component_at(handles[0, 0]), place_at(handles[0, 1])
    terms = terms_in(component, quotas, 0, np.empty(room_for(component, 0)))
    fill_terms(component, place, changes, terms)
    return terms


@kernel
def _moves(handles: Integers, changes: Changes, quotas: Quotas) -> bool:
    """Whether a shock moves anything in the first component of some handles."""
    component, place = component_at(handles[0, 0]), place_at(handles[0, 1])
    terms = terms_in(component, quotas, 0, np.empty(room_for(component, 0)))
    return fill_terms(component, place, changes, terms) or exceeds_quotas(quotas, 0)


@lean
def fill_terms(component: Component, place: Place, changes: Changes, terms: Terms) -> bool:
    """Enter a component's own part of a shock, that of quotas apart; returns whether it moves anything.

    Args:
        component: base-year arrays.
        place: its entries among the market's.
        changes: the market's.
        terms: receives it.
    """
    c, at, s = component, place, terms
    touched = False
    for link in range(at.links.size):
        most, more = changes.flow_cap_t[at.links[link]], changes.wedge_usd_per_t[at.links[link]]
        s.link_cap_t[link], s.link_cap_ratio[link] = most, np.inf
        if most < np.inf:
            s.link_cap_ratio[link] = (most / c.link_base_t[link]) ** (1.0 / c.link_exponent[link])
        s.link_wedge[link] = at.base_wedge[link] + more
        touched = touched or more != 0.0 or min(most, c.link_base_t[link]) != at.base_flow_t[link]
    for p in range(at.processes.size):
        plants, cost = changes.capacity_ratio[at.processes[p]], changes.cost_usd_per_t[at.processes[p]]
        s.process_ratio[p], s.process_margin[p] = plants, c.process_margin[p] + cost
        if c.process_kind[p] == NEW:
            touched = touched or plants * at.base_run_t[p] > 0.0
        else:
            touched = touched or plants != 1.0
        touched = touched or (cost != 0.0 and plants > 0.0 and c.process_kind[p] != FIXED)
    for u in range(at.uses.size):
        s.use_ratio[u] = changes.demand_ratio[at.uses[u]]
        touched = touched or (c.use_base_t[u] > 0.0 and s.use_ratio[u] != 1.0)
    return touched


@lean
def exceeds_quotas(quotas: Quotas, number: int) -> bool:
    """Whether the base uses more than some quota of a component allows."""
    exceeds = False
    for k in range(quotas.start[number], quotas.start[number + 1]):
        exceeds = exceeds or quotas.used_t[k] > quotas.tonnage_t[k] * (1.0 + 1e-12)
    return exceeds


def quotas_of(pieces: Sequence[Piece], shock: CheckedShock) -> Quotas:
    """The quotas of a shock, those alone that are solved as such, by component."""
    if not shock.shared.any():
        return _no_quotas(len(pieces))
    found = [_quotas_of(piece, shock) for piece in pieces]
    number, price, used_t, member_quota, member_link, weight = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    start = np.cumsum([0, *(part[0].size for part in found)])
    member_start = np.cumsum([0, *(part[3].size for part in found)])
    return Quotas(start, number, shock.quota_t[number], price, used_t, member_start, member_quota, member_link, weight)


@cache
def _no_quotas(components: int) -> Quotas:
    """No quota in any of some components."""
    start, nobody, nothing = np.zeros(components + 1, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return Quotas(start, nobody, nothing, nothing, nothing, start, nobody, nobody, nothing)


def _quotas_of(piece: Piece, shock: CheckedShock) -> tuple[Integers, Floats, Floats, Integers, Integers, Floats]:
    """Quotas of one component, their price scales and tonnage in the base; members in order of links."""
    component, place = piece.component, piece.place
    link = piece.local_link[shock.member_link]
    mine = shock.shared[shock.member_quota] & (link >= 0) & (shock.member_weight > 0.0)
    quotas, member_quota = np.unique(shock.member_quota[mine], return_inverse=True)
    member_link, member_weight = link[mine], shock.member_weight[mine]
    order = np.argsort(member_link, kind="stable")
    member_quota, member_link, member_weight = member_quota[order], member_link[order], member_weight[order]
    quota_price = np.zeros(quotas.size)
    price = component.node_price[component.link_head[member_link]]
    np.maximum.at(quota_price, member_quota, price / member_weight)
    used = np.zeros(quotas.size)
    np.add.at(used, member_quota, member_weight * place.base_flow_t[member_link])
    return quotas, quota_price, used, member_quota.astype(np.int64), member_link.astype(np.int64), member_weight
