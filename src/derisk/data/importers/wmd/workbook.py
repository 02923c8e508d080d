"""Workbook: tables 6.2 (world totals) and 6.4 (countries, by minerals) of the World Mining Data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.importers.wmd.minerals import MINERALS, edition, outside
from derisk.data.importers.wmd.tables import BLANK, CountryLine, demand_whole, take_mineral
from derisk.data.intake.files import OTHER_KIND, foreign
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.data.intake.workbooks import open_workbook, sheet_rows

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_COUNTRIES: Final = "6.4. Production of Mineral Raw Materials of individual Countries"
_WORLD: Final = "6.2."
_YEAR: Final = re.compile(r"(19|20)\d\d")
_TITLE_UNIT: Final = re.compile(r", in (metr\. tons|kg)\b")


def read_workbook(path: Path, intake: Intake) -> None:
    """Take over a workbook of table 6.4 or 6.2.

    Raises:
        TruncatedFileError: the workbook is cut.
        LayoutError: it holds another table, or a sheet without the known header.
    """
    workbook = open_workbook(path)
    titles = {sheet: _title(workbook, sheet, path) for sheet in workbook.sheetnames}
    names: list[str] = []
    years: dict[str, tuple[str, ...]] = {}
    for sheet, title in titles.items():
        if title.startswith(_COUNTRIES):
            names.append(sheet.strip())
            years[sheet] = _read_countries(path, intake, workbook, sheet)
        elif title.startswith(_WORLD):
            of_sheet, years[sheet] = _read_world(path, intake, workbook, sheet, title)
            names += of_sheet
        else:
            what = f"sheet '{sheet}' begins with '{title[:60]}'"
            allowed = "tables 6.2 (world production) and 6.4 (production by minerals and countries)"
            raise foreign(what, path, allowed, OTHER_KIND)
    demand_whole(names, years, path=path)


def _title(workbook: Workbook, sheet: str, path: Path) -> str:
    _, cells = next(sheet_rows(workbook, sheet, path=path), (1, (None,)))
    return str(cells[0] or "").strip() if cells else ""


def _read_countries(path: Path, intake: Intake, workbook: Workbook, sheet: str) -> tuple[str, ...]:
    """Take one mineral's sheet; returns its years."""
    rows = list(sheet_rows(workbook, sheet, path=path))
    header = _header(rows, first=("Country", "unit"), last="Sources of data", where=f"{path}, sheet '{sheet}'")
    years = {place: name for place, name in enumerate(header) if _YEAR.fullmatch(name)}
    lines = []
    for number, cells in rows[2:]:
        if all(cell is None or cell == "" for cell in cells):
            continue
        figures = {year: cells[place] for place, year in years.items()}
        words = [str(cell or "").strip() for cell in cells]
        origin = words[header.index("Sources of data")]
        lines.append(CountryLine(number, words[0], words[1], figures, origin))
    source = edition(max(int(year) for year in years.values()))
    take_mineral(intake, sheet.strip(), lines, source, place=f"table 6.4, {sheet.strip()}")
    return tuple(years.values())


def _read_world(
    path: Path, intake: Intake, workbook: Workbook, sheet: str, title: str
) -> tuple[list[str], tuple[str, ...]]:
    """Take one group's world totals; returns the names of its minerals, and its years."""
    rows = list(sheet_rows(workbook, sheet, path=path))
    header = _header(rows, first=("Commodity",), last="Change", where=f"{path}, sheet '{sheet}'")
    years = {place: name for place, name in enumerate(header) if _YEAR.fullmatch(name)}
    source = edition(max(int(year) for year in years.values()), table="world-totals")
    unit = _TITLE_UNIT.search(title)
    for number, cells in rows[2:]:
        name = str(cells[0] or "").strip()
        mineral = MINERALS.get(name)
        for place, year in years.items():
            amount = find_number(cells[place])
            if cells[place] is None:
                intake.set_aside(BLANK)
            elif mineral is None:
                intake.set_aside(outside(name))
            elif amount is None or unit is None:
                what = f"figure '{cells[place]}' in unit '{unit.group(1) if unit else 'unknown'}' ({name}, {year})"
                intake.refuse(number, what, amount=amount, table=f"production {mineral.good}")
            else:
                line = CountryLine(number, "Total", "kg" if unit.group(1) == "kg" else "metr. t", {year: amount}, "")
                take_mineral(intake, name, [line], source, place=f"table {sheet}, {name}")
    return [str(cells[0] or "").strip() for _, cells in rows[2:]], tuple(years.values())


def _header(rows: Sequence[tuple[int, tuple[Any, ...]]], *, first: tuple[str, ...], last: str, where: str) -> list[str]:
    header = [str(cell or "").strip() for cell in rows[1][1]] if len(rows) > 1 else []
    known = header[: len(first)] == list(first) and any(name.startswith(last) for name in header)
    if not known or not any(_YEAR.fullmatch(name) for name in header):
        found = ", ".join(name for name in header if name) or "nothing"
        raise foreign(f"header '{found}'", where, f"{', '.join(first)}, years, {last}")
    return header
