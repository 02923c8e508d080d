"""Quantiles: where in its range each uncertain number lies in each draw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

Quantile = Callable[[str], float]
"""Gives the quantile in (0, 1) of the uncertain number with a key."""

CENTRAL_DRAW = 0
"""Draw 0 is the central case: every uncertain number at its central value."""


def quantiles_of_draw(*, seed: int, draw: int) -> Quantile | None:
    """The quantile of every uncertain number in one draw, or None in the central draw.

    Quantiles come from a hash of seed, draw and key: a number keeps its value whatever the order in
    which numbers are asked for, the count of workers, or other numbers added later.

    Args:
        seed: the study's seed.
        draw: number of the draw, from 0.
    """
    if draw == CENTRAL_DRAW:
        return None

    def quantile(key: str) -> float:
        digest = hashlib.blake2b(f"{seed}\x1f{draw}\x1f{key}".encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") + 0.5) / 2.0**64

    return quantile
