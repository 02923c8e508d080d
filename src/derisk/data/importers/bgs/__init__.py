"""BGS: World Mineral Statistics of the British Geological Survey, mine and refined production by country and year."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.importers.bgs.minerals import COMMODITIES, SET_ASIDE, TABLES, Table
from derisk.data.intake.files import Line, read_csv, truncated
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import FORMER_STATE, find_number, find_region, find_slip, shorten
from derisk.data.sources import Source

KIND: Final = "bgs"
TITLE: Final = "BGS World Mineral Statistics"
FILES: Final = ("production/bgs_wms/*.csv",)

SOURCE: Final = Source(
    id="bgs-world-mineral-statistics",
    title="World Mineral Statistics",
    publisher="British Geological Survey",
    year=2025,
    licence="© UKRI, re-use with acknowledgement",
    licence_url="https://www.bgs.ac.uk/mineralsuk/statistics/world-mineral-statistics/",
    url="https://www.bgs.ac.uk/mineralsuk/statistics/world-mineral-statistics/",
    shippable=False,
    note="Contains British Geological Survey materials © UKRI.",
)

_COLUMNS: Final = (
    "bgs_statistic_type_trans", "bgs_commodity_trans", "bgs_sub_commodity_trans", "country_trans", "year",
    "quantity", "quantity_in_book_style", "units", "sdmx_code", "concat_figure_notes_text",
)  # fmt: skip

_STATISTICS: Final = ("Production", "Imports", "Exports")
_SMALLEST_YEAR: Final = 0.95
"""Of the lines of the year before: countries fall out of a table one by one."""
_TRADE: Final = "imports or exports of a country without its partners"
_GONE: Final = "state that is no more"
_OUTSIDE: Final = "commodity outside the vocabulary: "
_YEAR: Final = re.compile(r"(\d{4})-01-01( 00:00:00)?")


@dataclass(frozen=True, slots=True)
class _Part:
    """One understood line: tonnes (None where not available) of a good in a country and year."""

    line: Line
    table: Table
    region: str
    year: str
    value_t: float | None


def read(path: Path) -> Imported:
    """Production by good, country and year of a table of the World Mineral Statistics.

    Lines of lithium content of one country and year add up. A line printed as nil is zero, one below half
    a unit a bound, one not available a withheld row. A file goes from the oldest year to the newest and prints no
    totals: a copy cut within its newest year is told by the lines it lacks, one cut at a year's end cannot be.

    Raises:
        EncodingError, TruncatedFileError, LayoutError: the file is not the publisher's.
    """
    intake = Intake(path)
    parts: dict[tuple[str, str, str], list[_Part]] = defaultdict(list)
    lines = read_csv(path, encoding="utf-8", columns=_COLUMNS)
    _demand_whole_year(lines, path)
    for line in lines:
        part = _understand(intake, line)
        if part is not None:
            parts[part.table.good, part.region, part.year].append(part)
    for same in parts.values():
        _take(intake, _without_repeated(intake, same))
    return intake.finish()


def _without_repeated(intake: Intake, parts: list[_Part]) -> list[_Part]:
    """Lines that add up, or the first of those that state one figure."""
    kept: dict[str, _Part] = {}
    for part in parts:
        word = part.line["bgs_sub_commodity_trans"] if part.table.may_add_up else ""
        if word in kept:
            what = f"stated twice: {_words(part.line)}, as line {kept[word].line.number}"
            intake.refuse(part.line.number, what, amount=part.value_t, table=_name(part))
        else:
            kept[word] = part
    return list(kept.values())


def _demand_whole_year(lines: Sequence[Line], path: Path) -> None:
    """The newest year holds about as many lines as the one before.

    Raises:
        TruncatedFileError: it lacks too many.
    """
    counted = Counter(line["year"][:4] for line in lines)
    newest = max(counted)
    before = counted.get(str(int(newest) - 1), 0) if newest.isdecimal() else 0
    if counted[newest] < _SMALLEST_YEAR * before:
        raise truncated(f"{counted[newest]} lines of {newest}, {before} of the year before: the file is cut", path)


def _understand(intake: Intake, line: Line) -> _Part | None:
    commodity, sub = line["bgs_commodity_trans"], line["bgs_sub_commodity_trans"]
    unknown = _unknown_words(line["bgs_statistic_type_trans"], commodity, sub)
    if unknown:
        intake.refuse(line.number, f"{unknown} ({_words(line)})", amount=find_number(line["quantity"]))
        return None
    if line["bgs_statistic_type_trans"] != "Production":
        intake.set_aside(_TRADE)
        return None
    table = TABLES.get((commodity, sub))
    if table is None:
        intake.set_aside(SET_ASIDE.get(commodity, _OUTSIDE + commodity))
        return None
    region = find_region(line["country_trans"])
    if region == FORMER_STATE:
        intake.set_aside(_GONE)
        return None
    year = _YEAR.fullmatch(line["year"])
    amount, problem = _amount(line)
    if region is None:
        problem = f"unknown country '{line['country_trans']}'"
    elif year is None:
        problem = f"year '{line['year']}' in place of a date such as 2023-01-01"
    elif line["units"] != table.unit:
        problem = f"unit '{line['units']}' in place of '{table.unit}'"
    tonnes = None if amount is None else amount / table.units_per_tonne
    if problem or region is None or year is None:
        intake.refuse(line.number, problem, amount=tonnes, table=f"production {table.good}")
        return None
    return _Part(line, table, region, year.group(1), tonnes)


def _unknown_words(statistic: str, commodity: str, sub: str) -> str:
    """What is wrong with the words that tell a table, or nothing."""
    subs = [known for of, known in TABLES if of == commodity]
    if statistic not in _STATISTICS:
        return f"unknown statistic '{statistic}'"
    if meant := find_slip(commodity, COMMODITIES) if commodity not in COMMODITIES else "":
        return f"unknown commodity '{commodity}', one letter from '{meant}'"
    if subs and sub not in subs and (commodity not in SET_ASIDE or find_slip(sub, subs)):
        return f"unknown part '{sub}' of {commodity}"
    return ""


def _amount(line: Line) -> tuple[float | None, str]:
    """Quantity in the printed unit (None where not available), and what is wrong with it."""
    status, printed = line["sdmx_code"], line["quantity"]
    if status == "O":
        return None, "" if not printed else f"quantity '{printed}' of a figure that is not available"
    if status not in ("A", "N"):
        return find_number(printed), f"unknown status word '{status}' ({_words(line)})"
    amount = 0.5 if status == "N" else find_number(printed)
    if amount is None or amount < 0:
        return None, f"quantity '{printed}' is no number ({_words(line)})"
    return amount, ""


def _take(intake: Intake, parts: list[_Part]) -> None:
    first = parts[0]
    stated = [part for part in parts if part.value_t is not None]
    below_half = any(part.line["sdmx_code"] == "N" for part in parts)
    notes = [_printed(part, alone=len(parts) == 1) for part in parts]
    remarks = dict.fromkeys(
        word for part in parts for word in part.line["concat_figure_notes_text"].split("|") if word.strip()
    )
    estimated = "Estimates." in remarks
    if len(parts) > 1:
        notes.insert(0, "sum of the lines of lithium content")
    if not stated:
        status = "withheld"
    elif len(parts) > 1:
        status = "derived"
    else:
        status = "bound" if below_half else "estimated" if estimated else "reported"
    intake.take(
        first.line.number,
        source=SOURCE,
        field="production",
        good=first.table.good,
        region=first.region,
        period=first.year,
        value=sum(part.value_t or 0.0 for part in stated) if stated else None,
        unit="t/year",
        status=status,
        locator=f"{first.line['bgs_commodity_trans']}, {first.line['country_trans']}, {first.year}",
        note="; ".join([*(note for note in notes if note), *remarks]),
        table=_name(first),
    )


def _printed(part: _Part, *, alone: bool) -> str:
    line = part.line
    if line["sdmx_code"] == "O":
        return f"printed '{line['quantity_in_book_style']}': not available"
    if line["sdmx_code"] == "N":
        return "printed as more than 0 and less than half a unit"
    if part.table.units_per_tonne != 1.0:
        return f"printed {shorten(float(line['quantity']))} {line['units']}"
    return "" if alone else f"{line['bgs_sub_commodity_trans']}: {line['quantity']}"


def _name(part: _Part) -> str:
    return f"production {part.table.good}"


def _words(line: Line) -> str:
    sub = f", {line['bgs_sub_commodity_trans']}" if line["bgs_sub_commodity_trans"] else ""
    return f"{line['bgs_commodity_trans']}{sub}, {line['country_trans']}, {line['year'][:4]}"
