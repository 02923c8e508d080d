"""Purchase lists as companies keep them: every line has a fate, nothing is guessed in silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from derisk.data.customs import EDITIONS, meaning
from derisk.errors import EncodingError, InputError, LayoutError
from derisk.exposure import FATES, Mapped, map_purchases, read_purchases

PRICES = {"ndfeb_magnet": 60_000.0, "gallium": 580_000.0, "lithium_chemical": 50_000.0, "refined_copper": 9_000.0}


def mapped(tmp_path: Path, text: str) -> list[Mapped]:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    return map_purchases(read_purchases(file).lines, price_usd_per_t=PRICES)


def test_a_line_by_customs_code_words_and_good(tmp_path: Path) -> None:
    lines = mapped(
        tmp_path,
        "Item,HS code,Good,Quantity,Unit,Value (USD),Supplier country\n"
        "magnets N42,8505.11,,1200,kg,90000,China\n"
        "lithium hydroxide,,,10,t,,Chile\n"
        "wafer metal,,gallium,20,kg,,Japan\n",
    )
    assert [line.good for line in lines] == ["ndfeb_magnet", "lithium_chemical", "gallium"]
    assert [line.fate for line in lines] == ["mapped"] * 3
    code = meaning("850511", edition=EDITIONS[-1], exporter="CHN")
    assert code is not None
    assert code.content_share is not None
    assert lines[0].quantity_t == pytest.approx(1.2 * code.content_share)  # not all such magnets are NdFeB
    assert lines[1].quantity_t == pytest.approx(1.654)
    assert lines[1].value_usd == pytest.approx(1.654 * 50_000)
    assert [line.supplier for line in lines] == ["CHN", "CHL", "JPN"]
    assert any("quantity times the price" in doubt for doubt in lines[2].doubts)


def test_what_is_in_doubt_is_said(tmp_path: Path) -> None:
    lines = mapped(
        tmp_path,
        "item;customs code;quantity;uom;spend;country\n"
        "copper cathode;;5;tons;45000;Chna\n"
        "gallium;8505.11;1;kg;580;Japan\n"
        "casing;;1;kg;10;Germany\n"
        "rare earths;;1;kg;10;Germany\n"
        "gallium;;1;kg;580000;Japan\n"
        "gallium;;;;;Japan\n",
    )
    assert [line.fate for line in lines] == [
        "partly mapped", "partly mapped", "not mapped", "not mapped", "partly mapped", "partly mapped",
    ]  # fmt: skip
    assert "did you mean 'China'?" in " ".join(lines[0].doubts)
    assert "tons" in " ".join(lines[0].doubts)
    assert lines[1].good == "gallium"
    assert "ndfeb_magnet" in " ".join(lines[1].doubts)
    assert "several goods" in " ".join(lines[3].doubts)
    assert "check the unit" in " ".join(lines[4].doubts)
    assert "neither quantity nor value" in " ".join(lines[5].doubts)


def test_a_good_without_a_price_has_no_value_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("item,quantity,unit,country\nGallium 6N,200,kg,Japan\n", encoding="utf-8")
    (line,) = map_purchases(read_purchases(file).lines, price_usd_per_t={})
    assert (line.fate, line.value_usd) == ("mapped", None)
    assert line.doubts == ("value: gallium has no price; state the value, without which no loss is reckoned",)


def test_a_column_of_currencies_is_heeded(tmp_path: Path) -> None:
    """Euros in a column of their own were once counted as dollars."""
    lines = mapped(
        tmp_path,
        "Part;Supplier;Spend;Currency;Qty;Unit\n"
        "Gallium 6N;Germany;120000;EUR;200;kg\n"
        "Gallium 6N;Germany;120000;usd;200;kg\n"
        "Gallium 6N;Germany;120000;;200;kg\n",
    )
    assert [line.fate for line in lines] == ["partly mapped", "mapped", "mapped"]
    assert "'120000 EUR' is no value in US dollars (convert it, or give a rate: --rate EUR=" in " ".join(
        lines[0].doubts
    )
    assert lines[0].value_usd == pytest.approx(0.2 * PRICES["gallium"])
    assert [line.value_usd for line in lines[1:]] == [120_000.0, 120_000.0]


def test_two_hundred_lines_with_a_tenth_of_dirt(tmp_path: Path) -> None:
    """Unknown spellings of countries, wrong units, mixed codes: each line is there, each spoilt one says why."""
    chance = random.Random(20)
    sound = [
        ("NdFeB magnet", "850511", "China"), ("Gallium 6N", "", "Japan"), ("Lithium carbonate", "283691", "Chile"),
        ("Copper cathode", "740311", "Peru"), ("Germanium dioxide", "", "Belgium"),
    ]  # fmt: skip
    spoil = {
        "country": lambda item, code, country: (item, code, "kg", country + "ia Rep"),
        "unit": lambda item, code, country: (item, code, "barrels", country),
        "code": lambda item, code, country: (item, "740311" if "opper" not in item else "850511", "kg", country),
        "item": lambda item, code, country: ("widget", "", "kg", country),
    }
    dirty = dict(zip(sorted(chance.sample(range(200), 20)), sorted(spoil) * 5, strict=True))
    rows = ["item,hs code,quantity,unit,supplier country"]
    for at in range(200):
        item, code, country = sound[at % len(sound)]
        kind = dirty.get(at)
        cells = spoil[kind](item, code, country) if kind else (item, code, "kg", country)
        rows.append(",".join((cells[0], cells[1], str(chance.randint(1, 900)), cells[2], cells[3])))
    lines = mapped(tmp_path, "\n".join(rows) + "\n")
    assert [line.line for line in lines] == list(range(2, 202))
    assert {line.fate for line in lines} <= set(FATES)
    for at, line in enumerate(lines):
        assert (line.fate == "mapped") == (at not in dirty), (line, dirty.get(at))
        assert at not in dirty or line.doubts
    assert sum(line.fate == "not mapped" for line in lines) == 5


def test_an_unknown_heading_is_named_once_with_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Item,HS code,Quantty,Value,Note,Note,Plant code\ngallium,,5,9,,,\ngallium,,6,9,,,\n", "utf-8")
    listed = read_purchases(file)
    assert [(problem.what, problem.hint) for problem in listed.unknown_headings] == [
        ("heading 'Quantty' names no column", "did you mean 'quantity'?"),
        ("heading 'Note' names no column", ""),
        ("heading 'Plant code' names no column", ""),  # the list has its customs codes already
    ]
    assert listed.unknown_headings[0].where == f"{file}, line 1"


def test_a_code_beside_words_is_remarked_on_where_it_is_unknown_or_of_another_material(tmp_path: Path) -> None:
    unknown, other, own = mapped(
        tmp_path,
        "item,customs code,quantity,unit,value,country\n"
        "gallium,999999,1,kg,580,Japan\n"
        "gallium,280530,1,kg,580,Japan\n"
        "cerium oxide,280530,1,kg,,Japan\n",
    )
    assert (unknown.fate, unknown.doubts) == ("mapped", ("customs code 999999: no good of the vocabulary",))
    assert (other.fate, other.doubts) == ("mapped", ("customs code 280530: holds rare_earths, not gallium",))
    assert not any("customs code" in doubt for doubt in own.doubts)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name of thing,quantity\nx,1\n", "what is bought"),
        ("item,colour\nx,red\n", "how much"),
        ("item,quantty\nx,1\n", "did you mean 'quantity'"),
        ("item,qty,quantity\nx,1,1\n", "both mean quantity"),
        ("", "empty"),
    ],
)
def test_lists_nobody_can_read(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(LayoutError, match=what):
        mapped(tmp_path, text)


def test_files_that_are_no_lists(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_purchases(tmp_path / "none.csv")
    for content in (b"item,quantity\n\x81\x00", b"item,qty\n\x00,1\n"):
        (tmp_path / "wide.csv").write_bytes(content)
        with pytest.raises(EncodingError):
            read_purchases(tmp_path / "wide.csv")


def test_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Item", "Quantity", "Unit", "Supplier"], ["Gallium", 5, "kg", "Japan"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    (line,) = map_purchases(read_purchases(tmp_path / "list.xlsx").lines, price_usd_per_t=PRICES)
    assert (line.good, line.supplier, line.fate) == ("gallium", "JPN", "mapped")
    assert line.quantity_t == pytest.approx(0.005)


def test_a_supplier_that_two_countries_are_called_is_asked_about(tmp_path: Path) -> None:
    (line,) = mapped(tmp_path, "item;quantity;uom;country\ngallium;1;kg;Congo\n")
    assert (line.supplier, line.fate) == ("", "partly mapped")
    assert "'COD' (Kinshasa) or 'COG' (Brazzaville)" in " ".join(line.doubts)


def test_words_of_the_field_that_no_line_is_mapped_by_lead_to_the_good(tmp_path: Path) -> None:
    (line,) = mapped(tmp_path, "item;quantity;uom;country\nmagnets;1;kg;Japan\n")
    assert line.fate == "not mapped"
    assert "write 'ndfeb_magnet' as the good" in " ".join(line.doubts)


def test_a_list_as_companies_systems_write_it(tmp_path: Path) -> None:
    """Part numbers beside descriptions, yearly kilograms in the heading, countries by two letters."""
    lines = mapped(
        tmp_path,
        "Part number,Description,Qty per year (kg),Annual spend USD,Country of origin\n"
        "4711,NdFeB arc segment,1500,90000,CN\n"
        "4712,Enamelled copper winding wire,420,,de\n"
        "4713,Dy2O3,400,,NA\n",
    )
    assert [(line.item, line.good, line.supplier) for line in lines] == [
        ("NdFeB arc segment", "ndfeb_magnet", "CHN"),
        ("Enamelled copper winding wire", "refined_copper", "DEU"),
        ("Dy2O3", "dytb_oxide", ""),
    ]
    assert [line.quantity_t for line in lines] == pytest.approx([1.5, 0.42, 0.4])
    assert lines[2].doubts[0] == "supplier: no supplier country"  # Namibia's code, but for this list it says none


def test_a_part_number_alone_names_the_line(tmp_path: Path) -> None:
    (line,) = mapped(tmp_path, "Part no,HS,Weight,Unit,Country\n4711,8112.92,1,kg,JP\n")
    assert (line.item, line.supplier) == ("4711", "JPN")


def test_a_sum_of_other_lines_is_not_counted_a_second_time(tmp_path: Path) -> None:
    *_, total = mapped(tmp_path, "Item,Quantity (kg),Value USD,Country\nGallium,2,1160,JP\nGrand total:,2,1160,\n")
    assert (total.fate, total.value_usd, total.quantity_t) == ("not mapped", None, None)
    assert total.doubts == ("a sum of other lines, counted nowhere",)
