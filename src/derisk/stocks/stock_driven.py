"""Stock-driven inflow: what must be bought so that products in use follow a path."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from derisk.errors import InputError, Problem, ShapeError, unknown_word
from derisk.stocks.cohorts import leaving_matrix, read_tonnes, survival_matrix
from derisk.stocks.lifetimes import Floats, Lifetime
from derisk.stocks.record import ProductStock

NegativeInflow = Literal["refuse", "wait", "retire"]
"""What to do where the path falls faster than products wear out.

`refuse`: an error that names the first such step. `wait`: nothing is bought, and the stock lies above the path
until wear has brought it down. `retire`: the surplus leaves before its time, the same share of every cohort.
"""
ROUNDING_SHARE: Final = 1e-9
"""A negative inflow below this share of the path's largest stock is rounding, and counts as none."""


def inflow_from_stock(
    stock_t: ArrayLike,
    lifetime: Lifetime,
    *,
    negative_inflow: NegativeInflow = "refuse",
    earlier_inflow_t: ArrayLike | None = None,
    step_years: float = 1.0,
) -> ProductStock:
    """The inflow that keeps products in use on a path, replacement of what wears out among it.

    Equation (13.8) of docs/theory/stocks.md, solved step by step.

    Args:
        stock_t: the path, at the end of each step [t], (year, ...).
        lifetime: its law; parameters broadcast against the record's inflow, by cohort with its leading axis.
        negative_inflow: what to do where the path falls faster than products wear out.
        earlier_inflow_t: inflow of the steps before the path [t/step], (earlier year, ...). Without it nothing was in
            use before the path, and its first stock is bought at once.
        step_years: length of a step [years], 1/12 for months.

    Returns:
        The record over the earlier steps and those of the path.

    Raises:
        InputError: tonnes are negative or no numbers, or a policy is unknown; the path falls too fast under `refuse`.
        ShapeError: earlier inflow or lifetime do not fit the path.

    Source: Mueller (2006), Ecological Economics 59, 142-156; policies for falling paths are our own.
    """
    if negative_inflow not in get_args(NegativeInflow):
        raise InputError(unknown_word("policy", negative_inflow, get_args(NegativeInflow), where="negative_inflow"))
    path = read_tonnes("stock", stock_t)
    earlier = _earlier(earlier_inflow_t, path)
    first, shape = len(earlier), (len(earlier) + len(path), *path.shape[1:])
    stays = survival_matrix(lifetime, shape, step_years=step_years)
    leaves = leaving_matrix(lifetime, shape, step_years=step_years)
    inflow, present, stock, outflow = (np.zeros(shape) for _ in range(4))
    kept_share = np.ones(shape)
    rounding_t = ROUNDING_SHARE * float(path.max())
    for t in range(shape[0]):
        aged = np.einsum("c...,c...->...", stays[t, :t], present[:t])
        if t < first:
            bought = earlier[t]
        else:
            needed = (path[t - first] - aged) / stays[t, t]
            bought = np.maximum(needed, 0.0)
            if (needed < -rounding_t).any():
                kept_share[t] = _answer(negative_inflow, t, t - first, needed, aged, rounding_t)
        outflow[t] = np.einsum("c...,c...->...", leaves[t, :t], present[:t]) + leaves[t, t] * bought
        outflow[t] += (1.0 - kept_share[t]) * aged
        present[:t] *= kept_share[t]
        inflow[t], present[t] = bought, bought
        stock[t] = kept_share[t] * aged + stays[t, t] * bought
    return ProductStock(lifetime, step_years, inflow, stock, outflow, kept_share)


def _answer(policy: str, step: int, step_of_path: int, needed: Floats, aged: Floats, rounding_t: float) -> Floats:
    """Part of the stock to keep in a step whose path needs a negative inflow, (...)."""
    if policy == "refuse":
        what = f"the path needs an inflow of {float(needed.min()):.6g} t: it falls faster than products wear out"
        hint = 'negative_inflow="wait" lets the stock lie above the path, "retire" ends lives early'
        where = f"step {step_of_path} of the path" + (f", step {step} of all" if step != step_of_path else "")
        raise InputError(Problem(what, where, "a path that falls no faster than wear", hint))
    ones = np.ones_like(aged)
    if policy == "wait":
        return ones
    return np.divide(aged + needed, aged, out=ones, where=needed < -rounding_t)


def _earlier(earlier_inflow_t: ArrayLike | None, path: Floats) -> Floats:
    if earlier_inflow_t is None:
        return np.zeros((0, *path.shape[1:]))
    earlier = read_tonnes("earlier inflow", earlier_inflow_t)
    try:
        return np.broadcast_to(earlier, (len(earlier), *path.shape[1:]))
    except ValueError as error:
        what = f"earlier inflow of shape {earlier.shape} before a path of shape {path.shape}"
        raise ShapeError(Problem(what, allowed="(earlier year, ...) with the path's further axes")) from error
