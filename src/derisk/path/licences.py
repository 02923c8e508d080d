"""Licences: requests that wait, are refused and come back, and the caps that approvals put on links."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from derisk.network.record import Floats
from derisk.scenario.shock import MonthShock
from derisk.scenario.standing import licensed_caps, open_share


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
        pending, refused = (1.0 - decided) * wanted, decided * (1.0 - licence.approval_share) * wanted
        used = np.divide(flow_t[links], allowed, out=np.ones(len(links)), where=allowed > 0.0)
        left = (pending + refile_share * refused) * np.clip(used, 0.0, 1.0)
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
    caps = []
    shipped = np.full_like(backlog_t, np.inf)
    for shock, length in zip(shocks, lengths, strict=True):
        total = np.zeros_like(backlog_t)
        for _ in range(length):
            total += licensed_caps(shock, requests_t(base_flow_t, backlog_t), month, decided_share=decided_share)
            backlog_t = next_backlog(
                shock,
                backlog_t,
                base_flow_t=base_flow_t,
                flow_t=shipped,
                refile_share=refile_share,
                decided_share=decided_share,
                month=month,
            )
            month += 1
        caps.append(total / length)
    return caps
