"""From what a file writes to a Distribution: a number, or {family: parameters}."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from derisk.distributions import beta, choice, lognormal, normal, triangular, uniform
from derisk.distributions.constant import Constant
from derisk.distributions.distribution import Distribution, check_parameters, refuse
from derisk.errors import InputError, Problem, nearest_word


def parse_number(value: object) -> Distribution:
    """The number or distribution that `value` states.

    Args:
        value: a number, a Distribution, or a mapping with one family as its key,
            such as `{"triangular": [1, 2, 4]}`.
    Raises:
        InputError: not a number, an unknown family, or parameters that make no distribution.
    """
    if isinstance(value, Distribution):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Constant(value)
    if not isinstance(value, Mapping):
        raise InputError(Problem(what=f"{value!r} is not a number", allowed=_ALLOWED))
    if len(value) != 1:
        raise InputError(Problem(what=f"a distribution has one family, got {list(value)}", allowed=_ALLOWED))
    family, parameters = next(iter(value.items()))
    if family not in FAMILIES:
        raise InputError(
            Problem(what=f"unknown distribution '{family}'", allowed=_ALLOWED, hint=nearest_word(str(family), FAMILIES))
        )
    return FAMILIES[family](parameters)


def _listed(kind: Callable[..., Distribution], family: str, form: str, count: int) -> Callable[[object], Distribution]:
    def build(parameters: object) -> Distribution:
        return kind(*check_parameters(family, form, _sequence(family, parameters, form), count))

    return build


def _choice(parameters: object) -> Distribution:
    if not isinstance(parameters, Mapping) or set(parameters) - {"weights"} != {"values"}:
        raise refuse("choice", "needs 'values' and 'weights' and nothing else", choice.FORM)
    values = _sequence("choice", parameters["values"], choice.FORM)
    weights = _sequence("choice", parameters.get("weights", [1] * len(values)), choice.FORM)
    return choice.Choice(tuple(values), tuple(weights))  # type: ignore[arg-type]


def _sequence(family: str, parameters: object, form: str) -> Sequence[object]:
    if not isinstance(parameters, Sequence) or isinstance(parameters, str):
        raise refuse(family, f"needs a list, got {parameters!r}", form)
    return parameters


FAMILIES: Final[dict[str, Callable[[object], Distribution]]] = {
    "triangular": _listed(triangular.Triangular, "triangular", triangular.FORM, 3),
    "uniform": _listed(uniform.Uniform, "uniform", uniform.FORM, 2),
    "normal": _listed(normal.Normal, "normal", normal.FORM, 2),
    "lognormal": _listed(lognormal.Lognormal, "lognormal", lognormal.FORM, 2),
    "beta": _listed(beta.Beta, "beta", beta.FORM, 2),
    "choice": _choice,
    "discrete": _choice,
}
"""Families by the word a file uses; `discrete` is another word for `choice`."""

_ALLOWED: Final = "a number, or one of " + ", ".join(f"{{{family}: ...}}" for family in FAMILIES)
