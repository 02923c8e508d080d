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
from derisk.path.quotas import quotas_now
from derisk.path.state import PathState
from derisk.scenario import MonthShock, Realisation
from derisk.scenario.standing import offtake_usd_per_t, top_up_usd_per_t

Changes = dict[str, Any]
"""Arrays of a shock by name."""

AVERAGED: Final = ("capacity_ratio", "cost_usd_per_t", "demand_ratio")
"""Arrays of which a moment of several months has the mean: a plant that opens in its third month counts for a part."""


def outlook(
    realisation: Realisation, expectation: Expectation, state: PathState, *, refile_share: float, decided_share: float
) -> tuple[MonthShock, ...]:
    """The shock of each moment (section 7.3 of docs/theory/path.md); moments that are alike share one object.

    Plants, price floors and buyers are taken to stay as the month's start finds them; licences are taken to be granted
    as requests pile up, annual quotas to be used evenly after the first month.

    Args:
        realisation: the draw.
        expectation: the tree of moments; the first happens.
        state: where the path stands.
        refile_share: share of refused tonnes for which licences are asked again.
        decided_share: share of open requests for licences that is decided in a month.
    """
    laid = [_mean_shock(realisation, acting) for acting in expectation.acting]
    caps = _caps(realisation, expectation, laid, state, refile_share, decided_share)
    starts = {start - state.month for start in expectation.start}
    capacity = {} if state.slow is None else {ahead: state.slow.capacity_ahead(ahead) for ahead in starts}
    made: dict[tuple[object, ...], MonthShock] = {}
    shocks = []
    for moment, shock in enumerate(laid):
        ahead = expectation.start[moment] - state.month
        changed = _as_found(shock, realisation, state, capacity.get(ahead))
        if moment in caps:
            changed["flow_cap_t"] = caps[moment]
        if moment == 0 and shock.annual_quotas:
            changed["quota_t"] = quotas_now(shock, state.quota_rest_t)
        key = (id(shock), *((name, values.tobytes()) for name, values in changed.items()))
        if key not in made:
            made[key] = replace(shock, **changed) if changed else shock
        shocks.append(made[key])
    return tuple(shocks)


def _mean_shock(realisation: Realisation, acting: Sequence[frozenset[str]]) -> MonthShock:
    """The shock of a moment: of all that acts in any of its months, plants and needs at their mean over the months."""
    months = [realisation.shock_of(places) for places in acting]
    if len({id(shock) for shock in months}) == 1:
        return months[0]
    means: Changes = {name: np.mean([getattr(shock, name) for shock in months], axis=0) for name in AVERAGED}
    return replace(realisation.shock_of(frozenset().union(*acting)), **means)


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


def _as_found(shock: MonthShock, realisation: Realisation, state: PathState, capacity_ratio: Floats | None) -> Changes:
    """The arrays of a shock that the month's start changes, by name; those it leaves alone are left out.

    `capacity_ratio` (process,) is what plants and scrap allow by then; None without slow states.
    """
    changed: Changes = {}
    if shock.floors:
        paid = top_up_usd_per_t(shock.floors, realisation.network, state.last_price)
        changed["cost_usd_per_t"] = shock.cost_usd_per_t - paid
    if shock.offtakes:
        paid = offtake_usd_per_t(shock.offtakes, realisation.network, state.last_price)
        changed["wedge_usd_per_t"] = shock.wedge_usd_per_t - paid
    ratio = room_ratio(realisation, state.bought_t)
    if capacity_ratio is not None and state.slow is not None:
        ratio = ratio * capacity_ratio
        intensity = state.slow.thrift.intensity_ratio
        if np.any(intensity != 1.0):
            changed["demand_ratio"] = shock.demand_ratio * intensity
    if np.any(ratio != 1.0):
        changed["capacity_ratio"] = shock.capacity_ratio * ratio
    return changed
