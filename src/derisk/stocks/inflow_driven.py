"""Inflow-driven stocks: what was sold and how long it lasts give what is in use and what leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from derisk.stocks.cohorts import leaving_matrix, read_tonnes, survival_matrix
from derisk.stocks.lifetimes import Lifetime
from derisk.stocks.record import ProductStock


def stock_from_inflow(inflow_t: ArrayLike, lifetime: Lifetime, *, step_years: float = 1.0) -> ProductStock:
    """Products in use, and what leaves use, of an inflow.

    Equations (13.1) and (13.2) of docs/theory/stocks.md. What enters in a step is in use to the full at its end.
    Before the first step nothing is in use: begin early enough.

    Args:
        inflow_t: what enters use [t/step], (year, ...).
        lifetime: its law; parameters broadcast against the inflow, by cohort where they have its leading axis.
        step_years: length of a step [years], 1/12 for months.

    Raises:
        InputError: an inflow is negative or no number.
        ShapeError: the lifetime does not broadcast against the inflow.

    Source: van der Voet, Kleijn, Huele, Ishikawa and Verkuijlen (2002), Ecological Economics 41, 223-234.
    """
    inflow = read_tonnes("inflow", inflow_t).copy()
    stays = survival_matrix(lifetime, inflow.shape, step_years=step_years)
    leaves = leaving_matrix(lifetime, inflow.shape, step_years=step_years)
    return ProductStock(
        lifetime=lifetime,
        step_years=step_years,
        inflow_t=inflow,
        stock_t=np.einsum("tc...,c...->t...", stays, inflow),
        outflow_t=np.einsum("tc...,c...->t...", leaves, inflow),
        kept_share=np.ones_like(inflow),
    )
