"""Powers: logarithms and exponentials of whole arrays, written so that the compiler does four at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from derisk.market.compiled import lean

Floats = NDArray[np.float64]

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
LOG2_E = 1.44269504088896338700
SHIFT = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to a whole number, which then stands in the lowest bits."""
WHOLE = 4503599627370496.0
"""2**52: its bits, joined with those of a small whole number, are that number plus 2**52."""
HALF_ROOT = np.uint64(0x3FE6A09E667F3BCD)
"""Bits of the square root of a half; whole numbers here have no sign, as processors shift such four at a time."""
ABOVE_HALF_ROOT = np.uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
"""Bits of one less those."""
MANTISSA = np.uint64(0x000FFFFFFFFFFFFF)
MANTISSA_BITS = np.uint64(52)
WHOLE_BITS = np.uint64(0x4330000000000000)
"""Bits of 2**52."""
BIAS = np.uint64(1023)
LARGEST_EXPONENT = 700.0
SMALLEST_NUMBER = 1e-300


def _bits_of_float(typing_context: Any, number: Any) -> Any:
    """The 64 bits of a float as a whole number."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), code


def _float_of_bits(typing_context: Any, bits: Any) -> Any:
    """The float of 64 bits."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), code


_bits: Any = intrinsic(_bits_of_float)
_float: Any = intrinsic(_float_of_bits)


@lean
def power_of(base: float, exponent: float) -> float:
    """The base to the power of the exponent; a base of nothing or less counts as 1e-300.

    Logarithm after Sun's fdlibm; exponential by its series to the twelfth power about the nearest multiple of ln 2.
    Errors are a few units in the last place times the logarithm of the result.
    """
    bits = _bits(max(base, SMALLEST_NUMBER)) + ABOVE_HALF_ROOT
    binary = _float((bits >> MANTISSA_BITS) | WHOLE_BITS) - (WHOLE + 1023.0)
    f = _float((bits & MANTISSA) + HALF_ROOT) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    log = binary * LN2_HIGH - ((half - (s * (half + even + odd) + binary * LN2_LOW)) - f)
    power = min(max(exponent * log, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    shifted = power * LOG2_E + SHIFT
    whole = shifted - SHIFT
    r = (power - whole * LN2_HIGH) - whole * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = 1.0 + r + r2 * (0.5 + r * 1.6666666666666666e-01)
    middle = 4.1666666666666664e-02 + r * 8.3333333333333332e-03
    middle += r2 * (1.3888888888888889e-03 + r * 1.9841269841269841e-04)
    high = 2.4801587301587302e-05 + r * 2.7557319223985893e-06
    high += r2 * (2.7557319223985888e-07 + r * 2.5052108385441720e-08) + r4 * 2.0876756987868099e-09
    series = low + r4 * (middle + r4 * high)
    return series * _float((_bits(shifted) + BIAS) << MANTISSA_BITS)


@lean
def raise_to(result: Floats, bases: Floats, exponent: float) -> None:
    """`result` receives each base to the power of one exponent; bases of nothing or less count as 1e-300."""
    for i in range(result.size):
        result[i] = power_of(bases[i], exponent)


@lean
def raise_each(result: Floats, bases: Floats, exponents: Floats) -> None:
    """`result` receives each base to the power of its own exponent; bases of nothing or less count as 1e-300."""
    for i in range(result.size):
        result[i] = power_of(bases[i], exponents[i])
