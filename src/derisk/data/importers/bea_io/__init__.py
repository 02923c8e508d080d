"""BEA: input-output tables of the United States, as lines of the table `input_output`, and value added by use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from derisk.data.importers.bea_io.table import FINAL_USES, Part, Table, read_table
from derisk.data.importers.bea_io.uses import take_value_added
from derisk.data.intake.files import read_csv, read_header, read_text
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import find_number
from derisk.data.sources import Source

KIND: Final = "bea-io"
TITLE: Final = "BEA input-output accounts"
FILES: Final = ("trade/us_io/*.csv",)

INPUT_OUTPUT: Final = "input_output"
COUNTRY: Final = "USA"

__all__ = ["COUNTRY", "FILES", "FINAL_USES", "INPUT_OUTPUT", "KIND", "TITLE", "read"]


def read(path: Path) -> Imported:
    """A Use, Supply, Make or Import table, or yearly value added or gross output by industry.

    Cells become lines of `tables["input_output"]`; totals and zeros are set aside. Summary tables that state
    value added also give rows of `value_added` by use. Cells must sum to the totals beside them, and series leave
    out no year; a series without its newest year is read as an older edition.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is none of these, or damaged.
    """
    intake = Intake(path)
    header = read_header(read_text(path, encoding="utf-8"), path)
    if any(name.startswith("BEA_") for name in header):
        is_list = any("Name" in name for name in header)
        reason = "names of codes, no figures" if is_list else "crosswalk between codes, no figures"
        intake.set_aside(reason, len(read_csv(path, encoding="utf-8", columns=header)))
        return intake.finish()
    table = read_table(path)
    source = _source(table)
    for part in table.parts:
        _take_part(intake, part, table, source)
    take_value_added(intake, table, source)
    return intake.finish()


def _take_part(intake: Intake, part: Part, table: Table, source: Source) -> None:
    value = find_number(part.text)
    if part.kind == "unknown":
        what = f"unknown code '{part.industry}', or row '{part.row}' of no industry"
        intake.refuse(part.line, what, amount=value, table=table.name)
    elif value is None:
        what = f"'{part.text}' in row {part.row}, column {part.industry} is not a number"
        intake.refuse(part.line, what, table=table.name)
    elif part.kind == "total":
        intake.set_aside("totals, which other cells sum to")
    elif value == 0:
        intake.set_aside("zero cells")
    else:
        line = {
            "country": COUNTRY,
            "year": part.year,
            "kind": part.kind,
            "commodity_or_row": part.row,
            "industry": part.industry,
            "value_musd": -value if part.is_subsidy else value,
            "source": source.id,
            "locator": part.locator(table),
        }
        intake.tabulate(INPUT_OUTPUT, line, source=source, amount=value, part=table.name)


def _source(table: Table) -> Source:
    newest = max(part.year for part in table.parts)
    return Source(
        id=f"bea-{re.sub('[^a-z]+', '-', table.name.lower())}-{newest}",
        title=f"Input-output accounts: {table.name} {newest}",
        publisher="Bureau of Economic Analysis",
        year=int(newest) + 1,
        licence="public domain (United States government)",
        licence_url="https://www.bea.gov/help/faq/147",
        url="https://www.bea.gov/industry/input-output-accounts-data",
        shippable=True,
        note="Million USD.",
    )
