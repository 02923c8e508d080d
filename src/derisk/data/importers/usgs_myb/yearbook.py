"""Yearbook: tables of the Minerals Yearbook's chapter on rare earths, mine production and oxide prices among them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from derisk.data.importers.usgs_myb.publication import ABOUT_TABLES, CONCENTRATE, YEARBOOK, take_mined
from derisk.data.intake.files import Line, foreign
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number, find_region, shorten
from derisk.data.intake.workbooks import sheet_rows
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook

_TERMS: Final = "incoterm=FOB China; vat=excluded; export_rebate=none; Argus"
_OXIDES: Final = {
    "Yttrium": "yttrium_oxide", "Lanthanum": "lanthanum_oxide", "Cerium": "cerium_oxide",
    "Praseodymium": "praseodymium_oxide", "Neodymium": "neodymium_oxide", "Samarium": "samarium_oxide",
    "Europium": "europium_oxide", "Gadolinium": "gadolinium_oxide", "Terbium": "terbium_oxide",
    "Dysprosium": "dysprosium_oxide",
}  # fmt: skip
_OUTSIDE: Final = frozenset({"Scandium", "Holmium", "Erbium", "Thulium", "Ytterbium", "Lutetium"})
_SHEETS_ASIDE: Final = {
    "Note 1": "words of introduction",
    "Note": "words of introduction",
    "T1": "statistics of the United States that other tables state",
    "T2": "rare earths of a deposit, in the table of deposits",
    "T4": "trade in gross weight of compounds of unlike content",
    "T5": "trade in gross weight of compounds of unlike content",
    "T6": "trade in gross weight of compounds of unlike content",
    "T7": "trade in gross weight of compounds of unlike content",
}
_FIGURE_MARKS: Final = re.compile(r"[er]?[\d, ]*")
_YEAR: Final = re.compile(r"20\d\d")
_MARKS: Final = re.compile(r"(?P<name>[A-Z][A-Za-z. ]*?[a-z])(?P<estimated>e)?(?P<marks>[,\s\d]*)")
TIDY_COLUMNS: Final = (
    "source_sheet", "source_cell", "source_country_label", "geography_code", "metric", "unit", "year", "value",
    "availability_status", "is_estimated", "display_value",
)  # fmt: skip
TIDY_LAST: Final = {"source_country_label": "Total", "year": "2022"}


def read_tables(intake: Intake, workbook: Workbook) -> None:
    """Every table of the workbook; those that state nothing of the dataset's kind are set aside."""
    for sheet in workbook.sheetnames:
        rows = list(sheet_rows(workbook, sheet, path=intake.path))
        if sheet == "T8":
            _read_production(intake, rows)
        elif sheet == "T3":
            _read_prices(intake, rows)
        else:
            reason = _SHEETS_ASIDE.get(sheet, f"table of the Yearbook not understood: {sheet}")
            intake.set_aside(reason, sum(_is_number(cell) for _, cells in rows for cell in cells))


def settle_tidy(intake: Intake, line: Line) -> None:
    """A line of the tidy copy of Table 8."""
    region = WORLD if line["source_country_label"].startswith("Total") else find_region(line["geography_code"])
    value = find_number(line["value"])
    if line["display_value"] in ("--", "—"):
        value = 0.0
    if region is None or value is None or line["unit"] != "metric_tons_reo_equivalent":
        what = (
            f"unknown country '{line['geography_code']}'"
            if region is None
            else f"unit '{line['unit']}' in place of metric_tons_reo_equivalent"
            if value is not None
            else f"'{line['value']}' is no number ({line['source_country_label']}, {line['year']})"
        )
        intake.refuse(line.number, what, amount=value, table=f"production {CONCENTRATE}")
        return
    if line["is_estimated"] not in ("True", "False"):
        what = f"is_estimated '{line['is_estimated']}' is neither True nor False"
        intake.refuse(line.number, what, amount=value, table=f"production {CONCENTRATE}")
        return
    take_mined(
        intake,
        line.number,
        source=YEARBOOK,
        region=region,
        year=line["year"],
        value=value,
        status="estimated" if line["is_estimated"] == "True" else "reported",
        locator=f"Yearbook 2022 tables, T8, cell {line['source_cell']}, {line['source_country_label']}, {line['year']}",
    )


def _years_of(rows: list[tuple[int, tuple[Any, ...]]], first_word: str, path: Path) -> tuple[int, dict[int, str]]:
    """Number of the heading line that begins with a word, and the year of each of its columns."""
    for number, cells in rows:
        if str(cells[0] or "").startswith(first_word):
            numbered = {place: str(cell).strip() for place, cell in enumerate(cells) if place and _has_digit(cell)}
            wrong = [word for word in numbered.values() if not _YEAR.fullmatch(word)]
            if wrong:
                raise foreign(f"'{wrong[0]}' is no year", f"{path}, line {number}", "2018 to 2022")
            if numbered:
                return number, numbered
    raise foreign(f"no heading '{first_word}' with years", path, ABOUT_TABLES)


def _read_production(intake: Intake, rows: list[tuple[int, tuple[Any, ...]]]) -> None:
    """Table 8: mine production by country; a mark `e` on the country or beside the figure says estimated."""
    heading, years = _years_of(rows, "Country or locality", intake.path)
    if any(later - place != 2 for place, later in pairwise(years)) or max(years) + 1 >= len(rows[0][1]):
        raise foreign("a year without its column of marks", f"{intake.path}, sheet 'T8'", ABOUT_TABLES)
    for number, cells in rows:
        label = str(cells[0] or "").strip()
        if number <= heading or not any(cells[place] not in (None, "") for place in years):
            continue
        name, is_estimated, region = _find_country(label)
        for place, year in years.items():
            printed = cells[place]
            mark = str(cells[place + 1] or "") if place + 1 < len(cells) else ""
            value = 0.0 if str(printed).strip() in ("--", "—") else find_number(printed)
            if value is None or region is None or not _FIGURE_MARKS.fullmatch(mark):
                what = (
                    f"unknown country '{label}'"
                    if region is None
                    else f"'{printed}' is no number ({label}, {year})"
                    if value is None
                    else f"unknown mark '{mark}' beside {printed} ({label}, {year})"
                )
                intake.refuse(number, what, amount=value, table=f"production {CONCENTRATE}")
                continue
            take_mined(
                intake,
                number,
                source=YEARBOOK,
                region=region,
                year=year,
                value=value,
                status="estimated" if is_estimated or mark.startswith("e") else "reported",
                locator=f"Yearbook 2022 tables, T8, line {number}, {name}, {year}",
            )


def _find_country(label: str) -> tuple[str, bool, str | None]:
    """Name, whether an `e` is glued to it, and its code."""
    if label.startswith("Total"):
        return "Total", False, WORLD
    found = _MARKS.fullmatch(label)
    if found is None:
        return label, False, find_region(label)
    whole = found["name"] + (found["estimated"] or "")
    if find_region(whole) is not None:
        return whole, False, find_region(whole)
    return found["name"], bool(found["estimated"]), find_region(found["name"])


def _read_prices(intake: Intake, rows: list[tuple[int, tuple[Any, ...]]]) -> None:
    """Table 3: average prices of oxides, dollars per kilogram."""
    heading, years = _years_of(rows, "Product (oxide)", intake.path)
    for number, cells in rows:
        if number <= heading or not any(_is_number(cells[place]) for place in years):
            continue
        name = re.sub(r"[\d, ]+$", "", str(cells[0] or "").strip())
        for place, year in years.items():
            value = find_number(cells[place])
            good = _OXIDES.get(name)
            if good is None and name in _OUTSIDE:
                intake.set_aside("oxide outside the vocabulary or counted in a group")
            elif good is None or value is None:
                what = f"'{cells[place]}' is no price ({name}, {year})" if good else f"unknown oxide '{name}'"
                intake.refuse(number, what, amount=value, table="price")
            else:
                intake.take(
                    number, source=YEARBOOK, field="price", good=good, region=WORLD, period=year, value=value * 1000.0,
                    unit="USD/t", locator=f"Yearbook 2022 tables, T3, line {number}, {name}, {year}",
                    note=f"{_TERMS}; oxide of {cells[2]} %; printed {shorten(value)} dollars per kilogram",
                )  # fmt: skip


def _has_digit(cell: Any) -> bool:
    return any(letter.isdigit() for letter in str(cell or ""))


def _is_number(cell: Any) -> bool:
    return find_number(cell) is not None
