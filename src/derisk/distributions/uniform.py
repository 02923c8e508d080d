"""Uniform distribution: anything from low to high, equally likely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile, refuse

FORM: Final = "uniform: [low, high] with low <= high"


@final
@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """A range without a likeliest value."""

    low_value: float
    high_value: float

    def __post_init__(self) -> None:
        low, high = check_parameters("uniform", FORM, (self.low_value, self.high_value), 2)
        if low > high:
            raise refuse("uniform", f"[{low:g}, {high:g}] is not in rising order", FORM)

    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution."""
        return self.low_value + check_quantile(quantile) * (self.high_value - self.low_value)

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"uniform": [self.low_value, self.high_value]}
