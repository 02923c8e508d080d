"""Figures: one printed figure of the Summaries with everything its table says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TableKind = Literal["world", "salient", "import sources"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure, whatever the layout of its file."""

    line: int
    edition: int
    """Year of the Summaries that print it."""
    chapter: str
    """As the file spells it."""
    table: TableKind
    statistic: str
    """The table's own words: `Prod: Mine production` in world tables, the detail or the column's name elsewhere."""
    unit: str
    place: str
    """Country as printed."""
    period: str
    printed: str
    locator: str
    estimated: bool = False
    remarks: tuple[str, ...] = ()
