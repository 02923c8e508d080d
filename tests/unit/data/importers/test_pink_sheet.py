"""The Pink Sheet's prices are taken over by month and full year, and a damaged workbook says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers.pink_sheet import FILES, TROY_OUNCES_PER_TONNE, read
from derisk.errors import LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
NAMES = (None, "Lead", "Copper", "Tin", "Nickel", "Platinum", "Rice, Thai 5% ", None)
UNITS = (None, "($/mt)", "($/mt)", "($/mt)", "($/mt)", "($/troy oz)", "($/mt)", None)


def workbook(folder: Path, *, names: tuple[Any, ...] = NAMES, units: tuple[Any, ...] = UNITS, cell: Any = 8000) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Monthly Prices"
    sheet.append(["World Bank Commodity Price Data (The Pink Sheet)"])
    sheet.append(["Updated on January 03, 2025"])
    sheet.append(list(names))
    sheet.append(list(units))
    for month in range(1, 13):
        sheet.append([f"2023M{month:02d}", 2000, cell if month == 2 else 8000 + month, "…", 20000, 1000, 500, None])
    sheet.append(["2024M01", 2100, 9000, 25000, 16000, 900, "...", None])
    book.create_sheet("Monthly Indices").append(["2023M01", 101.5, 99.5])
    path = folder / "CMO-Historical-Data-Monthly.xlsx"
    book.save(path)
    return path


def test_prices_become_rows_by_month_and_full_year(tmp_path: Path) -> None:
    taken = read(workbook(tmp_path))
    value = {(r.good, r.period): r.value for r in taken.rows}
    assert value["refined_copper", "2023-01"] == 8001
    assert value["refined_copper", "2023"] == pytest.approx((8000 + sum(8000 + m for m in range(1, 13) if m != 2)) / 12)
    assert value["refined_tin", "2024-01"] == 25000
    assert value["platinum", "2023"] == pytest.approx(1000 * TROY_OUNCES_PER_TONNE)
    assert round(TROY_OUNCES_PER_TONNE, 4) == 32150.7466
    assert len(value) == 13 * 3 + 1 + 3
    assert dict(taken.set_aside) == {
        "commodity outside the vocabulary": 13 + 12,
        "no price printed for the month": 12,
        "index numbers and weights, not prices": 2,
    }
    assert [(s.id, s.year) for s in taken.sources] == [("world-bank-pink-sheet-2025-01", 2025)]
    assert not taken.refused
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


def test_a_converted_price_keeps_what_was_printed(tmp_path: Path) -> None:
    platinum = next(r for r in read(workbook(tmp_path)).rows if r.good == "platinum")
    assert platinum.note.endswith("printed 1000 USD per troy ounce")
    assert (platinum.unit, platinum.basis, platinum.locator) == (
        "USD/t",
        "contained_metal",
        "Monthly Prices, Platinum, 2023M01",
    )


@pytest.mark.parametrize("cell", ["8,0o0", "n.q.", -8000])
def test_a_cell_that_is_no_price_is_refused_and_its_year_has_no_mean(tmp_path: Path, cell: object) -> None:
    taken = read(workbook(tmp_path, cell=cell))
    assert [(refusal.line, refusal.what) for refusal in taken.refused] == [
        (6, f"Copper 2023M02: '{cell}' is not a price")
    ]
    assert ("refined_copper", "2023") not in {(r.good, r.period) for r in taken.rows}


def test_an_unknown_unit_is_refused_with_all_its_prices(tmp_path: Path) -> None:
    taken = read(workbook(tmp_path, units=(None, "($/mt)", "($/lb)", *UNITS[3:])))
    assert len(taken.refused) == 13
    assert taken.refused[0].what == "Copper 2023M01: unknown unit '($/lb)'"
    assert taken.value_share_refused == 1


@pytest.mark.parametrize("missing", ["Tin", "Copper"])
def test_a_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    names = tuple("Zinc" if name == missing else name for name in NAMES)
    with pytest.raises(LayoutError, match=f"'{missing}'"):
        read(workbook(tmp_path, names=names))


def test_a_workbook_without_the_sheet_is_an_error(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Annual Prices (Nominal)"
    book.save(tmp_path / "annual.xlsx")
    with pytest.raises(LayoutError, match="no sheet 'Monthly Prices'"):
        read(tmp_path / "annual.xlsx")


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_cut_workbook_is_an_error(tmp_path: Path, kept: float) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    with pytest.raises(TruncatedFileError):
        read(path)


def test_text_in_place_of_a_workbook_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "prices.xlsx"
    path.write_bytes("Copper,8000\n".encode("utf-16"))
    with pytest.raises(LayoutError, match=r"not an \.xlsx workbook"):
        read(path)


def test_the_publishers_files_import_whole() -> None:
    paths = sorted(path for glob in FILES for path in PUBLISHER_FILES.glob(glob))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    for path in paths:
        taken = read(path)
        assert not taken.refused, path
        assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []
        value = {(r.good, r.period): r.value for r in taken.rows}
        assert value["refined_nickel", "2022-03"] == 33924.18
        assert value["refined_copper", "2022-03"] == 10230.89
        assert value["platinum", "1960-01"] == pytest.approx(83.5 * TROY_OUNCES_PER_TONNE)
