"""Order: the largest first, values that only rounding parts in the order of their words."""

from __future__ import annotations

_DIGITS = 6
"""A month is solved to some eight digits; machines and numbers of workers agree in these."""


def by_size(value: float, *words: str) -> tuple[float | str, ...]:
    """Key that sorts the largest value first, and values equal in six digits by the words given.

    Words come in the order good, region, use.
    """
    return -float(f"{value:.{_DIGITS - 1}e}"), *words
