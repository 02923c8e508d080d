"""Pink Sheet: the World Bank's monthly commodity prices, and their yearly means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from derisk.data.intake.files import foreign, truncated
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import find_number, shorten
from derisk.data.intake.workbooks import open_workbook, sheet_rows
from derisk.data.sources import Source
from derisk.errors import name_some
from derisk.vocabulary.regions import WORLD

KIND: Final = "pink-sheet"
TITLE: Final = "World Bank Pink Sheet, monthly prices"
FILES: Final = ("production/worldbank_pinksheet/*.xlsx",)

SHEET: Final = "Monthly Prices"
TROY_OUNCES_PER_TONNE: Final = 1e6 / 31.1034768

_LME: Final = "incoterm=ex LME warehouse; vat=excluded; export_rebate=none"
_FIXING: Final = "incoterm=loco London; vat=excluded; export_rebate=none"
_PER_OUNCE: Final = "($/troy oz)"
_MONTH: Final = re.compile(r"(\d{4})M(0[1-9]|1[0-2])")
_UPDATED: Final = re.compile(r"Updated on (\w+ \d{1,2}, \d{4})")
_UNPRINTED: Final = ("…", "...", "..")


@dataclass(frozen=True, slots=True)
class Series:
    """A column of the sheet that prices one good: its unit, and the terms of the quotation."""

    good: str
    unit: str
    tonnes_to_unit: float
    terms: str


SERIES: Final[Mapping[str, Series]] = {
    "Copper": Series("refined_copper", "($/mt)", 1.0, _LME),
    "Nickel": Series("refined_nickel", "($/mt)", 1.0, _LME),
    "Tin": Series("refined_tin", "($/mt)", 1.0, _LME),
    "Platinum": Series("platinum", _PER_OUNCE, TROY_OUNCES_PER_TONNE, _FIXING),
}


@dataclass(slots=True)
class _Sheet:
    """The price sheet: its columns' names and units, its months, and when it was published."""

    names: list[str]
    units: list[str]
    months: list[tuple[int, str, tuple[Any, ...]]]
    updated: datetime


def read(path: Path) -> Imported:
    """Prices of the vocabulary's goods, monthly as printed and the mean of each full year.

    Raises:
        LayoutError, TruncatedFileError: the workbook lacks the sheet or a row it needs, or is damaged.
    """
    workbook = open_workbook(path)
    sheet = _read_sheet(list(sheet_rows(workbook, SHEET, path=path)), path)
    source = _source(sheet.updated)
    intake = Intake(path)
    for at, (name, unit) in enumerate(zip(sheet.names, sheet.units, strict=True), start=1):
        if name.strip() not in SERIES:
            intake.set_aside("commodity outside the vocabulary", _figures(month[2][at] for month in sheet.months))
        elif unit != SERIES[name.strip()].unit:
            for line, month, cells in sheet.months:
                what = f"{name.strip()} {month}: unknown unit '{unit}'"
                intake.refuse(line, what, amount=find_number(cells[at]), table=name.strip())
        else:
            _take_series(intake, sheet, at, name.strip(), source)
    for other in workbook.sheetnames:
        if other != SHEET:
            rows = (cells for _, cells in sheet_rows(workbook, other, path=path))
            intake.set_aside("index numbers and weights, not prices", _figures(cell for row in rows for cell in row))
    return intake.finish()


def _figures(cells: Iterator[Any]) -> int:
    return sum(isinstance(cell, int | float) for cell in cells)


def _read_sheet(rows: list[tuple[int, tuple[Any, ...]]], path: Path) -> _Sheet:
    header = next((at for at, (_, cells) in enumerate(rows) if "Copper" in map(_word, cells)), None)
    updated = next((found for _, cells in rows for cell in cells[:1] if (found := _UPDATED.search(_word(cell)))), None)
    if header is None or header + 1 >= len(rows):
        raise foreign("no row that names 'Copper' among commodities", f"{path}, sheet {SHEET}")
    if updated is None:
        raise foreign("no 'Updated on <month> <day>, <year>' in the first column", f"{path}, sheet {SHEET}")
    names = [_word(cell) for cell in rows[header][1]]
    missing = [name for name in SERIES if name not in names]
    if missing:
        known = name_some([name for name in names if name], shown=80)
        raise foreign(f"no column '{missing[0]}'", f"{path}, sheet {SHEET}", known)
    while names and not names[-1]:
        names.pop()
    months = [(n, _word(c[0]), c) for n, c in rows[header + 2 :] if any(cell is not None for cell in c)]
    if not months:
        raise truncated("a header and no months", f"{path}, sheet {SHEET}")
    units = [_word(cell) for cell in rows[header + 1][1]][1 : len(names)]
    return _Sheet(names[1:], units, months, datetime.strptime(updated[1], "%B %d, %Y"))


def _word(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _take_series(intake: Intake, sheet: _Sheet, at: int, name: str, source: Source) -> None:
    series = SERIES[name]
    years: dict[str, list[float]] = {}
    for line, month, cells in sheet.months:
        cell, price = cells[at], find_number(cells[at])
        parsed = _MONTH.fullmatch(month)
        if cell is None or _word(cell) in _UNPRINTED:
            intake.set_aside("no price printed for the month")
        elif parsed is None or price is None or price <= 0:
            what = f"{name}: '{month}' is not a month" if parsed is None else f"{name} {month}: '{cell}' is not a price"
            intake.refuse(line, what, amount=price, table=name)
        else:
            years.setdefault(parsed[1], []).append(price)
            locator, period = f"{SHEET}, {name}, {month}", f"{parsed[1]}-{parsed[2]}"
            _take_price(intake, line, source, series, price, period, locator, "reported", name)
    last = sheet.months[-1][0]
    for year, prices in years.items():
        if len(prices) == 12:
            locator = f"{SHEET}, {name}, mean of {year}M01-{year}M12"
            _take_price(intake, last, source, series, sum(prices) / 12, year, locator, "derived", name)


def _take_price(
    intake: Intake,
    line: int,
    source: Source,
    series: Series,
    price: float,
    period: str,
    locator: str,
    status: str,
    name: str,
) -> None:
    converted = f"; printed {shorten(price)} USD per troy ounce" if series.unit == _PER_OUNCE else ""
    rule = "; mean of the twelve months" if status == "derived" else ""
    intake.take(
        line,
        source=source,
        field="price",
        good=series.good,
        region=WORLD,
        period=period,
        value=price * series.tonnes_to_unit,
        unit="USD/t",
        status=status,
        locator=locator,
        note=series.terms + rule + converted,
        table=name,
    )


def _source(updated: datetime) -> Source:
    return Source(
        id=f"world-bank-pink-sheet-{updated:%Y-%m}",
        title=f"Commodity Price Data (The Pink Sheet), {updated:%B %Y}",
        publisher="World Bank",
        year=updated.year,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        url="https://www.worldbank.org/en/research/commodity-markets",
        shippable=True,
        note="Monthly prices; CMO-Historical-Data-Monthly, sheet Monthly Prices.",
    )
