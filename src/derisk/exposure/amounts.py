"""Amounts: numbers and units as people write them in purchase lists, in tonnes and US dollars."""

from __future__ import annotations

import re
from typing import Final

from derisk.errors import InputError, Problem, nearest_word

TONNES: Final[dict[str, float]] = {
    "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "mt": 1.0, "metric ton": 1.0, "metric tons": 1.0, "metric tonnes": 1.0,
    "kg": 1e-3, "kgs": 1e-3, "kilogram": 1e-3, "kilograms": 1e-3, "g": 1e-6, "gram": 1e-6, "grams": 1e-6,
    "mg": 1e-9, "lb": 4.5359237e-4, "lbs": 4.5359237e-4, "pound": 4.5359237e-4, "pounds": 4.5359237e-4,
    "oz t": 3.11034768e-5, "troy ounce": 3.11034768e-5, "troy ounces": 3.11034768e-5,
    "short ton": 0.90718474, "short tons": 0.90718474, "kt": 1e3,
}  # fmt: skip
"""Tonnes in a unit of mass. `ton` alone is refused: it is three different masses."""
_SCALES: Final = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9}
_NUMBER: Final = re.compile(r"[-+]?\d[\d,.'\u00a0\u202f ]*(?:[eE][-+]?\d+)?")


def tonnes(quantity: str, unit: str) -> float:
    """A yearly mass in tonnes, from a number and its unit, or from one cell that holds both.

    Raises:
        InputError: no number, a negative one, no unit, or a unit that is no mass.
    """
    number, rest = _split(quantity)
    word = _plain(unit or rest)
    if word in TONNES:
        return number * TONNES[word]
    if not word:
        raise InputError(Problem("the quantity has no unit", allowed=_UNITS))
    hint = "write short ton or tonne" if word in ("ton", "tons") else nearest_word(word, tuple(TONNES))
    raise InputError(Problem(f"'{unit or rest}' is no unit of mass", allowed=_UNITS, hint=hint))


_UNITS: Final = "t, kg, g, mg, lb, troy ounce, short ton, kt"


def dollars(text: str) -> float:
    """A yearly value in US dollars.

    Raises:
        InputError: no number, a negative one, or another currency: nothing is converted.
    """
    bare = re.sub(r"US\$|USD|\$", "", text).strip()
    match = _NUMBER.search(bare)
    scale = _SCALES.get(_plain(bare[match.end() :])) if match and not _plain(bare[: match.start()]) else None
    if match and scale is None:
        raise InputError(Problem(f"'{text}' is no value in US dollars", allowed="USD", hint="convert it first"))
    return _split(bare)[0] * (scale or 1.0)


def _split(text: str) -> tuple[float, str]:
    """The number of a cell and what stands behind it."""
    match = _NUMBER.search(text)
    if not match or _plain(text[: match.start()]):
        raise InputError(Problem(f"'{text}' holds no number" if text else "no amount", allowed="a number from 0 up"))
    number = _number(match[0])
    if number < 0.0:
        raise InputError(Problem(f"'{text}' is negative", allowed="a number from 0 up"))
    return number, text[match.end() :].strip()


def _number(text: str) -> float:
    """A number with a point or a comma before its decimals, and any separator of thousands.

    A single separator before exactly three digits (`1,250` or `1.250`) would be either: a comma is read as thousands,
    a point as decimals. Behind a zero alone (`0,250`) stand decimals.
    """
    plain = re.sub(r"[\u00a0\u202f' ]", "", text).rstrip(",.")
    if "," in plain and "." in plain:
        decimal = max(",.", key=plain.rfind)
        plain = plain.replace("," if decimal == "." else ".", "").replace(",", ".")
    elif plain.count(",") > 1 or re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):
        plain = plain.replace(",", "")
    elif plain.count(".") > 1:
        plain = plain.replace(".", "")
    return float(plain.replace(",", "."))


def _plain(word: str) -> str:
    return " ".join(word.replace(".", "").replace("_", " ").casefold().split())
