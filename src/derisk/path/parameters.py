"""Parameters: the few global numbers of the path, one table with value, range, unit and source."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from derisk.distributions import triangular_quantile
from derisk.errors import DatasetError, InputError, Problem, unknown_word

Quantile = Callable[[str], float]

COLUMNS: Final = ("name", "value", "low", "high", "unit", "status", "source", "note")
STATUSES: Final = ("reported", "estimated", "derived", "assumed")
"""`estimated` holds for numbers read from publications and for those estimated on past cases; the note says which."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the table."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    status: str
    source: str
    note: str

    def at(self, quantile: float) -> float:
        """The number at a quantile of the triangular distribution over its range."""
        if self.low == self.high:
            return self.value
        return float(triangular_quantile(quantile, self.low, self.value, self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The numbers of one draw; each name is a line of `parameters.csv`, which states its meaning, range and source."""

    hurdle_rate_share_per_year: float
    plant_life_years: float
    idling_months: float
    least_load_share: float
    closing_months: float
    restart_months: float
    restart_cost_share: float
    restart_payback_years: float
    expected_margin_months: float
    expansion_lead_ratio: float
    build_limit_world_share_per_year: float
    build_limit_own_share_per_year: float

    thrift_speed_per_year: float
    thrift_delay_months: float
    thrift_threshold_ratio: float
    thrift_floor_ratio: float
    thrift_permanent_share: float
    thrift_return_per_year: float

    demand_elasticity_ratio: float
    supply_elasticity_ratio: float
    trade_elasticity_ratio: float
    home_elasticity_ratio: float
    discount_share_per_year: float
    storage_scale_ratio: float
    working_stock_months: float
    makers_stock_months: float
    makers_scale_ratio: float
    default_stock_cover_months: float
    licence_refile_share: float
    licence_decision_months: float
    announcement_credibility_share: float
    practice_doubt_months: float
    hazard_export_ban_per_month: float
    hazard_export_licence_per_month: float
    hazard_export_quota_per_month: float
    hazard_export_tax_per_month: float
    hazard_import_tariff_per_month: float
    hazard_sanction_per_month: float
    hazard_transit_block_per_month: float
    hazard_outage_per_month: float
    ageing_months: float
    hazard_dumping_per_month: float


NAMES: Final = tuple(field.name for field in fields(Parameters))


def load_parameters(*, quantile: Quantile | None = None, given: Mapping[str, float] | None = None) -> Parameters:
    """The parameters of one draw.

    Args:
        quantile: from the key `parameter.<name>` to a quantile in (0, 1), drawn as triangular with its mode at the
            value; None takes every parameter at its value.
        given: numbers that stand in place of the table's, by name; they are not drawn.

    Raises:
        InputError: a given name is unknown.
        DatasetError: the table lacks a name, or holds one that is unknown or out of its range.
    """
    stated = dict(given or {})
    unknown = [name for name in stated if name not in NAMES]
    if unknown:
        raise InputError(*(unknown_word("parameter", name, NAMES) for name in unknown))
    numbers = {line.name: line.value if quantile is None else line.at(quantile(key_of(line.name))) for line in table()}
    return Parameters(**(numbers | stated))


def key_of(name: str) -> str:
    """Key of a parameter among the quantiles of a draw."""
    return f"parameter.{name}"


def table(file: Path | None = None) -> tuple[Parameter, ...]:
    """Every line of the table, in its order.

    Args:
        file: another table in place of the package's.

    Raises:
        DatasetError: all that is wrong with it, with the lines.
    """
    return _own_table() if file is None else _read(file.read_text(encoding="utf-8").splitlines(), name=file.name)


@cache
def _own_table() -> tuple[Parameter, ...]:
    text = resources.files("derisk.path").joinpath("parameters.csv").read_text(encoding="utf-8")
    return _read(text.splitlines(), name="parameters.csv")


def _read(text: Iterable[str], *, name: str) -> tuple[Parameter, ...]:
    reader = csv.DictReader(text)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DatasetError(Problem(f"columns {reader.fieldnames}", f"{name}, line 1", ", ".join(COLUMNS)))
    problems: list[Problem] = []
    lines: dict[str, Parameter | None] = {}
    for record in reader:
        where = f"{name}, line {reader.line_num}"
        if record["name"] in lines:
            problems.append(Problem(f"parameter '{record['name']}' stands twice", where, "each name once"))
        lines[record["name"]] = _line(record, where, problems)
    problems += [Problem(f"no line states '{missing}'", name) for missing in NAMES if missing not in lines]
    if problems:
        raise DatasetError(*problems)
    return tuple(line for line in lines.values() if line is not None)


def _line(record: Mapping[str, str], where: str, problems: list[Problem]) -> Parameter | None:
    """One line, or None with what is wrong added to the problems."""
    name = record["name"]
    if name not in NAMES:
        problems.append(unknown_word("parameter", name, NAMES, where=where))
        return None
    before = len(problems)
    try:
        value, low, high = (float(record[column]) for column in ("value", "low", "high"))
    except (TypeError, ValueError):
        allowed = "three numbers with low <= value <= high"
        problems.append(Problem(f"value, low or high of '{name}' is no number", where, allowed))
        return None
    if not low <= value <= high:
        what = f"low {low:g}, value {value:g}, high {high:g} of '{name}' are not in order"
        problems.append(Problem(what, where, "low <= value <= high"))
    if record["status"] not in STATUSES:
        problems.append(unknown_word("status", record["status"], STATUSES, where=where))
    if not (record["unit"] and record["source"] and record["note"]):
        what = f"'{name}' without unit, source or note"
        problems.append(Problem(what, where, "all three, the reason of what is assumed in the note"))
    if len(problems) > before:
        return None
    return Parameter(name, value, low, high, record["unit"], record["status"], record["source"], record["note"])
