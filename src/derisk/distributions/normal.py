"""Normal distribution, cut at four standard deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from scipy.special import ndtr, ndtri

from derisk.distributions.distribution import CUT_SD, Distribution, check_parameters, check_quantile, refuse

FORM: Final = "normal: [mean, sd] with sd > 0"
_TAIL: Final = float(ndtr(-CUT_SD))


@final
@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """Symmetric about the mean; nothing beyond four standard deviations."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _, sd = check_parameters("normal", FORM, (self.mean, self.sd), 2)
        if sd <= 0.0:
            raise refuse("normal", f"has standard deviation {sd:g}", FORM)

    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution."""
        return self.mean + self.sd * cut_normal_quantile(check_quantile(quantile))

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"normal": [self.mean, self.sd]}


def cut_normal_quantile(quantile: float) -> float:
    """Inverse cumulative distribution of the standard normal law cut at four standard deviations."""
    if quantile == 0.5:
        return 0.0
    return float(min(CUT_SD, max(-CUT_SD, ndtri(_TAIL + quantile * (1.0 - 2.0 * _TAIL)))))
