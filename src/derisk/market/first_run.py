"""First run: the kernels compiled by two processes side by side, where the cache on disk lacks them."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from derisk.market.answer import Answer
from derisk.market.attempts import PATIENCES
from derisk.market.compiled import is_cached
from derisk.market.enter import enter_pieces
from derisk.market.handles import addresses
from derisk.market.market import Market
from derisk.market.prices import first_prices
from derisk.market.restrict import moves, quotas_of
from derisk.market.shock import Shock
from derisk.market.solve import Found, solve_pieces
from derisk.market.synthetic import synthetic_network

TOLERANCE = 1e-10


def needs_compiling() -> bool:
    """Whether a solve would compile first, which takes most of a minute."""
    return not (is_cached(solve_pieces) and is_cached(enter_pieces))


def compile_kernels() -> None:
    """Compile what a solve needs, once for each machine and version; nothing where the cache has it.

    The largest kernel is compiled here, the rest in a second process, which leaves it in the cache on disk. Where
    that process fails, or the cache cannot be written, the rest is compiled when it is first called.
    """
    if not needs_compiling():
        return
    code = "from derisk.market.first_run import compile_rest; compile_rest()"
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with _nothing_collected(), subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ), **quiet):
        market = _small_market()
        shock = market.checked(Shock())
        pieces = market.pieces(shock)
        handles, quotas = addresses([piece.handles for piece in pieces]), quotas_of(pieces, shock)
        first = first_prices(market.network, 0, None)
        solve_pieces(handles, shock.changes, quotas, first, True, TOLERANCE, PATIENCES[0])


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No collection of garbage meanwhile: a compiler makes millions of objects and drops hardly any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def compile_rest() -> None:
    """Compile all but the largest kernel, in a process of its own."""
    gc.disable()
    market = _small_market()
    shock = market.checked(Shock())
    pieces = market.pieces(shock)
    answer = Answer(market.network, shock)
    for piece in pieces:
        answer.rest(piece)
        moves(piece, shock)
    prices = np.concatenate([piece.component.node_price for piece in pieces])
    start = np.cumsum([0, *(piece.component.node_price.size for piece in pieces)])
    numbers, whole = np.zeros(len(pieces)), np.zeros(len(pieces), np.int64)
    found = Found(start, 0 * start, prices, 0.0 * prices, whole, numbers, whole, whole, numbers, np.zeros(0))
    handles, quotas = addresses([piece.handles for piece in pieces]), quotas_of(pieces, shock)
    enter_pieces(handles, quotas, found, answer.entries)


def _small_market() -> Market:
    """A market of three regions at its base."""
    return Market(**synthetic_network(1, regions=3, families=("single",)))
