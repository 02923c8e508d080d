"""Files opened as lines: repeated columns named, ragged rows padded, the last line demanded."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from derisk.data.intake.files import demand_line, read_csv
from derisk.data.intake.workbooks import open_workbook, sheet_rows
from derisk.errors import LayoutError, TruncatedFileError


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_column_printed_twice_is_named_and_never_overwritten(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="column 'b' stands there twice"):
        read_csv(written(tmp_path, "a,b,b\n1,2,3\n"), encoding="utf-8", columns=("a",))


def test_columns_without_a_name_may_be_many(tmp_path: Path) -> None:
    (line,) = read_csv(written(tmp_path, "a,,\n1,,\n"), encoding="utf-8", columns=("a",))
    assert line["a"] == "1"


def test_the_last_line_is_demanded_wherever_it_stands(tmp_path: Path) -> None:
    lines = read_csv(written(tmp_path, "place,year\nZWE,2022\nAUT,2022\n"), encoding="utf-8", columns=())
    demand_line(lines, {"place": "ZWE", "year": "2022"}, path=tmp_path)
    with pytest.raises(TruncatedFileError, match="no line of ZWE, 2023, which stands last"):
        demand_line(lines, {"place": "ZWE", "year": "2023"}, path=tmp_path)


def test_rows_of_a_sheet_are_as_wide_as_the_widest(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("One")
    for row in (["a"], ["b", 1, 2], ["c", 3]):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    rows = list(sheet_rows(open_workbook(tmp_path / "book.xlsx"), "One", path=tmp_path))
    assert rows == [(1, ("a", None, None)), (2, ("b", 1, 2)), (3, ("c", 3, None))]
