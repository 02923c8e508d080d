"""First run: the kernels compiled by two processes side by side, where the cache on disk lacks them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np

from derisk.market.answer import Answer
from derisk.market.attempts import PATIENCES
from derisk.market.compiled import is_cached
from derisk.market.enter import Seats, conclude
from derisk.market.market import Market
from derisk.market.newton import solve_component
from derisk.market.potential import look
from derisk.market.restrict import Part, Piece, restrict
from derisk.market.shock import Shock
from derisk.market.synthetic import synthetic_network

TOLERANCE = 1e-10


def needs_compiling() -> bool:
    """Whether a solve would compile first, which takes most of a minute."""
    return not (is_cached(solve_component) and is_cached(conclude))


def compile_kernels() -> None:
    """Compile what a solve needs, once for each machine and version; nothing where the cache has it.

    The largest kernel is compiled here, the rest in a second process, which leaves it in the cache on disk. Where
    that process fails, or the cache cannot be written, the rest is compiled when it is first called.
    """
    if not needs_compiling():
        return
    code = "from derisk.market.first_run import compile_rest; compile_rest()"
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ), **quiet):
        _, piece, part = _small_market()
        solve_component(piece.component, part.terms, piece.component.node_price, TOLERANCE, PATIENCES[0])


def compile_rest() -> None:
    """Compile all but the largest kernel."""
    market, piece, part = _small_market()
    component, place, terms = piece.component, piece.place, part.terms
    price = component.node_price.copy()
    value, state = look(component, terms, price)
    seats = Seats(place.node_good, place.node_region, place.links, place.processes, place.uses, part.quotas)
    answer = Answer(market.network, market.checked(Shock()))
    conclude(component, terms, seats, answer.entries, price, state, np.zeros(price.size), 0.0, value)
    answer.rest(piece)


def _small_market() -> tuple[Market, Piece, Part]:
    """A market of three regions at its base."""
    market = Market(**synthetic_network(1, regions=3, families=("single",)))
    shock = market.checked(Shock())
    piece = market.pieces(shock)[0]
    return market, piece, restrict(market.network, piece, shock)
