"""Products in use: what users buy month by month enters use, wears out, and comes back as scrap for recyclers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.errors import DatasetError, InputError, Problem, ShapeError
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.stocks import Lifetime, Scrap, WeibullLifetime, product_lives, scrap_of
from derisk.vocabulary.uses import DISPOSAL

if TYPE_CHECKING:
    from derisk.data import Dataset

SCRAP_PREFIX: Final = "recycle_"
NEW_SCRAP_KINDS: Final = ("recycle_gallium",)
"""Recyclers of what manufacture loses, which follows the month's use and waits for no product to wear out."""
LEAST_SURVIVAL: Final = 1e-9
"""Of a cohort less than this is taken to be gone: what is left leaves in that month, so that the mass closes."""
_LONGEST_MONTHS: Final = 12_000


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """How long products last and what becomes of them; nothing in it changes from month to month.

    Axes: product (a use of a good in a region), kind (products with one lifetime), month (0 is the month before the
    first). A product stays where its maker bought the material.
    """

    use_row: Integers
    """(product,) the network's use row."""
    kind: Integers
    """(product,) place on the axis of kinds."""
    leaving_share: Floats
    """(month, kind) part of what enters use in month 0 that leaves in each later month."""
    legacy_outflow_ratio: Floats
    """(month, kind) what leaves in each month of all that was sold up to month 0, over the base month's sales."""
    legacy_stock_ratio: Floats
    """(month, kind) what is still in use of it at the month's end, over the base month's sales."""
    base_inflow_t: Floats
    """(product,) [t/month]."""
    collection_share: Floats
    """(product,)."""
    recovery_share: Floats
    """(product,)."""


@dataclass(frozen=True, slots=True, eq=False)
class ProductState:
    """Products in use at the end of the months so far, the first of them month 1."""

    inflow_t: Floats
    """(month, product) what entered use [t/month]."""
    outflow_t: Floats
    """(month, product) what left it [t/month]."""


def products_of(network: Network, dataset: Dataset, *, months: int, history_growth_share: float) -> Products:
    """Products made of the goods of a network that end uses take, as at the end of the base year.

    Weibull lifetimes, collection and recovery are the dataset's, by good and use.

    Args:
        network: balanced base year.
        dataset: the reference dataset.
        months: months of the path.
        history_growth_share: growth a year of sales before the base year; 0 is a steady history, in which as much
            leaves use as enters it and recyclers stay at their base output while users buy as in the base year.
    """
    rows: list[int] = []
    kinds: list[int] = []
    lives: list[tuple[float, float, float, float]] = []
    for good, name in enumerate(network.goods):
        taken = np.flatnonzero((network.use_good == good) & (network.base_use_t > 0.0))
        taken = np.array([row for row in taken if network.uses[network.use_sector[row]] != DISPOSAL], dtype=np.int64)
        uses = tuple(sorted({network.uses[sector] for sector in network.use_sector[taken]}))
        found = _lives(dataset, name, uses, until=network.base_year)
        if found is None:
            continue
        place = {use: len(lives) + step for step, use in enumerate(uses)}
        rows += taken.tolist()
        kinds += [place[network.uses[network.use_sector[row]]] for row in taken]
        lives += found
    shape, scale, collection, recovery = np.array(lives, dtype=np.float64).reshape(-1, 4).T
    kind = np.array(kinds, dtype=np.int64)
    return make_products(
        WeibullLifetime(shape=shape, scale_years=scale) if len(shape) else None,
        use_row=np.array(rows, dtype=np.int64),
        kind=kind,
        base_inflow_t=network.base_use_t[rows],
        collection_share=collection[kind],
        recovery_share=recovery[kind],
        months=months,
        history_growth_share=history_growth_share,
    )


def make_products(
    lifetime: Lifetime | None,
    *,
    use_row: Integers,
    kind: Integers,
    base_inflow_t: Floats,
    collection_share: Floats,
    recovery_share: Floats,
    months: int,
    history_growth_share: float,
) -> Products:
    """Products of stated lives; equations (7.50) to (7.52) of docs/theory/plants.md.

    Args:
        lifetime: law of each kind, its parameters (kind,); None where there are no products.
        use_row, kind, base_inflow_t, collection_share, recovery_share: (product,), as in `Products`.
        months: months of the path.
        history_growth_share: growth a year of sales before month 0.

    Raises:
        InputError: there is no month, or the growth is below -0.1 or above 10.
    """
    if months < 1:
        raise InputError(Problem(f"a path of {months} months", allowed="1 or more"))
    if not -0.1 <= history_growth_share <= 10.0:
        raise InputError(Problem(f"growth of {history_growth_share:g} a year", allowed="-0.1 to 10"))
    kinds = 0 if lifetime is None else int(lifetime.shape_of_parameters[0])
    shape = (months + 1, kinds)
    leaving, outflow, stock = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    if lifetime is not None:
        survival = _survival_by_month(lifetime, months)
        left = np.diff(survival, axis=0, prepend=survival[:1])
        growth = (1.0 + history_growth_share) ** (1.0 / 12.0)
        leaving = -left[: months + 1]
        outflow = _legacy(-left, growth)[: months + 1]
        stock = _legacy(survival, growth)[: months + 1]
    return Products(
        use_row=use_row,
        kind=kind,
        leaving_share=leaving,
        legacy_outflow_ratio=outflow,
        legacy_stock_ratio=stock,
        base_inflow_t=base_inflow_t,
        collection_share=collection_share,
        recovery_share=recovery_share,
    )


def first_products(products: Products) -> ProductState:
    """No month has passed."""
    none = np.zeros((0, products.kind.size))
    return ProductState(inflow_t=none, outflow_t=none)


def step_products(state: ProductState, products: Products, *, use_t: Floats) -> ProductState:
    """Products a month later: what users took enters, what has worn out leaves.

    Equation (7.53) of docs/theory/plants.md.

    Args:
        state: after the months so far.
        products: their lives.
        use_t: (use_row,) what each use took in the month [t/month].

    Raises:
        ShapeError: the use rows do not match, or the path is longer than the products were made for.
    """
    month = len(state.inflow_t) + 1
    if products.use_row.size and use_t.shape[0] <= products.use_row.max():
        raise ShapeError(Problem(f"use_t of shape {use_t.shape}", allowed="(use_row,) of the network"))
    if month >= len(products.leaving_share):
        what = f"month {month} of products made for {len(products.leaving_share) - 1} months"
        raise ShapeError(Problem(what, hint="give `products_of` the months of the path"))
    entered = use_t[products.use_row]
    left = products.base_inflow_t * products.legacy_outflow_ratio[month, products.kind]
    if month > 1:
        left = left + np.einsum("mp,mp->p", products.leaving_share[month - 1 : 0 : -1, products.kind], state.inflow_t)
    return ProductState(
        inflow_t=np.concatenate([state.inflow_t, entered[None, :]]),
        outflow_t=np.concatenate([state.outflow_t, left[None, :]]),
    )


def stock_t(state: ProductState, products: Products) -> Floats:
    """In use at the end of the last month [t], (product,), summed over cohorts: equation (7.54)."""
    months = len(state.inflow_t)
    legacy = products.base_inflow_t * products.legacy_stock_ratio[months, products.kind]
    stays = 1.0 - np.cumsum(products.leaving_share, axis=0)
    return np.asarray(legacy + np.einsum("mp,mp->p", stays[:months][::-1, products.kind], state.inflow_t))


def scrap(state: ProductState, products: Products) -> Scrap:
    """What left use, was collected and comes back, (month, product) [t/month]."""
    return scrap_of(state.outflow_t, collection_share=products.collection_share, recovery_share=products.recovery_share)


def recycling_ratio(
    state: ProductState, products: Products, network: Network, *, process_names: Sequence[str] | None = None
) -> Floats:
    """Capacity of each process that scrap allows next month, (process,): equation (7.55); 1 but for recyclers.

    Recyclers of the base year follow what is recovered in their region over the first month's; those that a
    scenario adds, sized on base use, follow what leaves use over base use.

    Args:
        state: after the month.
        products: their lives.
        network: with the scenario's processes appended.
        process_names: (process,) names, the network's kinds where None.
    """
    ratio = np.ones(len(network.process_kind))
    if not len(state.outflow_t) or not products.kind.size:
        return ratio
    names = network.process_kind if process_names is None else process_names
    good, region = network.use_good[products.use_row], network.use_region[products.use_row]
    weight = products.collection_share * products.recovery_share
    for process, name in enumerate(names):
        if not name.startswith(SCRAP_PREFIX):
            continue
        here = (good == network.process_main_good[process]) & (region == network.process_region[process])
        now, then = _scrap_of_process(
            state, products, here, weight, name=name, runs=bool(network.base_output_t[process] > 0.0)
        )
        ratio[process] = now / then if then > 0.0 else 1.0
    return ratio


def _scrap_of_process(
    state: ProductState, products: Products, here: Flags, weight: Floats, *, name: str, runs: bool
) -> tuple[float, float]:
    """Scrap for a recycler in the last month, and that its capacity is stated for."""
    base_t = float(products.base_inflow_t[here].sum())
    if name.startswith(NEW_SCRAP_KINDS):
        return float(state.inflow_t[-1, here].sum()), base_t
    if not runs:
        return float(state.outflow_t[-1, here].sum()), base_t
    return float(state.outflow_t[-1, here] @ weight[here]), float(state.outflow_t[0, here] @ weight[here])


def _lives(
    dataset: Dataset, good: str, uses: tuple[str, ...], *, until: int
) -> list[tuple[float, float, float, float]] | None:
    """Weibull shape and scale [years], collection and recovery of a good in each use; None without rows."""
    if not uses:
        return None
    try:
        lives = product_lives(dataset, good, uses, until=until)
    except DatasetError:
        return None
    shape, scale = lives.lifetime.parameters()
    return list(zip(shape, scale, lives.collection_share, lives.recovery_share, strict=True))


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
