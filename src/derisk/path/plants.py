"""Plants: idling, closing, restart and expansion, month by month, as margins stay low or high."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from derisk.errors import Problem, ShapeError
from derisk.network.record import Flags, Floats, Integers
from derisk.path.expansion import orders_ratio
from derisk.path.plant_state import LEAST_SHARE, Plants, PlantState


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


def _record(past: Floats, now: Floats, seen: Flags) -> Floats:
    """The last months with this one in front; unchanged where the owners saw nothing."""
    longer = np.concatenate([now[:, None], past[:, :-1]], axis=1)
    return np.where(seen[:, None], longer, past)


def _next_column(ahead: Floats) -> Floats:
    """What is under way a month later, the first column having arrived."""
    return np.concatenate([ahead[:, 1:], np.zeros_like(ahead[:, :1])], axis=1)


def _check(plants: Plants, **arrays: Floats | None) -> None:
    expected = plants.good.shape
    for name, array in arrays.items():
        if array is not None and array.shape != expected:
            raise ShapeError(Problem(f"{name} of shape {array.shape}", allowed=f"(process,) = {expected}"))
