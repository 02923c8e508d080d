"""Input-output tables of the United States for 2023: BEA's Use, Import and Make tables, 71 industries, 73 commodities."""

from __future__ import annotations

import csv
import sys

import row_table

sys.path.insert(0, str(row_table.RECIPES.parent.parent / "src"))

from derisk.data.importers.bea_io import FINAL_USES, INPUT_OUTPUT, read
from derisk.data.importers.bea_io.table import GROSS_OUTPUT, VALUE_ADDED
from derisk.data.input_output import COLUMNS, FILE, KINDS, NAME_COLUMNS, NAMES_FILE

BEA = row_table.PUBLISHER_FILES / "trade" / "us_io"
TABLES = (
    "useeior_Summary_Use_2023_PRO_BeforeRedef_17sch.csv",
    "useeior_Summary_Import_2023_BeforeRedef_17sch.csv",
    "useeior_Summary_Make_2023_BeforeRedef_17sch.csv",
)
SOURCE = "bea-input-output-2023"
NAMES = ("useeior_Summary_IndustryCodeName_2017.csv", "useeior_Summary_CommodityCodeName_2017.csv")


def flows() -> list[dict[str, str]]:
    """Lines of the three tables, by kind, row and industry, in BEA's order."""
    lines = [line for name in TABLES for line in read(BEA / name).tables[INPUT_OUTPUT]]
    return [
        {**line, "value_musd": row_table.number(line["value_musd"], digits=12), "source": SOURCE}
        for kind in KINDS
        for line in lines
        if line["kind"] == kind
    ]


def names() -> dict[str, str]:
    """Names of industries, commodities, final uses and rows by code."""
    published = [
        (line[columns[0]], line[columns[1]].removesuffix(" [1]"))
        for name in NAMES
        for line in row_table.read_table(BEA / name)
        for columns in [list(line)]
    ]
    ours = {**VALUE_ADDED, GROSS_OUTPUT: "Total industry output"}
    return {**FINAL_USES, **ours, **dict(published)}


def write(name: str, columns: tuple[str, ...], lines: list[dict[str, str]]) -> None:
    """Write one table beside the observations."""
    path = row_table.DATASET / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    print(f"{name}: {len(lines)} rows")


def main() -> None:
    """Write input_output.csv and the names of its codes."""
    write(FILE, COLUMNS, flows())
    write(NAMES_FILE, NAME_COLUMNS, [{"code": code, "name": name} for code, name in names().items()])


if __name__ == "__main__":
    main()
