"""Record: products in use over time, what entered and what left, and whether the mass closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derisk.stocks.cohorts import leaving_matrix, survival_matrix
from derisk.stocks.lifetimes import Floats, Lifetime


@dataclass(frozen=True, slots=True, eq=False)
class ProductStock:
    """Inflow, stock and outflow of products with a lifetime, step by step.

    All arrays are (year, ...), "year" standing for the step, whatever its length. A stock is that at the end of
    the step; flows are of the whole step.
    """

    lifetime: Lifetime
    step_years: float
    """Length of a step [years]."""
    inflow_t: Floats
    """What enters use [t/step]."""
    stock_t: Floats
    """What is in use at the end of the step [t]."""
    outflow_t: Floats
    """What leaves use [t/step], retirement before its time among it."""
    kept_share: Floats
    """Part of the stock not retired before its time in the step: 1 but for `negative_inflow="retire"`."""

    def __post_init__(self) -> None:
        for array in (self.inflow_t, self.stock_t, self.outflow_t, self.kept_share):
            array.flags.writeable = False

    @property
    def stock_change_t(self) -> Floats:
        """Stock less that of the step before, (year, ...); before the first step there is none."""
        return np.diff(self.stock_t, axis=0, prepend=0.0)

    def balance_t(self) -> Floats:
        """What entered so far less what left so far less what is in use, (year, ...): 0 but for rounding.

        Equation (13.3) of docs/theory/stocks.md.
        """
        return np.asarray(np.cumsum(self.inflow_t - self.outflow_t, axis=0) - self.stock_t)

    def stock_by_cohort_t(self) -> Floats:
        """Tonnes in use at the end of each step, by the step they entered, (year, cohort, ...)."""
        stays = survival_matrix(self.lifetime, self.inflow_t.shape, step_years=self.step_years)
        return np.asarray(stays * self._kept_by_cohort() * self.inflow_t)

    def outflow_by_cohort_t(self) -> Floats:
        """Tonnes that leave in each step, by the step they entered, (year, cohort, ...)."""
        if (self.kept_share == 1.0).all():
            leaves = leaving_matrix(self.lifetime, self.inflow_t.shape, step_years=self.step_years)
            return np.asarray(leaves * self.inflow_t)
        stock = self.stock_by_cohort_t()
        before = np.concatenate([np.zeros_like(stock[:1]), stock[:-1]])
        cohort = np.arange(stock.shape[0])
        before[cohort, cohort] = self.inflow_t
        return np.maximum(before - stock, 0.0)

    def mean_age_years(self) -> Floats:
        """Mean age of what is in use, (year, ...); 0 where nothing is."""
        stock = self.stock_by_cohort_t()
        step = np.arange(stock.shape[0])
        age_years = np.maximum(np.subtract.outer(step, step), 0) * self.step_years
        weighted = np.asarray(np.einsum("tc,tc...->t...", age_years, stock), dtype=np.float64)
        return np.divide(weighted, self.stock_t, out=np.zeros_like(weighted), where=self.stock_t > 0.0)

    def _kept_by_cohort(self) -> Floats:
        """Part of each cohort never retired before its time up to each step, (year, cohort, ...)."""
        steps = self.kept_share.shape[0]
        later = np.greater.outer(np.arange(steps), np.arange(steps))
        later = later.reshape(steps, steps, *(1,) * (self.kept_share.ndim - 1))
        return np.asarray(np.cumprod(np.where(later, self.kept_share[:, np.newaxis], 1.0), axis=0), dtype=np.float64)
