"""Lifetimes: how long products stay in use, as the share that is still in use at an age."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from derisk.errors import InputError, Problem, ShapeError

Floats = NDArray[np.float64]

_ROUNDING: Final = 1e-9
"""Ages this near to a fixed life, relative to it, are the end of it: sixty twelfths of a year are five years."""
_SHAPE_RANGE: Final = (0.2, 2000.0)
"""Weibull shapes among which `from_mean_and_sd` searches: standard deviations of 16 to 0.0007 means."""


class Lifetime(ABC):
    """The law of the time in use, for one kind of product or for many at once.

    Parameters are arrays that broadcast against an inflow (year, ...) by NumPy's rule: a parameter of shape
    (use,) holds for every year, one of shape (year, use) or (year, 1) differs between cohorts.
    """

    __slots__ = ()

    @abstractmethod
    def survival(self, age_years: ArrayLike) -> Floats:
        """Share of a cohort still in use at an age, 1 at age 0; ages broadcast against the parameters."""

    @abstractmethod
    def mean_years(self) -> Floats:
        """Mean time in use [years]."""

    @abstractmethod
    def parameters(self) -> tuple[Floats, ...]:
        """The parameters as arrays."""

    @property
    def shape_of_parameters(self) -> tuple[int, ...]:
        """Shape that the parameters have together."""
        return np.broadcast_shapes(*(parameter.shape for parameter in self.parameters()))

    def __repr__(self) -> str:
        """The law with its parameters."""
        told = ", ".join(np.array2string(parameter, precision=6) for parameter in self.parameters())
        return f"{type(self).__name__}({told})"


@final
class FixedLifetime(Lifetime):
    """Everything lasts equally long: equation (13.4) of docs/theory/stocks.md."""

    __slots__ = ("years",)

    def __init__(self, years: ArrayLike) -> None:
        self.years = _positive("fixed lifetime", years=years)[0]

    def survival(self, age_years: ArrayLike) -> Floats:
        """1 below the lifetime, 0 from it on."""
        return np.asarray(np.less(age_years, self.years * (1.0 - _ROUNDING)), dtype=np.float64)

    def mean_years(self) -> Floats:
        """The lifetime itself."""
        return self.years

    def parameters(self) -> tuple[Floats, ...]:
        """Lifetime [years]."""
        return (self.years,)


@final
class NormalLifetime(Lifetime):
    """Normal, cut off at age 0 and scaled up to 1: equation (13.5) of docs/theory/stocks.md.

    Centre and spread are mean and standard deviation before the cut; `mean_years` is the mean after it.
    """

    __slots__ = ("centre_years", "spread_years")

    def __init__(self, *, centre_years: ArrayLike, spread_years: ArrayLike) -> None:
        self.centre_years, self.spread_years = _positive(
            "normal lifetime", centre_years=centre_years, spread_years=spread_years
        )

    def survival(self, age_years: ArrayLike) -> Floats:
        """Normal survival function over its value at age 0."""
        above = special.ndtr((self.centre_years - np.asarray(age_years)) / self.spread_years)
        return np.asarray(above / special.ndtr(self.centre_years / self.spread_years))

    def mean_years(self) -> Floats:
        """Mean of what lies above age 0, a little more than the centre."""
        place = self.centre_years / self.spread_years
        density = np.exp(-(place**2) / 2.0) / np.sqrt(2.0 * np.pi)
        return np.asarray(self.centre_years + self.spread_years * density / special.ndtr(place))

    def parameters(self) -> tuple[Floats, ...]:
        """Centre and spread [years]."""
        return self.centre_years, self.spread_years


@final
class WeibullLifetime(Lifetime):
    """Weibull: wear that grows with age where the shape exceeds 1; equation (13.6) of docs/theory/stocks.md."""

    __slots__ = ("scale_years", "shape")

    def __init__(self, *, shape: ArrayLike, scale_years: ArrayLike) -> None:
        self.shape, self.scale_years = _positive("Weibull lifetime", shape=shape, scale_years=scale_years)

    @classmethod
    def from_mean(cls, mean_years: ArrayLike, *, shape: ArrayLike) -> WeibullLifetime:
        """The law of a mean and a shape, as the dataset's rows state it."""
        mean, power = _positive("Weibull lifetime", mean_years=mean_years, shape=shape)
        return cls(shape=power, scale_years=mean / special.gamma(1.0 + 1.0 / power))

    @classmethod
    def from_mean_and_sd(cls, mean_years: ArrayLike, *, sd_years: ArrayLike) -> WeibullLifetime:
        """The law of a mean and a standard deviation.

        Raises:
            InputError: the standard deviation is less than a thousandth or more than ten times the mean.
        """
        mean, sd = _positive("Weibull lifetime", mean_years=mean_years, sd_years=sd_years)
        ratio = sd / mean
        if (ratio < 1e-3).any() or (ratio > 10.0).any():
            allowed = "0.001 to 10 times the mean"
            raise InputError(Problem(f"standard deviation of {_told(ratio)} means", "Weibull lifetime", allowed))
        return cls.from_mean(mean, shape=_weibull_shape(ratio))

    def survival(self, age_years: ArrayLike) -> Floats:
        """Exponential of minus age over scale to the power of the shape."""
        with np.errstate(over="ignore"):  # far beyond the scale the power overflows, and nothing is left
            return np.asarray(np.exp(-((np.asarray(age_years) / self.scale_years) ** self.shape)))

    def mean_years(self) -> Floats:
        """Scale times the gamma function of 1 + 1/shape."""
        return np.asarray(self.scale_years * special.gamma(1.0 + 1.0 / self.shape))

    def parameters(self) -> tuple[Floats, ...]:
        """Shape, and scale [years]."""
        return self.shape, self.scale_years


@final
class LognormalLifetime(Lifetime):
    """Lognormal: a few last very long; equation (13.7) of docs/theory/stocks.md."""

    __slots__ = ("median_years", "sigma")

    def __init__(self, *, median_years: ArrayLike, sigma: ArrayLike) -> None:
        self.median_years, self.sigma = _positive("lognormal lifetime", median_years=median_years, sigma=sigma)

    @classmethod
    def from_mean_and_sd(cls, mean_years: ArrayLike, *, sd_years: ArrayLike) -> LognormalLifetime:
        """The law of a mean and a standard deviation."""
        mean, sd = _positive("lognormal lifetime", mean_years=mean_years, sd_years=sd_years)
        variance = np.log1p((sd / mean) ** 2)
        return cls(median_years=mean * np.exp(-variance / 2.0), sigma=np.sqrt(variance))

    def survival(self, age_years: ArrayLike) -> Floats:
        """Normal survival function of the age's logarithm."""
        with np.errstate(divide="ignore"):  # the logarithm of age 0 is minus infinity, and everything is in use
            distance = np.log(self.median_years) - np.log(np.asarray(age_years, dtype=np.float64))
        return np.asarray(special.ndtr(distance / self.sigma))

    def mean_years(self) -> Floats:
        """Median times the exponential of half the squared sigma."""
        return np.asarray(self.median_years * np.exp(self.sigma**2 / 2.0))

    def parameters(self) -> tuple[Floats, ...]:
        """Median [years] and the standard deviation of the logarithm."""
        return self.median_years, self.sigma


def _weibull_shape(ratio: Floats) -> Floats:
    """Shape whose standard deviation is `ratio` means, by halving an interval of its logarithm sixty times."""
    low, high = (np.full(ratio.shape, np.log(end)) for end in _SHAPE_RANGE)
    wanted = np.log1p(ratio**2)
    for _ in range(60):
        middle = (low + high) / 2.0
        inverse = np.exp(-middle)
        wide = special.gammaln(1.0 + 2.0 * inverse) - 2.0 * special.gammaln(1.0 + inverse) > wanted
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return np.asarray(np.exp((low + high) / 2.0))


def _positive(law: str, **parameters: ArrayLike) -> tuple[Floats, ...]:
    """Parameters as read-only arrays of numbers above 0 that broadcast together."""
    arrays = {name: np.array(value, dtype=np.float64) for name, value in parameters.items()}
    problems = [
        Problem(f"{name} {_told(array)}", law, "finite numbers above 0")
        for name, array in arrays.items()
        if not (np.isfinite(array) & (array > 0.0)).all()
    ]
    if problems:
        raise InputError(*problems)
    try:
        np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ShapeError(Problem(f"parameters of shapes {shapes}", law, "shapes that broadcast together")) from error
    for array in arrays.values():
        array.flags.writeable = False
    return tuple(arrays.values())


def _told(array: Floats) -> str:
    return np.array2string(array, precision=6, threshold=6)
