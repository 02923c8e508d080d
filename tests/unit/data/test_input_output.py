"""Input-output tables are checked as accounts, and come back from the built dataset as they were written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from derisk.data.input_output import (
    COLUMNS,
    FILE,
    NAMES_FILE,
    input_output,
    lines,
    read_input_output,
    write_input_output,
)
from derisk.errors import DatasetError

SOURCE = "accounts-2031"
CELLS = (
    ("use", "steel", "mill", 40), ("use", "steel", "works", 20), ("use", "car", "works", 30),
    ("import", "steel", "mill", 10), ("value_added", "wages", "mill", 11), ("value_added", "wages", "works", 50),
    ("gross_output", "output", "mill", 50), ("gross_output", "output", "works", 100),
    ("make", "steel", "mill", 50), ("make", "car", "works", 100),
    ("final_use", "steel", "exports", -9), ("final_use", "car", "exports", 70),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / f"{SOURCE}.yml").write_text("id: accounts-2031\n", encoding="utf-8")
    codes = ("steel", "car", "mill", "works", "wages", "output", "exports")
    names = "".join(f"{code},The {code}\n" for code in codes)
    (tmp_path / NAMES_FILE).write_text("code,name\n" + names, encoding="utf-8")
    return tmp_path


def fill(folder: Path, cells: tuple[tuple[object, ...], ...] = CELLS, **changed: str) -> Path:
    with (folder / FILE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        for kind, row, industry, value in cells:
            line = {"country": "USA", "year": "2031", "kind": kind, "commodity_or_row": row, "industry": industry}
            line |= {"value_musd": str(value), "source": SOURCE, "locator": f"row {row}"}
            writer.writerow({**line, **changed})
    return folder


def test_tables_within_rounding_are_read(folder: Path) -> None:
    flows = read_input_output(fill(folder))
    assert [(f.kind, f.commodity_or_row, f.industry, f.value_musd) for f in flows] == [tuple(c) for c in CELLS]


def test_a_dataset_without_tables_has_none(folder: Path, tmp_path: Path) -> None:
    assert read_input_output(folder) == []
    write_input_output([], folder, tmp_path)
    assert input_output(tmp_path).empty


@pytest.mark.parametrize(
    ("at", "value", "what"),
    [
        (2, 34, "industry works: use + value_added is 104 musd, gross_output is 100 musd"),
        (8, 55, "industry mill: make is 55 musd, gross_output is 50 musd"),
        (11, 75, "commodity car: use + final_use is 105 musd, make is 100 musd"),
        (0, "4o", "value_musd '4o' is not a number"),
        (0, "nan", "value_musd 'nan' is not a number"),
    ],
)
def test_a_cell_that_breaks_an_account_is_an_error(folder: Path, at: int, value: object, what: str) -> None:
    cells = [*CELLS]
    cells[at] = (*cells[at][:3], value)  # type: ignore[assignment]
    with pytest.raises(DatasetError) as raised:
        read_input_output(fill(folder, tuple(cells)))
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("column", "word", "what"),
    [
        ("country", "ATL", "unknown country 'ATL'"),
        ("year", "31", "'31' is not a year"),
        ("kind", "used", "unknown kind 'used'"),
        ("source", "hearsay", "unknown source 'hearsay'"),
        ("locator", "", "no locator"),
        ("industry", "mine", "no name for 'mine'"),
    ],
)
def test_a_wrong_word_is_named_with_its_line(folder: Path, column: str, word: str, what: str) -> None:
    with pytest.raises(DatasetError) as raised:
        read_input_output(fill(folder, CELLS[:1], **{column: word}))
    assert [(p.what, p.where) for p in raised.value.problems] == [(what, f"{FILE}, line 2")]


def test_a_cell_stated_twice_is_an_error(folder: Path) -> None:
    with pytest.raises(DatasetError, match="same cell as line 2"):
        read_input_output(fill(folder, (CELLS[3], CELLS[3])))


@pytest.mark.parametrize(("old", "new", "what"), [("kind", "sort", "header is not"), ("mill,40", "mill", "7 cells")])
def test_a_broken_file_is_an_error(folder: Path, old: str, new: str, what: str) -> None:
    path = fill(folder) / FILE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DatasetError, match=what):
        read_input_output(folder)


def test_tables_come_back_with_names(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    target.mkdir()
    write_input_output(read_input_output(fill(folder)), folder, target)
    frame = input_output(target)
    assert frame["value_musd"].tolist() == [cell[3] for cell in CELLS]
    assert frame.loc[0, ["row_name", "industry_name"]].tolist() == ["The steel", "The mill"]
    assert input_output(target, year="2030").empty
    assert lines(target, period="2031")[0]["value_musd"] == 40


def test_a_built_dataset_without_the_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no input-output tables"):
        input_output(tmp_path)
