"""Estimates: the record of an estimation: values with ranges, values without each case, objective and errors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from derisk.backtest.cases import Case
from derisk.errors import DatasetError, Problem

FILE: Final = "estimates.json"


@dataclass(frozen=True, slots=True)
class ModelError:
    """How far the model itself is off: standard deviations of log errors of its central case."""

    tonnes: float
    price: float

    def sd(self, *, of_tonnes: bool) -> float:
        """That of tonnes or of prices."""
        return self.tonnes if of_tonnes else self.price


@dataclass(frozen=True, slots=True)
class Estimate:
    """One parameter."""

    name: str
    prior: float
    prior_low: float
    prior_high: float
    value: float
    low: float
    """Nine tenths of what is left of doubt lie from here."""
    high: float
    without: Mapping[str, float]
    """Value estimated without a case, by case."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Everything one estimation found."""

    parameters: tuple[Estimate, ...]
    objective: float
    fit: float
    """The objective's part that is error."""
    objective_at_priors: float
    fit_at_priors: float
    fit_without: Mapping[str, float]
    """What a case counts in the objective at the values estimated without it."""
    fit_within: Mapping[str, float]
    """What a case counts in the objective at the values estimated on all."""
    model_error: ModelError
    model_error_without: Mapping[str, ModelError]
    """As the other cases tell it, by case."""
    evaluations: int
    seed: int
    penalty_weight: float

    def values(self) -> dict[str, float]:
        """Parameters by name, estimated on all cases."""
        return {parameter.name: parameter.value for parameter in self.parameters}

    def values_without(self, case: Case | str) -> dict[str, float]:
        """Parameters by name, estimated on all cases but one."""
        name = case if isinstance(case, str) else case.name
        return {parameter.name: parameter.without[name] for parameter in self.parameters}

    def write(self, path: Path) -> None:
        """Write the record as JSON."""
        path.write_text(json.dumps(_rounded(asdict(self)), indent=1) + "\n", encoding="utf-8")


def load_estimates() -> Estimates:
    """The record that the package carries.

    Raises:
        DatasetError: there is none, or it is damaged.
    """
    try:
        text = resources.files("derisk.backtest").joinpath(FILE).read_text(encoding="utf-8")
        plain = json.loads(text)
        parameters = tuple(Estimate(**row) for row in plain.pop("parameters"))
        model_error = ModelError(**plain.pop("model_error"))
        without = {case: ModelError(**row) for case, row in plain.pop("model_error_without").items()}
        return Estimates(parameters=parameters, model_error=model_error, model_error_without=without, **plain)
    except (OSError, ValueError, TypeError, KeyError) as error:
        what = f"no record of an estimation: {error}"
        hint = "python -m derisk.backtest.estimate writes it"
        raise DatasetError(Problem(what, where=FILE, allowed="the record of the package", hint=hint)) from None


def into_table(text: str, estimates: Estimates) -> str:
    """A table of parameters (`derisk/path/parameters.csv`) with the estimated values and ranges in it."""
    found = {parameter.name: parameter for parameter in estimates.parameters}
    reader = csv.DictReader(io.StringIO(text))
    rows = list(reader)
    for row in rows:
        estimate = found.get(row["name"])
        if estimate is not None:
            row |= {name: f"{getattr(estimate, name):.3g}" for name in ("value", "low", "high")}
            row |= {"status": "estimated", "source": "derisk-derivations", "note": _note(estimate)}
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(reader.fieldnames or ()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _note(estimate: Estimate) -> str:
    prior = f"{estimate.prior:g} ({estimate.prior_low:g} to {estimate.prior_high:g})"
    return (
        "estimated once on all listed cases together (derisk.backtest.estimate, docs/validation.md); "
        f"before the cases {prior}, reasons in derisk/backtest/priors.csv"
    )


def _rounded(value: Any) -> Any:
    """Numbers to six digits: an estimation on another machine differs beyond them."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
