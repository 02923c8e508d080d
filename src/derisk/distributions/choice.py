"""Choice: one of a few values, each with a weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile, refuse

FORM: Final = "choice: {values: [...], weights: [...]} of equal length, weights >= 0 with a positive sum"


@final
@dataclass(frozen=True, slots=True)
class Choice(Distribution):
    """A discrete law; values are kept in rising order, so that a higher quantile gives no lower value."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise refuse("choice", "has no values", FORM)
        values = check_parameters("choice", FORM, self.values, len(self.values))
        weights = check_parameters("choice", FORM, self.weights, len(values))
        if min(weights) < 0.0 or sum(weights) <= 0.0:
            raise refuse("choice", f"has weights {list(weights)}", FORM)
        pairs = sorted(pair for pair in zip(values, weights, strict=True) if pair[1] > 0.0)
        object.__setattr__(self, "values", tuple(value for value, _ in pairs))
        object.__setattr__(self, "weights", tuple(weight for _, weight in pairs))

    def at(self, quantile: float) -> float:
        """The least value whose cumulative weight reaches the quantile."""
        wanted = check_quantile(quantile) * sum(self.weights)
        reached = 0.0
        for value, weight in zip(self.values, self.weights, strict=True):
            reached += weight
            if reached >= wanted:
                return value
        return self.values[-1]

    def plain(self) -> object:
        """The mapping of a scenario file."""
        return {"choice": {"values": list(self.values), "weights": list(self.weights)}}
