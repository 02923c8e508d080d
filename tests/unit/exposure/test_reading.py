"""Purchase lists that cannot be read: each says what it is, and what to save it as."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from derisk.errors import LayoutError, TruncatedFileError
from derisk.exposure import read_purchases

HEADING = ["item", "quantity", "unit"]


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in (HEADING, *lines):
        book.active.append(line)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(["gallium", 5, "kg"]))
    (line,) = read_purchases(path).lines
    assert (line["item"], line["quantity"], line["unit"]) == ("gallium", "5", "kg")


@pytest.mark.parametrize(("content", "error"), [(b"item,quantity\n", LayoutError), (b"PK\x03\x04", TruncatedFileError)])
def test_what_is_no_workbook_is_to_be_saved_again(content: bytes, error: type, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_purchases(path)
    assert caught.value.problems[0].hint == "save it again as XLSX, or as CSV UTF-8"


def test_a_damaged_workbook_is_to_be_saved_again(tmp_path: Path) -> None:
    content = bytearray(workbook(*([f"part {n}", n, "kg"] for n in range(2000))))
    content[len(content) // 2 : len(content) // 2 + 64] = bytes(64)
    (tmp_path / "list.xlsx").write_bytes(bytes(content))
    with pytest.raises(TruncatedFileError, match="cut or damaged"):
        read_purchases(tmp_path / "list.xlsx")


def test_a_heading_alone_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("item,quantity,unit\n\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="a heading and no purchase"):
        read_purchases(tmp_path / "list.csv")
