"""Tables: the figures of one mineral's table by country, added up where one country has two lines, and taken over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.importers.wmd.minerals import MINERALS, UNITS_PER_TONNE, Mineral, outside
from derisk.data.intake.files import foreign
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import FORMER_STATE, find_number, find_region, shorten
from derisk.data.sources import Source
from derisk.vocabulary.regions import WORLD

_STATUSES: Final[Mapping[str, str]] = {
    "r": "reported", "reported": "reported",
    "e": "estimated", "estimate": "estimated", "estimated": "estimated",
    "p": "preliminary", "provisional": "preliminary",
}  # fmt: skip
_WORST_LAST: Final = ("reported", "preliminary", "estimated")
_LATER: Final = "indium"
BLANK: Final = "blank cell: nothing printed"


@dataclass(frozen=True, slots=True)
class CountryLine:
    """A line of a table as printed: a country, a unit, a figure for each year, and where they come from."""

    number: int
    country: str
    unit: str
    figures: Mapping[str, object]
    """By year."""
    origin: str


@dataclass(frozen=True, slots=True)
class _Figure:
    line: CountryLine
    amount: float
    status: str


def demand_whole(names: Iterable[str], years: Mapping[str, tuple[str, ...]], *, path: Path) -> None:
    """An edition lists every mineral of ours but indium, which the oldest leaves out, all for the same years.

    Args:
        names: of the minerals listed.
        years: of each table, by its name.

    Raises:
        LayoutError: a mineral is missing, or a table lacks a year.
    """
    listed = {MINERALS[name].good for name in names if name in MINERALS}
    missing = [name for name, mineral in MINERALS.items() if mineral.good not in listed | {_LATER}]
    if missing:
        what = f"no table of {', '.join(missing[:3])}"
        raise foreign(what, path, "every mineral that the publisher lists")
    usual = Counter(years.values()).most_common(1)[0][0]
    for name, held in years.items():
        if held != usual:
            what = f"years {', '.join(held)} in table '{name}'"
            raise foreign(what, path, ", ".join(usual))


def take_mineral(intake: Intake, name: str, lines: Sequence[CountryLine], source: Source, *, place: str) -> None:
    """Take over one mineral's table, or set it aside.

    Args:
        place: words that lead to the table, for the locators.
    """
    mineral = MINERALS.get(name)
    if mineral is None:
        intake.set_aside(outside(name), sum(1 for line in lines for cell in line.figures.values() if cell is not None))
        return
    figures: dict[tuple[str, str], list[_Figure]] = defaultdict(list)
    for line in lines:
        region, status = _understand(intake, line, mineral)
        for year, cell in line.figures.items() if region else ():
            amount = find_number(cell)
            if cell is None or str(cell).strip() == "":
                intake.set_aside(BLANK)
            elif amount is None or amount < 0:
                what = f"figure '{cell}' is no number ({name}, {line.country}, {year})"
                intake.refuse(line.number, what, table=_table(mineral))
            else:
                figures[region, year].append(_Figure(line, amount, status))
    for (region, year), same in figures.items():
        _take(intake, mineral, region, year, same, source, place)


def _understand(intake: Intake, line: CountryLine, mineral: Mineral) -> tuple[str, str]:
    """Region and status of a line; no region where it was refused or set aside."""
    region = WORLD if line.country == "Total" else find_region(line.country)
    status = "reported" if region == WORLD else _STATUSES.get(line.origin, "")
    problem = ""
    if region is None:
        problem = f"unknown country '{line.country}'"
    elif line.unit not in UNITS_PER_TONNE:
        problem = f"unknown unit '{line.unit}' ({line.country})"
    elif not status:
        problem = f"unknown word '{line.origin}' for where figures come from ({line.country})"
    stated = [cell for cell in line.figures.values() if find_number(cell) is not None]
    if problem:
        per_tonne = UNITS_PER_TONNE.get(line.unit, 1.0)
        for cell in stated:
            amount = (find_number(cell) or 0.0) / per_tonne * mineral.basis_ratio
            intake.refuse(line.number, problem, amount=amount, table=_table(mineral))
        return "", ""
    if region == FORMER_STATE:
        intake.set_aside("state that is no more", len(stated))
        return "", ""
    return region or "", status


def _take(
    intake: Intake, mineral: Mineral, region: str, year: str, same: list[_Figure], source: Source, place: str
) -> None:
    for again in _stated_again(same):
        what = f"stated twice: {again.line.country}, {year}"
        intake.refuse(again.line.number, what, amount=again.amount, table=_table(mineral))
        same = [figure for figure in same if figure is not again]
    first = same[0].line
    printed = sum(figure.amount for figure in same)
    notes = []
    if len(same) > 1:
        notes.append("sum of " + ", ".join(f"{figure.line.country} {shorten(figure.amount)}" for figure in same))
    if mineral.printed_as or first.unit != "metr. t":
        notes.append(f"printed {shorten(printed)} {first.unit}" + (f" {mineral.printed_as}" * bool(mineral.printed_as)))
    if mineral.printed_as:
        notes.append(f"times {mineral.basis_ratio:g} of metal in the oxide")
    if region == WORLD:
        notes.append("total as printed")
    intake.take(
        first.number,
        source=source,
        field="production",
        good=mineral.good,
        region=region,
        period=year,
        value=printed / UNITS_PER_TONNE[first.unit] * mineral.basis_ratio,
        unit="t/year",
        status="derived" if len(same) > 1 else max((f.status for f in same), key=_WORST_LAST.index),
        locator=f"{place}, {first.country}, {year}",
        note="; ".join(notes),
        table=_table(mineral),
    )


def _stated_again(same: Iterable[_Figure]) -> list[_Figure]:
    """Figures whose very country name was there before, or in another unit."""
    seen: set[str] = set()
    units: set[str] = set()
    again = []
    for figure in same:
        if figure.line.country in seen or (units and figure.line.unit not in units):
            again.append(figure)
        else:
            seen.add(figure.line.country)
            units.add(figure.line.unit)
    return again


def _table(mineral: Mineral) -> str:
    return f"production {mineral.good}"
