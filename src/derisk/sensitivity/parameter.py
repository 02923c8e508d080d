"""Parameter: one assumption an analyst can change, its range, and the realised scenario at any value of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from derisk.scenario import Realisation

NO_RANGE_SHARE = 0.1
"""An assumption without a range is moved by this share of its value either way."""
NO_RANGE_NOTE = "no range stated: ten per cent either way"
JUMPS_NOTE = "decides when a measure acts: no derivative"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An assumption with a low and a high value."""

    words: str
    """What it is, as a reader sees it."""
    kind: str
    """A field of the dataset, a kind of measure and its key with a dot between, or a rule's name."""
    good: str
    use: str
    region: str
    base: float
    low: float
    high: float
    status: str
    row_ids: tuple[str, ...]
    """Rows of the dataset behind it; for a measure's number its key in the scenario."""
    note: str
    held: Callable[[float], Realisation]
    """The realised scenario at a value, the base year's tonnes held; what derivatives are taken along."""
    anew: Callable[[float], Realisation]
    """The realised scenario at a value as a run with that value meets it."""
    jumps: bool = False
    """Whether there is no derivative: the outcome jumps as it changes, or no month alone knows it."""
    global_name: str = ""
    """Name among the path's global parameters, where it is one of them."""

    def given(self, value: float) -> dict[str, float]:
        """The path's global parameters that differ from the table's at a value, by name."""
        return {self.global_name: value} if self.global_name else {}

    @property
    def step(self) -> float:
        """A change so small that what lies between is straight, towards the longer side of the range; 0 without one."""
        size = 1e-6 * max(abs(self.base), self.high - self.low)
        return size if self.high - self.base >= self.base - self.low else -size


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high value of an assumption, and the note on where they come from."""

    low: float
    high: float
    note: str = ""


def range_around(
    base: float, low: float | None, high: float | None, *, least: float | None, most: float | None
) -> Range:
    """The stated range; ten per cent either way, within bounds, where none is stated.

    Args:
        base: the value.
        low: stated low end.
        high: stated high end.
        least: the least it can be.
        most: the most it can be.
    """
    stated_low, stated_high = base if low is None else low, base if high is None else high
    if stated_low < stated_high:
        return Range(min(stated_low, base), max(stated_high, base))
    reach = NO_RANGE_SHARE * abs(base)
    lowest = base - reach if least is None else max(base - reach, least)
    highest = base + reach if most is None else min(base + reach, most)
    return Range(lowest, highest, NO_RANGE_NOTE)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a parameter does to the outcome [million USD]; not a number where it was not, or could not be, computed."""

    parameter: Parameter
    first_order_low_musd: float
    """The outcome at the low value by the derivative at the base."""
    first_order_high_musd: float
    outcome_low_musd: float = math.nan
    """The outcome at the low value, solved."""
    outcome_high_musd: float = math.nan
    note: str = ""
    resolved: bool = False
    """Whether both ends were solved, with or without success."""

    def width_musd(self, outcome_musd: float) -> float:
        """From the least to the largest outcome over low, base and high: solved where known, else first order."""
        ends = (self.outcome_low_musd, self.outcome_high_musd)
        guesses = (self.first_order_low_musd, self.first_order_high_musd)
        known = [end if math.isfinite(end) else guess for end, guess in zip(ends, guesses, strict=True)]
        within = [outcome_musd, *(value for value in known if math.isfinite(value))]
        return max(within) - min(within)
