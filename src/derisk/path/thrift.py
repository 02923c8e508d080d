"""Thrift: users need less of a material after months of high prices, and part of the saving stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derisk.errors import Problem, ShapeError
from derisk.network.record import Flags, Floats
from derisk.path.parameters import Parameters

TENFOLD = 10.0
"""Price over the base at which `thrift_speed_per_year` is stated."""


@dataclass(frozen=True, slots=True, eq=False)
class ThriftState:
    """How much of a good each use needs for what it makes, at the start of a month; every array is (use_row,)."""

    intensity_ratio: Floats
    """Need over that of the base year."""
    deepest_ratio: Floats
    """Least intensity reached so far."""
    remembered_ratio: Floats
    """Price over the base as designers remember it, a geometric mean of past months."""


def first_thrift(uses: int) -> ThriftState:
    """Every use needs what it needed in the base year and remembers base prices."""
    return ThriftState(np.ones(uses), np.ones(uses), np.ones(uses))


def step_thrift(
    state: ThriftState, *, price_ratio: Floats, parameters: Parameters, answers: Flags | None = None
) -> ThriftState:
    """Intensities a month later, after users have seen the month's prices.

    Equations (7.40) to (7.43) of docs/theory/plants.md. While the remembered price lies above a threshold intensity
    falls at a speed that grows with its logarithm, down to a floor; below the threshold it returns part of the way.

    Args:
        state: at the start of the month.
        price_ratio: (use_row,) delivered price of the month over the base.
        parameters: of the draw.
        answers: (use_row,) uses that redesign; disposal and stock building, which need nothing, do not. None: all.

    Raises:
        ShapeError: an array does not match the uses.
    """
    if price_ratio.shape != state.intensity_ratio.shape:
        what = f"price_ratio of shape {price_ratio.shape}"
        raise ShapeError(Problem(what, allowed=f"(use_row,) = {state.intensity_ratio.shape}"))
    weight = 1.0 / max(1.0, parameters.thrift_delay_months)
    seen = np.maximum(price_ratio, 1.0 / TENFOLD)
    remembered = state.remembered_ratio ** (1.0 - weight) * seen**weight

    threshold = parameters.thrift_threshold_ratio
    height = np.log(np.maximum(remembered, threshold) / threshold) / np.log(TENFOLD / threshold)
    saved = np.exp(-parameters.thrift_speed_per_year / 12.0 * height)
    fallen = np.maximum(np.minimum(parameters.thrift_floor_ratio, state.intensity_ratio), state.intensity_ratio * saved)

    resting_point = 1.0 - parameters.thrift_permanent_share * (1.0 - state.deepest_ratio)
    back = 1.0 - np.exp(-parameters.thrift_return_per_year / 12.0)
    risen = state.intensity_ratio + back * np.maximum(0.0, resting_point - state.intensity_ratio)

    intensity = np.where(remembered > threshold, fallen, risen)
    if answers is not None:
        intensity = np.where(answers, intensity, state.intensity_ratio)
    return ThriftState(intensity, np.minimum(state.deepest_ratio, intensity), remembered)
