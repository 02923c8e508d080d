"""Beta distribution: a share between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from scipy.special import betaincinv

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile, refuse

FORM: Final = "beta: [a, b] with both > 0"


@final
@dataclass(frozen=True, slots=True)
class Beta(Distribution):
    """A share with mean a / (a + b)."""

    a: float
    b: float

    def __post_init__(self) -> None:
        a, b = check_parameters("beta", FORM, (self.a, self.b), 2)
        if a <= 0.0 or b <= 0.0:
            raise refuse("beta", f"[{a:g}, {b:g}] has a parameter that is not positive", FORM)

    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution."""
        return float(betaincinv(self.a, self.b, check_quantile(quantile)))

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"beta": [self.a, self.b]}
