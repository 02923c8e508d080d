"""Purchase lists that cannot be read: each says what it is, and what to save it as."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from derisk.errors import LayoutError, TruncatedFileError
from derisk.exposure import PurchaseList, map_purchases, read_purchases
from derisk.exposure.amounts import dollars

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


def read(tmp_path: Path, text: str) -> PurchaseList:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return read_purchases(path)


def test_what_a_thing_is_called_is_read_beside_its_number(tmp_path: Path) -> None:
    listed = read(tmp_path, "Part no.,Material description,Annual volume,UoM\nP-1,gallium,5,kg\n")
    (line,) = listed.lines
    assert (line["part"], line["item"], line["quantity"], line["unit"]) == ("P-1", "gallium", "5", "kg")
    assert listed.unknown_headings == ()


def test_a_supplier_beside_a_country_is_a_firm_and_is_not_read(tmp_path: Path) -> None:
    listed = read(tmp_path, "item,qty,unit,supplier,country of origin\ngallium,5,kg,Acme,Japan\n")
    assert listed.lines[0]["supplier_country"] == "Japan"
    (problem,) = listed.unknown_headings
    assert (problem.what, problem.hint) == ("heading 'supplier' is not read", "'country of origin' is")


def test_a_supplier_alone_says_the_country(tmp_path: Path) -> None:
    listed = read(tmp_path, "item,qty,unit,supplier\ngallium,5,kg,Japan\n")
    assert listed.lines[0]["supplier_country"] == "Japan"


@pytest.mark.parametrize("heading", ["Spend (MUSD)", "Value 2025 [USD m]", "value in US$ million", "Annual spend $m"])
def test_a_heading_of_money_may_hold_its_scale(heading: str, tmp_path: Path) -> None:
    listed = read(tmp_path, f"item,{heading},country\ngallium,7.1,Japan\ngallium,,Japan\n")
    stated, empty = (line["value_usd"] for line in listed.lines)
    assert dollars(stated) == pytest.approx(7.1e6)
    assert empty == ""


def test_money_of_another_currency_is_not_read_as_dollars(tmp_path: Path) -> None:
    listed = read(tmp_path, "item,qty,unit,Value (million EUR)\ngallium,5,kg,7\n")
    assert listed.lines[0]["value_usd"] == ""
    assert [problem.what for problem in listed.unknown_headings] == ["heading 'Value (million EUR)' names no column"]


def test_a_list_that_says_nothing_is_told_every_column_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(LayoutError) as caught:
        read(tmp_path, "Werkstoff;Menge\nGallium;5\n")
    assert [problem.what for problem in caught.value.problems] == [
        "no column says what is bought",
        "no column says how much",
    ]
    assert "docs/reference/commands.md" in caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("item", "good"),
    [
        ("LiOH.H2O battery grade", "lithium_chemical"),
        ("Li2CO3", "lithium_chemical"),
        ("Co3O4 powder", "refined_cobalt"),
    ],
)
def test_compounds_are_known_by_their_formula(item: str, good: str, tmp_path: Path) -> None:
    listed = read(tmp_path, f"item,qty,unit,country\n{item},5,t,Chile\n")
    (line,) = map_purchases(listed.lines, price_usd_per_t={})
    assert (line.good, line.fate) == (good, "mapped")


def test_money_beside_pieces_and_a_price_is_the_value(tmp_path: Path) -> None:
    heading = "item,Quantity (pcs),Unit price (USD),Total value (USD),Net weight (kg),country"
    (line,) = read(tmp_path, f"{heading}\ngallium,9,1,580,1,Japan\n").lines
    assert (line["value_usd"], line["quantity"], line["unit"]) == ("580", "1", "kg")
