"""Cohorts: what of each step's inflow is still in use, and what leaves, at the end of each later step."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from derisk.errors import InputError, Problem, ShapeError
from derisk.stocks.lifetimes import Floats, Lifetime


def survival_matrix(lifetime: Lifetime, inflow_shape: tuple[int, ...], *, step_years: float = 1.0) -> Floats:
    """Share of each cohort in use at the end of each step, F(t - c) of equation (13.1); 0 before it enters.

    Args:
        lifetime: parameters broadcast against `inflow_shape`; a full leading axis makes them differ by cohort.
        inflow_shape: (year, ...).
        step_years: length of a step [years], 1/12 for months.

    Returns:
        Shares, (year, cohort, ...), the further axes of size 1 where the parameters do not differ along them.
        Where cohorts are alike it is a view of one curve: no memory grows with the square of the steps.

    Raises:
        ShapeError: the parameters do not broadcast against the inflow.
    """
    _check(lifetime, inflow_shape, step_years)
    steps, extra = inflow_shape[0], (1,) * (len(inflow_shape) - 1)
    age_years = np.arange(steps) * step_years
    if not _differs_by_cohort(lifetime, inflow_shape):
        return _matrix_of_curve(lifetime.survival(age_years.reshape(steps, *extra)))
    ages = np.subtract.outer(age_years, age_years).reshape(steps, steps, *extra)
    return np.where(ages >= 0.0, lifetime.survival(np.maximum(ages, 0.0)), 0.0)


def leaving_matrix(lifetime: Lifetime, inflow_shape: tuple[int, ...], *, step_years: float = 1.0) -> Floats:
    """Share of each cohort that leaves use in each step, F(t-1-c) - F(t-c) of equation (13.2), (year, cohort, ...)."""
    _check(lifetime, inflow_shape, step_years)
    steps, extra = inflow_shape[0], (1,) * (len(inflow_shape) - 1)
    if not _differs_by_cohort(lifetime, inflow_shape):
        curve = lifetime.survival((np.arange(steps) * step_years).reshape(steps, *extra))
        before = np.concatenate([np.ones_like(curve[:1]), curve[:-1]])
        return _matrix_of_curve(np.maximum(before - curve, 0.0))
    stays = survival_matrix(lifetime, inflow_shape, step_years=step_years)
    before = np.concatenate([np.zeros_like(stays[:1]), stays[:-1]])
    cohort = np.arange(steps)
    before[cohort, cohort] = 1.0
    return np.maximum(before - stays, 0.0)


def read_tonnes(name: str, tonnes: ArrayLike) -> Floats:
    """Tonnes by year as an array (year, ...).

    Raises:
        InputError: tonnes that are negative or not finite.
        ShapeError: there is no year.
    """
    array = np.asarray(tonnes, dtype=np.float64)
    if array.ndim == 0 or array.shape[0] == 0:
        raise ShapeError(Problem(f"{name} of shape {array.shape}", allowed="(year, ...) with at least one year"))
    wrong = ~np.isfinite(array) | (array < 0.0)
    if wrong.any():
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        what = f"{name} {array[place]:g} t, one of {int(wrong.sum())} such figures"
        raise InputError(Problem(what, f"place {place}", "finite tonnes, 0 or more"))
    return array


def _matrix_of_curve(curve: Floats) -> Floats:
    """A curve over ages (age, ...) as a read-only view (year, cohort, ...), 0 before the cohort enters."""
    steps = curve.shape[0]
    padded = np.concatenate([np.zeros((steps - 1, *curve.shape[1:])), curve])
    windows = sliding_window_view(padded, steps, axis=0)[..., ::-1]
    return np.moveaxis(windows, -1, 1)


def _differs_by_cohort(lifetime: Lifetime, inflow_shape: tuple[int, ...]) -> bool:
    shape = lifetime.shape_of_parameters
    return len(shape) == len(inflow_shape) and shape[0] > 1


def _check(lifetime: Lifetime, inflow_shape: tuple[int, ...], step_years: float) -> None:
    if not (np.isfinite(step_years) and step_years > 0.0):
        raise InputError(Problem(f"a step of {step_years:g} years", allowed="a length above 0: 1, or 1/12 for months"))
    shape = lifetime.shape_of_parameters
    try:
        fits = np.broadcast_shapes(shape, inflow_shape) == inflow_shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            Problem(
                f"a lifetime of shape {shape} for tonnes of shape {inflow_shape}",
                allowed="parameters that broadcast against (year, ...)",
                hint="(use,) holds for all years; (year, use) or (year, 1) differs by cohort",
            )
        )
