"""Summaries of USGS: exact rows from each layout, cells, countries and prices."""

from __future__ import annotations

from pathlib import Path

import pytest
from usgs_mcs_samples import COMMODITIES, SALIENT, SAMPLES, TRENDS, WORLD, WORLD_2025, found, written

from derisk.data.checks import row_problems
from derisk.data.importers import usgs_mcs
from derisk.data.importers.usgs_mcs.meanings import find_meaning
from derisk.data.importers.usgs_mcs.places import find_place
from derisk.data.importers.usgs_mcs.values import read_value


def test_the_table_of_2026_gives_exact_rows(tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, COMMODITIES))
    assert found(imported) == {
        ("antimony_concentrate", "CHN", "", "2024", "production"): (40_000, "estimated", None, None),
        ("antimony_concentrate", "USA", "", "2024", "production"): (0, "reported", None, None),
        ("antimony_concentrate", "WLD", "", "2024", "production"): (40_100, "reported", None, None),
        ("antimony_concentrate", "WLD", "", "2025", "reserves"): (2_000_000, "bound", None, None),
        ("antimony", "WLD", "", "2024", "price"): (22046.22622, "estimated", None, None),
        ("antimony", "USA", "", "2024", "net_import_reliance"): (0.5, "bound", 0.5, 1.0),
        ("antimony", "USA", "CHN", "2024", "import_source_share"): (0.55, "reported", None, None),
    }
    price = next(r for r in imported.rows if r.field == "price")
    assert price.note == (
        "incoterm=CIF; vat=excluded; export_rebate=none; metal of at least 99.65 %; printed 10 dollars per pound; CIF."
    )
    assert (price.unit, price.basis, price.line) == ("USD/t", "contained_metal", 7)
    assert imported.set_aside == {
        "stated again by another statistic of the file": 1,
        "imports or exports of the United States without their partners": 1,
        "commodity outside the vocabulary: PEAT": 1,
        "commodity outside the vocabulary: ZIRCONIUM AND HAFNIUM": 1,
    }


def test_the_world_table_of_2025_gives_exact_rows(tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, WORLD_2025))
    assert found(imported) == {
        ("manganese_ore", "CIV", "", "2023", "production"): (350_000, "reported", None, None),
        ("manganese_ore", "CIV", "", "2024", "production"): (360_000, "estimated", None, None),
        ("", "CIV", "", "2024", "reserves"): (None, "withheld", None, None),
        ("titanium_concentrate", "AUS", "", "2023", "production"): (600_000, "derived", None, None),
        ("titanium_concentrate", "AUS", "", "2024", "production"): (700_000, "derived", None, None),
        ("tellurium", "USA", "", "2023", "production"): (None, "withheld", None, None),
        ("tellurium", "USA", "", "2024", "production"): (None, "withheld", None, None),
    }
    titanium = next(r for r in imported.rows if r.good == "titanium_concentrate")
    assert "sum of 400 + 200 thousand metric tons" in titanium.note
    assert "the figures are thousands" in titanium.note
    assert imported.set_aside == {
        "cell without a figure": 13,
        "commodity outside the vocabulary: Zirconium and Hafnium": 3,
    }


def test_a_world_table_of_2024_gives_exact_rows(tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, WORLD))
    assert found(imported) == {
        ("tungsten_concentrate", "AUT", "", "2022", "production"): (900, "estimated", None, None),
        ("tungsten_concentrate", "AUT", "", "2023", "production"): (910, "estimated", None, None),
        ("tungsten_concentrate", "AUT", "", "2023", "reserves"): (10_000, "reported", None, None),
        ("tungsten_concentrate", "RUS", "", "2022", "production"): (2000, "estimated", None, None),
        ("tungsten_concentrate", "RUS", "", "2023", "production"): (None, "withheld", None, None),
        ("tungsten_concentrate", "RUS", "", "2023", "reserves"): (None, "withheld", None, None),
        ("tungsten_concentrate", "OTH", "", "2022", "production"): (50, "reported", None, None),
        ("tungsten_concentrate", "OTH", "", "2023", "production"): (1500, "estimated", None, None),
        ("tungsten_concentrate", "WLD", "", "2022", "production"): (3000, "reported", None, None),
        ("tungsten_concentrate", "WLD", "", "2023", "production"): (4000, "estimated", None, None),
    }
    assert imported.set_aside == {"counted in another figure of the table": 1, "cell without a figure": 1}


def test_salient_statistics_of_2024_give_exact_rows(tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, SALIENT))
    assert found(imported) == {
        ("antimony_concentrate", "USA", "", "2021", "production"): (0, "reported", None, None),
        ("antimony", "USA", "", "2021", "production"): (400, "reported", None, None),
        ("antimony", "USA", "", "2021", "apparent_consumption"): (26_100, "reported", None, None),
        ("antimony", "USA", "", "2023", "apparent_consumption"): (22_000, "estimated", None, None),
        ("antimony", "WLD", "", "2021", "price"): (8818.490487, "reported", None, None),
        ("antimony", "WLD", "", "2023", "price"): (11023.11311, "estimated", None, None),
        ("antimony", "USA", "", "2021", "net_import_reliance"): (0, "bound", None, None),
        ("antimony", "USA", "", "2023", "net_import_reliance"): (0.82, "estimated", None, None),
    }
    reliance = next(r for r in imported.rows if r.field == "net_import_reliance")
    assert "net exporter" in reliance.note
    assert imported.set_aside == {
        "imports or exports of the United States without their partners": 2,
        "production of the last two years: stated by the edition's world table": 6,
        "cell without a figure": 24,
    }


def test_tables_of_the_first_chapter_are_set_aside(tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, TRENDS))
    assert imported.rows == ()
    assert imported.set_aside == {"repeated from the commodity's own table": 5}


@pytest.mark.parametrize("name", SAMPLES)
def test_taken_rows_are_lawful(name: str, tmp_path: Path) -> None:
    imported = usgs_mcs.read(written(tmp_path, name))
    assert row_problems(imported.rows, {s.id: s for s in imported.sources}) == []


@pytest.mark.parametrize(
    ("printed", "kind", "number"),
    [
        ("1,234.5", "number", 1234.5),
        ("—", "number", 0.0),
        ("W", "withheld", None),
        ("NA", "withheld", None),
        ("E", "net_exporter", None),
        (">50%", "at_least", 50.0),
        ("<25", "at_most", 25.0),
        ("890–1,000", "range", 945.0),
        ("s", "range", 0.0),
        ("Less than 1/2 unit", "range", 0.0),
        ("e20,000", "number", 20_000.0),
        ("−16", "number", -16.0),
        ("included with ilmenite", "elsewhere", None),
        ("", "blank", None),
    ],
)
def test_cells_are_read(printed: str, kind: str, number: float | None) -> None:
    reading = read_value(printed)
    assert reading is not None
    assert (reading.kind, reading.number) == (kind, number)


@pytest.mark.parametrize("printed", ["1 234", "12O", "W?", ">many", "5–3"])
def test_a_cell_that_is_neither_number_nor_word_is_not_guessed(printed: str) -> None:
    assert read_value(printed) is None


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("New Caledonia11", "NCL"),
        ("Korea, Republic ofe", "KOR"),
        ("World total (ilmenite and rutile, rounded)", "WLD"),
        ("Ukraine, concentrate", "UKR"),
        ("Russia (recoverable)", "RUS"),
        ("Other Countries", "OTH"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo (Leopoldville)", None),
        ("Chilee7", "CHL"),
    ],
)
def test_countries_are_found_behind_their_footnote_marks(printed: str, code: str | None) -> None:
    assert find_place(printed) == code


def test_a_price_by_content_is_turned_to_the_goods_basis() -> None:
    price = find_meaning("tungsten", "salient", "Price_WO3_dt")
    assert price is not None
    assert price.factor == pytest.approx(1000 / 7.93)
