"""Uncertain numbers: a plain number or a distribution, parsed, frozen, read by quantile."""

from __future__ import annotations

from derisk.distributions.beta import Beta
from derisk.distributions.choice import Choice
from derisk.distributions.constant import Constant
from derisk.distributions.distribution import Distribution
from derisk.distributions.lognormal import Lognormal
from derisk.distributions.normal import Normal
from derisk.distributions.parse import FAMILIES, parse_number
from derisk.distributions.triangular import Triangular, triangular_quantile
from derisk.distributions.uniform import Uniform

__all__ = [
    "FAMILIES",
    "Beta",
    "Choice",
    "Constant",
    "Distribution",
    "Lognormal",
    "Normal",
    "Triangular",
    "Uniform",
    "parse_number",
    "triangular_quantile",
]
