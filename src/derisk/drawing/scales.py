"""Scales: from values to pixels, and the round values at which an axis is marked."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values to pixels, straight or by logarithm; values beyond the ends stay at the ends."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(at)
        share = (at - low) / (high - low) if high > low else 0.0
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, *, wanted: int = 5) -> list[float]:
    """Round values that divide a range into about so many parts, both ends inside the range."""
    if not high > low:
        return [low]
    step = _round_step((high - low) / wanted)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def ceiling(value: float, *, wanted: int = 4) -> float:
    """The round value at or above a value: where a straight axis ends."""
    if value <= 0.0:
        return 1.0
    step = _round_step(value / wanted)
    return math.ceil(value / step - 1e-9) * step


def _round_step(least: float) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of ten that is no shorter than a step but for a thousandth."""
    magnitude = 10.0 ** math.floor(math.log10(least))
    return next(m * magnitude for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * magnitude >= least * 0.999)


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2, 5 in each decade; only the decades where the range is wide."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    leading = (1.0, 2.0, 5.0) if math.log10(high / low) < 2.2 else (1.0,)
    values = [m * 10.0**d for d in decades for m in leading]
    return [v for v in values if low * 0.999 <= v <= high * 1.001]
