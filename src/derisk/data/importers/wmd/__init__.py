"""World Mining Data: mine production by mineral, country and year, of the Austrian Federal Ministry of Finance."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from derisk.data.importers.wmd.database import MARK, read_database
from derisk.data.importers.wmd.workbook import read_workbook
from derisk.data.intake.files import read_bytes
from derisk.data.intake.intake import Imported, Intake

KIND: Final = "wmd"
TITLE: Final = "World Mining Data"
FILES: Final = ("production/wmd2017/*.xlsx", "production/wmd2024_geopolrisk/world_mining_data.db")


def read(path: Path) -> Imported:
    """Production of table 6.4 or 6.2, or of a SQLite file with one table a mineral.

    Oxides are counted in the good's metal, kilograms in tonnes; the parts of a country add up.

    Raises:
        TruncatedFileError, LayoutError: the file is cut, or is none of the known tables.
    """
    intake = Intake(path)
    read_content = read_database if read_bytes(path).startswith(MARK) else read_workbook
    read_content(path, intake)
    return intake.finish()
