"""Compiled: how this room's kernels are compiled: no Python lock, cached on disk, nothing reordered, no own threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

_ROOM_STAMP = tuple(
    (path.name, path.stat().st_mtime, path.stat().st_size) for path in sorted(Path(__file__).parent.glob("*.py"))
)


def kernel(function: Function) -> Function:
    """Compile a function that Python calls, and other kernels too; a division by zero is infinite, as in NumPy."""
    compiled: Function = njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[assignment]
    return _stamped(compiled)


def inner(function: Function) -> Function:
    """Compile a function that only other kernels call: without a Python entry it compiles in half the time."""
    compiled: Function = njit(nogil=True, cache=True, no_cpython_wrapper=True, error_model="numpy")(function)  # type: ignore[call-overload]
    return _stamped(compiled)


def merged(function: Function) -> Function:
    """Make a large inner function part of its one caller, so that it is compiled once and not once for each."""
    compiled: Function = njit(nogil=True, inline="always", error_model="numpy")(function)  # type: ignore[assignment]
    return compiled


def lean(function: Function) -> Function:
    """Compile an inner function that makes no array: without the counting of references, an atomic write each.

    A product and a sum may be rounded once instead of twice; nothing is reordered, so the numbers of one machine are
    the same in every run.
    """
    compiled: Function = njit(  # type: ignore[call-overload]
        nogil=True, cache=True, no_cpython_wrapper=True, error_model="numpy", fastmath={"contract"}, _nrt=False
    )(function)
    return _stamped(compiled)


def is_cached(compiled: Callable[..., Any]) -> bool:
    """Whether the cache on disk has code of this room for a kernel; False where there is no such cache."""
    cache_file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if cache_file is None or not hasattr(cache_file, "_load_index"):
        return False
    return bool(cache_file._load_index())


def _stamped(compiled: Function) -> Function:
    """Tie the cached code to every file of this room.

    Numba compares the caller's own file alone, so a change to a function in another file would leave old code in use.
    """
    cache_file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if cache_file is not None and hasattr(cache_file, "_source_stamp"):
        cache_file._source_stamp = _ROOM_STAMP
        cache_file._load_index = partial(_load_or_forget, cache_file._load_index)
    return compiled


def _load_or_forget(load: Callable[[], dict[Any, Any]]) -> dict[Any, Any]:
    """What the cache on disk has for a kernel; nothing where another version left what this one cannot read."""
    try:
        return load()
    except (AttributeError, ImportError, EOFError, UnpicklingError, TypeError, ValueError):
        return {}
