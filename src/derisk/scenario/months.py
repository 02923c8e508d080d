"""Months as labels `YYYY-MM`, and their arithmetic."""

from __future__ import annotations

import re
from typing import Final

_LABEL: Final = re.compile(r"(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"((?:19|20|21)\d\d-(?:0[1-9]|1[0-2]))-(\d\d)")
_MIDDLE_DAY: Final = 15
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


def is_month(label: object) -> bool:
    """Whether `label` is a month written `YYYY-MM`."""
    return isinstance(label, str) and _LABEL.fullmatch(label) is not None


def month_meant(text: str) -> str:
    """The label of a month written otherwise, such as `Jan 2026`, `2026/1` or `2026-01-15`; '' if unclear."""
    if is_month(text[:7]):
        return text[:7]
    year = _YEAR.search(text)
    if not year:
        return ""
    rest = (text[: year.start()] + " " + text[year.end() :]).lower()
    words = re.findall(r"[a-z]{3,}", rest)
    numbers = _NUMBER.findall(rest)
    named = [at for at, name in enumerate(_NAMES, 1) if len(words) == 1 and name.startswith(words[0])]
    months = named if words else [int(number) for number in numbers if len(numbers) == 1]
    label = f"{year[0]}-{months[0]:02d}" if len(months) == 1 else ""
    return label if is_month(label) else ""


def nearest_month(text: str) -> str:
    """The label of the month whose first day is nearest to a day written `2026-01-20`; '' if it is no such day."""
    day = _DAY.fullmatch(text)
    if day is None or not 1 <= int(day[2]) <= 31:
        return ""
    return month_label(month_number(day[1]) + (int(day[2]) > _MIDDLE_DAY))


def month_number(label: str) -> int:
    """Months since year 0, so that differences count months."""
    return int(label[:4]) * 12 + int(label[5:7]) - 1


def month_label(number: int) -> str:
    """The label of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_from(start: str, count: int) -> tuple[str, ...]:
    """`count` labels from `start` on."""
    first = month_number(start)
    return tuple(month_label(first + step) for step in range(count))
