"""Months in sequence: each solved alone, without storage or memory between them.

A month whose shock equals the one before is the same market, so it is solved once.
"""

from __future__ import annotations

from dataclasses import dataclass

from derisk.market import Equilibrium, Market, Shock
from derisk.scenario import MonthShock, Realisation


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one draw: what was done, and where the market settled."""

    label: str
    shock: MonthShock
    equilibrium: Equilibrium


def solve_months(market: Market, realisation: Realisation, labels: tuple[str, ...]) -> tuple[Month, ...]:
    """The equilibrium of every month of a realised scenario.

    Args:
        market: the market of `realisation.network`.
        realisation: one draw's network and shocks, one shock a month.
        labels: the months, as `2026-01`.

    Returns:
        One `Month` for each label; a month that did not converge says so in its equilibrium.
    """
    solved: dict[int, Equilibrium] = {}
    months: list[Month] = []
    previous: Equilibrium | None = None
    for label, shock in zip(labels, realisation.shocks, strict=True):
        equilibrium = solved.get(id(shock))
        if equilibrium is None:
            equilibrium = market.solve(market_shock(shock), start=previous)
            if not equilibrium.converged and previous is not None:  # a far start may mislead: try from the base year
                equilibrium = market.solve(market_shock(shock))
            solved[id(shock)] = equilibrium
        months.append(Month(label=label, shock=shock, equilibrium=equilibrium))
        previous = equilibrium if equilibrium.converged else previous
    return tuple(months)


def market_shock(shock: MonthShock) -> Shock:
    """A month's changes as the market takes them."""
    return Shock(
        capacity_ratio=shock.capacity_ratio,
        flow_cap_t=shock.flow_cap_t,
        quota_t=shock.quota_t,
        quota_index=shock.quota_index,
        quota_link=shock.quota_link,
        quota_weight=shock.quota_weight,
        wedge_usd_per_t=shock.wedge_usd_per_t,
        demand_ratio=shock.demand_ratio,
    )
