"""Triangular distribution: lowest, likeliest, highest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile, refuse

FORM: Final = "triangular: [low, mode, high] with low <= mode <= high"


@final
@dataclass(frozen=True, slots=True)
class Triangular(Distribution):
    """A range with a likeliest value; low = mode = high is a certain number."""

    low_value: float
    mode: float
    high_value: float

    def __post_init__(self) -> None:
        values = check_parameters("triangular", FORM, (self.low_value, self.mode, self.high_value), 3)
        if not values[0] <= values[1] <= values[2]:
            raise refuse("triangular", f"{list(values)} is not in rising order", FORM)

    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution."""
        return triangular_quantile(check_quantile(quantile), self.low_value, self.mode, self.high_value)

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"triangular": [self.low_value, self.mode, self.high_value]}


def triangular_quantile(quantile: float, low: float, mode: float, high: float) -> float:
    """Inverse cumulative distribution of the triangular law, for low <= mode <= high."""
    width = high - low
    if width <= 0.0:
        return mode
    split = (mode - low) / width
    if quantile <= split:
        return low + math.sqrt(quantile * width * (mode - low))
    return high - math.sqrt((1.0 - quantile) * width * (high - mode))
