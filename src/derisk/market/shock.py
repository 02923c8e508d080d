"""Shock: what differs from the base in one month: capacities, costs, caps, quotas, wedges, demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Members = tuple[Floats, Integers, Integers, Floats]
"""Tonnage of each quota; quota, link and weight of each member."""
Found = TypeVar("Found")


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


_AXES = {
    "capacity_ratio": "process",
    "flow_cap_t": "link",
    "wedge_usd_per_t": "link",
    "demand_ratio": "use_row",
    "cost_usd_per_t": "process",
}
_SIGNED = {"wedge_usd_per_t", "cost_usd_per_t"}


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


class Looked:
    """Arrays that were looked at already, so that shocks which share arrays cost one look at each."""

    def __init__(self) -> None:
        self._seen: dict[tuple[object, ...], tuple[tuple[object, ...], Any]] = {}

    def once(self, name: str, given: tuple[object, ...], look: Callable[[], Found]) -> Found:
        """What a look at some arrays finds; the arrays are kept, so that no other takes the place of one."""
        key = (name, *map(id, given))
        if key not in self._seen:
            self._seen[key] = given, look()
        found: Found = self._seen[key][1]
        return found


def check_shock(shock: Shock, neutral: Changes, looked: Looked | None = None) -> CheckedShock:
    """Full arrays of a shock, or one ShapeError that names every problem.

    Args:
        shock: changes as given.
        neutral: arrays of the same market that change nothing, for what the shock leaves out; caps of 0 on links
            that are closed in the base.
        looked: arrays of other shocks of the same market, none of them changed since; None where there are none.

    Raises:
        ShapeError: an array has the wrong shape, or a value that is negative, not a number, or out of range.
    """
    problems: list[Problem] = []
    known = Looked() if looked is None else looked

    def full(name: str, base: Floats) -> Floats:
        given = getattr(shock, name)
        if given is None:
            return base
        return known.once(name, (given,), lambda: _full(given, name, base, problems))

    changes = Changes(*(full(name, base) for name, base in neutral._asdict().items()))
    of_quotas = (shock.quota_t, shock.quota_index, shock.quota_link, shock.quota_weight)
    quotas = known.once("quotas", of_quotas, lambda: _split_quotas(*_quotas(shock, neutral.flow_cap_t.size, problems)))
    if problems:
        raise ShapeError(*problems)
    if quotas.cap_link.size:
        changes = changes._replace(flow_cap_t=changes.flow_cap_t.copy())
        np.minimum.at(changes.flow_cap_t, quotas.cap_link, quotas.cap_t)
    return CheckedShock(*changes, *quotas.members, quotas.shared)


class _Split(NamedTuple):
    """Quotas that keep a permit price of their own, and those that are caps."""

    members: Members
    shared: NDArray[np.bool_]
    """(quota,) as in `CheckedShock`."""
    cap_link: Integers
    """(cap,)."""
    cap_t: Floats
    """(cap,) [t]."""


def _split_quotas(quota: Floats, index: Integers, link: Integers, weight: Floats) -> _Split:
    """Bans and quotas on one link as caps."""
    if not quota.size:
        return _Split((quota, index, link, weight), np.zeros(0, np.bool_), np.zeros(0, np.int64), np.zeros(0))
    finite = np.isfinite(quota)
    shared = finite & (quota > 0.0) & (np.bincount(index, minlength=quota.size) > 1)
    as_cap = finite[index] & ~shared[index] & (weight > 0.0)
    return _Split((quota, index, link, weight), shared, link[as_cap], quota[index[as_cap]] / weight[as_cap])


def _full(given: ArrayLike, name: str, base: Floats, problems: list[Problem]) -> Floats:
    """The array as float64 of the size of the neutral one, which stands in for it where it has problems."""
    values = np.asarray(given, dtype=np.float64)
    axis, signed, infinite = _AXES[name], name in _SIGNED, name == "flow_cap_t"
    where = f"Shock.{name}"
    if values.shape != base.shape:
        allowed = f"shape {base.shape}, the axis ({axis},)"
        problems.append(Problem(f"{name} has shape {values.shape}", where, allowed, "None means base"))
        return base
    if not _in_range(values, signed=signed, infinite=infinite):
        bad = np.isnan(values)
        if not signed:
            bad |= values < 0.0
        if not infinite:
            bad |= np.isinf(values)
        first = int(np.argmax(bad))
        allowed = "finite numbers" if signed else "numbers from 0 up" + (", infinite where free" if infinite else "")
        problems.append(
            Problem(f"{name} is {values[first]} at index {first}", where, allowed, f"entries like it: {int(bad.sum())}")
        )
    return values if values.flags.carray else np.require(values, requirements=["C", "W"])


def _in_range(values: Floats, *, signed: bool, infinite: bool) -> bool:
    """Whether no value is missing, negative or infinite where it may not be: no array in between."""
    low = float(np.minimum.reduce(values, initial=0.0))  # not a number where one is missing
    if not (-np.inf < low if signed else low >= 0.0):
        return False
    return infinite or float(np.maximum.reduce(values, initial=0.0)) < np.inf


def _quotas(shock: Shock, links: int, problems: list[Problem]) -> Members:
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
