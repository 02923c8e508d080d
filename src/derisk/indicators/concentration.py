"""Concentration: squared shares of suppliers summed, plain or weighted, and what becomes of suppliers not named."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from derisk.errors import InputError, unknown_word

Floats = NDArray[np.float64]
OtherTreatment = Literal["drop", "one_supplier", "spread"]
OTHER_TREATMENTS: Final[tuple[str, ...]] = get_args(OtherTreatment)
DEFAULT_OTHER: Final = "drop"


def herfindahl(output_t: Floats, other_t: Floats | float = 0.0, *, other: str = DEFAULT_OTHER) -> Floats:
    """Herfindahl-Hirschman index of suppliers, from 1/n (n equal ones) to 1 (one alone) [none].

    Equation (12.1) of docs/theory/indicators.md.

    Args:
        output_t: what each named supplier makes, NaN where withheld, (..., region) [t, or any one unit].
        other_t: what the suppliers not named make together, (...) [same unit].
        other: `drop`: they count in the total and are too small to add to the sum (a lower bound, and the
            default); `one_supplier`: they act as one (an upper bound where none of them is larger than that);
            `spread`: each is as large as the smallest supplier named.

    Returns:
        Index, (...); NaN where nothing is made.

    Source: Hirschman (1964), American Economic Review 54, 761.
    """
    if other not in OTHER_TREATMENTS:
        raise InputError(unknown_word("treatment of other suppliers", other, OTHER_TREATMENTS))
    made, rest, total = _parts(output_t, other_t)
    named = _share(np.sum(made**2, axis=-1), total**2)
    if other == "one_supplier":
        return named + _share(rest**2, total**2)
    if other == "spread":
        smallest = np.min(np.where(made > 0.0, made, np.inf), axis=-1, initial=np.inf)
        return named + _share(rest * np.minimum(rest, smallest), total**2)
    return named


def weighted_herfindahl(output_t: Floats, weight: Floats, other_t: Floats | float = 0.0) -> Floats:
    """Squared shares of suppliers, each times a weight, summed; suppliers not named add nothing.

    Equation (12.4) of docs/theory/indicators.md.

    Args:
        output_t: what each named supplier makes, (..., region).
        weight: weight of each supplier, (..., region); NaN where it is not known.
        other_t: what the suppliers not named make together, (...).

    Returns:
        Weighted index, (...); NaN where a supplier that makes something has no weight, or nothing is made.
    """
    made, _, total = _parts(output_t, other_t)
    return _share(np.sum(np.where(made > 0.0, made**2 * weight, 0.0), axis=-1), total**2)


def _parts(output_t: Floats, other_t: Floats | float) -> tuple[Floats, Floats, Floats]:
    made = np.nan_to_num(np.asarray(output_t, dtype=np.float64), nan=0.0)
    rest = np.broadcast_to(np.asarray(other_t, dtype=np.float64), made.shape[:-1])
    return made, rest, made.sum(axis=-1) + rest


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0.0)
