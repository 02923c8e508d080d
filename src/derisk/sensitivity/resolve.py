"""Resolve: the central case solved again with one assumption at another value."""

from __future__ import annotations

import math

from derisk.errors import DeriskError
from derisk.path import load_parameters, months_of
from derisk.sensitivity.central import Central, failure_of, total_musd
from derisk.sensitivity.parameter import Parameter


def resolve_end(central: Central, parameter: Parameter, value: float) -> tuple[float, str]:
    """The outcome with a parameter at a value [million USD], and why it is not a number where it is none.

    Everything from the network on is done as a run with that value does it.
    """
    try:
        realisation = parameter.anew(value)
        months = months_of(realisation, central.slow, parameters=load_parameters(given=parameter.given(value)))
    except DeriskError as error:
        return math.nan, error.problems[0].what if error.problems else str(error)
    return total_musd(realisation, months, central.counted), failure_of(months)
