"""Months as labels `YYYY-MM`, and their arithmetic."""

from __future__ import annotations

import re
from typing import Final

_LABEL: Final = re.compile(r"(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])")


def is_month(label: object) -> bool:
    """Whether `label` is a month written `YYYY-MM`."""
    return isinstance(label, str) and _LABEL.fullmatch(label) is not None


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
