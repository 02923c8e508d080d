"""Damaged and mistaken files: each is named in four parts, whatever stands in the place of the publisher's file."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from derisk.data.importers.registry import find_importer
from derisk.data.intake.files import read_csv, read_text
from derisk.data.intake.workbooks import open_workbook
from derisk.errors import DeriskError, EncodingError, InputError, LayoutError, TruncatedFileError

TABLE = b"a,b\n1,2\n"


def written(folder: Path, content: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("One")
    for number in range(4000):
        sheet.append([f"word {number}", number * 7919 % 1013])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("part", range(1, 9))
def test_a_workbook_with_changed_bytes_is_named(part: int, tmp_path: Path) -> None:
    content = bytearray(workbook())
    at = len(content) * part // 9
    content[at : at + 40] = bytes(byte ^ 0x5A for byte in content[at : at + 40])
    with pytest.raises(TruncatedFileError, match="cut or damaged"):
        open_workbook(written(tmp_path, bytes(content), "book.xlsx"))


def test_a_zip_in_place_of_a_table_is_to_be_unpacked(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"a zip archive of 'table\.csv'") as caught:
        read_text(written(tmp_path, zipped("table.csv", TABLE)), encoding="utf-8")
    assert "unpack" in caught.value.problems[0].hint
    with pytest.raises(LayoutError, match=r"a zip archive of 'table\.csv'"):
        open_workbook(written(tmp_path, zipped("table.csv", TABLE), "book.xlsx"))


def test_a_cut_zip_in_place_of_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TruncatedFileError, match="zip archive"):
        read_text(written(tmp_path, zipped("table.csv", TABLE)[:-30]), encoding="utf-8")


def test_a_workbook_in_place_of_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="an Excel workbook in place of a table of text"):
        read_text(written(tmp_path, workbook()), encoding="utf-8")


def test_a_web_page_in_place_of_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="a web page"):
        read_text(written(tmp_path, b"\n<!DOCTYPE html>\n<html><body>please log in</body></html>\n"), encoding="utf-8")


def test_a_packed_table_is_read_whatever_its_name(tmp_path: Path) -> None:
    for name in ("table.csv.gz", "table.csv.GZ", "table.csv"):
        assert read_text(written(tmp_path, gzip.compress(TABLE), name), encoding="utf-8") == TABLE.decode()
    assert read_text(written(tmp_path, TABLE, "unpacked.csv.gz"), encoding="utf-8") == TABLE.decode()


def test_a_folder_in_place_of_a_file_names_its_files(tmp_path: Path) -> None:
    written(tmp_path, TABLE)
    with pytest.raises(InputError, match="is a folder") as caught:
        read_text(tmp_path, encoding="utf-8")
    assert "'table.csv'" in caught.value.problems[0].hint


def test_a_zero_byte_is_found_wherever_it_stands(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="zero bytes"):
        read_csv(written(tmp_path, b"a,b\n" + b"1,2\n" * 5000 + b"1,\0\n"), encoding="utf-8", columns=("a",))


LINE_ENDS_OF_OLD = b"Material\rCopper\rTin\r"
LONG_WORD = b"x" * 200_000 + b"\n1\n"
BLANK = b"\n\n\n"
NO_LINES = b"Name\n"


@pytest.mark.parametrize("content", [b"", BLANK, NO_LINES, LINE_ENDS_OF_OLD, LONG_WORD, b"PK\x03\x04", b"\x1f\x8b\x08"])
@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz", "file.xlsx", "file.parquet", "file.json", "file", "f.zip"])
@pytest.mark.parametrize(
    "kind",
    ["usgs-mcs", "usgs-myb", "bgs", "wmd", "iea", "baci", "comtrade", "wgi", "world-bank", "pink-sheet", "imf-prices",
     "eu-crm", "bea-io", "derisk"],
)  # fmt: skip
def test_no_importer_takes_what_is_no_table_and_each_says_what_to_do(
    kind: str, name: str, content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(DeriskError) as caught:
        find_importer(kind).read(written(tmp_path, content, name))
    for problem in caught.value.problems:
        assert all((problem.what, problem.where, problem.allowed, problem.hint)), problem


def test_a_list_of_codes_that_is_cut_is_no_list(tmp_path: Path) -> None:
    names = "BEA_Summary_Code,BEA_Summary_Name\n111CA,Farms\n113FF,Forestry\n"
    read = find_importer("bea-io").read
    assert sum(read(written(tmp_path, names.encode())).set_aside.values()) == 2
    with pytest.raises(TruncatedFileError):
        read(written(tmp_path, names[:-3].encode()))
