"""Salient: one commodity's statistics of the United States, as the editions of 2022 to 2024 print them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from derisk.data.importers.usgs_mcs.controls import demand_years, read_edition
from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.importers.usgs_mcs.meanings import find_chapter, find_salient_columns
from derisk.data.importers.usgs_mcs.tables import Table

HEADER: Final = ("DataSource", "Commodity", "Year")
_ALSO_IN_WORLD_TABLE: Final = 2
"""Production of the last two years stands in the edition's world table, in a file of its own."""


def figures(table: Table) -> Iterator[Figure]:
    """Every figure of the table; those of the last year are estimates.

    Raises:
        LayoutError: a line names no edition, a year stands there twice, or a column is missing.
        TruncatedFileError: one of the five years is missing.
    """
    source_place, name_place, year_place = (table.column(name) for name in HEADER)
    lines = [(number, cells) for number, cells in table.lines if any(cells)]
    edition = max(read_edition(cells[source_place].strip(), table, number) for number, cells in lines)
    chapters = {chapter for _, cells in lines if (chapter := find_chapter(cells[name_place])) is not None}
    for chapter in chapters:
        demand_years([cells[year_place].strip() for _, cells in lines], edition, table)
        for column in find_salient_columns(edition, chapter):
            table.column(column)
    for number, cells in lines:
        year = cells[year_place].strip()
        for place, column in enumerate(table.header):
            if place in (source_place, name_place, year_place):
                continue
            yield Figure(
                line=number,
                edition=edition,
                chapter=cells[name_place].strip(),
                table="salient",
                statistic=column,
                unit=column.rpartition("_")[2],
                place="United States",
                period=year,
                printed=cells[place].strip(),
                locator=f"{table.path.name}, {column}, {year}",
                estimated=year.isdecimal() and int(year) >= edition - 1,
            )


def is_in_world_table(figure: Figure) -> bool:
    """Whether the edition's world table states the figure too."""
    is_production = figure.statistic.startswith("USprod") and figure.period.isdecimal()
    return is_production and int(figure.period) >= figure.edition - _ALSO_IN_WORLD_TABLE
