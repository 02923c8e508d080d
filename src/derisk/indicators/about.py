"""About: what an indicator is called, which question it answers, by which formula, in which unit, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class About:
    """One indicator as the catalogue lists it."""

    name: str
    title: str
    question: str
    formula: str
    unit: str
    equation: str
    """Number in docs/theory/indicators.md."""
    worse: Literal["higher", "lower"]
    """Which way danger lies."""
    needs: tuple[str, ...]
    """Fields of the dataset, or `studies`, that it is made from."""
    source: str
    """The publication that defines it."""
