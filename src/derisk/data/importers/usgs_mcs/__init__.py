"""USGS Summaries: the Mineral Commodity Summaries of the U.S. Geological Survey, editions of 2022 to 2026."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from derisk.data.importers.usgs_mcs import commodities, salient, trends, world, world_2025
from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.importers.usgs_mcs.meanings import OUTSIDE, find_chapter
from derisk.data.importers.usgs_mcs.publication import edition_source
from derisk.data.importers.usgs_mcs.settlement import settle
from derisk.data.importers.usgs_mcs.tables import Table, read_table
from derisk.data.intake.files import OTHER_KIND, foreign
from derisk.data.intake.intake import Imported, Intake

KIND: Final = "usgs-mcs"
TITLE: Final = "USGS Mineral Commodity Summaries"
FILES: Final = (
    "production/usgs_mcs_2022_2024/2022/individual_commodities/*.csv",
    "production/usgs_mcs_2022_2024/202[34]/*/*.csv",
    "production/usgs_mcs_2022_2024/202[34]/*/*/*.csv",
    "production/usgs_mcs_2022_2024/202[34]/*/*/*.xlsx",
    "production/usgs_mcs_2025_2026/*.csv",
)

_KNOWN: Final = (
    "the Commodities table of 2026, the World Data table of 2025, and a commodity's world or salient table of "
    "2022, 2023 and 2024"
)
_WORLD_IN_PLACE: Final = "known defect: a copy of the world table stands in place of the salient statistics"


def read(path: Path) -> Imported:
    """Production, capacity, reserves, prices, consumption, stocks and import reliance of one file.

    Raises:
        EncodingError, TruncatedFileError: the file is re-encoded or cut.
        LayoutError: the layout is unknown, or the file is one that the publisher filled with the wrong table.
    """
    table = read_table(path)
    intake = Intake(path)
    figures = _figures(table, intake)
    by_edition: dict[int, list[Figure]] = {}
    for figure in figures:
        by_edition.setdefault(figure.edition, []).append(figure)
    for edition, of_edition in by_edition.items():
        settle(intake, of_edition, source=edition_source(edition))
    return intake.finish()


def _figures(table: Table, intake: Intake) -> Iterable[Figure]:
    header = table.header
    if set(commodities.HEADER) <= set(header):
        return commodities.figures(table)
    if set(world_2025.HEADER) <= set(header):
        return world_2025.figures(table)
    if set(salient.HEADER) <= set(header):
        return _without_repeated(salient.figures(table), intake)
    if set(world.HEADER) <= set(header) and any(name.startswith(("Prod_", "Cap_", "Reserve")) for name in header):
        if world.find_chapter_word(table, "world"):
            return world.figures(table)
        reason: str | None = _reason_for_wrong_table(table)
    else:
        reason = trends.find_reason(header)
    if reason is None:
        found = ", ".join(header[:8])
        what = f"no table of the Summaries that is known: {found}"
        raise foreign(what, f"{table.path}, line 1", _KNOWN, OTHER_KIND)
    intake.set_aside(reason, sum(1 for _, cells in table.lines for cell in cells if cell.strip()))
    return ()


def _reason_for_wrong_table(table: Table) -> str:
    """Why nothing is taken where a world table stands in the file of a commodity's salient statistics.

    Raises:
        LayoutError: the commodity is of the vocabulary, or the file's name tells none.
    """
    word = world.find_chapter_word(table, "salient")
    if not word:
        what = f"the name '{table.path.name}' does not tell the commodity"
        raise foreign(what, table.path, "a name such as mcs2024-tungs_world.csv", "keep the publisher's file name")
    if find_chapter(word) is None:
        return OUTSIDE + word
    raise foreign(_WORLD_IN_PLACE, table.path, _KNOWN, "other editions print the statistics")


def _without_repeated(figures: Iterable[Figure], intake: Intake) -> Iterable[Figure]:
    for figure in figures:
        if salient.is_in_world_table(figure):
            intake.set_aside("production of the last two years: stated by the edition's world table")
        else:
            yield figure
