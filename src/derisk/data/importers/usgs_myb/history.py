"""History: Data Series 140, rare earths of the United States and the world since 1900."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from derisk.data.importers.usgs_myb.publication import CONCENTRATE, HISTORY
from derisk.data.intake.files import Line, foreign
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS: Final = (
    "Year", "Production", "Imports", "Exports", "Apparent consumption", "Unit value ($/t)",
    "Unit value (98$/t)", "World production",
)  # fmt: skip
_ASIDE: Final = {
    "Imports": "imports or exports of the United States without their partners",
    "Exports": "imports or exports of the United States without their partners",
    "Unit value ($/t)": "unit value of a changing mix of materials",
    "Unit value (98$/t)": "unit value of a changing mix of materials",
}
_WITHHELD: Final = {"W": ": withheld", "NA": ": not available"}
_METRICS: Final = {
    "production": "Production", "imports": "Imports", "exports": "Exports",
    "apparent_consumption": "Apparent consumption", "unit_value_current_usd": "Unit value ($/t)",
    "unit_value_constant_1998_usd": "Unit value (98$/t)",
}  # fmt: skip
_WORLD_METRICS: Final = {"production": "World production"}
_TIDY_UNIT: Final = "metric_tons_reo_equivalent"
TIDY_COLUMNS: Final = ("geography_code", "metric", "year", "value", "unit", "source_value_raw")
TIDY_LAST: Final = {"geography_code": WORLD, "year": "2020"}


def read_table(intake: Intake, rows: Sequence[tuple[int, tuple[Any, ...]]]) -> None:
    """Data Series 140: production of the United States and the world, apparent consumption, by year."""
    heading = next((number for number, cells in rows if tuple(cells[: len(COLUMNS)]) == COLUMNS), 0)
    if not heading:
        raise foreign("no heading of Data Series 140", intake.path, ", ".join(COLUMNS))
    for number, cells in rows[heading:]:
        year = find_number(cells[0])
        if year is None:
            continue
        for column, printed in zip(COLUMNS[1:], cells[1:], strict=False):
            _settle_history(intake, number, column=column, year=f"{year:.0f}", printed=printed)


def _settle_history(intake: Intake, line: int, *, column: str, year: str, printed: Any) -> None:
    word = str(printed if printed is not None else "").strip()
    if column in _ASIDE or not word:
        intake.set_aside(_ASIDE.get(column, "cell without a figure"))
        return
    value = find_number(printed)
    is_withheld = word in _WITHHELD
    if value is None and not is_withheld:
        intake.refuse(line, f"'{word}' is no number ({column}, {year})", table=column)
        return
    is_consumption = column == "Apparent consumption"
    intake.take(
        line,
        source=HISTORY,
        field="apparent_consumption" if is_consumption else "production",
        good="" if is_consumption else CONCENTRATE,
        material="rare_earths" if is_consumption else "",
        basis="oxide",
        region=WORLD if column == "World production" else "USA",
        period=year,
        value=value,
        unit="t/year",
        status="withheld" if is_withheld else "reported",
        locator=f"Data Series 140, rare earths, {column}, {year}",
        note=f"printed {word}{_WITHHELD.get(word, '')}",
    )


def settle_tidy(intake: Intake, line: Line) -> None:
    """A line of the tidy copy of the workbook."""
    place, metric, unit = line["geography_code"], line["metric"], line["unit"]
    column = {"USA": _METRICS.get(metric, ""), WORLD: _WORLD_METRICS.get(metric, "")}.get(place, "")
    if not column:
        problem = f"unknown metric '{metric}' of '{place}'"
    elif column not in _ASIDE and unit != _TIDY_UNIT:
        problem = f"unit '{unit}' in place of {_TIDY_UNIT}"
    else:
        _settle_history(intake, line.number, column=column, year=line["year"], printed=line["source_value_raw"])
        return
    intake.refuse(line.number, problem, amount=find_number(line["value"]), table=column)
