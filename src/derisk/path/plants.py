"""Plants: idling, closing, restart and expansion, month by month, as margins stay low or high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from derisk.errors import Problem, ShapeError
from derisk.network.record import Flags, Floats, Integers
from derisk.path.parameters import Parameters

LEAST_SHARE = 1e-6
"""Shares of plants, and desires to build, below this are rounding and move nothing, so that a base month stays one."""
LARGEST_GRANT_SHARE = 0.99
"""Somebody has to decide to build: a grant counts up to this part of the capital cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Plants:
    """What decides over the plants of each process; nothing in it changes from month to month.

    Margins are per tonne of main output: revenue of all outputs less purchased goods, as in equation (7.21).
    """

    parameters: Parameters
    answers: Flags
    """(process,) plants that owners may idle; hosts, stockpiles and buyers are none."""
    expands: Flags
    """(process,) makers of the base year that may add capacity."""
    good: Integers
    """(process,) main good."""
    base_output_t: Floats
    """(process,) [t/month]."""
    feed_abroad_t: Floats
    """(process,) output [t/month] that feed made at home would allow which leaves the region in the base year."""
    base_margin_usd_per_t: Floats
    stretch_usd_per_t: Floats
    """(process,) fall of the margin that stops every plant of the base year by the supply curve; 0 for new plants."""
    steepness: Floats
    """(process,) elasticity of output to the margin, at most 1."""
    stop_margin_usd_per_t: Floats
    """(process,) margin below which all plants lose cash: unit costs; minus infinity where none is known."""
    restart_charge_usd_per_t: Floats
    """(process,) margin beyond the stop that pays for a restart, equation (7.26)."""
    build_margin_usd_per_t: Floats
    """(process,) margin above which investors add capacity, equation (7.28)."""
    capital_charge_usd_per_t: Floats
    """(process,) yearly charge of a tonne of yearly capacity, equation (7.29); not a number where no row states it."""
    lead_time_months: Integers
    """(process,) months from the decision to expand to the first tonne; 0 where it does not expand."""


@dataclass(frozen=True, slots=True, eq=False)
class PlantState:
    """Plants at the start of a month, all over the capacity of the base year or of the scenario's plant."""

    built_ratio: Floats
    """(process,) capacity that stands or stood, idle or not."""
    building_ratio: Floats
    """(process, month) capacity under construction: column k arrives k + 1 months on."""
    still_share: Floats
    """(process, month) share of plants that lost cash in the last months, newest first."""
    idle_share: Floats
    """(process,) share of the built plants that owners have idled, those about to restart among them."""
    unused_share: Floats
    """(process, month) idle share without those about to restart in the last months, newest first."""
    restarting_share: Floats
    """(process, month) share that returns: column k runs k + 1 months on."""
    closed_share: Floats
    """(process,) share given up for good."""
    expected_margin_usd_per_t: Floats
    """(process,) what owners and investors expect: an exponential mean of past margins, equation (7.25)."""

    @property
    def capacity_ratio(self) -> Floats:
        """Capacity that can run this month, (process,): equation (7.30)."""
        return self.capacity_ahead(0)

    @property
    def moves(self) -> bool:
        """Whether anything is under construction or about to restart: else capacity ahead is this month's."""
        return bool(self.building_ratio.any() or self.restarting_share.any())

    def capacity_ahead(self, months: int) -> Floats:
        """Capacity that can run so many months on if nothing more is decided, (process,)."""
        built = self.built_ratio + self.building_ratio[:, :months].sum(axis=1)
        back = self.restarting_share[:, :months].sum(axis=1)
        return np.asarray(built * np.clip(1.0 - self.idle_share - self.closed_share + back, 0.0, 1.0))


def first_state(plants: Plants) -> PlantState:
    """Every plant runs, nothing is under construction, and base margins are expected."""
    count, parameters = plants.good.size, plants.parameters
    return PlantState(
        built_ratio=np.ones(count),
        building_ratio=np.zeros((count, int(plants.lead_time_months.max(initial=1)))),
        still_share=np.zeros((count, _months(parameters.idling_months))),
        idle_share=np.zeros(count),
        unused_share=np.zeros((count, _months(parameters.closing_months))),
        restarting_share=np.zeros((count, _months(parameters.restart_months))),
        closed_share=np.zeros(count),
        expected_margin_usd_per_t=plants.base_margin_usd_per_t,
    )


def margins_usd_per_t(
    process_good_matrix: Floats,
    process_region: Integers,
    *,
    producer_price: Floats,
    delivered_price: Floats,
    cost_usd_per_t: Floats | None = None,
) -> Floats:
    """Margin of each process per tonne of main output, equation (7.21).

    Args:
        process_good_matrix: (process, good) tonnes out (positive) or in (negative).
        process_region: (process,).
        producer_price: (good, region) [USD/t].
        delivered_price: (good, region) [USD/t].
        cost_usd_per_t: (process,) change of cost; a floor's top-up counts as a negative one.

    Returns:
        Margin before unit cost [USD/t], (process,).
    """
    sold = np.einsum("pg,gp->p", np.maximum(process_good_matrix, 0.0), producer_price[:, process_region])
    bought = np.einsum("pg,gp->p", np.maximum(-process_good_matrix, 0.0), delivered_price[:, process_region])
    return np.asarray(sold - bought if cost_usd_per_t is None else sold - bought - cost_usd_per_t)


def losing_share(plants: Plants, margin_usd_per_t: Floats) -> Floats:
    """Share of a process's plants that lose cash at a margin, (process,): equations (7.22) and (7.23)."""
    fall = plants.base_margin_usd_per_t - margin_usd_per_t
    depth = np.zeros(plants.good.size)
    np.divide(fall, plants.stretch_usd_per_t, out=depth, where=plants.stretch_usd_per_t > 0.0)
    depth = np.clip(depth, 0.0, 1.0)
    by_curve = plants.steepness * depth + (1.0 - plants.steepness) * depth**2
    share = np.where(margin_usd_per_t < plants.stop_margin_usd_per_t, 1.0, by_curve)
    return np.where(plants.answers & (share >= LEAST_SHARE), share, 0.0)


def step_plants(
    state: PlantState,
    plants: Plants,
    *,
    margin_usd_per_t: Floats,
    open_ratio: Floats | None = None,
    grant_share: Floats | None = None,
    coming_usd_per_t: Floats | None = None,
) -> PlantState:
    """Plants a month later, after owners have seen the month's margins.

    Equations (7.22) to (7.32) of docs/theory/plants.md. What loses cash for some months in a row is idled, what stays
    idle for long is closed, and what would earn its restart comes back with delay. Makers of the base year that
    earn more than a new tonne costs order capacity, which arrives after its lead time.

    Args:
        state: plants at the start of the month.
        plants: what decides over them.
        margin_usd_per_t: (process,) margins of the month, by `margins_usd_per_t`.
        open_ratio: (process,) capacity that the month's measures leave; owners of plants at 0, not yet open or
            struck by an outage, learn nothing from the month.
        grant_share: (process,) share of the capital cost of an expansion that somebody else pays.
        coming_usd_per_t: (process,) what announced restrictions are expected to add to the margin; investors count
            gains, equation (7.25a).

    Raises:
        ShapeError: an array does not match the processes.
    """
    _check(
        plants,
        margin_usd_per_t=margin_usd_per_t,
        open_ratio=open_ratio,
        grant_share=grant_share,
        coming_usd_per_t=coming_usd_per_t,
    )
    seen = np.ones(plants.good.size, dtype=np.bool_) if open_ratio is None else open_ratio > 0.0
    weight = 1.0 / max(1.0, plants.parameters.expected_margin_months)
    before = state.expected_margin_usd_per_t
    expected = np.where(seen, before + weight * (margin_usd_per_t - before), before)

    standing = _standing(state, plants, margin_usd_per_t=margin_usd_per_t, expected_usd_per_t=expected, seen=seen)
    coming = 0.0 if coming_usd_per_t is None else np.maximum(0.0, coming_usd_per_t)
    order = orders_ratio(
        plants,
        expected_margin_usd_per_t=expected + coming,
        built_ratio=state.built_ratio,
        working=seen & (standing.idle_share < LEAST_SHARE),
        grant_share=grant_share,
    )
    building = _next_column(state.building_ratio)
    ordering = np.flatnonzero(order)
    building[ordering, plants.lead_time_months[ordering] - 1] += order[ordering]
    return PlantState(
        built_ratio=state.built_ratio + state.building_ratio[:, 0],
        building_ratio=building,
        still_share=standing.still_share,
        idle_share=standing.idle_share - standing.closing_share,
        unused_share=standing.unused_share,
        restarting_share=standing.restarting_share,
        closed_share=state.closed_share + standing.closing_share,
        expected_margin_usd_per_t=expected,
    )


class _Standing(NamedTuple):
    """What becomes of the plants that stand, as owners have seen a month's margins."""

    still_share: Floats
    """(process, month) as in `PlantState`; likewise the next two."""
    unused_share: Floats
    restarting_share: Floats
    idle_share: Floats
    """(process,) idled, those given up this month still among them."""
    closing_share: Floats
    """(process,) given up this month."""


def _standing(
    state: PlantState, plants: Plants, *, margin_usd_per_t: Floats, expected_usd_per_t: Floats, seen: Flags
) -> _Standing:
    """Plants idled, given up and restarted in a month: equations (7.22) to (7.24) and (7.26) of docs/theory/plants.md.

    Args:
        state: plants at the start of the month.
        plants: what decides over them.
        margin_usd_per_t: (process,) margins of the month.
        expected_usd_per_t: (process,) margins that owners now expect.
        seen: (process,) plants whose owners learn from the month.
    """
    still = _record(state.still_share, losing_share(plants, margin_usd_per_t), seen)
    idle = state.idle_share - state.restarting_share[:, 0]
    idle = np.maximum(idle, still.min(axis=1) - state.closed_share)
    restarting = _next_column(state.restarting_share)
    waiting = np.maximum(0.0, idle - restarting.sum(axis=1))
    least = np.minimum(expected_usd_per_t, margin_usd_per_t) - plants.restart_charge_usd_per_t
    hopeless = np.maximum(0.0, losing_share(plants, least) - state.closed_share)
    returning = np.where(seen, np.clip(waiting - hopeless, 0.0, None), 0.0)
    restarting[:, -1] += returning
    unused = _record(state.unused_share, waiting - returning, seen)
    closing = unused.min(axis=1)
    return _Standing(still, unused - closing[:, None], restarting, idle, closing)


def orders_ratio(
    plants: Plants,
    *,
    expected_margin_usd_per_t: Floats,
    built_ratio: Floats,
    working: Flags,
    grant_share: Floats | None = None,
) -> Floats:
    """Capacity ordered in a month over that of the base year, (process,): equations (7.31) and (7.32)."""
    parameters = plants.parameters
    able = plants.expands & working
    paid = np.zeros(plants.good.size) if grant_share is None else np.minimum(grant_share, LARGEST_GRANT_SHARE)
    gain = np.zeros(plants.good.size)
    above = expected_margin_usd_per_t - plants.build_margin_usd_per_t + paid * plants.capital_charge_usd_per_t
    np.divide(above, (1.0 - paid) * plants.capital_charge_usd_per_t, out=gain, where=able)
    desire = np.minimum(np.where(gain >= LEAST_SHARE, gain, 0.0), 1.0)
    own_t = np.maximum(built_ratio * plants.base_output_t, plants.base_output_t + plants.feed_abroad_t)
    wanted_t = desire * parameters.build_limit_own_share_per_year / 12.0 * own_t
    goods = int(plants.good.max(initial=0)) + 1
    world_t = np.bincount(plants.good, weights=plants.base_output_t, minlength=goods)
    wish_t = np.bincount(plants.good, weights=wanted_t, minlength=goods)
    limit_t = parameters.build_limit_world_share_per_year / 12.0 * world_t
    granted = np.ones(goods)
    np.divide(limit_t, wish_t, out=granted, where=wish_t > limit_t)
    order = np.zeros(plants.good.size)
    np.divide(wanted_t * granted[plants.good], plants.base_output_t, out=order, where=plants.base_output_t > 0.0)
    return order


def _record(past: Floats, now: Floats, seen: Flags) -> Floats:
    """The last months with this one in front; unchanged where the owners saw nothing."""
    longer = np.concatenate([now[:, None], past[:, :-1]], axis=1)
    return np.where(seen[:, None], longer, past)


def _next_column(ahead: Floats) -> Floats:
    """What is under way a month later, the first column having arrived."""
    return np.concatenate([ahead[:, 1:], np.zeros_like(ahead[:, :1])], axis=1)


def _months(number: float) -> int:
    """A number of months as a count, at least one."""
    return max(1, math.ceil(number - 0.5))


def _check(plants: Plants, **arrays: Floats | None) -> None:
    expected = plants.good.shape
    for name, array in arrays.items():
        if array is not None and array.shape != expected:
            raise ShapeError(Problem(f"{name} of shape {array.shape}", allowed=f"(process,) = {expected}"))
