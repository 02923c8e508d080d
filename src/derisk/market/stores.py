"""Stores: goods held on the delivered side and carried from one moment to the next (equations 6.29 to 6.32)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.component import Component, Place
from derisk.market.network_arrays import NetworkArrays

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where goods are held; several stores may stand at one good and region."""

    good: ArrayLike
    """(store,)."""
    region: ArrayLike
    """(store,)."""
    target_t: ArrayLike
    """(store,) stock carried from month to month in the base, positive [t]."""
    scale_usd_per_t: ArrayLike
    """(store,) expected rise of the price beyond the base's that moves the stock by its target, positive [USD/t]."""


@dataclass(frozen=True, slots=True)
class StoreArrays:
    """Stores, checked."""

    good: Integers
    region: Integers
    target_t: Floats
    scale: Floats

    @property
    def size(self) -> int:
        """Number of stores."""
        return int(self.good.size)


def check_stores(stores: Stores, net: NetworkArrays) -> StoreArrays:
    """The stores as arrays that match a network.

    Raises:
        ShapeError: shapes that differ, indices out of range, targets or scales that are not positive, or a store
            where its good is never delivered; all problems at once.
    """
    good, region = np.asarray(stores.good, dtype=np.int64), np.asarray(stores.region, dtype=np.int64)
    target, scale = (np.array(a, dtype=np.float64) for a in (stores.target_t, stores.scale_usd_per_t))
    problems = []
    if good.ndim != 1 or {good.shape} != {region.shape, target.shape, scale.shape}:
        shapes = [good.shape, region.shape, target.shape, scale.shape]
        raise ShapeError(Problem(f"stores have shapes {shapes}", "Stores", "one axis (store,)"))
    for name, values, top in (("good", good, net.goods), ("region", region, net.regions)):
        if values.size and (values.min() < 0 or values.max() >= top):
            problems.append(Problem(f"{name} is out of range", f"Stores.{name}", f"whole numbers from 0 to {top - 1}"))
    for name, numbers in (("target_t", target), ("scale_usd_per_t", scale)):
        if not (np.isfinite(numbers) & (numbers > 0.0)).all():
            problems.append(
                Problem(f"{name} is not positive", f"Stores.{name}", "positive numbers", "leave out what holds nothing")
            )
    if problems:
        raise ShapeError(*problems)
    absent = np.flatnonzero(~_delivered(net)[good, region])
    if absent.size:
        first = int(absent[0])
        what = f"store {first} holds good {good[first]} in region {region[first]}, where it is never delivered"
        raise ShapeError(Problem(what, "Stores", "a good and region with a link, an input or a use"))
    return StoreArrays(good, region, target, scale)


def _delivered(net: NetworkArrays) -> NDArray[np.bool_]:
    """(good, region) true where a link, an input of a process or a use makes a delivered node."""
    present = np.zeros((net.goods, net.regions), dtype=bool)
    links = net.link_weight_t > 0.0
    present[net.link_good[links], net.destination[links]] = True
    present[net.use_good, net.use_region] = True
    process, good = np.nonzero(net.process_good_matrix < 0.0)
    present[good, net.process_region[process]] = True
    return present


def add_stores(
    component: Component, place: Place, net: NetworkArrays, stores: StoreArrays, parent: Integers
) -> tuple[Component, Place]:
    """A component of several moments with its openings and stores as further processes, which the network already has.

    An opening is a host that delivers this month; a store takes in from its moment's delivered node and gives to those
    of every child.

    Args:
        component: the months, without stores.
        place: where its entries stand in `net`.
        net: the months; its last processes are the openings, then the stores of each moment.
        stores: all stores.
        parent: (moment,) the tree.
    """
    count, regions = parent.size, net.regions // parent.size
    held = np.flatnonzero(np.isin(stores.good, place.node_good))
    first = net.processes - stores.size * (count + 1)
    node_of = np.full((net.goods, net.regions), -1)
    sides = slice(component.producers, None)
    node_of[place.node_good[sides], place.node_region[sides]] = np.arange(component.producers, place.node_good.size)
    nodes = node_of[stores.good[held], stores.region[held] + regions * np.arange(count)[:, None]]
    children = [np.flatnonzero(parent == moment) for moment in range(count)]
    touched = [nodes[0], *(nodes[[moment, *after]].T.ravel() for moment, after in enumerate(children))]
    signs = [np.ones(held.size), *(np.tile([-1.0] + [1.0] * after.size, held.size) for after in children)]
    size = np.repeat([1, *(1 + after.size for after in children)], held.size)
    numbers = (first + held + stores.size * np.arange(count + 1)[:, None]).ravel()
    more = {
        "process_start": component.process_start[-1] + np.cumsum(size),
        "process_node": np.concatenate(touched).astype(np.int64, copy=False),
        "process_tonnes": np.concatenate(signs),
        "process_kind": net.process_kind[numbers],
        "process_base_t": net.base_output_t[numbers],
        "process_capacity_t": net.capacity_t[numbers],
        "process_scale": net.margin_scale[numbers],
        "process_steepness": net.steepness[numbers],
        "process_margin": net.base_margin[numbers],
    }
    joined: dict[str, Any] = {name: np.concatenate([getattr(component, name), values]) for name, values in more.items()}
    first_store = component.process_kind.size + held.size
    return component._replace(**joined, parent=parent, first_store=first_store), Place(
        node_good=place.node_good,
        node_region=place.node_region,
        links=place.links,
        processes=np.concatenate([place.processes, numbers]),
        uses=place.uses,
        base_flow_t=place.base_flow_t,
        base_wedge=place.base_wedge,
        base_run_t=np.concatenate([place.base_run_t, net.base_output_t[numbers]]),
    )
