"""The first run: the cache on disk, and what another version left in it."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

from derisk.market.compiled import _load_or_forget, is_cached
from derisk.market.first_run import compile_kernels, compile_rest, needs_compiling


def _raise(error: Exception) -> dict[object, object]:
    raise error


def test_nothing_is_left_to_compile_afterwards() -> None:
    compile_kernels()
    compile_rest()
    assert not needs_compiling()


def test_an_index_of_another_version_counts_as_none() -> None:
    for error in (AttributeError("gone"), ModuleNotFoundError("gone"), EOFError(), pickle.UnpicklingError("cut")):
        assert _load_or_forget(lambda error=error: _raise(error)) == {}
    assert _load_or_forget(lambda: {"signature": "code"}) == {"signature": "code"}


def test_a_function_without_a_cache_is_not_cached() -> None:
    assert not is_cached(lambda: None)
    assert not is_cached(SimpleNamespace(_cache=SimpleNamespace()))  # type: ignore[arg-type]
