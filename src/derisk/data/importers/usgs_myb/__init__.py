"""USGS Yearbook: rare-earth tables of the Minerals Yearbook, and the history of Data Series 140."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from derisk.data.importers.usgs_myb import history, yearbook
from derisk.data.importers.usgs_myb.publication import ABOUT_TABLES
from derisk.data.intake.files import OTHER_KIND, demand_line, foreign, read_csv
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.workbooks import is_workbook, open_workbook, sheet_rows

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

KIND: Final = "usgs-myb"
TITLE: Final = "USGS Minerals Yearbook and Data Series 140, rare earths"
FILES: Final = (
    "production/usgs_history_wilson/usgs_myb2022_*",
    "production/usgs_history_wilson/usgs_ds140_*.xlsx",
    "production/usgs_history_wilson/usgs_rare_earths_historical.csv",
    "production/usgs_history_wilson/usgs_mcs2026_*.csv",
)

_REPEATED: Final = "tidy copy of the Summaries of 2026: import MCS2026_Commodities_Data.csv with usgs-mcs"


def read(path: Path) -> Imported:
    """Mine production by country, oxide prices, and the history of production and consumption of rare earths.

    Raises:
        EncodingError, TruncatedFileError, LayoutError: the file is re-encoded, cut, or of an unknown layout.
    """
    intake = Intake(path)
    if is_workbook(path):
        _read_workbook(intake, open_workbook(path))
    else:
        _read_tidy(intake)
    return intake.finish()


def _read_workbook(intake: Intake, workbook: Workbook) -> None:
    if "T8" in workbook.sheetnames and "T3" in workbook.sheetnames:
        yearbook.read_tables(intake, workbook)
    elif "Rare earths" in workbook.sheetnames:
        history.read_table(intake, list(sheet_rows(workbook, "Rare earths", path=intake.path)))
    else:
        found = ", ".join(workbook.sheetnames)
        raise foreign(f"no rare-earth tables: sheets {found}", intake.path, ABOUT_TABLES, OTHER_KIND)


def _read_tidy(intake: Intake) -> None:
    """The CSV copies of the two workbooks, told by their columns."""
    lines = read_csv(intake.path, encoding="utf-8", columns=())
    header = set(lines[0].cells)
    if set(yearbook.TIDY_COLUMNS) <= header:
        demand_line(lines, yearbook.TIDY_LAST, path=intake.path)
        for line in lines:
            yearbook.settle_tidy(intake, line)
    elif set(history.TIDY_COLUMNS) <= header:
        demand_line(lines, history.TIDY_LAST, path=intake.path)
        for line in lines:
            history.settle_tidy(intake, line)
    elif {"mcs_chapter", "raw_value"} <= header:
        intake.set_aside(_REPEATED, len(lines))
    else:
        found = ", ".join(sorted(header))
        raise foreign(f"no rare-earth table that is known: {found}", intake.path, ABOUT_TABLES, OTHER_KIND)
