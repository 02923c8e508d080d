"""Amounts: numbers and units as people write them in purchase lists, in tonnes and US dollars."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from derisk.errors import InputError, Problem, nearest_word

TONNES: Final[dict[str, float]] = {
    "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "mt": 1.0, "metric ton": 1.0, "metric tons": 1.0, "metric tonnes": 1.0,
    "kg": 1e-3, "kgs": 1e-3, "kilogram": 1e-3, "kilograms": 1e-3, "g": 1e-6, "gram": 1e-6, "grams": 1e-6,
    "mg": 1e-9, "lb": 4.5359237e-4, "lbs": 4.5359237e-4, "pound": 4.5359237e-4, "pounds": 4.5359237e-4,
    "oz t": 3.11034768e-5, "troy ounce": 3.11034768e-5, "troy ounces": 3.11034768e-5,
    "short ton": 0.90718474, "short tons": 0.90718474, "kt": 1e3,
    "to": 1.0, "tonnen": 1.0, "kilogramm": 1e-3, "gramm": 1e-6,
}  # fmt: skip
"""Tonnes in a unit of mass. `ton` alone is refused: it is three different masses."""
_NO_MASS: Final = (
    "pc", "pcs", "pce", "piece", "pieces", "ea", "each", "unit", "units", "set", "sets", "st", "stk", "stck", "stück",
    "m", "km", "m2", "m²", "m3", "m³", "l", "ml", "litre", "litres", "liter",
)  # fmt: skip
"""Units that count, or measure length or volume."""
_SCALES: Final = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9}
CURRENCIES: Final = (
    "EUR", "GBP", "JPY", "CNY", "KRW", "INR", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TWD", "CAD", "AUD",
)  # fmt: skip
_SIGNS: Final = {"€": " EUR ", "£": " GBP ", "RMB": " CNY "}
_NUMBER: Final = re.compile(r"[-+]?\d[\d,.'\u00a0\u202f ]*(?:[eE][-+]?\d+)?")


def tonnes(quantity: str, unit: str, *, decimal: str = "") -> float:
    """A yearly mass in tonnes, from a number and its unit, or from one cell that holds both.

    Args:
        decimal: the decimal sign of the list, '' where no cell of it tells.

    Raises:
        InputError: no number, a negative one, no unit, or a unit that is no mass.
    """
    number, rest = _split(quantity, decimal)
    word = _plain(unit or rest)
    if word in TONNES:
        return number * TONNES[word]
    if not word:
        raise InputError(Problem("the quantity has no unit", allowed=_UNITS))
    hint = "write short ton or tonne" if word in ("ton", "tons") else nearest_word(word, tuple(TONNES))
    hint = "state what they weigh, or the value" if word in _NO_MASS else hint
    raise InputError(Problem(f"'{unit or rest}' is no unit of mass", allowed=_UNITS, hint=hint))


_UNITS: Final = "t, kg, g, mg, lb, troy ounce, short ton, kt"


def dollars(text: str, *, decimal: str = "", usd_per: Mapping[str, float] | None = None) -> float:
    """A yearly value in US dollars.

    Args:
        decimal: the decimal sign of the list, '' where no cell of it tells.
        usd_per: dollars for one unit of other currencies, by their codes.

    Raises:
        InputError: no number, a negative one, or a currency without a rate.
    """
    rates = usd_per or {}
    currency, bare = _currency(text, {*CURRENCIES, *rates})
    if currency and currency not in rates:
        what = f"'{text}' is no value in US dollars"
        raise InputError(Problem(what, allowed="USD", hint=f"convert it, or give a rate: --rate {currency}=…"))
    bare = re.sub(r"US\$|USD|\$", "", bare).strip()
    match = _NUMBER.search(bare)
    scale = _SCALES.get(_plain(bare[match.end() :])) if match and not _plain(bare[: match.start()]) else None
    if match and scale is None:
        raise InputError(Problem(f"'{text}' is no value in US dollars", allowed="USD", hint="convert it first"))
    return _split(bare, decimal)[0] * (scale or 1.0) * (rates[currency] if currency else 1.0)


def _currency(text: str, codes: Collection[str]) -> tuple[str, str]:
    """The other currency that a cell names, '' for none, and the cell without it."""
    for sign, code in _SIGNS.items():
        text = text.replace(sign, code)
    named = re.search(rf"(?<![A-Za-z])({'|'.join(sorted(codes))})(?![A-Za-z])", text)
    return (named[1], text.replace(named[1], " ")) if named else ("", text)


def decimal_sign(cells: Iterable[str]) -> str:
    """The sign before decimals that the numbers of a list agree on; '' where none tells, or two disagree."""
    signs = {sign for cell in cells if (found := _NUMBER.search(cell)) and (sign := _told_sign(_bare(found[0])))}
    return signs.pop() if len(signs) == 1 else ""


def is_ambiguous(cell: str) -> bool:
    """Whether a number may be a thousand times another: `1.250`, `1,250`."""
    found = _NUMBER.search(cell)
    return bool(found and re.fullmatch(_EITHER, _bare(found[0])))


_EITHER: Final = r"[-+]?[1-9]\d{0,2}[.,]\d{3}"


def _told_sign(plain: str) -> str:
    """The decimal sign that one number shows; '' for a whole one, and for one separator before three digits."""
    used = [sign for sign in ",." if sign in plain]
    if len(used) == 2:
        return max(used, key=plain.rfind)
    if not used or re.fullmatch(_EITHER, plain):
        return ""
    return used[0] if plain.count(used[0]) == 1 else ",.".replace(used[0], "")


def _split(text: str, decimal: str) -> tuple[float, str]:
    """The number of a cell and what stands behind it."""
    match = _NUMBER.search(text)
    if not match or _plain(text[: match.start()]):
        raise InputError(Problem(f"'{text}' holds no number" if text else "no amount", allowed="a number from 0 up"))
    number = _number(_bare(match[0]), decimal)
    if number < 0.0:
        raise InputError(Problem(f"'{text}' is negative", allowed="a number from 0 up"))
    return number, text[match.end() :].strip()


def _bare(number: str) -> str:
    return re.sub(r"[\u00a0\u202f' ]", "", number).rstrip(",.")


def _number(plain: str, decimal: str) -> float:
    """A number with a point or a comma before its decimals, and any separator of thousands.

    A single separator before exactly three digits (`1,250` or `1.250`) would be either: it is read as the other
    numbers of the list are, where they tell; else a comma as thousands, a point as decimals. Behind a zero alone
    (`0,250`) stand decimals.
    """
    told = _told_sign(plain) or decimal or "."
    return float(plain.replace(",.".replace(told, ""), "").replace(told, "."))


def _plain(word: str) -> str:
    return " ".join(word.replace(".", "").replace("_", " ").casefold().split())
