"""Values: the cells of the Summaries read: numbers, bounds, ranges, and the words that stand in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from derisk.data.intake.printed import find_grouped_number

Kind = Literal["number", "at_least", "at_most", "range", "withheld", "net_exporter", "elsewhere", "blank", "word"]

_ZERO: Final = frozenset({"—", "–", "--", "-", "―"})
_WITHHELD: Final = {"w": "withheld", "na": "not available", "n/a": "not available"}
_LESS_THAN_HALF: Final = re.compile(r"s|less than (½|1/2|one-half|a half)[ -]*unit\.?", re.IGNORECASE)
_RANGE: Final = re.compile(r"([\d,.]+)\s*[–-]\s*([\d,.]+)")
_ELSEWHERE: Final = re.compile(r"included (with|in)\b.*", re.IGNORECASE)
_WORDS: Final = frozenset({"xx", "small", "large", "moderate", "very small"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says, in the printed unit.

    `number` is the figure, the bound, or the middle of a range; None where no number is printed.
    """

    kind: Kind
    number: float | None = None
    low: float | None = None
    high: float | None = None
    estimated: bool = False
    remark: str = ""


def read_value(printed: str) -> Reading | None:
    """What a cell says; None where it cannot be understood."""
    text = printed.strip().replace("−", "-").removesuffix("%").strip()
    word = text.casefold()
    if not text:
        return Reading("blank")
    if text in _ZERO:
        return Reading("number", 0.0)
    if word in _WITHHELD:
        return Reading("withheld", remark=f"printed {text}: {_WITHHELD[word]}")
    if text == "E":
        return Reading("net_exporter", remark="net exporter: below 0")
    if _LESS_THAN_HALF.fullmatch(text):
        return Reading("range", 0.0, 0.0, 0.5, remark="printed as less than half a unit")
    if _ELSEWHERE.fullmatch(text):
        return Reading("elsewhere")
    if word in _WORDS:
        return Reading("word")
    return _read_number(text)


def _read_number(text: str) -> Reading | None:
    between = _RANGE.fullmatch(text)
    if between is not None:
        low, high = find_grouped_number(between[1]), find_grouped_number(between[2])
        if low is None or high is None or low > high:
            return None
        return Reading("range", (low + high) / 2, low, high, estimated=True, remark="middle of the printed range")
    if text[0] in "<>":
        number = find_grouped_number(text[1:])
        return None if number is None else Reading("at_least" if text[0] == ">" else "at_most", number)
    estimated = text.startswith("e") and text[1:2].isdigit()
    number = find_grouped_number(text[1:] if estimated else text)
    return None if number is None else Reading("number", number, estimated=estimated)
