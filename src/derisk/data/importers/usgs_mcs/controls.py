"""Controls: what every whole table of the Summaries holds, so that a copy cut between two lines is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from derisk.data.importers.usgs_mcs.tables import Table
from derisk.data.intake.files import foreign, truncated

_EDITION: Final = re.compile(r"MCS ?(20\d\d)", re.IGNORECASE)
_LAST_CHAPTER: Final = "zirconium and hafnium"
_SALIENT_YEARS: Final = 5


def read_edition(word: str, table: Table, line: int) -> int:
    """Year of the Summaries that a line names, as in `MCS2024`.

    Raises:
        LayoutError: it names none.
    """
    found = _EDITION.fullmatch(word)
    if found is None:
        raise foreign(f"'{word}' is no edition", f"{table.path}, line {line}", "MCS2022 to MCS2026")
    return int(found[1])


def demand_last_chapter(table: Table, *, chapter: int, country: int) -> None:
    """The one table of an edition ends with the world total of its last chapter.

    Raises:
        TruncatedFileError: it does not.
    """
    totals = (cells for _, cells in table.lines if cells[chapter].strip().casefold() == _LAST_CHAPTER)
    _demand_total(totals, country, table, f"no world total of {_LAST_CHAPTER}, the last chapter: the file is cut")


def demand_world_total(table: Table, *, country: int) -> None:
    """A commodity's world table ends with the world total.

    Raises:
        TruncatedFileError: it does not.
    """
    filled = [cells for _, cells in table.lines if cells[country].strip()]
    _demand_total(filled[-1:], country, table, "the last line is no world total: the file is cut")


def _demand_total(lines: Iterable[Sequence[str]], country: int, table: Table, what: str) -> None:
    if not any(cells[country].strip().casefold().startswith("world total") for cells in lines):
        raise truncated(what, table.path)


def demand_years(years: Sequence[str], edition: int, table: Table) -> None:
    """Salient statistics hold the five years before the edition, each once.

    Raises:
        LayoutError: a year stands there twice, or another year.
        TruncatedFileError: a year is missing.
    """
    due = {str(edition - back) for back in range(1, _SALIENT_YEARS + 1)}
    wrong = [year for year in years if year not in due or years.count(year) > 1]
    if wrong:
        what = f"year '{wrong[0]}' is of another edition, or stands there twice"
        raise foreign(what, table.path, ", ".join(sorted(due)))
    if due - set(years):
        what = f"no line of {', '.join(sorted(due - set(years)))}: the file is cut"
        raise truncated(what, table.path)


def demand_kinds(found: Sequence[tuple[str, str]], due: Sequence[tuple[str, str]], table: Table) -> None:
    """Columns of figures, each a kind and a year, are all there.

    Raises:
        LayoutError: one is missing.
    """
    missing = [f"{kind} of {year}" for kind, year in due if (kind, year) not in found]
    if missing:
        what = f"no column of {' and '.join(missing)}"
        raise foreign(what, f"{table.path}, line 1", ", ".join(table.header[:12]))
