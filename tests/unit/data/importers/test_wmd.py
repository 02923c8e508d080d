"""World Mining Data: exact rows from samples of the three tables, named errors for damaged copies, stored files whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import wmd
from derisk.data.importers.wmd.minerals import MINERALS
from derisk.data.intake.intake import Imported
from derisk.errors import LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
FILES = [path for pattern in wmd.FILES for path in sorted(PUBLISHER_FILES.glob(pattern))]
TITLE = "6.4. Production of Mineral Raw Materials of individual Countries, by Minerals; column A Country"
HEADER = ["Country", "unit", "2014", "2015", "Sources of data"]
NIOBIUM = [
    ["Brazil", "metr. t", 1000, 2000, "reported"],
    ["Canada", "metr. t", None, 500, "estimate"],
    ["Total", "metr. t", 1000, 2500, None],
]
PLATINUM = [
    ["Russia, Asia", "kg", 16000, 17000, "estimate"],
    ["Russia, Europe", "kg", 4000, 5000, "reported"],
    ["Yugoslavia", "kg", 1, 2, "reported"],
]
SHEETS = {"Niobium": NIOBIUM, "Platinum": PLATINUM, "Salt": [["Chile", "metr. t", 7, 8, "reported"]]}
COLUMNS = '"Country" TEXT, "Country_ISO" TEXT, "2021" INTEGER, "2022" INTEGER, "unit" TEXT, "data_source" TEXT'


REST = [name for name in MINERALS if "(" not in name and name != "Indium"]
"""Minerals that every edition lists; the tests fill a few of them."""


def workbook(
    folder: Path,
    sheets: dict[str, list[list[object]]],
    *,
    title: str = TITLE,
    header: list[str] = HEADER,
    rest: Sequence[str] = REST,
) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    whole = {**{name: [] for name in rest}, **sheets} if title == TITLE else sheets
    for name, lines in whole.items():
        sheet = book.create_sheet(name)
        for line in ([title], header, *lines):
            sheet.append(line)
    path = folder / "6.4.Production.xlsx"
    book.save(path)
    return path


def database(
    folder: Path, tables: dict[str, list[tuple[object, ...]]], *, columns: str = COLUMNS, rest: Sequence[str] = REST
) -> Path:
    path = folder / "world_mining_data.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for name, lines in {**{name: [] for name in rest}, **tables}.items():
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        marks = ", ".join("?" * (columns.count(",") + 1))
        connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', lines)
    rates = [
        ("Tin", "https://x/SCRREEN2_factsheets_TIN.pdf", 0.31),
        ("Platinum", "https://x/SCRREEN2_factsheets_PGM.pdf", 0.12),
        ("Titanium (TiO2)", "https://x/SCRREEN2_factsheets_TUNGSTEN.pdf", 0.01),
        ("Gallium", None, 0.0),
        ("Zinc", "https://x/SCRREEN2_factsheets_ZINC.pdf", 0.34),
    ]
    connection.execute('CREATE TABLE "HS Code Map" ("Sheet_name" TEXT, "Reference" TEXT, "EoL-RIR (2023)" REAL)')
    connection.executemany('INSERT INTO "HS Code Map" VALUES (?, ?, ?)', rates)
    connection.execute("CREATE TABLE Country_ISO (ISO INTEGER, Country TEXT)")
    connection.execute("INSERT INTO Country_ISO VALUES (4, 'Afghanistan')")
    connection.commit()
    connection.close()
    return path


LITHIUM = [
    ("Chile", "CHL", 100, 200, "metr. t", "r"),
    ("French Guiana", "GUY", None, 10, "metr. t", "p"),
    ("Total", "DELETE", 100, 210, "metr. t", "nan"),
]


def found(imported: Imported) -> dict[tuple[str, str, str], float | None]:
    return {(r.good, r.region, r.period): r.value for r in imported.rows if r.field == "production"}


def problems(imported: Imported) -> list[object]:
    return list(row_problems(imported.rows, {source.id: source for source in imported.sources}))


def test_the_table_of_countries_gives_exact_rows(tmp_path: Path) -> None:
    imported = wmd.read(workbook(tmp_path, SHEETS))
    assert found(imported) == pytest.approx(
        {
            ("niobium_concentrate", "BRA", "2014"): 699.0,
            ("niobium_concentrate", "BRA", "2015"): 1398.0,
            ("niobium_concentrate", "CAN", "2015"): 349.5,
            ("niobium_concentrate", "WLD", "2014"): 699.0,
            ("niobium_concentrate", "WLD", "2015"): 1747.5,
            ("platinum_concentrate", "RUS", "2014"): 20.0,
            ("platinum_concentrate", "RUS", "2015"): 22.0,
        },
        rel=1e-12,
    )
    by_key = {(row.good, row.region, row.period): row for row in imported.rows}
    assert by_key["niobium_concentrate", "CAN", "2015"].status == "estimated"
    russia = by_key["platinum_concentrate", "RUS", "2015"]
    assert russia.status == "derived"
    assert russia.note == "sum of Russia, Asia 17000, Russia, Europe 5000; printed 22000 kg"
    assert by_key["niobium_concentrate", "BRA", "2014"].note.startswith("printed 1000 metr. t Nb2O5")
    assert imported.set_aside == {
        "blank cell: nothing printed": 1,
        "state that is no more": 2,
        "commodity outside the vocabulary: Salt": 2,
    }
    assert {source.id for source in imported.sources} == {"world-mining-data-2017"}
    assert not any(source.shippable for source in imported.sources)
    assert not imported.refused
    assert not problems(imported)


def test_world_totals_stand_in_a_source_of_their_own(tmp_path: Path) -> None:
    sheets = {"6.2.3.Precious Metals": [["Platinum", 2000, 3000, 50.0], ["Gold", 1, 2, 100.0]]}
    sheets["6.2.9.Rest"] = [[name, None, None, None] for name in REST if name != "Platinum"]
    title = "6.2.3. World Production of Precious Metals, in kg; column A Commodity"
    header = ["Commodity", "2014", "2015", "Change 14/15 in %"]
    imported = wmd.read(workbook(tmp_path, sheets, title=title, header=header))
    assert found(imported) == {
        ("platinum_concentrate", "WLD", "2014"): 2.0,
        ("platinum_concentrate", "WLD", "2015"): 3.0,
    }
    assert imported.sources[0].id == "world-mining-data-2017-world-totals"
    assert imported.set_aside == {
        "commodity outside the vocabulary: Gold": 2,
        "blank cell: nothing printed": 2 * (len(REST) - 1),
    }
    assert not problems(imported)


def test_the_database_gives_exact_rows_and_recycling_rates(tmp_path: Path) -> None:
    imported = wmd.read(database(tmp_path, {"Lithium (Li2O)": LITHIUM, "Zinc": [LITHIUM[0]]}))
    assert found(imported) == pytest.approx(
        {
            ("lithium_concentrate", "CHL", "2021"): 46.45,
            ("lithium_concentrate", "CHL", "2022"): 92.9,
            ("lithium_concentrate", "GUF", "2022"): 4.645,
            ("lithium_concentrate", "WLD", "2021"): 46.45,
            ("lithium_concentrate", "WLD", "2022"): 97.545,
        },
        rel=1e-12,
    )
    rates = {(r.material, r.good): r.value for r in imported.rows if r.field == "eol_recycling_input_rate"}
    assert rates == {("tin", ""): 0.31, ("platinum_group_metals", "platinum"): 0.12}
    assert imported.set_aside == {
        "blank cell: nothing printed": 1,
        "commodity outside the vocabulary: Zinc": 3,
        "recycling rate with another material's reference": 1,
        "recycling rate without a reference": 1,
        "list of countries": 1,
    }
    assert {source.id for source in imported.sources} == {"world-mining-data-2024", "scrreen2-factsheets-2023"}
    assert not problems(imported)


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (("Atlantis", "ATL", 100, 100, "metr. t", "r"), "unknown country 'Atlantis'"),
        (("Peru", "PER", 100, 100, "carats", "r"), "unknown unit 'carats'"),
        (("Peru", "PER", 100, 100, "metr. t", "guess"), "unknown word 'guess'"),
        (("Peru", "PER", "much", "more", "metr. t", "r"), "figure 'much' is no number"),
        (("Chile", "CHL", 100, 100, "metr. t", "r"), "stated twice: Chile"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, bad: tuple[object, ...], word: str) -> None:
    imported = wmd.read(database(tmp_path, {"Copper": [("Chile", "CHL", 300, 300, "metr. t", "r"), bad]}))
    assert {refusal.line for refusal in imported.refused} == {2}
    assert len(imported.refused) == 2
    assert word in imported.refused[0].what
    assert set(found(imported)) == {("copper_concentrate", "CHL", "2021"), ("copper_concentrate", "CHL", "2022")}


def test_the_share_of_value_refused_is_that_of_the_mineral(tmp_path: Path) -> None:
    lines = [("Chile", "CHL", 300, 300, "metr. t", "r"), ("Atlantis", "ATL", 100, 100, "metr. t", "r")]
    assert wmd.read(database(tmp_path, {"Copper": lines})).value_share_refused == 0.25


def test_a_missing_column_is_a_layout_error(tmp_path: Path) -> None:
    columns = COLUMNS.replace('"unit"', '"measure"')
    with pytest.raises(LayoutError, match="no column 'unit'"):
        wmd.read(database(tmp_path, {"Copper": [LITHIUM[0]]}, columns=columns))
    with pytest.raises(LayoutError, match="header 'Country, tonnes"):
        wmd.read(workbook(tmp_path, SHEETS, header=["Country", "tonnes", "2014", "2015", "Sources of data"]))


def test_another_workbook_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="begins with 'Raw materials'"):
        wmd.read(workbook(tmp_path, {"Info": []}, title="Raw materials"))


def test_a_database_of_something_else_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no table of a mineral"):
        wmd.read(database(tmp_path, {}, rest=()))


@pytest.mark.parametrize("without", ["Niobium", "Platinum"])
def test_a_workbook_or_database_without_a_mineral_is_a_layout_error(tmp_path: Path, without: str) -> None:
    rest = [name for name in REST if name != without]
    for path in (database(tmp_path, {}, rest=rest), workbook(tmp_path, {}, rest=rest)):
        with pytest.raises(LayoutError, match=f"no table of {without}"):
            wmd.read(path)


def test_a_table_that_lacks_a_year_of_the_others_is_a_layout_error(tmp_path: Path) -> None:
    path = database(tmp_path, {"Lithium (Li2O)": LITHIUM})
    with sqlite3.connect(path) as connection:
        connection.execute('ALTER TABLE "Niobium" RENAME COLUMN "2021" TO "202l"')
    connection.close()
    with pytest.raises(LayoutError, match="years 2022 in table 'Niobium'"):
        wmd.read(path)


def test_a_database_without_its_recycling_rates_is_a_layout_error(tmp_path: Path) -> None:
    path = database(tmp_path, {})
    with sqlite3.connect(path) as connection:
        connection.execute('DROP TABLE "HS Code Map"')
    connection.close()
    with pytest.raises(LayoutError, match="no table 'HS Code Map'"):
        wmd.read(path)


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.999])
def test_a_cut_copy_is_named(tmp_path: Path, cut: float) -> None:
    for path in (workbook(tmp_path, SHEETS), database(tmp_path, {"Lithium (Li2O)": LITHIUM})):
        content = path.read_bytes()
        path.write_bytes(content[: int(cut * len(content))])
        with pytest.raises(TruncatedFileError):
            wmd.read(path)


def test_a_copy_saved_as_text_is_a_layout_error(tmp_path: Path) -> None:
    path = tmp_path / "6.4.csv"
    path.write_text("Country,unit,2014\n", encoding="utf-16")
    with pytest.raises(LayoutError, match=r"not an \.xlsx workbook"):
        wmd.read(path)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:20])
def test_a_stored_file_comes_in_whole(path: Path) -> None:
    imported = wmd.read(path)
    assert len(imported.rows) > 100
    assert not imported.refused
    assert not problems(imported)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_known_figures_of_2022() -> None:
    rows = found(wmd.read(next(path for path in FILES if path.suffix == ".db")))
    assert rows["rare_earth_concentrate", "CHN", "2022"] == 210_000
    assert rows["rare_earth_concentrate", "WLD", "2022"] == 296_837
    assert rows["copper_concentrate", "CHL", "2022"] == 5_330_400
    assert rows["cobalt_intermediate", "COD", "2022"] == 115_371
    assert rows["gallium", "CHN", "2022"] == 606
    assert rows["tungsten_concentrate", "CHN", "2022"] == 65_620


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_supplementary_documents_are_no_statistics() -> None:
    path = PUBLISHER_FILES / "production" / "wmd2024_geopolrisk" / "Raw_material_documentation_supplementary.xlsx"
    with pytest.raises(LayoutError, match="sheet 'Info'"):
        wmd.read(path)
