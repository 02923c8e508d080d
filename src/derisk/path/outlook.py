"""Outlook: the shocks of the moments a month looks ahead to, as its state makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from derisk.network.record import Floats
from derisk.path.beliefs import Expectation
from derisk.path.buyers import room_ratio
from derisk.path.licences import caps_ahead
from derisk.path.practice import practice_of
from derisk.path.quotas import quotas_in
from derisk.path.state import PathState
from derisk.scenario import MonthShock, Realisation
from derisk.scenario.standing import diverted, offtake_usd_per_t, top_up_usd_per_t

Changes = dict[str, Any]
"""Arrays of a shock by name."""
Sets = tuple[frozenset[str], ...]
"""Keys of the measures that act in each month of a moment."""

AVERAGED: Final = ("capacity_ratio", "cost_usd_per_t", "demand_ratio")
"""Arrays of which a moment of several months has the mean: a plant that opens in its third month counts for a part."""


def outlook(
    realisation: Realisation,
    expectation: Expectation,
    state: PathState,
    *,
    refile_share: float,
    decided_share: float,
    doubt_months: float,
    laid: dict[Sets, MonthShock] | None = None,
) -> tuple[MonthShock, ...]:
    """The shock of each moment (section 7.3 of docs/theory/path.md); moments that are alike share one object.

    Price floors and buyers are taken to stay as the month's start finds them, plants but for what is then built or
    restarted; licences are taken to be granted as requests pile up, what is left of annual quotas to be used
    evenly.

    Args:
        realisation: the draw.
        expectation: the tree of moments; the first happens.
        state: where the path stands.
        refile_share: share of refused tonnes for which licences are asked again.
        decided_share: share of open requests for licences that is decided in a month.
        doubt_months: months of known exports that an act's own text outweighs in what is expected of it.
        laid: shocks that earlier months of this draw laid, by the measures that act; new ones are added to it.
    """
    known: dict[Sets, MonthShock] = {} if laid is None else laid
    shocks = [
        diverted(_mean_shock(realisation, acting, known), expectation.middle(moment))
        for moment, acting in enumerate(expectation.acting)
    ]
    caps = _caps(realisation, expectation, shocks, state, refile_share, decided_share)
    practice = practice_of(realisation, state.month, decided_share=decided_share, doubt_months=doubt_months)
    found = _Found(realisation, state)
    made: dict[tuple[object, ...], MonthShock] = {}
    told = []
    for moment, shock in enumerate(shocks):
        changed = found.changes(shock, expectation.start[moment] - state.month)
        if moment in caps:
            changed["flow_cap_t"] = found.alike(caps[moment])
        quota_t = quotas_in(shock, state.quota_rest_t, month=int(expectation.middle(moment)), now=state.month)
        if quota_t is not None:
            changed["quota_t"] = found.alike(quota_t)
        if moment > 0 and practice is not None:
            changed |= practice.narrowed(shock, changed)
        key = (id(shock), *((name, id(values)) for name, values in changed.items()))
        if key not in made:
            made[key] = replace(shock, **changed) if changed else shock
        told.append(made[key])
    return tuple(told)


def _mean_shock(realisation: Realisation, acting: Sets, laid: dict[Sets, MonthShock]) -> MonthShock:
    """The shock of a moment: of all that acts in any of its months, plants and needs at their mean over the months."""
    if acting not in laid:
        months = [realisation.shock_of(places) for places in acting]
        if len({id(shock) for shock in months}) == 1:
            laid[acting] = months[0]
        else:
            means: Changes = {name: np.mean([getattr(shock, name) for shock in months], axis=0) for name in AVERAGED}
            laid[acting] = replace(realisation.shock_of(frozenset().union(*acting)), **means)
    return laid[acting]


def _caps(
    realisation: Realisation,
    expectation: Expectation,
    laid: Sequence[MonthShock],
    state: PathState,
    refile_share: float,
    decided_share: float,
) -> dict[int, Floats]:
    """Caps of the moments in which licences are needed: the chain as one run, each leaf from today's backlog."""
    base_flow_t = realisation.network.base_flow_t
    chain = expectation.staying
    runs = [(chain, state.month)]
    runs += [((leaf,), expectation.start[leaf]) for leaf in range(len(laid)) if leaf not in chain]
    caps: dict[int, Floats] = {}
    for run, month in runs:
        shocks = [laid[moment] for moment in run]
        if any(shock.licences for shock in shocks):
            lengths = [int(expectation.moments[moment].months) for moment in run]
            ahead = caps_ahead(
                shocks,
                lengths,
                state.backlog_t,
                base_flow_t=base_flow_t,
                refile_share=refile_share,
                decided_share=decided_share,
                month=month,
            )
            caps |= zip(run, ahead, strict=True)
    return {moment: cap for moment, cap in caps.items() if laid[moment].licences}


class _Found:
    """What a month's start changes in the arrays of its moments; moments that it changes alike get one array."""

    def __init__(self, realisation: Realisation, state: PathState) -> None:
        self._realisation = realisation
        self._state = state
        self._room = room_ratio(realisation, state.bought_t)
        intensity = None if state.slow is None else state.slow.thrift.intensity_ratio
        self._intensity = intensity if intensity is not None and np.any(intensity != 1.0) else None
        self._moves = state.slow is not None and state.slow.plants.moves
        self._ratios: dict[int, Floats | None] = {}
        self._standing: dict[int, Changes] = {}
        self._changed: dict[tuple[int, int], Changes] = {}
        self._arrays: dict[bytes, Floats] = {}

    def changes(self, shock: MonthShock, ahead: int) -> Changes:
        """The arrays that differ from those of the shock of a moment so many months ahead, by name."""
        ratio = self._ratio(ahead)
        key = (id(shock), id(ratio))
        if key not in self._changed:
            by_plants: Changes = {} if ratio is None else {"capacity_ratio": shock.capacity_ratio * ratio}
            self._changed[key] = self._whenever(shock) | by_plants
        return dict(self._changed[key])

    def alike(self, values: Floats) -> Floats:
        """The values, as the array that already has them where there is one."""
        return self._arrays.setdefault(values.tobytes(), values)

    def _whenever(self, shock: MonthShock) -> Changes:
        """The arrays that differ in the same way however far ahead."""
        if id(shock) not in self._standing:
            network, price, changed = self._realisation.network, self._state.last_price, Changes()
            if shock.floors:
                changed["cost_usd_per_t"] = shock.cost_usd_per_t - top_up_usd_per_t(shock.floors, network, price)
            if shock.offtakes:
                paid = offtake_usd_per_t(shock.offtakes, network, price)
                changed["wedge_usd_per_t"] = shock.wedge_usd_per_t - paid
            if self._intensity is not None:
                changed["demand_ratio"] = shock.demand_ratio * self._intensity
            self._standing[id(shock)] = changed
        return self._standing[id(shock)]

    def _ratio(self, ahead: int) -> Floats | None:
        """What buyers' purses, plants and scrap leave of each process's capacity by then; None: all of it."""
        ahead = ahead if self._moves else 0
        if ahead not in self._ratios:
            ratio = self._room
            if self._state.slow is not None:
                ratio = ratio * self._state.slow.capacity_ahead(ahead)
            self._ratios[ahead] = self.alike(ratio) if np.any(ratio != 1.0) else None
        return self._ratios[ahead]
