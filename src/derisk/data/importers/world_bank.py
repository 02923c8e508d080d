"""World Bank: gross domestic product and other yearly indicators of the World Development Indicators, by country."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.fields import FIELDS
from derisk.data.intake.bank_codes import reason_apart, region_of
from derisk.data.intake.files import OTHER_KIND, foreign, read_csv, read_text, truncated
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import find_number
from derisk.data.sources import Source
from derisk.errors import InputError, name_some

KIND: Final = "world-bank"
TITLE: Final = "World Bank World Development Indicators"
FILES: Final = ("trade/gdp_countries/worldbank_gdp_*.csv",)

GDP: Final = "NY.GDP.MKTP.CD"
INDICATORS: Final[Mapping[str, str]] = {
    GDP: "gdp",
    "VA.EST": "governance_voice_and_accountability",
    "PV.EST": "governance_political_stability",
    "GE.EST": "governance_government_effectiveness",
    "RQ.EST": "governance_regulatory_quality",
    "RL.EST": "governance_rule_of_law",
    "CC.EST": "governance_control_of_corruption",
}
"""Fields of the Bank's indicators; the newer codes write `GOV_WGI_` before the six of governance."""

_LONG_COLUMNS: Final = ("Country Name", "Country Code", "Year", "Value")
_WIDE_COLUMNS: Final = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
_LAST: Final = "ZWE"
_LARGEST_FALL: Final = 8.0
"""A last figure this many times below the one before it has lost digits: economies do not fall so far in a year."""
_LAST_UPDATE: Final = re.compile(r'^"?Last Updated Date"?,"?(\d{4})-\d\d-\d\d', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One figure as printed."""

    line: int
    name: str
    code: str
    indicator: str
    year: str
    text: str


def read(path: Path) -> Imported:
    """Yearly figures of a file with one line a country and year (GDP), or of the Bank's own with a column a year.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is neither, or damaged.
    """
    text = read_text(path, encoding="utf-8")
    wide = "Data Source" in text.lstrip().split("\n", 1)[0]
    cells = list(_wide_cells(text, path) if wide else _long_cells(path))
    if not any(cell.code == _LAST for cell in cells):
        raise truncated(f"no figures of Zimbabwe ({_LAST}), which stands last: the file is cut", path)
    years = [cell.year for cell in cells if cell.text]
    updated = _LAST_UPDATE.search(text) if wide else None
    edition = int(updated[1]) if updated else int(find_number(max(years, default="")) or 0) + 1
    intake = Intake(path)
    for cell in cells:
        _take(intake, cell, edition=edition)
    return intake.finish()


def _long_cells(path: Path) -> Iterator[_Cell]:
    lines = read_csv(path, encoding="utf-8", columns=_LONG_COLUMNS, ends_with_newline=False)
    cells = [
        _Cell(line.number, line["Country Name"], line["Country Code"], GDP, line["Year"], line["Value"])
        for line in lines
    ]
    _demand_whole_end(cells, path)
    yield from cells


def _demand_whole_end(cells: list[_Cell], path: Path) -> None:
    """The file ends without a newline, so a cut is seen by what its last line lacks."""
    last, before = cells[-1], cells[-2] if len(cells) > 1 else cells[-1]
    amount, earlier = find_number(last.text), find_number(before.text)
    shrunk = last.code == before.code and amount is not None and earlier and amount * _LARGEST_FALL < earlier
    if amount is None or shrunk or last.code != _LAST or last.year != max(cell.year for cell in cells):
        what = f"the last line, {last.code} {last.year} '{last.text}', is not the end of Zimbabwe's figures"
        raise truncated(what, f"{path}, line {last.line}")


def _wide_cells(text: str, path: Path) -> Iterator[_Cell]:
    if not text.endswith(("\n", "\r")):
        raise truncated("the last line has no end: the file is cut", path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for line in reader:
            cells = [cell.strip() for cell in line]
            if not header:
                header = cells if set(_WIDE_COLUMNS) <= set(cells) else []
            elif any(cells):
                yield from _line_cells(cells, header, reader.line_num, path)
    except csv.Error as error:
        raise foreign(f"not a table: {error}", f"{path}, line {reader.line_num}") from error
    if not header:
        raise foreign(f"no header {','.join(_WIDE_COLUMNS)}", path, name_some(text.splitlines()[:5]), OTHER_KIND)


def _line_cells(cells: list[str], header: list[str], line: int, path: Path) -> Iterator[_Cell]:
    if len(cells) != len(header):
        raise foreign(f"{len(cells)} cells in place of {len(header)}", f"{path}, line {line}")
    words = dict(zip(header, cells, strict=True))
    name, code, _, indicator = (words[column] for column in _WIDE_COLUMNS)
    for year, text in words.items():
        if year and year not in _WIDE_COLUMNS:
            yield _Cell(line, name, code, indicator.removeprefix("GOV_WGI_"), year, text)


def _take(intake: Intake, cell: _Cell, *, edition: int) -> None:
    field = INDICATORS.get(cell.indicator)
    if not cell.text or cell.text == "..":
        intake.set_aside("nothing printed for the year")
    elif field is None:
        intake.set_aside(f"indicator outside the dataset's fields: {cell.indicator}")
    elif reason_apart(cell.code):
        intake.set_aside(reason_apart(cell.code))
    else:
        amount = find_number(cell.text)
        try:
            region, wrong = region_of(cell.code, cell.name), _what_is_wrong(cell, amount, field)
        except InputError as error:
            region, wrong = "", error.problems[0].what
        if wrong:
            intake.refuse(cell.line, wrong, amount=amount, table=field)
            return
        intake.take(
            cell.line,
            source=_source(cell.indicator, edition),
            field=field,
            region=region,
            period=cell.year,
            value=amount,
            unit=FIELDS[field].units[0],
            status="reported" if field == "gdp" else "estimated",
            locator=f"{cell.indicator}, {region}, {cell.year}",
            table=field,
        )


def _what_is_wrong(cell: _Cell, amount: float | None, field: str) -> str:
    known = FIELDS[field]
    if amount is None:
        return f"'{cell.text}' is not a number"
    if not re.fullmatch(r"\d{4}", cell.year):
        return f"'{cell.year}' is not a year"
    if amount < (-math.inf if known.minimum is None else known.minimum) or amount > (known.maximum or math.inf):
        return f"{field} '{cell.text}' lies outside its bounds"
    return ""


def _source(indicator: str, edition: int) -> Source:
    gdp = indicator == GDP
    return Source(
        id="world-bank-gdp" if gdp else "world-bank-governance",
        title=f"World Development Indicators, {'GDP in current US dollars' if gdp else 'governance estimates'}"
        + (f" ({GDP})" if gdp else ""),
        publisher="World Bank",
        year=edition,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        url=f"https://data.worldbank.org/indicator/{indicator}",
        shippable=True,
    )
