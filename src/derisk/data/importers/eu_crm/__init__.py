"""EU CRM: the European Commission's studies on critical raw materials, 2023 and 2017."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from derisk.data.importers.eu_crm import scores, shares, uses
from derisk.data.intake.files import OTHER_KIND, foreign, read_bytes, read_header, read_text
from derisk.data.intake.intake import Imported, Intake

KIND: Final = "eu-crm"
TITLE: Final = "EU studies on critical raw materials"
FILES: Final = (
    "production/eu_crm_2023/fact_*.csv",
    "production/eu_crm_2023/dimension_CRMsOverTime.csv",
    "trade/eu_crm/eu_crm_2023_fact_*.csv",
    "trade/eu_crm/eu_crm_2023_dimension_CRMsOverTime.csv",
    "trade/eu_crm/eu_crm_2017_criticality_tables_*.csv",
)


def read(path: Path) -> Imported:
    """Supply shares, trade parameters, end uses or scores, by the header of the file.

    The tables of world supply and of the EU's sourcing have one header: the file's name tells them apart.

    Raises:
        EncodingError, TruncatedFileError: the file is cut or in another encoding than cp1252 or UTF-8.
        LayoutError: the header is none of the known ones.
    """
    intake = Intake(path)
    encoding = _encoding(read_bytes(path))
    words = read_header(read_text(path, encoding=encoding), path)
    header = set(words)
    if header >= set(shares.COLUMNS):
        shares.read_shares(path, intake, encoding=encoding, of_europe=_is_of_europe(path))
    elif header >= set(uses.COLUMNS):
        uses.read_uses(path, intake, encoding=encoding)
    elif header >= set(scores.COLUMNS_OVER_TIME):
        scores.read_over_time(path, intake, encoding=encoding)
    elif header >= set(scores.COLUMNS_2017):
        scores.read_2017(path, intake, encoding=encoding)
    else:
        known = (shares.COLUMNS, uses.COLUMNS, scores.COLUMNS_OVER_TIME, scores.COLUMNS_2017)
        allowed = "; or ".join(", ".join(columns) for columns in known)
        raise foreign(f"header '{','.join(words)[:200]}'", f"{path}, line 1", allowed, OTHER_KIND)
    return intake.finish()


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _is_of_europe(path: Path) -> bool:
    name = path.name.casefold()
    if ("eusupply" in name) == ("globalsupply" in name):
        what = "a table of supply shares whose name does not tell whose supply"
        raise foreign(what, path, "a name with 'EUSupply' or 'GlobalSupply'", "keep the study's name")
    return "eusupply" in name
