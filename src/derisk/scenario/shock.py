"""The shock of one month: arrays as the market takes them, and the terms that a path of months turns into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from derisk.network.record import Floats, Integers


class StockRelease(NamedTuple):
    """A stockpile of the scenario, for the table of stocks."""

    process: int
    """Index of the process that sells from it."""
    good: int
    region: int
    held_t: float
    """Tonnes held before the first release [t]."""


class StockBuild(NamedTuple):
    """A buyer of the scenario, who takes a good off the market: a stockpile being filled."""

    process: int
    """Index of the process that buys: no output, one tonne of the good in."""
    good: int
    region: int
    held_t: float
    """Most it takes over all the months in force [t]."""


class LicenceTerms(NamedTuple):
    """Exports that need a licence."""

    place: str
    """Key of the measure."""
    links: Integers
    """(licensed link,)."""
    delay_months: float
    """Months from the first month in force to the first approvals."""
    approval_share: float
    """Share of what is asked for that is approved."""
    since: int
    """Number of the first month in force (`derisk.scenario.months.month_number`)."""
    free_t: Floats | float = 0.0
    """(licensed link,) what needs no licence and goes on in any case [t/month]."""


class BlockedRoute(NamedTuple):
    """A route that lets less pass, and what the routes beside it can take over in time."""

    place: str
    """Key of the measure."""
    links: Integers
    """(link that uses the route,)."""
    cap_t: Floats
    """(link that uses the route,) what is let through and what other routes carried [t/month]."""
    room_t: Floats
    """(link that uses the route,) what the other routes take over of the rest once they have made room [t/month]."""
    since: int
    """Number of the first month in force."""
    most_t: Floats | float = np.inf
    """(link that uses the route,) what other acts let over the link [t/month]."""


class AnnualQuota(NamedTuple):
    """A tonnage of a calendar year; what a month leaves unused may go in the year's later months."""

    key: str
    """Region, goods and destinations: the same in every month, and for measures that follow each other in a year."""
    quota: int | None
    """Its place in `MonthShock.quota_t`, which holds the even twelfth; None where all its exports are known."""
    links: Integers
    """(member,) those whose exports are known among them."""
    weights: Floats
    """(member,) tonnes counted per tonne shipped."""
    quantity_t_per_year: float
    """Permits alone; what leaks stands in `MonthShock.quota_t` beside them [t/year]."""


class KnownVolume(NamedTuple):
    """Exports that are known, in place of what the acts in force would let through."""

    place: str
    """Key of the measure."""
    links: Integers
    """(member,)."""
    quantity_t: float
    """Most that leaves over all the links together [t/month]."""


class Floor(NamedTuple):
    """A price floor for named plants: a payment of max(0, floor - last month's price) for each tonne they make."""

    place: str
    """Key of the measure."""
    processes: Integers
    """(plant,)."""
    usd_per_t: float
    good: int


class Offtake(NamedTuple):
    """A contract's links, capped at its tonnage: a seller is paid max(0, price - last month's price) on top."""

    place: str
    """Key of the measure."""
    links: Integers
    """(contract link,)."""
    usd_per_t: float


class Grant(NamedTuple):
    """A share of capital cost that is paid for plants; those of the scenario have it in `cost_usd_per_t` already."""

    place: str
    """Key of the measure."""
    processes: Integers
    """(plant,) plants that would gain: those that stand by what they add, those of the scenario by what they cost."""
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class MonthShock:
    """What one month's market is told; arrays as in `derisk.market.Shock`, on the extended network's axes.

    A shock of `Realisation.shock_of` has its licences, detours, floors and offtakes as terms alone; those of
    `Realisation.shocks` have them in the arrays too, laid by `derisk.scenario.standing.lay_terms` without any memory.
    """

    capacity_ratio: Floats
    """(process,); 0 closes an added process."""
    cost_usd_per_t: Floats
    """(process,) change of cost per tonne of main output; a subsidy is negative."""
    flow_cap_t: Floats
    """(link,) [t/month]; inf is free, 0 a ban."""
    quota_t: Floats
    """(quota,) [t/month], above 0."""
    quota_index: Integers
    """(member,) quota of each member."""
    quota_link: Integers
    """(member,) link of each member."""
    quota_weight: Floats
    """(member,) tonnes counted per tonne shipped."""
    wedge_usd_per_t: Floats
    """(link,) change of wedge."""
    demand_ratio: Floats
    """(use_row,)."""
    leak_t: Floats
    """(link,) what goes over the link in spite of bans, quotas and licences [t/month]: the least a cap may be."""
    licences: tuple[LicenceTerms, ...]
    blocked_routes: tuple[BlockedRoute, ...]
    """Their caps stand in `flow_cap_t` as in the month in which they begin."""
    annual_quotas: tuple[AnnualQuota, ...]
    volumes: tuple[KnownVolume, ...]
    """Their tonnes stand among the quotas already; licences give way to them."""
    floors: tuple[Floor, ...]
    offtakes: tuple[Offtake, ...]
    grants: tuple[Grant, ...]
    releases: tuple[StockRelease, ...]
    """Stockpiles of the scenario; `production` of their process is a release, no production."""
    builds: tuple[StockBuild, ...]
    """Buyers of the scenario; `production` of their process, negative, is a purchase, no production."""
