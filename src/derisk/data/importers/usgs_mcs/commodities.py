"""Commodities: the one table of all statistics, as the edition of 2026 prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from derisk.data.importers.usgs_mcs.controls import demand_last_chapter
from derisk.data.importers.usgs_mcs.figures import Figure, TableKind
from derisk.data.importers.usgs_mcs.tables import Table
from derisk.data.intake.files import foreign

HEADER: Final = (
    "MCS chapter", "Section", "Commodity", "Country", "Statistics", "Statistics_detail", "Unit", "Year",
    "Value", "Notes",
)  # fmt: skip
_EDITION: Final = re.compile(r"MCS ?(\d{4})", re.IGNORECASE)
_YEARS: Final = re.compile(r"(\d{4})[–-](\d{2,4})")
_ROUNDED: Final = re.compile(r"[:,] ?rounded$", re.IGNORECASE)
_KIND: Final = {"Production": "Prod", "Capacity": "Cap", "Reserves": "Reserves"}
_ESTIMATED: Final = re.compile(r"Estimated\b")
"""How a note begins that says a figure is estimated: `Estimated.`, or `Estimated from published sources.`"""
_NOT_REMARKS: Final = ("Estimated.", "Reported.", "Yes")


def figures(table: Table) -> Iterator[Figure]:
    """Every figure of the table.

    Raises:
        LayoutError: the file's name does not tell the edition, which the table does not, or tells another.
        TruncatedFileError: the last chapter is missing.
    """
    edition = find_edition(table)
    places = {name: table.column(name) for name in HEADER}
    demand_last_chapter(table, chapter=places["MCS chapter"], country=places["Country"])
    _demand_newest_year(table, places["Year"], edition)
    for number, cells in table.lines:
        word = {name: cells[place].strip() for name, place in places.items()}
        section, detail = word["Section"], word["Statistics_detail"]
        kind, statistic = _statistic(word)
        period, mean = _period(word["Year"])
        notes = [note.strip() for note in word["Notes"].split(" -- ")]
        yield Figure(
            line=number,
            edition=edition,
            chapter=word["MCS chapter"],
            table=kind,
            statistic=statistic,
            unit=word["Unit"],
            place=word["Country"],
            period=period,
            printed="Included in world total" if _is_counted_in_total(word) else word["Value"],
            locator=f"{table.path.name}, {word['MCS chapter']}, {section}, {detail}, {word['Country']}, {word['Year']}",
            estimated=any(_ESTIMATED.match(note) for note in notes),
            remarks=(
                *mean,
                *(note for note in notes if note and note not in _NOT_REMARKS and "Appendix C" not in note),
            ),
        )


def find_edition(table: Table) -> int:
    """Year of the Summaries, from the file's name.

    Raises:
        LayoutError: the name holds no `MCS` and year.
    """
    found = _EDITION.search(table.path.name)
    if found is None:
        what = f"the name '{table.path.name}' does not tell the edition"
        raise foreign(what, table.path, "a name that begins with MCS and the year", "keep the publisher's file name")
    return int(found[1])


def _demand_newest_year(table: Table, place: int, edition: int) -> None:
    """An edition's newest figures are of the year before it: a file renamed to another edition is told.

    Raises:
        LayoutError: they are of another year.
    """
    newest = max((period for _, cells in table.lines if (period := _period(cells[place].strip())[0])), default="")
    if newest != str(edition - 1):
        what = f"the newest figures are of '{newest}', where the name says the edition of {edition}"
        raise foreign(what, table.path, f"figures up to {edition - 1}", "keep the publisher's file name")


def _statistic(word: dict[str, str]) -> tuple[TableKind, str]:
    """Table and the statistic's words, those of the commodity before them where it is not the chapter."""
    detail = word["Statistics_detail"]
    if word["Section"].startswith("World"):
        return "world", f"{_KIND.get(word['Statistics'], word['Statistics'])}: {_ROUNDED.sub('', detail)}"
    same = word["Commodity"].casefold() == word["MCS chapter"].casefold()
    words = detail if same else f"{word['Commodity']}: {detail}"
    return ("import sources" if word["Section"] == "Import Sources" else "salient"), words


def _is_counted_in_total(word: dict[str, str]) -> bool:
    return word["Value"] == "s" and "included with" in word["Notes"].casefold()


def _period(year: str) -> tuple[str, tuple[str, ...]]:
    """Last year of a span, and the remark that it is a mean."""
    span = _YEARS.fullmatch(year)
    if span is None:
        return year, ()
    return span[1][: 4 - len(span[2])] + span[2], (f"mean of {year}",)
