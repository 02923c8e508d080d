"""Scrap: of what leaves use, what is collected, what of that is recovered, and how far it could go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from derisk.errors import InputError, Problem, ShapeError
from derisk.stocks.cohorts import read_tonnes
from derisk.stocks.lifetimes import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scrap:
    """Where tonnes that leave use go, (year, ...) [t/step]."""

    outflow_t: Floats
    """What leaves use."""
    collected_t: Floats
    """What of it is collected for recycling."""
    recovered_t: Floats
    """What of that comes back as material."""

    def __post_init__(self) -> None:
        for array in (self.outflow_t, self.collected_t, self.recovered_t):
            array.flags.writeable = False

    @property
    def uncollected_t(self) -> Floats:
        """What is thrown away, kept in drawers, or exported and lost."""
        return np.asarray(self.outflow_t - self.collected_t)

    @property
    def residue_t(self) -> Floats:
        """What recycling loses of the collected."""
        return np.asarray(self.collected_t - self.recovered_t)


@dataclass(frozen=True, slots=True, eq=False)
class RecyclingPotential:
    """How much of a material's input scrap gives, and how much it could give at most, uses taken together.

    Shares are of the tonnes that enter use in the same year, (year, ...); a share without tonnes below is not a number.
    """

    recovered_t: Floats
    """What comes back [t]."""
    outflow_t: Floats
    """What leaves use [t]: the most that could come back."""
    recycled_input_share: Floats
    """Recovered over entering use."""
    potential_input_share: Floats
    """Leaving use over entering use: the share if nothing were lost."""
    end_of_life_recycling_rate: Floats
    """Recovered over leaving use."""


def scrap_of(outflow_t: ArrayLike, *, collection_share: ArrayLike, recovery_share: ArrayLike) -> Scrap:
    """Collected and recovered tonnes of an outflow.

    Equation (13.9) of docs/theory/stocks.md.

    Args:
        outflow_t: what leaves use [t/step], (year, ...).
        collection_share: part collected for recycling; broadcasts against the outflow: (use,), (year, use), ...
        recovery_share: part of the collected that comes back; likewise.

    Raises:
        InputError: a share lies outside 0 to 1.
        ShapeError: a share does not broadcast against the outflow.
    """
    outflow = read_tonnes("outflow", outflow_t).copy()
    collected = outflow * _shares("collection_share", collection_share, outflow.shape)
    return Scrap(outflow, collected, collected * _shares("recovery_share", recovery_share, outflow.shape))


def recycling_potential(scrap: Scrap, *, inflow_t: ArrayLike) -> RecyclingPotential:
    """What scrap gives and could give of a material's input, summed over the last axis, its uses.

    Equation (13.10) of docs/theory/stocks.md. An array (year, material, use) gives (year, material).

    Raises:
        ShapeError: inflow and scrap differ in shape, or have no axis of uses.
    """
    inflow = read_tonnes("inflow", inflow_t)
    if inflow.shape != scrap.outflow_t.shape or inflow.ndim < 2:
        what = f"inflow of shape {inflow.shape} beside scrap of shape {scrap.outflow_t.shape}"
        raise ShapeError(Problem(what, allowed="one shape (year, ..., use)"))
    entered, left, recovered = (part.sum(axis=-1) for part in (inflow, scrap.outflow_t, scrap.recovered_t))
    return RecyclingPotential(
        recovered_t=recovered,
        outflow_t=left,
        recycled_input_share=_ratio(recovered, entered),
        potential_input_share=_ratio(left, entered),
        end_of_life_recycling_rate=_ratio(recovered, left),
    )


def sum_over_years(flow_t: ArrayLike, *, steps_per_year: int) -> Floats:
    """Flows of whole years from flows of equal steps, (step, ...) to (year, ...)."""
    flow = np.asarray(flow_t, dtype=np.float64)
    if steps_per_year < 1 or flow.ndim == 0 or flow.shape[0] % steps_per_year:
        what = f"flows of shape {flow.shape} with {steps_per_year} steps a year"
        raise ShapeError(Problem(what, allowed="whole years"))
    return np.asarray(flow.reshape(-1, steps_per_year, *flow.shape[1:]).sum(axis=1))


def _shares(name: str, shares: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = np.asarray(shares, dtype=np.float64)
    if not ((array >= 0.0) & (array <= 1.0)).all():
        raise InputError(Problem(f"{name} {np.array2string(array, precision=6, threshold=6)}", allowed="0 to 1"))
    try:
        return np.broadcast_to(array, shape)
    except ValueError as error:
        what = f"{name} of shape {array.shape} for tonnes of shape {shape}"
        raise ShapeError(Problem(what, allowed="a shape that broadcasts against the tonnes")) from error


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0.0)
