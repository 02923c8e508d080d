"""Cases: episodes of the past, each a scenario file and the numbers that were observed, one number a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final

from derisk.backtest.cells import Cells, raise_problems, read_table, read_text
from derisk.backtest.reading import KINDS, PRICE, PRICE_GAP, STATISTICS, Reading
from derisk.errors import InputError, Problem, unknown_word
from derisk.scenario import library_names
from derisk.scenario.months import month_number

UNITS: Final = {
    "ratio": "as it stands",
    "x": "as it stands",
    "%": "a change: v % is the ratio 1 + v/100",
    "t": "tonnes, over those of `per_t`",
}
"""Units of an observed number, and how it becomes a ratio."""

REQUIRED: Final = (
    *("case", "metric", "scenario", "read", "goods", "origin", "destination"),
    *("months", "observed", "unit", "lost_share", "source"),
)
OPTIONAL: Final = ("over_months", "statistic", "per_t", "status", "locator", "note")
_STATUSES: Final = ("reported", "estimated", "derived", "assumed")
_FILE: Final = "cases.csv"


@dataclass(frozen=True, slots=True)
class Observation:
    """One observed number of a case, as a ratio, with what a study says of it."""

    metric: str
    reading: Reading
    observed: float
    """Ratio to what the reading compares with."""
    stated: str
    """The number and unit as published."""
    lost_share: float
    """Share of the supply that the act takes away, for the naive forecast."""
    status: str
    source: str
    locator: str
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One episode."""

    name: str
    scenario: str | Path
    """Library name or file: the act, its dates and the base year of its day."""
    observations: tuple[Observation, ...]
    place: str
    """Table and line where it begins."""


def load_cases(path: str | Path | None = None) -> tuple[Case, ...]:
    """The cases of a table.

    Args:
        path: a table of one's own; a scenario file in it is looked for beside the table. None for the package's.

    Raises:
        InputError: every problem of the table, with line and column.
    """
    if path is None:
        text = resources.files("derisk.backtest").joinpath(_FILE).read_text(encoding="utf-8")
        return parse_cases(text, file=_FILE)
    return parse_cases(read_text(Path(path)), file=str(path), folder=Path(path).parent)


def parse_cases(text: str, *, file: str, folder: Path | None = None) -> tuple[Case, ...]:
    """The cases that a CSV text states.

    Raises:
        InputError: every problem of the text.
    """
    lines = read_table(text, file=file, required=REQUIRED, optional=OPTIONAL)
    named = [(cells.text("case"), _scenario(cells, folder), _observation(cells), cells) for cells in lines]
    raise_problems(lines, *_repeated(file, [(name, row) for name, _, row, _ in named]))
    cases = []
    for name, rows in groupby(named, key=lambda entry: entry[0]):
        found = list(rows)
        others = [cells for _, scenario, _, cells in found if scenario != found[0][1]]
        for cells in others:
            what = f"'{name}' has another scenario above"
            cells.refuse("scenario", what, f"'{found[0][1]}'", "give the line a case of its own")
        raise_problems(others)
        observations = tuple(row for _, _, row, _ in found)
        cases.append(Case(name, found[0][1], observations, f"{file}, line {found[0][3].line}"))
    return tuple(cases)


def find_case(cases: Sequence[Case], name: str) -> Case:
    """The case of a name, or the one case that tells of a scenario.

    Raises:
        InputError: there is none.
    """
    named = [case for case in cases if case.name == name] or [case for case in cases if str(case.scenario) == name]
    if len(named) == 1:
        return named[0]
    known = [word for case in cases for word in (case.name, str(case.scenario))]
    listing = "derisk backtest --list"
    raise InputError(unknown_word("case", name, known, where="the case named", listing=listing))


def _scenario(cells: Cells, folder: Path | None) -> str | Path:
    """A library name, or a file beside the table."""
    text = cells.text("scenario")
    if folder is not None and text.endswith((".yml", ".yaml")):
        return folder / text
    if text and text not in library_names():
        problem = unknown_word("scenario", text, library_names(), listing="derisk scenario list, or a .yml file")
        cells.refuse("scenario", problem.what, problem.allowed, problem.hint)
    return text


def _observation(cells: Cells) -> Observation:
    unit = cells.one_of("unit", tuple(UNITS))
    low = -100.0 if unit == "%" else 0.0
    value = cells.number("observed", low=low)
    return Observation(
        metric=cells.text("metric"),
        reading=_reading(cells),
        observed=_as_ratio(cells, value, unit),
        stated=f"{cells.optional('observed')} {unit}",
        lost_share=_lost_share(cells),
        status=cells.one_of("status", _STATUSES, default="reported"),
        source=cells.text("source"),
        locator=cells.optional("locator"),
        note=cells.optional("note"),
        line=cells.line,
    )


def _as_ratio(cells: Cells, value: float, unit: str) -> float:
    if unit == "%":
        return 1.0 + value / 100.0
    if unit == "t":
        per_t = cells.number("per_t", low=0.0)
        if per_t == 0.0:
            cells.refuse("per_t", "tonnes over 0 t are no ratio", "tonnes of the month compared with", "")
        return value / per_t if per_t > 0.0 else float("nan")
    if cells.optional("per_t"):
        cells.refuse("per_t", f"'per_t' has no meaning beside the unit '{unit}'", "only beside the unit 't'", "")
    return value


def _lost_share(cells: Cells) -> float:
    share = cells.number("lost_share", low=0.0, high=1.0)
    if share == 1.0 and cells.optional("read") in (PRICE, PRICE_GAP):
        cells.refuse("lost_share", "no price spreads nothing", "below 1 where a price is read", "0.99 is nearly all")
    return share


def _reading(cells: Cells) -> Reading:
    kind = cells.one_of("read", tuple(KINDS))
    goods, months = cells.goods("goods"), cells.span("months")
    over = cells.span("over_months") if cells.optional("over_months") else None
    origin = cells.places("origin")
    if kind in (PRICE, PRICE_GAP) and len(goods) > 1:
        cells.refuse("goods", f"a price of {len(goods)} goods", "one good where a price is read", "give each a line")
    if kind == PRICE_GAP and "all" in origin:
        cells.refuse("origin", "a gap to the price at home needs a home", "countries or blocs", "name the country")
    statistic = cells.one_of("statistic", tuple(STATISTICS), default="mean")
    return Reading(kind, goods, origin, cells.places("destination"), months, over, statistic)


def _repeated(file: str, named: Sequence[tuple[str, Observation]]) -> Iterator[Problem]:
    """Problems of the table as a whole: a metric twice in a case, a case whose lines are apart."""
    seen: dict[tuple[str, str], int] = {}
    last: dict[str, int] = {}
    for position, (name, row) in enumerate(named):
        where, hint = f"{file}, line {row.line}", "call it otherwise"
        if (name, row.metric) in seen:
            what = f"'{row.metric}' stands in line {seen[name, row.metric]} too"
            yield Problem(what, f"{where}, metric", "each metric once in a case", hint, row.line, "metric")
        if name in last and last[name] != position - 1:
            what = f"the lines of '{name}' are apart"
            yield Problem(what, f"{where}, case", "lines of a case one below the other", "move it up", row.line, "case")
        seen[name, row.metric], last[name] = row.line, position


def last_month(case: Case) -> str:
    """The last month that an observation of the case reads."""
    return max((row.reading.months.last for row in case.observations), key=month_number)
