"""WGI: the Worldwide Governance Indicators of the World Bank, six estimates for each country and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from derisk.data.intake.bank_codes import reason_apart, region_of
from derisk.data.intake.files import OTHER_KIND, Line, demand_line, foreign, read_csv, read_header, read_text, truncated
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import find_number
from derisk.data.intake.workbooks import is_workbook, open_workbook, sheet_rows
from derisk.data.sources import Source
from derisk.errors import InputError, name_some

KIND: Final = "wgi"
TITLE: Final = "World Bank Worldwide Governance Indicators"
FILES: Final = ("trade/wgi/*.csv.gz",)

DIMENSIONS: Final[Mapping[str, str]] = {
    "VA": "voice_and_accountability",
    "PV": "political_stability",
    "GE": "government_effectiveness",
    "RQ": "regulatory_quality",
    "RL": "rule_of_law",
    "CC": "control_of_corruption",
}
SPLICE: Final = "from the 2025 update, whose method differs from that of the years to 2022"
_SPLICE_BEGINS: Final = 2023
_RANKS: Final = "percentile rank and its bounds, which follow from all countries' estimates"

_TWICE: Final = "country and year printed more than once, with figures of different territories"
_MIXED: Final = frozenset({"GUY"})
"""Guyana: beside its figures stand those of French Guiana, in no order that tells them apart."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Names of the columns in one of the publisher's layouts; `dimension` is empty where the file holds one alone."""

    code: str
    country: str
    dimension: str
    estimate: str
    error: str
    sources: str = ""
    ranks: tuple[str, ...] = ()
    year: str = "year"
    last: tuple[str, ...] = ()
    """Code, and dimension if any, of the last line, that of the newest year."""

    def columns(self) -> tuple[str, ...]:
        named = (self.code, self.country, self.dimension, self.year, self.estimate, self.error, self.sources)
        return (*(name for name in named if name), *self.ranks)


_LONG: Final = _Layout(
    "iso3", "country", "dim", "Estimate", "StdErr", "NumSrc", ("Rank", "Lower", "Upper"), last=("ZWE", "VA")
)
_STABILITY: Final = _Layout("iso3", "country", "", "pv_estimate", "pv_stderr", last=("NCL",))
_BANK: Final = _Layout(
    "code", "countryname", "indicator", "estimate", "stddev", "nsource", ("pctrank", "pctranklower", "pctrankupper")
)
_LAYOUTS: Final = (_LONG, _STABILITY, _BANK)


def read(path: Path) -> Imported:
    """Governance estimates of a file of the World Bank, in its long layouts or that of political stability alone.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is not one of the layouts, or damaged.
    """
    layout, lines = _read_workbook(path) if is_workbook(path) else _read_table(path)
    intake = Intake(path)
    source = _source(layout, _newest_year(lines, layout), path)
    stated = Counter(_key(line, layout) for line in lines)
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        key = _key(line, layout)
        intake.set_aside(_RANKS, sum(bool(line[name]) for name in layout.ranks))
        if stated[key] > 1 and line[layout.code] in _MIXED:
            intake.set_aside(_TWICE)
        elif key in seen:
            amount = find_number(line[layout.estimate])
            intake.refuse(line.number, f"stated twice: {', '.join(key)}", amount=amount, table=key[-1])
        else:
            _take_line(intake, line, layout=layout, source=source)
        seen.add(key)
    return intake.finish()


def _key(line: Line, layout: _Layout) -> tuple[str, ...]:
    return tuple(line[name] for name in (layout.code, layout.year, layout.dimension) if name)


def _newest_year(lines: Sequence[Line], layout: _Layout) -> str:
    return max((line[layout.year] for line in lines if len(line[layout.year]) == 4), default="")


def _read_table(path: Path) -> tuple[_Layout, list[Line]]:
    layout = _find_layout(read_header(read_text(path, encoding="utf-8"), path), path)
    lines = read_csv(path, encoding="utf-8", columns=layout.columns())
    if layout.last:
        columns = (layout.year, layout.code, layout.dimension)
        words = (_newest_year(lines, layout), *layout.last)
        demand_line(lines, dict(zip(columns, words, strict=False)), path=path)
    return layout, lines


def _read_workbook(path: Path) -> tuple[_Layout, list[Line]]:
    workbook = open_workbook(path)
    rows = sheet_rows(workbook, workbook.sheetnames[0], path=path)
    header = [_word(cell) for cell in next(rows, (0, ()))[1]]
    layout = _find_layout(header, path)
    lines = list(_lines(rows, header))
    if not lines:
        raise truncated("a header and no lines", path)
    return layout, lines


def _lines(rows: Iterator[tuple[int, tuple[Any, ...]]], header: Sequence[str]) -> Iterator[Line]:
    for number, cells in rows:
        words = [_word(cell) for cell in cells]
        if any(words):
            yield Line(number, dict(zip(header, words, strict=True)))


def _word(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _find_layout(header: Sequence[str], path: Path) -> _Layout:
    for layout in _LAYOUTS:
        if {layout.estimate, layout.code} <= set(header):
            missing = [name for name in layout.columns() if name not in header]
            if missing:
                raise foreign(f"no column '{missing[0]}'", f"{path}, line 1", name_some(header, shown=20))
            return layout
    known = "; ".join(",".join(layout.columns()) for layout in _LAYOUTS)
    raise foreign(f"unknown header '{','.join(header)[:120]}'", f"{path}, line 1", known, OTHER_KIND)


def _source(layout: _Layout, newest_year: str, path: Path) -> Source:
    edition = find_number(newest_year)
    if edition is None:
        raise foreign(f"'{newest_year}' is not a year", path, "years as whole numbers")
    year = int(edition) + 1
    note = f"years from {_SPLICE_BEGINS}: {SPLICE}" if layout is _STABILITY else ""
    part = ", political stability" if layout is _STABILITY else ""
    return Source(
        id=f"world-bank-wgi-{year}",
        title=f"Worldwide Governance Indicators, {year} update{part}",
        publisher="World Bank",
        year=year,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        url="https://www.worldbank.org/en/publication/worldwide-governance-indicators",
        shippable=True,
        note=note,
    )


def _take_line(intake: Intake, line: Line, *, layout: _Layout, source: Source) -> None:
    code, country, year = line[layout.code], line[layout.country], line[layout.year]
    dimension = line[layout.dimension].upper() if layout.dimension else "PV"
    estimate = find_number(line[layout.estimate])
    apart = reason_apart(code)
    if apart:
        intake.set_aside(apart)
        return
    if line[layout.estimate] in ("", "..", "#N/A"):
        intake.set_aside("no estimate printed")
        return
    try:
        region = region_of(code, country)
    except InputError as error:
        intake.refuse(line.number, error.problems[0].what, amount=estimate, table=dimension)
        return
    wrong = _what_is_wrong(line, dimension, layout)
    if wrong or estimate is None:
        intake.refuse(line.number, wrong, amount=estimate, table=dimension)
        return
    intake.take(
        line.number,
        source=source,
        field=f"governance_{DIMENSIONS[dimension]}",
        region=region,
        period=year,
        value=estimate,
        unit="estimate",
        status="estimated",
        locator=f"{dimension}.EST {region} {year}",
        note=_note(line, layout),
        table=dimension,
    )


def _what_is_wrong(line: Line, dimension: str, layout: _Layout) -> str:
    if dimension not in DIMENSIONS:
        return f"unknown dimension '{dimension}'"
    year = line[layout.year]
    if not (year.isdecimal() and len(year) == 4):
        return f"'{year}' is not a year"
    for name in (layout.estimate, layout.error, layout.sources):
        if name and find_number(line[name]) is None:
            return f"{name} '{line[name]}' is not a number"
    if abs(find_number(line[layout.estimate]) or 0.0) > 4:
        return f"{layout.estimate} '{line[layout.estimate]}' lies outside -4 to 4"
    return ""


def _note(line: Line, layout: _Layout) -> str:
    parts = [f"standard error {find_number(line[layout.error]):.3f}"]
    if layout.sources:
        parts.append(f"{find_number(line[layout.sources]):.0f} sources")
    if layout is _STABILITY and int(line[layout.year]) >= _SPLICE_BEGINS:
        parts.append(SPLICE)
    return "; ".join(parts)
