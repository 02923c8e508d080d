"""The shock of one month while measures are being laid on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from derisk.network.record import Flags, Floats, Integers
from derisk.scenario.extension import Extension
from derisk.scenario.ground import Ground
from derisk.scenario.shock import (
    AnnualQuota,
    BlockedRoute,
    Floor,
    Grant,
    KnownVolume,
    LicenceTerms,
    MonthShock,
    Offtake,
    StockBuild,
    StockRelease,
)


@dataclass(frozen=True, slots=True)
class _Quota:
    quota_t: float
    links: Integers
    weights: Floats
    account: str
    """Under which what a month leaves unused is kept for the year's later months."""


@dataclass(slots=True)
class _Caps:
    """Caps by their nature: what is forbidden can be smuggled past, what cannot pass cannot."""

    forbidden_t: Floats
    impassable_t: Floats
    leak_share: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.leak_share = np.full(len(self.forbidden_t), np.inf)


class ShockDraft:
    """Accumulates measures: caps take the least, wedges and costs add, ratios multiply, quotas stand side by side."""

    def __init__(self, extension: Extension, ground: Ground) -> None:
        network = extension.network
        self.extension = extension
        self.ground = ground
        self.reach: dict[str, int] = {}
        """How many links, processes or uses each measure touched."""
        links, processes = len(network.good), len(network.process_kind)
        self._capacity_ratio = np.ones(processes)
        self._capacity_ratio[extension.first_process :] = 0.0
        self._cost_usd_per_t = np.zeros(processes)
        self._caps = _Caps(np.full(links, np.inf), np.full(links, np.inf))
        self._wedge_usd_per_t = np.zeros(links)
        self._demand_ratio = np.ones(len(network.use_good))
        self._quotas: list[_Quota] = []
        self._licences: list[LicenceTerms] = []
        self._blocked_routes: list[BlockedRoute] = []
        self._volumes: list[KnownVolume] = []
        self._floors: list[Floor] = []
        self._offtakes: list[Offtake] = []
        self._grants: list[Grant] = []
        self._open: set[str] = set()

    def forbid_links(self, place: str, links: Integers) -> None:
        """Nothing may go over the links; what leaks is another measure's."""
        self._caps.forbidden_t[links] = 0.0
        self._touch(place, len(links))

    def narrow_links(self, place: str, links: Integers, *, cap_t: Floats) -> None:
        """No more than `cap_t` (link,) a month can pass each of the links."""
        self._caps.impassable_t[links] = np.minimum(self._caps.impassable_t[links], cap_t)
        self._touch(place, len(links))

    def block_route(self, terms: BlockedRoute) -> None:
        """A route over the links lets less pass; the others take over what they can."""
        self._blocked_routes.append(terms)
        self._touch(terms.place, len(terms.links))

    def limit_links(self, place: str, links: Integers, *, account: str, quota_t: float, weights: Floats) -> None:
        """A twelfth of a year's tonnage, weighted, over all the links together; 0 is a ban.

        Quotas of one account follow each other: what one leaves unused within the year passes to the next.
        """
        if quota_t > 0.0 and len(links):
            taken = any(quota.account == account for quota in self._quotas)
            self._quotas.append(_Quota(quota_t, links, weights, f"{account}, {place}" if taken else account))
        else:
            self._caps.forbidden_t[links] = 0.0
        self._touch(place, len(links))

    def license_links(self, terms: LicenceTerms) -> None:
        """Exports over the links need a licence."""
        self._licences.append(terms)
        self._touch(terms.place, len(terms.links))

    def give_volume(self, place: str, links: Integers, *, quantity_t: float) -> None:
        """Over all the links together goes what is known to have gone, whatever else is said of them."""
        self._volumes.append(KnownVolume(place, links, quantity_t))
        self._touch(place, len(links))

    def leak_links(self, place: str, links: Integers, *, share: float) -> None:
        """In spite of bans, quotas and licences a share of the base flow goes on; of several the least."""
        self._caps.leak_share[links] = np.minimum(self._caps.leak_share[links], share)
        self._touch(place, len(links))

    def add_wedge(self, place: str, links: Integers, *, usd_per_t: Floats | float) -> None:
        """Each tonne on the links pays `usd_per_t` more."""
        self._wedge_usd_per_t[links] += usd_per_t
        self._touch(place, len(links))

    def add_cost(self, place: str, processes: Integers, *, usd_per_t: Floats) -> None:
        """Each tonne of the processes' main output costs `usd_per_t` (process,) more."""
        self._cost_usd_per_t[processes] += usd_per_t
        self._touch(place, len(processes))

    def set_floor(self, floor: Floor) -> None:
        """The plants are paid what the price lacks to the floor."""
        self._floors.append(floor)
        self._touch(floor.place, len(floor.processes))

    def set_offtake(self, offtake: Offtake) -> None:
        """Tonnes on a contract's links earn their seller the contract's price at least."""
        self._offtakes.append(offtake)
        self._touch(offtake.place, len(offtake.links))

    def grant(self, grant: Grant) -> None:
        """A share of the plants' capital cost is paid for them; plants that stand gain by what they add."""
        self._grants.append(grant)
        self._touch(grant.place, int((grant.processes < self.extension.first_process).sum()))

    def scale_capacity(self, place: str, processes: Integers, *, ratio: float) -> None:
        """Capacity of the base year's processes times `ratio`; a scenario's own plants are spared."""
        own = processes[processes < self.extension.first_process]
        self._capacity_ratio[own] *= ratio
        self._touch(place, len(own))

    def scale_demand(self, place: str, rows: Integers, *, ratio: float) -> None:
        """Demand of the uses times `ratio`."""
        self._demand_ratio[rows] *= ratio
        self._touch(place, len(rows))

    def open_additions(self, place: str) -> None:
        """Open the processes that the measure added, and the links they need."""
        own = [step for step, addition in enumerate(self.extension.additions) if addition.place == place]
        self._capacity_ratio[self.extension.first_process + np.array(own, dtype=np.int64)] = 1.0
        self._open.add(place)
        self._touch(place, len(own))

    def finish(self, releases: tuple[StockRelease, ...], builds: tuple[StockBuild, ...]) -> MonthShock:
        """The frozen shock, licences and floors as terms alone."""
        leak_t = self._leaks()
        allowed_t = np.maximum(self._caps.forbidden_t, leak_t)
        flow_cap_t = np.minimum(allowed_t, self._caps.impassable_t)
        shut = [step for step, places in enumerate(self.extension.link_places) if not places & self._open]
        flow_cap_t[self.extension.first_link + np.array(shut, dtype=np.int64)] = 0.0
        given = self._given_links()
        flow_cap_t[given] = self._caps.impassable_t[given]
        for volume in self._volumes:
            if volume.quantity_t <= 0.0:
                flow_cap_t[volume.links] = 0.0
        blocked = tuple(route._replace(most_t=flow_cap_t[route.links]) for route in self._blocked_routes)
        for route in blocked:
            flow_cap_t[route.links] = np.minimum(flow_cap_t[route.links], route.cap_t)
        quotas, limits, accounts = self._limits(given, leak_t)
        return MonthShock(
            capacity_ratio=self._capacity_ratio,
            cost_usd_per_t=self._cost_usd_per_t,
            flow_cap_t=flow_cap_t,
            quota_t=np.array(limits),
            quota_index=np.repeat(np.arange(len(quotas), dtype=np.int64), [len(links) for links, _ in quotas]),
            quota_link=np.concatenate([np.zeros(0, dtype=np.int64), *(links for links, _ in quotas)]),
            quota_weight=np.concatenate([np.zeros(0), *(weights for _, weights in quotas)]),
            wedge_usd_per_t=self._wedge_usd_per_t,
            demand_ratio=self._demand_ratio,
            leak_t=leak_t,
            licences=tuple(self._licences),
            blocked_routes=blocked,
            volumes=tuple(self._volumes),
            annual_quotas=accounts,
            floors=tuple(self._floors),
            offtakes=tuple(self._offtakes),
            grants=tuple(self._grants),
            releases=releases,
            builds=builds,
        )

    def _limits(
        self, given: Flags, leak_t: Floats
    ) -> tuple[list[tuple[Integers, Floats]], list[float], tuple[AnnualQuota, ...]]:
        """Links and weights of each limit on exports together, its tonnes, and the accounts of the year.

        A quota holds for links whose exports are not known; its account counts the known ones too.
        """
        members: list[tuple[Integers, Floats]] = []
        limits: list[float] = []
        accounts: list[AnnualQuota] = []
        for quota in self._quotas:
            kept = ~given[quota.links]
            links, weights = quota.links[kept], quota.weights[kept]
            place = len(members) if kept.any() else None
            accounts.append(AnnualQuota(quota.account, place, quota.links, quota.weights, 12.0 * quota.quota_t))
            if kept.any():
                members.append((links, weights))
                limits.append(quota.quota_t + float(weights @ leak_t[links]))
        for volume in self._volumes:
            if volume.quantity_t > 0.0 and len(volume.links):
                members.append((volume.links, np.ones(len(volume.links))))
                limits.append(volume.quantity_t)
        return members, limits, tuple(accounts)

    def _given_links(self) -> Flags:
        """(link,) links whose tonnes are known."""
        given = np.zeros(len(self._wedge_usd_per_t), dtype=np.bool_)
        for volume in self._volumes:
            given[volume.links] = True
        return given

    def _leaks(self) -> Floats:
        """What goes over each link in spite of what is forbidden [t/month]; 0 where no measure lets it."""
        share = self._caps.leak_share
        leaks: Floats = np.where(np.isfinite(share), share, 0.0) * self.ground.network.base_flow_t
        return leaks

    def _touch(self, place: str, count: int) -> None:
        self.reach[place] = self.reach.get(place, 0) + count
