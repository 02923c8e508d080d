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
    assert listed.lines[0]["value_usd"] == "7 m EUR"
    assert listed.unknown_headings == ()
    (line,) = map_purchases(listed.lines, price_usd_per_t={})
    assert (line.value_usd, line.fate) == (None, "partly mapped")


def test_a_list_that_says_nothing_is_told_every_column_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(LayoutError) as caught:
        read(tmp_path, "Grondstof;Hoeveelheid\nGallium;5\n")
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


GERMAN = (
    "Materialnummer;Bezeichnung;Zolltarifnummer;Menge;Mengeneinheit;Wert EUR;Lieferant;Lieferland;Gefährdeter Umsatz (Mio. €)\r\n"
    "A 205;Magnet NdFeB für Lenkung;85051110;4.200,00;KG;352.800,00;Müller GmbH;Österreich;85,5\r\n"
    "C 110;Kupferdraht blank 0,5 mm;74081100;2.310;TO;;;Deutschland;\r\n"
    "B 778;Kathodenmaterial NMC 811;28419085;12;TO;;;VR China;\r\n"
    "F 990;Schraube;73181588;125.000;ST;;;DE;\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_german_list_is_read_as_its_system_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "einkauf.csv"
    path.write_bytes(GERMAN.encode(encoding))
    listed = read_purchases(path)
    magnet, wire, cathode, screw = map_purchases(
        listed.lines, price_usd_per_t={"refined_copper": 9e3}, usd_per={"EUR": 1.1}
    )
    assert (magnet.good, magnet.quantity_t, magnet.supplier) == ("ndfeb_magnet", pytest.approx(4.2), "AUT")
    assert (magnet.value_usd, magnet.revenue_usd) == (pytest.approx(388_080.0), pytest.approx(94.05e6))
    assert (wire.good, wire.quantity_t, wire.supplier, wire.fate) == ("refined_copper", 2310.0, "DEU", "mapped")
    assert (cathode.good, cathode.supplier) == ("", "CHN")
    assert "a mixture of several goods" in " ".join(cathode.doubts)
    assert "state what they weigh" in " ".join(screw.doubts)
    assert ("read as Windows-1252" in " ".join(listed.notes)) == (encoding == "cp1252")
    assert "decimal comma" in listed.notes[-1]


def test_a_heading_in_another_currency_is_no_heading_in_dollars(tmp_path: Path) -> None:
    listed = read(tmp_path, "item,value (EUR),origin\ngallium,1000,Japan\n")
    (line,) = map_purchases(listed.lines, price_usd_per_t={"gallium": 5e5})
    assert line.value_usd is None
    assert "--rate EUR=" in " ".join(line.doubts)
    assert map_purchases(listed.lines, price_usd_per_t={}, usd_per={"EUR": 1.5})[0].value_usd == 1500.0


def test_three_decimals_of_a_workbook_are_no_thousands(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(["gallium", 1.125, "kg"], ["gallium", "2,5", "kg"]))
    assert [m.quantity_t for m in map_purchases(read_purchases(path).lines, price_usd_per_t={})] == pytest.approx(
        [0.001125, 0.0025]
    )


def test_what_no_number_tells_is_said(tmp_path: Path) -> None:
    assert "no number shows" in read(tmp_path, "item,qty,unit\ngallium,1.250,kg\n").notes[0]
    assert read(tmp_path, "item,qty,unit\ngallium,20,kg\n").notes == ()
