"""World data: the one table of world production, capacity and reserves, as the edition of 2025 prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from derisk.data.importers.usgs_mcs.controls import demand_kinds, demand_last_chapter, read_edition
from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.importers.usgs_mcs.places import words_of_total
from derisk.data.importers.usgs_mcs.tables import Table

HEADER: Final = ("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_FIGURE: Final = re.compile(r"(?P<kind>PROD|CAP|RESERVES)_(?P<est>EST_ ?)?(?P<year>\d{4})")
_KIND: Final = {"PROD": "Prod", "CAP": "Cap", "RESERVES": "Reserves"}
_NOTES: Final = {"PROD": "PROD_NOTES", "CAP": "CAP_NOTES", "RESERVES": "RESERVE_NOTES"}
_DUE: Final = (("PROD", "2023"), ("PROD", "2024"), ("CAP", "2023"), ("CAP", "2024"), ("RESERVES", "2024"))
_WITHHELD: Final = re.compile(r"W for [\d-]+", re.IGNORECASE)


def figures(table: Table) -> Iterator[Figure]:
    """Every figure of the table; a word that stands in a note in place of a figure is read as the figure.

    Raises:
        LayoutError: a column is missing.
        TruncatedFileError: the last chapter is missing.
    """
    columns = [(name, found) for name in table.header if (found := _FIGURE.fullmatch(name)) is not None]
    places = {name: table.column(name) for name in (*HEADER, *_NOTES.values())}
    demand_kinds([(found["kind"], found["year"]) for _, found in columns], _DUE, table)
    demand_last_chapter(table, chapter=places["COMMODITY"], country=places["COUNTRY"])
    for number, cells in table.lines:
        word = {name: cells[place].strip() for name, place in places.items()}
        for name, found in columns:
            kind, year = found["kind"], found["year"]
            note = word[_NOTES[kind]]
            printed = cells[table.column(name)].strip()
            in_note = _word_in_note(note) if not printed else ""
            yield Figure(
                line=number,
                edition=read_edition(word["SOURCE"], table, number),
                chapter=word["COMMODITY"],
                table="world",
                statistic=f"{_KIND[kind]}: {word['TYPE']}{words_of_total(word['COUNTRY'])}",
                unit=word["UNIT_MEAS"],
                place=word["COUNTRY"],
                period=year,
                printed=printed or in_note,
                locator=f"{table.path.name}, {word['COMMODITY']}, {word['TYPE']}, {word['COUNTRY']}, {name}",
                estimated=kind != "RESERVES" and (bool(found["est"]) or _is_estimated(word["TYPE"], note, year)),
                remarks=(note,) if note and not in_note and len(note) > 20 else (),
            )


def _word_in_note(note: str) -> str:
    """The word a note holds in place of a blank figure: withheld, not available, counted elsewhere."""
    if _WITHHELD.fullmatch(note):
        return "W"
    if note.casefold() in ("na", "small", "large", "moderate", "very small") or note.casefold().startswith("included "):
        return note
    return ""


def _is_estimated(kind: str, note: str, year: str) -> bool:
    remark = note.casefold()
    if "estimated" in remark:
        return True
    return "estimated" in kind.casefold() and "report" not in remark
