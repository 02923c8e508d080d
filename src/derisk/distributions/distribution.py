"""What every uncertain number can do: give its value at a quantile, its centre and its range."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

from derisk.errors import InputError, Problem

CUT_SD = 4.0
"""Normal and lognormal are cut at this many standard deviations, so that every range is finite."""


class Distribution(ABC):
    """A number, perhaps uncertain. Every family is a frozen dataclass."""

    __slots__ = ()

    @abstractmethod
    def at(self, quantile: float) -> float:
        """Inverse cumulative distribution at `quantile` in [0, 1]."""

    @abstractmethod
    def plain(self) -> object:
        """The number as a scenario file writes it."""

    @property
    def central(self) -> float:
        """The median."""
        return self.at(0.5)

    @property
    def low(self) -> float:
        """The least value it can take."""
        return self.at(0.0)

    @property
    def high(self) -> float:
        """The greatest value it can take."""
        return self.at(1.0)

    @property
    def certain(self) -> bool:
        """Whether it can take one value only."""
        return self.low == self.high


def check_quantile(quantile: float) -> float:
    """The quantile itself, if it lies in [0, 1]."""
    if not 0.0 <= quantile <= 1.0:
        raise InputError(Problem(what=f"quantile {quantile!r} is outside [0, 1]", allowed="a number from 0 to 1"))
    return quantile


def check_parameters(family: str, form: str, parameters: Sequence[object], count: int) -> tuple[float, ...]:
    """The parameters as finite floats.

    Raises:
        InputError: there are not `count` of them, or one is not a finite number.
    """
    if len(parameters) != count:
        raise refuse(family, f"needs {count} numbers, got {len(parameters)}", form)
    for parameter in parameters:
        if isinstance(parameter, bool) or not isinstance(parameter, int | float) or not _is_finite(parameter):
            raise refuse(family, f"got {str(parameter)[:40]!r}, which is not a finite number", form)
    return tuple(float(parameter) for parameter in parameters if isinstance(parameter, int | float))


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond every float
        return False


def refuse(family: str, why: str, form: str) -> InputError:
    """Error for a distribution whose parameters make no distribution."""
    return InputError(Problem(what=f"{family} distribution {why}", allowed=form))
