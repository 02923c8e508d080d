"""IEA: supply and demand of the Critical Minerals Data Explorer of the International Energy Agency."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from derisk.data.importers.iea.explorer import read_explorer
from derisk.data.importers.iea.figures import take_figures
from derisk.data.importers.iea.workbook import read_workbook
from derisk.data.intake.files import foreign
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.workbooks import is_workbook
from derisk.data.sources import Source

KIND: Final = "iea"
TITLE: Final = "IEA Critical Minerals Data Explorer"
FILES: Final = ("production/iea_cm_data_explorer/CM_Data_Explorer_*",)

_YEAR: Final = re.compile(r"20\d\d")
_OPEN: Final = "CC BY 4.0"
_TERMS: Final = "IEA terms and conditions"


def read(path: Path) -> Imported:
    """Supply by country and demand of the stated policies, from the workbook or the JSON file.

    An edition whose notice does not name CC BY 4.0 is read all the same; its rows may not be shipped.

    Raises:
        EncodingError, TruncatedFileError, LayoutError: the file is cut, or is none of the known layouts.
    """
    intake = Intake(path)
    read_figures = read_workbook if is_workbook(path) else read_explorer
    figures, base_year, notice = read_figures(path, intake)
    if not _YEAR.fullmatch(base_year):
        raise foreign(f"base year '{base_year}'", path, "a year of this century")
    take_figures(intake, figures, _edition(int(base_year) + 1, is_open=_OPEN in notice), base_year=base_year)
    return intake.finish()


def _edition(year: int, *, is_open: bool) -> Source:
    return Source(
        id=f"iea-critical-minerals-{year}",
        title=f"Critical Minerals Dataset (data behind the Global Critical Minerals Outlook {year})",
        publisher="International Energy Agency",
        year=year,
        licence=_OPEN if is_open else _TERMS,
        licence_url="https://creativecommons.org/licenses/by/4.0/" if is_open else "https://www.iea.org/terms",
        url="https://www.iea.org/data-and-statistics/data-product/critical-minerals-dataset",
        shippable=is_open,
    )
