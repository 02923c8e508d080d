"""A number that is certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from derisk.distributions.distribution import Distribution, check_parameters, check_quantile


@final
@dataclass(frozen=True, slots=True)
class Constant(Distribution):
    """One value, whatever the quantile."""

    value: float

    def __post_init__(self) -> None:
        (value,) = check_parameters("constant", "a number", (self.value,), 1)
        object.__setattr__(self, "value", value)

    def at(self, quantile: float) -> float:
        """The value."""
        check_quantile(quantile)
        return self.value

    def plain(self) -> object:
        """The value, as an integer where it is one."""
        return int(self.value) if self.value.is_integer() and abs(self.value) < 1e15 else self.value
