"""World: one commodity's table of world production, capacity and reserves, as the editions of 2022 to 2024 print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from derisk.data.importers.usgs_mcs.controls import demand_kinds, demand_world_total, read_edition
from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.importers.usgs_mcs.meanings import find_chapter
from derisk.data.importers.usgs_mcs.places import is_estimated
from derisk.data.importers.usgs_mcs.tables import UNNAMED, Table
from derisk.data.intake.files import foreign

HEADER: Final = ("Source", "Country")
_FIRST_WITH_NOTES: Final = 2023
"""The edition of 2022 prints no notes and no reserves."""
_NAME: Final = re.compile(r"(?:.*_)?mcs\d{4}-?(?P<chapter>[\w-]+?)_(?P<kind>world|salient)\.csv", re.IGNORECASE)
_FIGURE: Final = re.compile(
    r"(?P<kind>Prod|Cap)(?P<of>(?:_(?!Est_)[A-Z][A-Za-z-]+)*)_(?P<unit>[a-z]+)_(?P<est>[Ee]st_)?(?P<year>\d{4})"
)
_RESERVES: Final = re.compile(r"Reserves?(?:_(?P<of>(?!notes?)[A-Za-z_-]+))?_(?P<unit>(?!notes?)[a-z]+)", re.IGNORECASE)
_NOTES: Final = re.compile(r"(?P<kind>Prod|Cap|Reserves?)_notes?", re.IGNORECASE)


def figures(table: Table) -> Iterator[Figure]:
    """Every figure of the table; reserves are those of the year before the edition.

    Two years of production and the figures of each column of notes must be there; of two columns of capacity that
    share no notes, as those of titanium, one taken out by hand is not missed.

    Raises:
        LayoutError: a line names no edition, a column is unknown or missing.
        TruncatedFileError: the world total, which stands last, is missing.
    """
    chapter = find_chapter_word(table, "world")
    type_place = table.header.index("Type") if "Type" in table.header else 2
    notes = {
        found["kind"][:4].casefold(): i for i, name in enumerate(table.header) if (found := _NOTES.fullmatch(name))
    }
    lines = _lines_of_figures(table)
    is_ours = find_chapter(chapter) is not None
    if is_ours:
        _demand_whole(table, lines, type_place, notes)
    for number, cells in lines:
        source, country = cells[table.column("Source")].strip(), cells[table.column("Country")].strip()
        edition = read_edition(source, table, number) if is_ours else _FIRST_WITH_NOTES
        for place, name in enumerate(table.header):
            if place in (type_place, *notes.values()) or name in HEADER:
                continue
            if name.startswith(UNNAMED) and not cells[place].strip():
                continue
            kind, unit, year, in_name = _describe(name, edition) or (name, "", "", False)
            note = cells[notes[kind[:4].casefold()]].strip() if kind[:4].casefold() in notes else ""
            yield Figure(
                line=number,
                edition=edition,
                chapter=chapter,
                table="world",
                statistic=f"{kind}: {cells[type_place].strip()}",
                unit=unit,
                place=country,
                period=year,
                printed=cells[place].strip(),
                locator=f"{table.path.name}, {country}, {cells[type_place].strip()[:60]}, {name}",
                estimated=not kind.startswith("Res")
                and _is_estimated(note, year, marked=in_name or is_estimated(country)),
                remarks=(note,) if note and not note.casefold().startswith("included") else (),
            )


def _lines_of_figures(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    """Lines that name an edition or a country, or hold a figure; others hold words about the table."""
    named = [table.column(name) for name in HEADER]
    of_figures = [place for place, name in enumerate(table.header) if _describe(name, _FIRST_WITH_NOTES) is not None]
    return [line for line in table.lines if any(line[1][place].strip() for place in (*named, *of_figures))]


def _demand_whole(
    table: Table, lines: Sequence[tuple[int, Sequence[str]]], type_place: int, notes: Mapping[str, int]
) -> None:
    """A table of ours holds two years of production, the figures of each column of notes, and the world total."""
    edition = min(read_edition(cells[table.column("Source")].strip(), table, number) for number, cells in lines)
    columns = {place: _describe(name, edition) for place, name in enumerate(table.header) if place != type_place}
    kinds = [(about[0][:4], about[2]) for about in columns.values() if about is not None]
    due = [("Prod", str(edition - 2)), ("Prod", str(edition - 1))]
    demand_kinds(kinds, due, table)
    of_notes = set(notes) - {kind.casefold() for kind, _ in kinds}
    without_notes = edition >= _FIRST_WITH_NOTES and "prod" not in notes
    if of_notes or without_notes or _describe(table.header[type_place], edition) is not None:
        what = "no column of notes on production, of the figures of a column of notes, or of types"
        raise foreign(what, f"{table.path}, line 1", ", ".join(table.header[:12]))
    for place, about in columns.items():
        name = table.header[place]
        known = about is not None or place in notes.values() or name in HEADER
        if not known and any(cells[place].strip() for _, cells in lines):
            raise foreign(f"unknown column '{name}'", f"{table.path}, line 1", ", ".join(HEADER))
    demand_world_total(table, country=table.column("Country"))


def find_chapter_word(table: Table, kind: str) -> str:
    """The commodity's word in the name of a world or salient table, which alone tells it; empty where there is none."""
    named = _NAME.fullmatch(table.path.name)
    return named["chapter"] if named is not None and named["kind"].casefold() == kind else ""


def _describe(name: str, edition: int) -> tuple[str, str, str, bool] | None:
    """Kind, unit and year of a column of figures, and whether its name says estimated."""
    found = _FIGURE.fullmatch(name)
    if found is not None:
        return found["kind"].capitalize() + found["of"], found["unit"].casefold(), found["year"], bool(found["est"])
    found = _RESERVES.fullmatch(name)
    if found is not None:
        return "Reserves", found["unit"].casefold(), str(edition - 1), False
    return None


def _is_estimated(note: str, year: str, *, marked: bool) -> bool:
    """What the column's name or the country's mark says, unless the note says otherwise of the year."""
    remark = note.casefold()
    if re.search(rf"reported.*{year}", remark):
        return False
    return marked or bool(re.search(rf"estimated.*{year}|{year}.*estimated", remark))
