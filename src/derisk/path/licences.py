"""Licences: requests that wait, are refused and come back, and the caps that approvals put on links."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from derisk.network.record import Flags, Floats, Integers
from derisk.scenario.shock import LicenceTerms, MonthShock
from derisk.scenario.standing import allowed_t, open_share


def decided_share(decision_months: float) -> float:
    """Share of open requests that is decided in a month, where one waits so long on average (equation 7.10a)."""
    return 1.0 - math.exp(-1.0 / decision_months)


def requests_t(base_flow_t: Floats, backlog_t: Floats) -> Floats:
    """Tonnes for which licences are asked in a month (equation 7.10 of docs/theory/path.md), (link,) [t/month]."""
    return base_flow_t + backlog_t


def next_backlog(
    shock: MonthShock,
    backlog_t: Floats,
    *,
    base_flow_t: Floats,
    flow_t: Floats,
    refile_share: float,
    decided_share: float,
    month: int,
) -> Floats:
    """Requests that are left for the next month (equation 7.11), (link,) [t]; none on links that need no licence.

    What is pending waits, and of what is refused a share is filed again. Where buyers leave approved tonnes unused
    they no longer want all they asked for, and the rest shrinks alike.

    Args:
        shock: the month's shock with its licences.
        backlog_t: (link,) backlog at the month's start [t].
        base_flow_t: (link,) [t/month].
        flow_t: (link,) what was shipped [t].
        refile_share: share of refused tonnes that is asked for again.
        decided_share: share of open requests that is decided in a month once approvals flow.
        month: number of the month.
    """
    after = np.zeros_like(backlog_t)
    asked = requests_t(base_flow_t, backlog_t)
    for licence in shock.licences:
        links, decided = licence.links, decided_share * open_share(licence, month)
        wanted = asked[links] - licence.free_t
        allowed = licence.free_t + decided * licence.approval_share * wanted
        used = np.divide(flow_t[links], allowed, out=np.ones(len(links)), where=allowed > 0.0)
        left = _left(licence, wanted, month, refile_share, decided_share) * np.clip(used, 0.0, 1.0)
        after[links] = np.maximum(after[links], left)
    return after


def caps_ahead(
    shocks: Sequence[MonthShock],
    lengths: Sequence[int],
    backlog_t: Floats,
    *,
    base_flow_t: Floats,
    refile_share: float,
    decided_share: float,
    month: int,
) -> list[Floats]:
    """Caps of the links in the moments of a chain [t/month], (link,) each: licences as they are expected to be granted.

    Approved tonnes are taken to be shipped in full, so that requests pile up by refusal and waiting alone. A moment of
    several months has their mean.

    Args:
        shocks: the moments' shocks with their licences.
        lengths: months of each moment.
        backlog_t: (link,) backlog at the start of the first [t].
        base_flow_t: (link,) [t/month].
        refile_share: share of refused tonnes that is asked for again.
        decided_share: share of open requests that is decided in a month once approvals flow.
        month: number of the first month.
    """
    run = _Run(shocks, backlog_t, base_flow_t)
    backlog, caps = run.backlog_t, []
    for shock, length in zip(shocks, lengths, strict=True):
        total = np.zeros_like(run.base_flow_t)
        for _ in range(length):
            cap, backlog = run.month(shock, backlog, month, refile_share, decided_share)
            total += cap
            month += 1
        caps.append(run.spread(shock, total, length))
    return caps


class _Run:
    """The links of a run of moments that need a licence in any of them; others keep their caps whatever is asked."""

    def __init__(self, shocks: Sequence[MonthShock], backlog_t: Floats, base_flow_t: Floats) -> None:
        licences = {id(licence.links): licence.links for shock in shocks for licence in shock.licences}
        needed = np.zeros(base_flow_t.size, dtype=np.bool_)
        for links in licences.values():
            needed[links] = True
        self.links = np.flatnonzero(needed)
        """(licensed,) ascending."""
        self.base_flow_t = base_flow_t[self.links]
        self.backlog_t = backlog_t[self.links]
        self._place = {key: self._among(links) for key, links in licences.items()}
        self._free = {id(shock): self._without_licences(shock) for shock in shocks}

    def month(
        self, shock: MonthShock, backlog_t: Floats, month: int, refile_share: float, decided_share: float
    ) -> tuple[Floats, Floats]:
        """Caps of a month and requests left after it, (licensed,) both [t], where all that is approved is shipped."""
        cap, leak, known = self._free[id(shock)]
        caps, after = cap.copy(), np.zeros_like(backlog_t)
        asked = self.base_flow_t + backlog_t
        for licence in shock.licences:
            at = self._place[id(licence.links)]
            granted = allowed_t(licence, asked[at], leak[at], month, decided_share=decided_share)
            caps[at] = np.minimum(caps[at], granted)
            left = _left(licence, asked[at] - licence.free_t, month, refile_share, decided_share)
            after[at] = np.maximum(after[at], left)
        if known is not None:
            caps[known] = cap[known]
        return caps, after

    def spread(self, shock: MonthShock, total_t: Floats, months: int) -> Floats:
        """Mean caps of a moment, (link,), from their sum over its months at the licensed links."""
        caps = shock.flow_cap_t.copy()
        caps[self.links] = total_t / months
        return caps

    def _among(self, links: Integers) -> Integers | slice:
        """Where links stand among the licensed ones; all of them as they are where they are the same."""
        same = links.size == self.links.size and bool((links == self.links).all())
        return slice(None) if same else np.searchsorted(self.links, links)

    def _without_licences(self, shock: MonthShock) -> tuple[Floats, Floats, Flags | None]:
        """Caps but for licences, what leaks, and whether the link's volume is known, (licensed,) each."""
        known = np.zeros(shock.flow_cap_t.size if shock.volumes else 0, dtype=np.bool_)
        for volume in shock.volumes:
            known[volume.links] = True
        at = self.links
        return shock.flow_cap_t[at], shock.leak_t[at], known[at] if shock.volumes else None


def _left(licence: LicenceTerms, wanted_t: Floats, month: int, refile_share: float, decided_share: float) -> Floats:
    """What waits, and what is refused and asked for again, (licensed link,) [t]."""
    decided = decided_share * open_share(licence, month)
    pending, refused = (1.0 - decided) * wanted_t, decided * (1.0 - licence.approval_share) * wanted_t
    return np.asarray(pending + refile_share * refused)
