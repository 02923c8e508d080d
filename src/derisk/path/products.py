"""Products in use: what users buy month by month enters use, wears out, and comes back as scrap for recyclers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from derisk.errors import Problem, ShapeError
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.path.wear import Lives, Wear, product_rows
from derisk.stocks import Scrap, scrap_of
from derisk.vocabulary.processes import SCRAP_PREFIX

NEW_SCRAP_KINDS: Final = (f"{SCRAP_PREFIX}gallium",)
"""Recyclers of what manufacture loses, which follows the month's use and waits for no product to wear out."""


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """The products made of a network's goods; nothing in it changes from month to month.

    Axis: product (a use of a good in a region). A product stays where its maker bought the material.
    """

    wear: Wear
    use_row: Integers
    """(product,) the network's use row."""
    kind: Integers
    """(product,) place on the wear's axis of kinds."""
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


def products_of(network: Network, lives: Lives, wear: Wear) -> Products:
    """Products made of the goods of a network that end uses take, as at the end of the base year.

    Args:
        network: balanced base year.
        lives: `read_lives`.
        wear: `wear_of` the same lives.
    """
    place = {key: number for number, key in enumerate(lives)}
    rows, kinds = [], []
    for good, name in enumerate(network.goods):
        for row in product_rows(network, good):
            key = (name, network.uses[network.use_sector[row]])
            if key in place:
                rows.append(int(row))
                kinds.append(place[key])
    stated = list(lives.values())
    return Products(
        wear=wear,
        use_row=np.array(rows, dtype=np.int64),
        kind=np.array(kinds, dtype=np.int64),
        base_inflow_t=network.base_use_t[rows],
        collection_share=np.array([stated[at].collection_share for at in kinds]),
        recovery_share=np.array([stated[at].recovery_share for at in kinds]),
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
    if month >= len(products.wear.leaving_share):
        what = f"month {month} of products made for {len(products.wear.leaving_share) - 1} months"
        raise ShapeError(Problem(what, hint="give `wear_of` the months of the path"))
    entered = use_t[products.use_row]
    left = products.base_inflow_t * products.wear.legacy_outflow_ratio[month, products.kind]
    if month > 1:
        left = left + np.einsum(
            "mp,mp->p", products.wear.leaving_share[month - 1 : 0 : -1, products.kind], state.inflow_t
        )
    return ProductState(
        inflow_t=np.concatenate([state.inflow_t, entered[None, :]]),
        outflow_t=np.concatenate([state.outflow_t, left[None, :]]),
    )


def stock_t(state: ProductState, products: Products) -> Floats:
    """In use at the end of the last month [t], (product,), summed over cohorts: equation (7.54)."""
    months = len(state.inflow_t)
    legacy = products.base_inflow_t * products.wear.legacy_stock_ratio[months, products.kind]
    stays = 1.0 - np.cumsum(products.wear.leaving_share, axis=0)
    return np.asarray(legacy + np.einsum("mp,mp->p", stays[:months][::-1, products.kind], state.inflow_t))


def scrap(state: ProductState, products: Products) -> Scrap:
    """What left use, was collected and comes back, (month, product) [t/month]."""
    return scrap_of(state.outflow_t, collection_share=products.collection_share, recovery_share=products.recovery_share)


class Recyclers(NamedTuple):
    """Which plants turn products of a network's goods into metal again, and where; nothing changes with the months."""

    recycles: Flags
    """(process,)."""
    of_new_scrap: Flags
    """(process,)."""
    runs: Flags
    """(process,) with output in the base year."""
    node: Integers
    """(process,) good and region as one number."""
    held: Integers
    """(product,) good and region as one number."""
    nodes: int
    weight: Floats
    """(product,) share of what leaves use that comes back."""
    base_t: Floats
    """(process,) what enters use at its node in the base year [t/month]."""

    def at_process(self, tonnes: Floats) -> Floats:
        """Sum over the products at each process's node, (process,)."""
        return np.asarray(np.bincount(self.held, weights=tonnes, minlength=self.nodes)[self.node])


def recyclers_of(products: Products, network: Network) -> Recyclers:
    """The recyclers of a network with the scenario's processes appended."""
    regions = len(network.regions)
    found = Recyclers(
        recycles=np.array([name.startswith(SCRAP_PREFIX) for name in network.process_kind], dtype=np.bool_),
        of_new_scrap=np.array([name.startswith(NEW_SCRAP_KINDS) for name in network.process_kind], dtype=np.bool_),
        runs=network.base_output_t > 0.0,
        node=network.process_main_good * regions + network.process_region,
        held=network.use_good[products.use_row] * regions + network.use_region[products.use_row],
        nodes=regions * len(network.goods),
        weight=products.collection_share * products.recovery_share,
        base_t=np.zeros(0),
    )
    return found._replace(base_t=found.at_process(products.base_inflow_t))


def recycling_ratio(state: ProductState, recyclers: Recyclers) -> Floats:
    """Capacity of each process that scrap allows next month, (process,): equation (7.55); 1 but for recyclers.

    Recyclers of the base year follow what is recovered in their region over the first month's; those that a
    scenario adds, sized on base use, follow what leaves use over base use.

    Args:
        state: after the month.
        recyclers: of the network with the scenario's processes appended.
    """
    ratio = np.ones(recyclers.node.size)
    if not len(state.outflow_t) or not recyclers.held.size or not recyclers.recycles.any():
        return ratio
    here, weight, base = recyclers.at_process, recyclers.weight, recyclers.base_t
    now = np.where(recyclers.runs, here(state.outflow_t[-1] * weight), here(state.outflow_t[-1]))
    then = np.where(recyclers.runs, here(state.outflow_t[0] * weight), base)
    now = np.where(recyclers.of_new_scrap, here(state.inflow_t[-1]), now)
    full = np.where(recyclers.of_new_scrap, base, then)
    np.divide(now, full, out=ratio, where=recyclers.recycles & (then > 0.0) & (base > 0.0))
    return ratio
