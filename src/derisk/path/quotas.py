"""Quotas: tonnages of a calendar year, whose unused rest is carried to the year's later months."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derisk.network.record import Floats
from derisk.scenario.shock import AnnualQuota, MonthShock


def quotas_in(shock: MonthShock, rest_t: Mapping[str, float], *, month: int, now: int) -> Floats | None:
    """Tonnages of quotas in a month: a twelfth of the year, and an even part of what the year's earlier months left.

    Equation (7.12) of docs/theory/path.md.

    Args:
        shock: the month's shock with its annual quotas.
        rest_t: what the calendar year's earlier months left unused, by key of the quota [t].
        month: number of the month.
        now: number of the month in which the path stands, to whose calendar year the rest belongs.

    Returns:
        (quota,) [t/month]; None where nothing was left.
    """
    kept = [annual for annual in shock.annual_quotas if annual.quota is not None and rest_t.get(annual.key, 0.0) > 0.0]
    if month // 12 != now // 12 or not kept:
        return None
    quota_t = shock.quota_t.copy()
    for annual in kept:
        quota_t[annual.quota] += rest_t[annual.key] / (12 - now % 12)
    return quota_t


def next_rest(shock: MonthShock, rest_t: Mapping[str, float], *, flow_t: Floats, month: int) -> dict[str, float]:
    """What a month leaves unused for the calendar year's later months, by key of the quota [t]; nothing in December.

    Exports that are known use it up too, and a quota that does not act for a while keeps what it had.

    Args:
        shock: the month's shock with its annual quotas.
        rest_t: the rest at the month's start.
        flow_t: (link,) what was shipped [t].
        month: number of the month.
    """
    if month % 12 == 11:
        return {}
    now = {
        annual.key: max(0.0, annual.quantity_t_per_year / 12.0 + rest_t.get(annual.key, 0.0) - _used_t(annual, flow_t))
        for annual in shock.annual_quotas
    }
    return dict(rest_t) | now


def _used_t(annual: AnnualQuota, flow_t: Floats) -> float:
    """Quota tonnes of a month's shipments; nobody smuggles while there are permits."""
    return float(np.dot(annual.weights, flow_t[annual.links]))
