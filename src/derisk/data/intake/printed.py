"""Printed: numbers, words and country names as publishers print them, read strictly, never guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from derisk.errors import InputError
from derisk.vocabulary.regions import country_code

FORMER_STATE: Final = "former state"
"""What `find_region` answers for a state that is no more: its figures belong to no country of today."""

_FORMER_STATES: Final = frozenset(
    {
        "soviet union", "ussr", "u.s.s.r.", "yugoslavia", "serbia and montenegro", "czechoslovakia",
        "german federal republic", "german democratic rep", "german democratic republic",
    }
)  # fmt: skip
_NUMBER: Final = re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_GROUPED: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


def find_number(cell: object) -> float | None:
    """The number a cell holds; None where it holds none, or a comma, which may part thousands or decimals."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    text = str(cell).strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def find_grouped_number(cell: object) -> float | None:
    """The number a cell holds, of a publisher who parts thousands with commas; None where it holds none."""
    if isinstance(cell, str) and _GROUPED.fullmatch(cell.strip()):
        return find_number(cell.replace(",", ""))
    return find_number(cell)


def find_slip(word: str, known: Iterable[str]) -> str:
    """The known word from which a word of four letters or more is one slip of the pen away; empty where none is.

    `Galium` is such a slip, and no commodity outside the vocabulary; `Erbium` beside `Terbium` is two away.
    """
    if len(word) < 4:
        return ""
    return next((other for other in known if other != word and _is_one_slip(word, other)), "")


def _is_one_slip(word: str, other: str) -> bool:
    """Whether one letter was added, left out or changed, or two neighbours swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, other)) if a != b), min(len(word), len(other)))
    rest, other_rest = word[start:], other[start:]
    return (
        rest[1:] == other_rest
        or rest == other_rest[1:]
        or rest[1:] == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


def find_region(name: str) -> str | None:
    """Code of a country, or `FORMER_STATE`; None where the name is unknown."""
    if " ".join(name.split()).casefold() in _FORMER_STATES:
        return FORMER_STATE
    try:
        return country_code(name)
    except InputError:
        return None


def shorten(number: float) -> str:
    """A number in ten significant digits, without an exponent where it can be helped."""
    return format(number, ",.10g").replace(",", "") if abs(number) < 1e10 else format(number, ".0f")
