"""Months in sequence: each looks ahead, is solved with what it finds in store, and leaves a state to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from derisk.market import Equilibrium, Market, Moment, Shock, Window, WindowEquilibrium
from derisk.network.record import Flags, Floats, Integers
from derisk.network.sums import sum_table
from derisk.path.beliefs import Expectation, beliefs_of, expect
from derisk.path.buyers import purchases_t
from derisk.path.coming import Coming
from derisk.path.depots import Depots
from derisk.path.gates import gates_of
from derisk.path.licences import decided_share, next_backlog
from derisk.path.netback import seen_prices
from derisk.path.outlook import outlook
from derisk.path.parameters import Parameters, load_parameters
from derisk.path.quotas import next_rest
from derisk.path.shipping import pipeline_t
from derisk.path.slow import SlowRules, SlowState, first_slow, step_slow
from derisk.path.state import PathState, first_state
from derisk.path.stores import stores_of
from derisk.scenario import MonthShock, Realisation
from derisk.scenario.months import month_number


@dataclass(frozen=True, slots=True)
class Holdings:
    """What users and traders hold over one month."""

    good: Integers
    """(store,)."""
    region: Integers
    """(store,)."""
    at_gate: Flags
    """(store,) whether the producer holds it at his gate; else it lies where it was delivered."""
    opening_t: Floats
    """(store,) [t]."""
    closing_t: Floats
    """(store,) [t]."""

    def drawn_t(self, shape: tuple[int, int]) -> Floats:
        """What stores at users' doors gave less what they took in, (good, region) of that shape [t]."""
        return self._drawn_t(~self.at_gate, shape)

    def drawn_at_gates_t(self, shape: tuple[int, int]) -> Floats:
        """The same of stores at producers' gates."""
        return self._drawn_t(self.at_gate, shape)

    def _drawn_t(self, stores: Flags, shape: tuple[int, int]) -> Floats:
        drawn_t = self.opening_t[stores] - self.closing_t[stores]
        return sum_table(self.good[stores], self.region[stores], drawn_t, shape)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one draw: what was done, what was held, and where the market settled."""

    label: str
    shock: MonthShock
    """What the market was told, licences, plants and floors as the month found them in the arrays."""
    equilibrium: Equilibrium
    holdings: Holdings
    backlog_t: Floats
    """(link,) licence requests that wait or come back at the month's end [t]."""


def solve_months(
    market: Market,
    realisation: Realisation,
    labels: Sequence[str],
    *,
    parameters: Parameters | None = None,
    slow: SlowRules | None = None,
    threads: int = 1,
) -> tuple[Month, ...]:
    """The months of a realised scenario, one after the other.

    A month that does not converge says so in its equilibrium, and the path goes on from the state before it.

    Args:
        market: the market of `realisation.network`.
        realisation: one draw's network and measures.
        labels: the months, as `2026-01`.
        parameters: the path's global numbers; the table's central values when None.
        slow: what decides over plants, products in use and thrift; they stay as in the base year when None.
        threads: how many markets apart to solve at once; the numbers do not depend on it.
    """
    numbers = load_parameters() if parameters is None else parameters
    course = Course(market, realisation, numbers, slow, threads=threads)
    state = course.first(month_number(labels[0]))
    months: list[Month] = []
    for label in labels:
        month, state = course.step(label, state)
        months.append(month)
    return tuple(months)


class Course:
    """One draw's market with its stores and beliefs, and the windows built for the trees of moments it met."""

    def __init__(
        self,
        market: Market,
        realisation: Realisation,
        parameters: Parameters,
        slow: SlowRules | None,
        *,
        threads: int,
    ) -> None:
        """Take what stays the same over the months; arguments as in `solve_months`."""
        self.market = market
        self.threads = threads
        self.realisation = realisation
        self.parameters = parameters
        self.slow = slow
        self.beliefs = beliefs_of(parameters)
        self.decided_share = decided_share(parameters.licence_decision_months)
        at_doors = stores_of(
            realisation.network,
            default_cover_months=parameters.default_stock_cover_months,
            scale_ratio=parameters.storage_scale_ratio,
            working_stock_months=parameters.working_stock_months,
            makers_stock_months=parameters.makers_stock_months,
            makers_scale_ratio=parameters.makers_scale_ratio,
            pipeline_t=pipeline_t(realisation.network),
        )
        self.depots = Depots(
            market,
            at_doors,
            gates_of(realisation),
            makers_stock_months=parameters.makers_stock_months,
            makers_scale_ratio=parameters.makers_scale_ratio,
        )
        self._laid: dict[tuple[frozenset[str], ...], MonthShock] = {}
        self._windows: dict[_Shape, Window] = {}
        self._near: dict[_Shape, _Near] = {}
        self._last: tuple[_Question, WindowEquilibrium] | None = None
        self._coming: Coming | None = None
        if slow is not None:
            self._coming = Coming(
                realisation,
                slow,
                credibility_share=self.beliefs.credibility_share,
                solve=lambda shock: market.solve(market_shock(shock)),
            )

    def first(self, month: int) -> PathState:
        """The base year's state at the start of a month."""
        slow = None if self.slow is None else first_slow(self.slow)
        return first_state(self.realisation, self.depots.stores, month, slow=slow)

    def step(self, label: str, state: PathState) -> tuple[Month, PathState]:
        """One month and the state after it."""
        expectation = expect(self.realisation.measures, state.month, self.beliefs)
        shocks = outlook(
            self.realisation,
            expectation,
            state,
            refile_share=self.parameters.licence_refile_share,
            decided_share=self.decided_share,
            doubt_months=self.parameters.practice_doubt_months,
            laid=self._laid,
        )
        equilibrium, closing_t = self._solve(expectation, shocks, state.stored_t)
        held = self.depots
        holdings = Holdings(held.good, held.region, held.at_gate, state.stored_t, closing_t)
        after = self._after(state, expectation, shocks[0], equilibrium, closing_t)
        return Month(label, shocks[0], equilibrium, holdings, after.backlog_t), after

    def _solve(
        self, expectation: Expectation, shocks: tuple[MonthShock, ...], opening_t: Floats
    ) -> tuple[Equilibrium, Floats]:
        """The month that happens and what its stores close with: from the last answer, from base, without stores."""
        question = _Question(expectation.moments, shocks, opening_t.tobytes())
        if self._last is not None and self._last[0] == question:
            return self._last[1].first, self._last[1].closing_t
        window, told = self._window(expectation.moments), _told(shocks)
        chances = [moment.probability for moment in expectation.moments]
        shape = _shape(expectation.moments)
        near = self._near.get(shape, (None, None))
        for start, before in (near, (None, None)) if near[0] is not None else (near,):
            answer = window.solve(
                self.depots.told(told), opening_t, probability=chances, start=start, before=before, threads=self.threads
            )
            if answer.converged:
                seen = self.depots.seen(answer)
                self._last, self._near = (question, seen), {shape: (answer, near[0])}
                return seen.first, seen.closing_t
        self._last = None
        alone = self.market.solve(told[0])
        if alone.converged:
            return replace(alone, reason=f"solved with stores at rest: {answer.reason}"), opening_t
        return replace(alone, reason=f"with stores: {answer.reason}; without: {alone.reason}"), opening_t

    def _window(self, moments: tuple[Moment, ...]) -> Window:
        """The window of a tree's shape; chances are given with each solve."""
        shape = _shape(moments)
        if shape not in self._windows:
            ratio = self.beliefs.discount_ratio_per_month
            self._windows[shape] = Window(
                self.depots.market, self.depots.stores, moments, discount_ratio_per_month=ratio
            )
        return self._windows[shape]

    def _after(
        self,
        state: PathState,
        expectation: Expectation,
        shock: MonthShock,
        equilibrium: Equilibrium,
        closing_t: Floats,
    ) -> PathState:
        """What the month leaves; one without equilibrium leaves what it found."""
        if not equilibrium.converged:
            return replace(state, month=state.month + 1)
        network = self.realisation.network
        return PathState(
            month=state.month + 1,
            stored_t=closing_t,
            backlog_t=next_backlog(
                shock,
                state.backlog_t,
                base_flow_t=network.base_flow_t,
                flow_t=equilibrium.flow,
                refile_share=self.parameters.licence_refile_share,
                decided_share=self.decided_share,
                month=state.month,
            ),
            last_price=equilibrium.producer_price,
            quota_rest_t=next_rest(shock, state.quota_rest_t, flow_t=equilibrium.flow, month=state.month),
            bought_t=state.bought_t + purchases_t(self.realisation, equilibrium),
            slow=self._slower(state, expectation, shock, equilibrium),
        )

    def _slower(
        self, state: PathState, expectation: Expectation, shock: MonthShock, equilibrium: Equilibrium
    ) -> SlowState | None:
        """Plants, products in use and thrift after the month."""
        if self.slow is None or state.slow is None:
            return None
        measures_leave = self.realisation.shock_of(expectation.acting[0][0]).capacity_ratio
        gate, door = seen_prices(
            self.realisation.network, self.realisation.link_weight_t, shock=shock, equilibrium=equilibrium
        )
        coming = None
        if self._coming is not None and self._last is not None:
            coming = self._coming.added_usd_per_t(expectation, self._last[1], state.slow, state.month)
        return step_slow(
            state.slow,
            self.slow,
            producer_price=gate,
            delivered_price=door,
            use_t=equilibrium.use,
            open_ratio=measures_leave,
            cost_usd_per_t=shock.cost_usd_per_t,
            grant_share=_granted(shock, self.realisation),
            coming_usd_per_t=coming,
        )


def _granted(shock: MonthShock, realisation: Realisation) -> Floats:
    """Share of the capital cost of each process's plants that somebody else pays, (process,)."""
    share = np.zeros(len(realisation.process_names))
    for grant in shock.grants:
        share[grant.processes] = np.maximum(share[grant.processes], grant.share)
    return share


class _Question(NamedTuple):
    """What a window answers: a month that asks the same gets the same answer."""

    moments: tuple[Moment, ...]
    shocks: tuple[MonthShock, ...]
    opening_t: bytes


_Shape = tuple[tuple[int, float], ...]
_Near = tuple[WindowEquilibrium | None, WindowEquilibrium | None]
"""The last answer of a tree's shape, and the one before it."""


def _shape(moments: Sequence[Moment]) -> _Shape:
    """Parents and lengths of a tree of moments: what a window is built for."""
    return tuple((moment.parent, moment.months) for moment in moments)


def _told(shocks: Sequence[MonthShock]) -> list[Shock]:
    """The moments' shocks as the market takes them; equal moments share one object."""
    made = {id(shock): market_shock(shock) for shock in set(shocks)}
    return [made[id(shock)] for shock in shocks]


def market_shock(shock: MonthShock) -> Shock:
    """A month's changes as the market takes them."""
    return Shock(
        capacity_ratio=shock.capacity_ratio,
        cost_usd_per_t=shock.cost_usd_per_t,
        flow_cap_t=shock.flow_cap_t,
        quota_t=shock.quota_t,
        quota_index=shock.quota_index,
        quota_link=shock.quota_link,
        quota_weight=shock.quota_weight,
        wedge_usd_per_t=shock.wedge_usd_per_t,
        demand_ratio=shock.demand_ratio,
    )
