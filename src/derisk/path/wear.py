"""Wear: how long products last, from the dataset's rows, and when those sold so far leave use, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.errors import InputError, Problem
from derisk.network.record import Floats, Integers, Network
from derisk.stocks import Lifetime, WeibullLifetime, has_lives, product_lives

if TYPE_CHECKING:
    from derisk.data import Dataset

LEAST_SURVIVAL: Final = 1e-9
"""Of a cohort less than this is taken to be gone: what is left leaves in that month, so that the mass closes."""
_LONGEST_MONTHS: Final = 12_000


@dataclass(frozen=True, slots=True)
class Life:
    """How long products of one use of a good last, and what becomes of them: the dataset's rows."""

    shape: float
    """Weibull shape."""
    scale_years: float
    collection_share: float
    recovery_share: float


Lives = Mapping[tuple[str, str], Life]
"""Lives by (good, use)."""


@dataclass(frozen=True, slots=True, eq=False)
class Wear:
    """When products leave use, by month and kind; equations (7.50) to (7.52). The same for every draw.

    Axes: kind (products with one lifetime), month (0 is the month before the first).
    """

    leaving_share: Floats
    """(month, kind) part of what enters use in month 0 that leaves in each later month."""
    legacy_outflow_ratio: Floats
    """(month, kind) what leaves in each month of all that was sold up to month 0, over the base month's sales."""
    legacy_stock_ratio: Floats
    """(month, kind) what is still in use of it at the month's end, over the base month's sales."""


def read_lives(dataset: Dataset, network: Network) -> Lives:
    """Lives of all products of a network's goods; those of one base year hold for every draw.

    A good of which no row says how long its products last has no products in use.

    Raises:
        DatasetError: there are rows of a good, but none for one of its uses; names what is missing.
    """
    lives: dict[tuple[str, str], Life] = {}
    for good, name in enumerate(network.goods):
        uses = tuple(sorted({network.uses[sector] for sector in network.use_sector[product_rows(network, good)]}))
        if not uses or not has_lives(dataset, name):
            continue
        found = product_lives(dataset, name, uses, until=network.base_year)
        shape, scale = found.lifetime.parameters()
        columns = zip(uses, shape, scale, found.collection_share, found.recovery_share, strict=True)
        lives |= {(name, use): Life(*map(float, numbers)) for use, *numbers in columns}
    return lives


def wear_of(lives: Lives, *, months: int, history_growth_share: float) -> Wear:
    """When products of these lives leave use, their kinds in the order of the lives.

    Args:
        lives: `read_lives`.
        months: months of the path.
        history_growth_share: growth a year of sales before the base year; 0 is a steady history, in which as much
            leaves use as enters it and recyclers stay at their base output while users buy as in the base year.
    """
    shape, scale = (np.array([getattr(life, name) for life in lives.values()]) for name in ("shape", "scale_years"))
    lifetime = WeibullLifetime(shape=shape, scale_years=scale) if lives else None
    return wear_by_law(lifetime, months=months, history_growth_share=history_growth_share)


def wear_by_law(lifetime: Lifetime | None, *, months: int, history_growth_share: float) -> Wear:
    """When products leave use whose lifetime's parameters are (kind,); None where there are no products.

    Raises:
        InputError: there is no month, or the growth is below -0.1 or above 10.
    """
    if months < 1:
        raise InputError(Problem(f"a path of {months} months", allowed="1 or more"))
    if not -0.1 <= history_growth_share <= 10.0:
        raise InputError(Problem(f"growth of {history_growth_share:g} a year", allowed="-0.1 to 10"))
    if lifetime is None:
        none = np.zeros((months + 1, 0))
        return Wear(none, none, none)
    survival = _survival_by_month(lifetime, months)
    leaving = -np.diff(survival, axis=0, prepend=survival[:1])
    growth = (1.0 + history_growth_share) ** (1.0 / 12.0)
    outflow, stock = _legacy(leaving, growth), _legacy(survival, growth)
    return Wear(leaving[: months + 1], outflow[: months + 1], stock[: months + 1])


def product_rows(network: Network, good: int) -> Integers:
    """Use rows of a good that buy it in the base year for a use, not to dispose of it or to put it by."""
    return np.flatnonzero((network.use_good == good) & (network.base_use_t > 0.0) & network.served)


def _survival_by_month(lifetime: Lifetime, months: int) -> Floats:
    """Part of a cohort in use at the end of each month of its life, (age, kind), until all are gone."""
    age = np.arange(_LONGEST_MONTHS + 1)
    survival = lifetime.survival(age[:, None] / 12.0)
    lasting = np.flatnonzero((survival > LEAST_SURVIVAL).any(axis=1))
    longest = max(int(lasting[-1]) + 1, months + 1)
    survival = np.where(survival > LEAST_SURVIVAL, survival, 0.0)[: longest + 1]
    survival[-1] = 0.0
    return np.asarray(survival)


def _legacy(by_age: Floats, growth: float) -> Floats:
    """Sum over all cohorts up to month 0 of what they contribute by age, (month, kind), in base months of sales.

    Month t counts ages from t on, each a month's growth smaller than the one before.
    """
    summed = by_age.copy()
    for age in range(len(by_age) - 2, -1, -1):
        summed[age] += summed[age + 1] / growth
    return summed
