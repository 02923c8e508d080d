"""Shock: what differs from the base in one month: capacities, costs, caps, quotas, wedges, demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """Changes to the base; what is None stays as it was in the base.

    A quota is a tonnage over a set of links: `quota_index`, `quota_link` and `quota_weight` are parallel arrays, one
    entry for each link under a quota. With `quota_t` alone, of shape (link,), each finite entry is a quota of its own.
    """

    capacity_ratio: ArrayLike | None = None
    """(process,) plants there are, relative to the base; scales the whole supply curve (equation 6.9)."""
    flow_cap_t: ArrayLike | None = None
    """(link,) most a link may carry [t]; infinite where free, 0 where banned."""
    quota_t: ArrayLike | None = None
    """(quota,) or (link,) tonnage of each quota [t]; infinite where there is none; 0 is a ban."""
    quota_index: ArrayLike | None = None
    """(member,) which quota."""
    quota_link: ArrayLike | None = None
    """(member,) which link."""
    quota_weight: ArrayLike | None = None
    """(member,) quota tonnes for each tonne on the link; 1 if None."""
    wedge_usd_per_t: ArrayLike | None = None
    """(link,) change of the wedge between the two ends [USD/t]."""
    demand_ratio: ArrayLike | None = None
    """(use_row,) demand at base prices relative to the base."""
    cost_usd_per_t: ArrayLike | None = None
    """(process,) change of the cost of a tonne of main output; negative where it is paid for [USD/t]."""


class Changes(NamedTuple):
    """What a shock changes of links, processes and uses; fields as in `Shock`."""

    capacity_ratio: Floats
    flow_cap_t: Floats
    wedge_usd_per_t: Floats
    demand_ratio: Floats
    cost_usd_per_t: Floats


@dataclass(frozen=True, slots=True)
class CheckedShock:
    """A shock as full arrays that match the market; a ban by quota, and a quota on one link, are caps here."""

    capacity_ratio: Floats
    flow_cap_t: Floats
    wedge_usd_per_t: Floats
    demand_ratio: Floats
    cost_usd_per_t: Floats
    quota_t: Floats
    """(quota,)."""
    member_quota: Integers
    member_link: Integers
    member_weight: Floats
    shared: NDArray[np.bool_]
    """(quota,) true where the quota keeps a permit price of its own in the solve: several links, a positive tonnage."""

    @property
    def changes(self) -> Changes:
        """Its arrays of links, processes and uses."""
        return Changes(*(getattr(self, name) for name in Changes._fields))


def check_shock(shock: Shock, *, neutral_cap_t: Floats, processes: int, uses: int) -> CheckedShock:
    """Full arrays of a shock, or one ShapeError that names every problem.

    Args:
        shock: changes as given.
        neutral_cap_t: (link,) caps where the shock states none: infinite, or 0 on links closed in the base.
        processes: number of processes.
        uses: number of use rows.

    Raises:
        ShapeError: an array has the wrong shape, or a value that is negative, not a number, or out of range.
    """
    problems: list[Problem] = []
    capacity = _full(shock.capacity_ratio, "capacity_ratio", processes, "process", 1.0, problems)
    links = neutral_cap_t.size
    cap = neutral_cap_t
    if shock.flow_cap_t is not None:
        cap = _full(shock.flow_cap_t, "flow_cap_t", links, "link", np.inf, problems, infinite=True)
    wedge = _full(shock.wedge_usd_per_t, "wedge_usd_per_t", links, "link", 0.0, problems, signed=True)
    ratio = _full(shock.demand_ratio, "demand_ratio", uses, "use_row", 1.0, problems)
    cost = _full(shock.cost_usd_per_t, "cost_usd_per_t", processes, "process", 0.0, problems, signed=True)
    quota, index, link, weight = _quotas(shock, links, problems)
    if problems:
        raise ShapeError(*problems)
    size = np.bincount(index, minlength=quota.size)
    finite = np.isfinite(quota)
    shared = finite & (quota > 0.0) & (size > 1)
    as_cap = finite[index] & ~shared[index] & (weight > 0.0)
    if as_cap.any():
        cap = cap.copy()
        np.minimum.at(cap, link[as_cap], quota[index[as_cap]] / weight[as_cap])
    return CheckedShock(capacity, cap, wedge, ratio, cost, quota, index, link, weight, shared)


def _full(
    given: ArrayLike | None,
    name: str,
    size: int,
    axis: str,
    neutral: float,
    problems: list[Problem],
    *,
    signed: bool = False,
    infinite: bool = False,
) -> Floats:
    """The array as float64 of its full size; problems are added to the list."""
    if given is None:
        return np.full(size, neutral)
    values = np.asarray(given, dtype=np.float64)
    where = f"Shock.{name}"
    if values.shape != (size,):
        problems.append(
            Problem(
                f"{name} has shape {values.shape}", where, f"shape ({size},), the axis ({axis},)", "None means base"
            )
        )
        return np.full(size, neutral)
    if not _in_range(values, signed=signed, infinite=infinite):
        bad = np.isnan(values)
        if not signed:
            bad |= values < 0.0
        if not infinite:
            bad |= np.isinf(values)
        first = int(np.argmax(bad))
        allowed = "finite numbers" if signed else "numbers from 0 up" + (", infinite where free" if infinite else "")
        problems.append(
            Problem(f"{name} is {values[first]} at index {first}", where, allowed, f"{int(bad.sum())} entries like it")
        )
    return np.require(values, requirements=["C", "W"])


def _in_range(values: Floats, *, signed: bool, infinite: bool) -> bool:
    """Whether no value is missing, negative or infinite where it may not be: two passes and no array in between."""
    low, high = values.min(initial=0.0), values.max(initial=0.0)
    missing, endless = np.isnan(low), np.isinf(low) or np.isinf(high)
    return not bool(missing or (endless and not infinite) or (low < 0.0 and not signed))


def _quotas(shock: Shock, links: int, problems: list[Problem]) -> tuple[Floats, Integers, Integers, Floats]:
    """Quota tonnages and the members as parallel arrays."""
    nothing = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    members = [shock.quota_index, shock.quota_link]
    if shock.quota_t is None:
        if any(m is not None for m in members):
            problems.append(Problem("quota members without quota_t", "Shock.quota_index", "quota_t (quota,)"))
        return nothing
    quota = np.asarray(shock.quota_t, dtype=np.float64)
    if quota.ndim != 1 or np.isnan(quota).any() or (quota < 0.0).any():
        problems.append(Problem("quota_t is wrong", "Shock.quota_t", "one axis (quota,), numbers from 0 up"))
        return nothing
    if all(m is None for m in members):
        if quota.shape != (links,):
            problems.append(
                Problem(
                    f"quota_t has shape {quota.shape} and no members",
                    "Shock.quota_t",
                    f"shape ({links},), the axis (link,), or quota_index and quota_link beside it",
                )
            )
            return nothing
        link = np.flatnonzero(np.isfinite(quota))
        return quota, link, link.copy(), np.ones(link.size)
    if any(m is None for m in members):
        problems.append(Problem("one of quota_index, quota_link is None", "Shock.quota_index", "both, of one length"))
        return nothing
    index = np.asarray(shock.quota_index, dtype=np.int64)
    link = np.asarray(shock.quota_link, dtype=np.int64)
    weight = np.ones(index.shape) if shock.quota_weight is None else np.asarray(shock.quota_weight, dtype=np.float64)
    shapes = {index.shape, link.shape, weight.shape}
    if len(shapes) != 1 or index.ndim != 1:
        problems.append(
            Problem(f"quota members have shapes {sorted(shapes)}", "Shock.quota_link", "one axis (member,)")
        )
        return nothing
    for name, values, top in (("quota_index", index, quota.size), ("quota_link", link, links)):
        if values.size and (values.min() < 0 or values.max() >= top):
            problems.append(Problem(f"{name} is out of range", f"Shock.{name}", f"whole numbers from 0 to {top - 1}"))
            return nothing
    if not np.isfinite(weight).all() or (weight < 0.0).any():
        problems.append(Problem("quota_weight is wrong", "Shock.quota_weight", "finite numbers from 0 up"))
        return nothing
    order = np.lexsort((index, link))
    return quota, index[order], link[order], weight[order]
