"""Coming: what announced restrictions are expected to add to plants' margins, within the year ahead and beyond."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from derisk.market import Equilibrium, WindowEquilibrium
from derisk.network.record import Floats
from derisk.path.beliefs import Expectation
from derisk.path.known import Later
from derisk.path.plants import margins_usd_per_t
from derisk.path.slow import SlowRules, SlowState, slowed
from derisk.scenario import MonthShock, Realisation
from derisk.scenario.standing import lay_terms


class Coming:
    """Investors of one draw, who read announcements further than traders do."""

    def __init__(
        self,
        realisation: Realisation,
        rules: SlowRules,
        *,
        credibility_share: float,
        solve: Callable[[MonthShock], Equilibrium],
    ) -> None:
        """Take what stays the same over the months.

        Args:
            realisation: the draw.
            rules: what decides over its plants.
            credibility_share: chance that an announced restriction takes effect.
            solve: the market of a month alone.
        """
        self._realisation = realisation
        self._lead_time_months = rules.plants.lead_time_months
        self._credibility_share = credibility_share
        self._solve = solve
        self._last: tuple[MonthShock, bytes, Equilibrium] | None = None

    def added_usd_per_t(
        self, expectation: Expectation, answer: WindowEquilibrium, slow: SlowState, month: int
    ) -> Floats | None:
        """What each process's margin is expected to gain or lose, (process,); None where nothing is to come.

        Equations (7.25a) and (7.25b) of docs/theory/plants.md.

        Args:
            expectation: the tree of moments.
            answer: its market.
            slow: plants, scrap and needs at the start of the month.
            month: number of the month.
        """
        within = self._within(expectation, answer) if expectation.coming else None
        beyond = self._beyond(expectation.later, answer, slow, month) if expectation.later else None
        if within is None or beyond is None:
            return beyond if within is None else within
        return np.maximum(within, beyond)

    def _within(self, expectation: Expectation, answer: WindowEquilibrium) -> Floats:
        """By restrictions that begin along the chain."""
        last = expectation.staying[-1]
        then = self._margins(answer.producer_price[last], answer.delivered_price[last])
        return np.asarray(expectation.stays_chance * (then - self._now(answer)))

    def _beyond(self, later: Later, answer: WindowEquilibrium, slow: SlowState, month: int) -> Floats | None:
        """By restrictions that begin after it, for plants that could not be ready earlier."""
        laid = lay_terms(self._realisation.shock_of(later.acting), self._realisation.network, later.last)
        shock = slowed(laid, slow, ahead=later.last - month)
        equilibrium = self._alone(shock)
        if not equilibrium.converged:
            return None
        gain = self._margins(equilibrium.producer_price, equilibrium.delivered_price) - self._now(answer)
        in_time = month + self._lead_time_months >= later.first
        return np.asarray(np.where(in_time, self._credibility_share * gain, 0.0))

    def _alone(self, shock: MonthShock) -> Equilibrium:
        """The market of the shock; one like the last is not solved again."""
        state = shock.capacity_ratio.tobytes() + shock.demand_ratio.tobytes()
        if self._last is None or self._last[:2] != (shock, state):
            self._last = shock, state, self._solve(shock)
        return self._last[2]

    def _now(self, answer: WindowEquilibrium) -> Floats:
        return self._margins(answer.producer_price[0], answer.delivered_price[0])

    def _margins(self, producer_price: Floats, delivered_price: Floats) -> Floats:
        """Margin of each process before its unit cost [USD/t], (process,)."""
        network = self._realisation.network
        return margins_usd_per_t(
            network.process_good_matrix,
            network.process_region,
            producer_price=producer_price,
            delivered_price=delivered_price,
        )
