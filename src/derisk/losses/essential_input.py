"""Essential input: output lost when an input that little can replace becomes scarce, solved exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError

Floats = NDArray[np.float64]


def output_ratio(
    input_ratio: Floats | float, *, cost_share: Floats | float, substitution_elasticity: Floats | float
) -> Floats:
    """Output over base output when one input falls to `input_ratio` of base and all others stay [ratio].

    Equation (9.5) of docs/theory/losses.md: a constant elasticity of substitution between the input and the rest, both
    1 in the base year. Solved exactly: the expansion to second order (9.6) is far off where shocks are large and the
    elasticity well below 1.

    Args:
        input_ratio: what is left of the input, above 0, any shape.
        cost_share: cost of the input over the value of output in the base year, from 0 to 1.
        substitution_elasticity: sigma, above 0; at 1 the Cobb-Douglas form.

    Raises:
        ShapeError: a number lies outside its range.

    Source: Baqaee and Farhi (2019), Econometrica 87, 1155; Bachmann et al. (2022), What if?, ECONtribute 028.
    """
    left, share, sigma = np.broadcast_arrays(
        *(np.asarray(number, dtype=np.float64) for number in (input_ratio, cost_share, substitution_elasticity))
    )
    if np.any(left <= 0.0) or np.any((share < 0.0) | (share > 1.0)) or np.any(sigma <= 0.0):
        raise ShapeError(
            Problem("a number of the essential input lies outside its range", allowed="ratio > 0, share 0-1, sigma > 0")
        )
    log_left = np.log(left)
    cobb_douglas = np.abs(sigma - 1.0) < 1e-9
    power = np.where(cobb_douglas, 1.0, (sigma - 1.0) / np.where(cobb_douglas, 1.0, sigma))
    # In logarithms: exp(power x log) overflows where sigma is small and little is left.
    rest = np.where(share < 1.0, np.log1p(-np.where(share < 1.0, share, 0.0)), -np.inf)
    scarce = np.where(share > 0.0, np.log(np.where(share > 0.0, share, 1.0)) + power * log_left, -np.inf)
    mixed = np.logaddexp(rest, scarce) / power
    return np.asarray(np.exp(np.where(cobb_douglas, share * log_left, mixed)))


def second_order_log_change(
    input_ratio: Floats | float, *, cost_share: Floats | float, substitution_elasticity: Floats | float
) -> Floats:
    """Change of log output to second order, for comparison with the exact solution.

    Equation (9.6) of docs/theory/losses.md; arguments as in `output_ratio`.
    """
    e, share = np.log(np.asarray(input_ratio, dtype=np.float64)), np.asarray(cost_share, dtype=np.float64)
    sigma = np.asarray(substitution_elasticity, dtype=np.float64)
    return np.asarray(share * e + 0.5 * share * (1.0 - share) * (1.0 - 1.0 / sigma) * e**2)
