"""Lognormal distribution, cut at four standard deviations of the logarithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile, refuse
from derisk.distributions.normal import cut_normal_quantile

FORM: Final = "lognormal: [median, sigma] with both > 0; sigma is the sd of the logarithm, at most 5"


@final
@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """Positive, with a long upper tail."""

    median: float
    sigma: float

    def __post_init__(self) -> None:
        median, sigma = check_parameters("lognormal", FORM, (self.median, self.sigma), 2)
        if median <= 0.0 or not 0.0 < sigma <= 5.0:
            raise refuse("lognormal", f"[{median:g}, {sigma:g}] has a parameter out of range", FORM)

    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution."""
        return self.median * math.exp(self.sigma * cut_normal_quantile(check_quantile(quantile)))

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"lognormal": [self.median, self.sigma]}
