"""Workbook: the Critical Minerals Data Explorer as published, sheets found by the words of their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from derisk.data.importers.iea.figures import STATED_POLICIES, TOTAL, Figure
from derisk.data.importers.iea.minerals import SUPPLY
from derisk.data.intake.files import foreign
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.data.intake.workbooks import open_workbook, sheet_rows
from derisk.errors import name_some

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_DEMAND: Final = "1 Total demand for key minerals"
_SUPPLY: Final = "2 Total supply for key minerals"
_CLEAN: Final = "3.2 Cleantech demand by mineral"
_NOTICE: Final = "Notice"
_FIRST_WITH_SUPPLY: Final = "2023"
"""Base year of the first edition that prints supply."""
_SCENARIOS: Final = {
    "stated policies scenario": STATED_POLICIES,
    "announced pledges scenario": "APS",
    "net zero emissions by 2050 scenario": "NZE",
}
_STAGES: Final = {
    "Copper - Mining": ("Copper", "mining"), "Copper - Refining": ("Copper", "refining"),
    "Cobalt - Mining": ("Cobalt", "mining"), "Cobalt - Refining": ("Cobalt", "refining"),
    "Lithium - Mining": ("Lithium", "mining"), "Lithium - Chemicals": ("Lithium", "refining"),
    "Nickel - Mining": ("Nickel", "mining"), "Nickel - Refining": ("Nickel", "refining"),
    "Graphite - Mining (natural)": ("Graphite", "mining"), "Graphite - Battery grade": ("Graphite", "refining"),
    "Magnet rare earth elements - Mining": ("Rare Earth Elements", "mining"),
    "Magnet rare earth elements - Refining": ("Rare Earth Elements", "refining"),
}  # fmt: skip
_TOTALS_OF_SUPPLY: Final = ("Total", "Total clean technologies")
"""The second is the label that the edition of May 2024 prints on the total of refined cobalt."""


def read_workbook(path: Path, intake: Intake) -> tuple[list[Figure], str, str]:
    """Figures of the workbook, its base year, and its words on the licence.

    Raises:
        TruncatedFileError: the workbook is cut.
        LayoutError: a sheet or its header is missing.
    """
    workbook = open_workbook(path)
    header, base_year = _scenario_columns(workbook, _DEMAND, path)
    figures = [*_demand(workbook, path, header)]
    if base_year >= _FIRST_WITH_SUPPLY:
        figures += _supply(workbook, path)
    header, _ = _scenario_columns(workbook, _CLEAN, path)
    figures += _clean(workbook, path, header)
    for sheet in workbook.sheetnames:
        if sheet not in (_DEMAND, _SUPPLY, _CLEAN, _NOTICE):
            cells = sum(
                1
                for _, row in sheet_rows(workbook, sheet, path=path)
                for cell in row[1:]
                if isinstance(cell, int | float)
            )
            intake.set_aside("demand of one technology: its sum over technologies is taken", cells)
    notice = " ".join(str(cell) for _, row in sheet_rows(workbook, _NOTICE, path=path) for cell in row if cell)
    return figures, base_year, notice


def _scenario_columns(workbook: Workbook, sheet: str, path: Path) -> tuple[dict[int, tuple[str, str]], str]:
    """Scenario and year of each column, and the base year: the one that stands before every scenario."""
    rows = [row for number, row in sheet_rows(workbook, sheet, path=path) if number in (4, 5)]
    columns: dict[int, tuple[str, str]] = {}
    scenario = ""
    for place, (name, year) in enumerate(zip(*rows, strict=True)) if len(rows) == 2 else ():
        word = str(name or "").strip().casefold()
        if place and word and word not in _SCENARIOS:
            where = f"{path}, sheet '{sheet}', row 4"
            raise foreign(f"unknown scenario '{name}'", where, name_some(list(_SCENARIOS)))
        scenario = _SCENARIOS.get(word, scenario)
        if isinstance(year, int | float):
            columns[place] = (scenario, f"{year:.0f}")
    years = {name: [year for of, year in columns.values() if of == name] for name, _ in columns.values() if name}
    if len({tuple(listed) for listed in years.values()}) > 1:
        where = f"{path}, sheet '{sheet}', row 5"
        raise foreign("scenarios of different years: a column is missing", where, "the same years in each")
    base_years = [year for scenario, year in columns.values() if not scenario]
    if len(base_years) != 1 or {scenario for scenario, _ in columns.values()} < {"", STATED_POLICIES}:
        where = f"{path}, sheet '{sheet}', rows 4 and 5"
        raise foreign("no base year before the scenarios", where, "a year, then years by scenario")
    return columns, base_years[0]


def _demand(workbook: Workbook, path: Path, columns: dict[int, tuple[str, str]]) -> Iterator[Figure]:
    mineral = ""
    for number, row in sheet_rows(workbook, _DEMAND, path=path):
        label = _label(row[0])
        if number < 6 or not label or label.startswith("Notes:"):
            continue
        if all(row[place] is None for place in columns):
            mineral = label
            continue
        yield from _cells("demand", _DEMAND, mineral, label, number, row, columns)


def _clean(workbook: Workbook, path: Path, columns: dict[int, tuple[str, str]]) -> Iterator[Figure]:
    for number, row in sheet_rows(workbook, _CLEAN, path=path):
        label = _label(row[0])
        if number >= 6 and label and any(row[place] is not None for place in columns):
            yield from _cells("clean", _CLEAN, label, "", number, row, columns)


def _cells(
    kind: Literal["demand", "clean"],
    sheet: str,
    mineral: str,
    label: str,
    number: int,
    row: tuple[Any, ...],
    columns: dict[int, tuple[str, str]],
) -> Iterator[Figure]:
    for place, (scenario, year) in columns.items():
        words = (f"sheet '{sheet}'", mineral, label, scenario, year)
        where = ", ".join(word for word in words if word)
        yield Figure(kind, mineral, "", label, scenario, year, row[place], number, where)


def _supply(workbook: Workbook, path: Path) -> Iterator[Figure]:
    rows = list(sheet_rows(workbook, _SUPPLY, path=path))
    years = {place: f"{cell:.0f}" for place, cell in enumerate(rows[3][1]) if isinstance(cell, int | float)}
    starts = [place - 1 for place in years if place - 1 not in years]
    if sorted(years.values()) != sorted(2 * list(dict.fromkeys(years.values()))) or len(starts) != 2:
        what = f"years {', '.join(years.values())} in row 4"
        raise foreign(what, f"{path}, sheet '{_SUPPLY}'", "the same years in two tables side by side")
    for start in starts:
        table = ("", "")
        places = [place for place in years if place > start and all(p in years for p in range(start + 1, place + 1))]
        for number, row in rows[4:]:
            label = _label(row[start])
            if label in _STAGES:
                table = _STAGES[label]
            elif label and not any(row[place] is not None for place in places):
                table = (label, "") if " - " in label else ("", "")
            elif label and table[0]:
                known = TOTAL if table in SUPPLY and label in _TOTALS_OF_SUPPLY else label
                for place in places:
                    where = f"sheet '{_SUPPLY}', {' '.join(table)}, {label}, {years[place]}"
                    yield Figure("supply", *table, known, "", years[place], row[place], number, where)


def _label(cell: object) -> str:
    return "" if cell is None or find_number(cell) is not None else " ".join(str(cell).split())
