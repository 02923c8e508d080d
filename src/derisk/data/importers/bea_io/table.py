"""Table: a file of the Bureau of Economic Analysis, recognised by its rows, each cell with the part it plays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.importers.bea_io.controls import (
    demand_column_sums,
    demand_single_rows,
    demand_sums,
    demand_years,
)
from derisk.data.intake.files import OTHER_KIND, WHOLE, Line, foreign, read_csv, truncated

FINAL_USES: Final[Mapping[str, str]] = {
    "F010": "Personal consumption expenditures",
    "F02S": "Private fixed investment, structures",
    "F02E": "Private fixed investment, equipment",
    "F02N": "Private fixed investment, intellectual property products",
    "F02R": "Private fixed investment, residential",
    "F030": "Change in private inventories",
    "F040": "Exports of goods and services",
    "F050": "Imports of goods and services",
    "F06C": "Federal government, national defense: consumption expenditures",
    "F06S": "Federal government, national defense: investment in structures",
    "F06E": "Federal government, national defense: investment in equipment",
    "F06N": "Federal government, national defense: investment in intellectual property products",
    "F07C": "Federal government, nondefense: consumption expenditures",
    "F07S": "Federal government, nondefense: investment in structures",
    "F07E": "Federal government, nondefense: investment in equipment",
    "F07N": "Federal government, nondefense: investment in intellectual property products",
    "F10C": "State and local government: consumption expenditures",
    "F10S": "State and local government: investment in structures",
    "F10E": "State and local government: investment in equipment",
    "F10N": "State and local government: investment in intellectual property products",
}
VALUE_ADDED: Final[Mapping[str, str]] = {
    "V001": "Compensation of employees",
    "V002": "Taxes on production and imports, less subsidies",
    "V003": "Gross operating surplus",
}
GROSS_OUTPUT: Final = "Total Industry Output"

_CODE: Final = re.compile(r"\d[\dA-Z]{1,5}|HS|ORE|G[FS][A-Z]{1,3}|S00[\dA-Z]{3}|Used|Other")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_TOTAL: Final = re.compile(r"T0\d\d|Total .*|VABAS|VAPRO")
_ADDED: Final = re.compile(r"V00\d(00)?|T00O?TOP|T00O?SUB")
_SUPPLIED: Final = ("MCIF", "MADJ", "TRADE", "TRANS", "MDTY", "TOP", "SUB")
_ONE_SIDED: Final = {"331314", "Used", "Other"}
_LAST: Final = ("GSLE", "S00600")
_HINT: Final = "keep the publisher's file name, which alone tells the table and its year"


@dataclass(frozen=True, slots=True)
class Part:
    """One cell: what it counts, for which commodity (or row) and industry (or column)."""

    line: int
    kind: str
    row: str
    industry: str
    year: str
    text: str

    @property
    def is_subsidy(self) -> bool:
        """Subsidies are printed without their sign."""
        return self.row in ("T00OSUB", "T00SUB")

    def locator(self, table: Table) -> str:
        """Where the cell stands, as printed."""
        if table.is_series:
            return f"{table.name}, row {self.industry}, column {self.year}"
        turned = "; sign turned" if self.is_subsidy else ""
        across = (self.industry, self.row) if self.kind == "make" else (self.row, self.industry)
        return f"{table.name} {self.year}, row {across[0]}, column {across[1]}{turned}"


@dataclass(frozen=True, slots=True)
class Table:
    """A file's cells, under the name of its table."""

    name: str
    is_series: bool
    parts: tuple[Part, ...]


def read_table(path: Path) -> Table:
    """The cells of a file of BEA, as read from its CSV.

    Raises:
        LayoutError: rows and columns are those of no known table, or the name lacks the year.
    """
    lines = read_csv(path, encoding="utf-8", columns=())
    label = next((name for name in lines[0].cells if name in ("", "rownames")), None)
    if label is None:
        listed = ", ".join([*lines[0].cells][:5])
        raise foreign(f"no column of rows' names: {listed}", f"{path}, line 1", "'' or 'rownames'", OTHER_KIND)
    demand_single_rows(lines, label, path)
    columns = [name for name in lines[0].cells if name != label]
    detail = "Detail " if "Detail" in path.name else "Summary "
    if all(_YEAR.fullmatch(name) for name in columns):
        demand_years(columns, path)
        name, kind, row = _series(lines[-1][label], path)
        return Table(detail + name, True, tuple(_series_parts(lines, label, kind, row)))
    name, kind_of = _matrix([line[label] for line in lines], columns, path)
    found = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", path.name)
    if found is None:
        raise foreign("no year in the file's name", path, WHOLE, _HINT)
    _demand_totals(lines, label, columns, kind_of, path)
    return Table(detail + name, False, tuple(_matrix_parts(lines, label, kind_of, found[1])))


def _demand_totals(
    lines: list[Line], label: str, columns: list[str], kind_of: Callable[[str, str], str], path: Path
) -> None:
    """Industries sum to a row's intermediate total, with final uses or supply to its whole total, and so columns."""
    rows = [line[label] for line in lines if not _TOTAL.fullmatch(line[label]) and not _ADDED.fullmatch(line[label])]
    body = [line for line in lines if line[label] in rows]
    parts = [column for column in columns if kind_of(rows[0], column) != "total"]
    inner = [c for c in parts if not kind_of(rows[0], c).endswith("final_use") and c.upper() not in _SUPPLIED]
    outer = [column for column in parts if column not in inner]
    intermediate, whole = _TOTALS_OF_ROWS[kind_of]
    for total, summed in ((intermediate, inner), (whole, outer if kind_of is _import else parts)):
        column = next((name for name in total if name in columns), "")
        if not column:
            raise foreign(f"no column '{total[0]}'", f"{path}, line 1", ", ".join(columns[-5:]))
        demand_sums(body, summed, column, path, label=label)
    by_label = {line[label].replace("V00100", "V001").replace("V00300", "V003"): line for line in lines}
    for total_row, added in _VALUES_ADDED.items():
        if total_row in by_label and all(row in by_label for row in added):
            demand_column_sums([by_label[row] for row in added], {c: by_label[total_row][c] for c in inner}, path)
    for line in lines:
        if line[label] in ("T005", "T017", "Total Intermediate", "Total Commodity Output"):
            demand_column_sums(body, {column: line[column] for column in inner}, path)


def _series(last: str, path: Path) -> tuple[str, str, str]:
    if last not in _LAST:
        what = f"the last row is '{last}', not a government enterprise: the file is cut"
        raise truncated(what, path)
    if "ValueAdded" in path.name:
        return "Value added", "value_added", "Total Value Added"
    if "GrossOutput" in path.name:
        return "Gross output", "gross_output", GROSS_OUTPUT
    raise foreign("a column for each year, of an unknown quantity", path, "ValueAdded, GrossOutput", _HINT)


def _series_parts(lines: list[Line], label: str, kind: str, row: str) -> Iterator[Part]:
    for line in lines:
        known = bool(_CODE.fullmatch(line[label]))
        for year, text in line.cells.items():
            if year != label:
                yield Part(line.number, kind if known else "unknown", row, line[label], year, text)


def _matrix(rows: list[str], columns: list[str], path: Path) -> tuple[str, Callable[[str, str], str]]:
    """Name of a matrix, and the kind of its cells by row and column."""
    if "VAPRO" in rows and "T019" in columns:
        return "Use, purchasers' prices", _use
    if GROSS_OUTPUT in rows and "Total Commodity Output" in columns:
        return "Use, producers' prices", _use
    if "Total Commodity Output" in rows and GROSS_OUTPUT in columns:
        return "Make", _make
    if "T017" in rows and "T016" in columns:
        return "Supply", _supply
    if "T004" in columns and "Import" in path.name and {"Used", "Other"} <= set(rows):
        return "Import", _import
    known = "Use (VAPRO or Total Industry Output), Make (Total Commodity Output), Supply (T017), Import (T004)"
    raise foreign("rows and columns of no known table", path, known, OTHER_KIND)


def _matrix_parts(lines: list[Line], label: str, kind_of: Callable[[str, str], str], year: str) -> Iterator[Part]:
    known = {line[label] for line in lines} & set(lines[0].cells)
    for line in lines:
        for column, text in line.cells.items():
            if column == label:
                continue
            strange = any(_is_strange(code, known) for code in (line[label], column))
            kind = "unknown" if strange else kind_of(line[label], column)
            row, industry = (column, line[label]) if kind_of is _make else (line[label], column)
            yield Part(line.number, kind, row, industry, year, text)


def _is_strange(code: str, known: set[str]) -> bool:
    """Whether a code of an industry or commodity, which is that of both, stands on one side of the table alone."""
    return bool(_CODE.fullmatch(code)) and not code.startswith("S00") and code not in known | _ONE_SIDED


def _use(row: str, column: str) -> str:
    if row in (GROSS_OUTPUT, "T018") and _CODE.fullmatch(column):
        return "gross_output"
    if _TOTAL.fullmatch(row) or _TOTAL.fullmatch(column):
        return "total"
    if _ADDED.fullmatch(row):
        return "value_added" if _CODE.fullmatch(column) else "total"
    return _of(row, column, "use", "final_use")


def _import(row: str, column: str) -> str:
    return "total" if _TOTAL.fullmatch(column) else _of(row, column, "import", "import_final_use")


def _make(row: str, column: str) -> str:
    return "total" if _TOTAL.fullmatch(row) or _TOTAL.fullmatch(column) else _of(row, column, "make", "unknown")


def _supply(row: str, column: str) -> str:
    if _TOTAL.fullmatch(row) or _TOTAL.fullmatch(column):
        return "total"
    return _of(row, "22" if column.upper() in _SUPPLIED else column, "supply", "unknown")


def _of(row: str, column: str, kind: str, final: str) -> str:
    if not _CODE.fullmatch(row):
        return "unknown"
    if column.removesuffix("00") in FINAL_USES or column in FINAL_USES:
        return final
    return kind if _CODE.fullmatch(column) else "unknown"


_VALUES_ADDED: Final = {"Total Value Added": ("V001", "V002", "V003"), "T018": ("T005", "VABAS")}
"""Rows that sum to a total; taxes and subsidies stand in between with signs of their own."""
_TOTALS_OF_ROWS: Final[Mapping[Callable[[str, str], str], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    _use: (("T001", "Total Intermediate"), ("T019", "Total Commodity Output")),
    _make: ((GROSS_OUTPUT,), (GROSS_OUTPUT,)),
    _supply: (("T007",), ("T016",)),
    _import: (("T001",), ("T004",)),
}
"""Columns of the total of industries, and of all (of final uses alone, for imports), by the table's layouts."""
