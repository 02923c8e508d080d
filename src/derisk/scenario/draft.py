"""The shock of one month while measures are being laid on it, and the finished, frozen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from derisk.network.record import Floats, Integers
from derisk.scenario.addition import Extension
from derisk.scenario.ground import Ground


class StockRelease(NamedTuple):
    """A stockpile of the scenario, for the table of stocks."""

    process: int
    """Index of the process that sells from it."""
    good: int
    region: int
    held_t: float
    """Tonnes held before the first release [t]."""


@dataclass(frozen=True, slots=True, eq=False)
class MonthShock:
    """What one month's market is told; arrays as in `derisk.market.Shock`, on the extended network's axes."""

    capacity_ratio: Floats
    """(process,); 0 closes an added process."""
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
    releases: tuple[StockRelease, ...]
    """Stockpiles of the scenario; `production` of their process is a release, no production."""


class ShockDraft:
    """Accumulates measures: caps take the least, wedges add, ratios multiply, quotas stand side by side."""

    def __init__(self, extension: Extension, ground: Ground) -> None:
        network = extension.network
        self.extension = extension
        self.ground = ground
        self.reach: dict[str, int] = {}
        """How many links, processes or uses each measure touched."""
        self._capacity_ratio = np.ones(len(network.process_kind))
        self._capacity_ratio[extension.first_process :] = 0.0
        self._flow_cap_t = np.full(len(network.good), np.inf)
        self._wedge_usd_per_t = np.zeros(len(network.good))
        self._demand_ratio = np.ones(len(network.use_good))
        self._quotas: list[tuple[float, Integers]] = []
        self._open: set[str] = set()

    def base_price(self, links: Integers) -> Floats:
        """Base price of the good of each link [USD/t]."""
        network = self.ground.network
        return network.base_price_usd_per_t[network.good[links]]

    def cap_links(self, place: str, links: Integers, *, cap_t: float) -> None:
        """No more than `cap_t` a month on each of the links."""
        self._flow_cap_t[links] = np.minimum(self._flow_cap_t[links], cap_t)
        self._touch(place, len(links))

    def limit_links(self, place: str, links: Integers, *, quota_t: float) -> None:
        """No more than `quota_t` a month over all the links together; 0 is a ban."""
        if quota_t > 0.0 and len(links) > 0:
            self._quotas.append((quota_t, links))
            self._touch(place, len(links))
        else:
            self.cap_links(place, links, cap_t=0.0)

    def add_wedge(self, place: str, links: Integers, *, usd_per_t: Floats | float) -> None:
        """Each tonne on the links pays `usd_per_t` more."""
        self._wedge_usd_per_t[links] += usd_per_t
        self._touch(place, len(links))

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

    def finish(self, releases: tuple[StockRelease, ...]) -> MonthShock:
        """The frozen shock."""
        shut = [step for step, places in enumerate(self.extension.link_places) if not places & self._open]
        self._flow_cap_t[self.extension.first_link + np.array(shut, dtype=np.int64)] = 0.0
        members = [links for _, links in self._quotas]
        lengths = [len(links) for links in members]
        return MonthShock(
            capacity_ratio=self._capacity_ratio,
            flow_cap_t=self._flow_cap_t,
            quota_t=np.array([quota_t for quota_t, _ in self._quotas]),
            quota_index=np.repeat(np.arange(len(members), dtype=np.int64), lengths),
            quota_link=np.concatenate(members) if members else np.zeros(0, dtype=np.int64),
            quota_weight=np.ones(sum(lengths)),
            wedge_usd_per_t=self._wedge_usd_per_t,
            demand_ratio=self._demand_ratio,
            releases=releases,
        )

    def _touch(self, place: str, count: int) -> None:
        self.reach[place] = self.reach.get(place, 0) + count
