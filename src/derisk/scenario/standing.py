"""Standing terms: licences, detours, price floors and offtakes as caps and payments of one month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from derisk.network.record import Floats, Network
from derisk.scenario.shock import BlockedRoute, Floor, LicenceTerms, MonthShock, Offtake

DIVERSION_MONTHS: Final = 6.0
"""Months in which other routes make the room they have: wagons, trucks, berths and contracts; assumed."""


def lay_terms(
    shock: MonthShock,
    network: Network,
    month: int,
    *,
    requested_t: Floats | None = None,
    last_price: Floats | None = None,
) -> MonthShock:
    """The shock with its licences and detours as caps, its floors and offtakes as payments.

    Args:
        shock: a month's shock with its terms.
        network: the network with the scenario's processes and links.
        month: number of the month.
        requested_t: (link,) tonnes that buyers want over licensed links [t/month]; the base flow if None.
        last_price: (good, region) producer price of the month before [USD/t]; the base price if None.
    """
    if not (shock.licences or shock.blocked_routes or shock.floors or shock.offtakes):
        return shock
    shock = diverted(shock, month)
    requested = network.base_flow_t if requested_t is None else requested_t
    base_price = np.broadcast_to(network.base_price_usd_per_t[:, None], (len(network.goods), len(network.regions)))
    price = base_price if last_price is None else last_price
    return replace(
        shock,
        flow_cap_t=licensed_caps(shock, requested, month),
        cost_usd_per_t=shock.cost_usd_per_t - top_up_usd_per_t(shock.floors, network, price),
        wedge_usd_per_t=shock.wedge_usd_per_t - offtake_usd_per_t(shock.offtakes, network, price),
    )


def diverted(shock: MonthShock, month: float) -> MonthShock:
    """The shock with what other routes take over of blocked ones by a month (equation 7.4a of docs/theory/path.md).

    Args:
        shock: a month's shock; of several blocked routes of one link the least holds.
        month: number of the month.
    """
    if all(room_share(route, month) <= 0.0 for route in shock.blocked_routes):
        return shock
    caps = shock.flow_cap_t.copy()
    for route in shock.blocked_routes:
        caps[route.links] = route.most_t
    for route in shock.blocked_routes:
        passing_t = route.cap_t + room_share(route, month) * route.room_t
        caps[route.links] = np.minimum(caps[route.links], passing_t)
    return replace(shock, flow_cap_t=caps)


def room_share(route: BlockedRoute, month: float) -> float:
    """Part of their room, 0 to 1, that the routes beside a blocked one have made by a month."""
    return min(1.0, max(0.0, (month - route.since) / DIVERSION_MONTHS))


def licensed_caps(shock: MonthShock, requested_t: Floats, month: int, *, decided_share: float = 1.0) -> Floats:
    """Caps of the links in a month [t/month], licences included; a month in which approvals begin counts in part.

    Args:
        shock: a month's shock; of several licences on one link the least holds.
        requested_t: (link,) tonnes that buyers want, those that need no licence among them [t/month].
        month: number of the month.
        decided_share: share of open requests that is decided in a month once approvals flow; all of them where a
            month is looked at without any memory.
    """
    caps = shock.flow_cap_t.copy()
    for licence in shock.licences:
        links = licence.links
        granted_t = allowed_t(licence, requested_t[links], shock.leak_t[links], month, decided_share=decided_share)
        caps[links] = np.minimum(caps[links], granted_t)
    for volume in shock.volumes:
        caps[volume.links] = shock.flow_cap_t[volume.links]
    return caps


def allowed_t(
    licence: LicenceTerms, requested_t: Floats, leak_t: Floats, month: int, *, decided_share: float
) -> Floats:
    """What may leave over each licensed link in a month, (licensed link,) [t/month].

    Args:
        licence: the licence.
        requested_t: (licensed link,) tonnes that buyers want [t/month].
        leak_t: (licensed link,) what goes in spite of it [t/month].
        month: number of the month.
        decided_share: share of open requests that is decided in a month once approvals flow.
    """
    asked_t = requested_t - licence.free_t
    approved_t = licence.approval_share * decided_share * open_share(licence, month) * asked_t
    return np.asarray(licence.free_t + np.maximum(approved_t, leak_t))


def open_share(licence: LicenceTerms, month: int) -> float:
    """Part of a month, 0 to 1, in which licences are being granted."""
    return min(1.0, max(0.0, month + 1 - licence.since - licence.delay_months))


def top_up_usd_per_t(floors: Sequence[Floor], network: Network, last_price: Floats) -> Floats:
    """What floors pay per tonne of each process's main output [USD/t], (process,); of several the highest counts.

    Args:
        floors: the floors in force.
        network: gives each plant's region and its tonnes of the good per tonne of main output.
        last_price: (good, region) producer price of the month before [USD/t].
    """
    paid = np.zeros((len(network.goods), len(network.process_kind)))
    for floor in floors:
        price = last_price[floor.good, network.process_region[floor.processes]]
        per_main = np.maximum(network.process_good_matrix[floor.processes, floor.good], 0.0)
        top_up = np.maximum(0.0, floor.usd_per_t - price) * per_main
        paid[floor.good, floor.processes] = np.maximum(paid[floor.good, floor.processes], top_up)
    total: Floats = paid.sum(axis=0)
    return total


def offtake_usd_per_t(offtakes: Sequence[Offtake], network: Network, last_price: Floats) -> Floats:
    """What buyers pay on top of the market per tonne on the links of their contracts [USD/t], (link,).

    Args:
        offtakes: the contracts in force.
        network: gives each link's good and origin.
        last_price: (good, region) producer price of the month before [USD/t].
    """
    paid = np.zeros(len(network.good))
    for offtake in offtakes:
        price = last_price[network.good[offtake.links], network.origin[offtake.links]]
        paid[offtake.links] = np.maximum(0.0, offtake.usd_per_t - price)
    return paid
