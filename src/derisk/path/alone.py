"""Alone: each month solved for itself, without stores or memory; what derivatives are taken of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derisk.market import Equilibrium, Market
from derisk.path.months import Holdings, Month, market_shock
from derisk.scenario import Realisation


def solve_alone(market: Market, realisation: Realisation, labels: Sequence[str]) -> tuple[Month, ...]:
    """The equilibrium of every month as if there were no other; months that are alike are solved once.

    Args:
        market: the market of `realisation.network`.
        realisation: one draw's network and shocks, one shock a month.
        labels: the months, as `2026-01`.

    Returns:
        One `Month` for each label; a month that did not converge says so in its equilibrium.
    """
    none = np.zeros(0, dtype=np.int64)
    nothing = Holdings(none, none, none.astype(np.bool_), np.zeros(0), np.zeros(0))
    backlog_t = np.zeros(len(realisation.network.good))
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
        months.append(Month(label, shock, equilibrium, nothing, backlog_t))
        previous = equilibrium if equilibrium.converged else previous
    return tuple(months)
