"""Yearbook and Data Series 140 of USGS: exact rows from each layout, damaged copies named, stored files whole."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import usgs_myb
from derisk.errors import EncodingError, LayoutError, RefusedRowsError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
T8 = [
    ["TABLE 8"],
    ["Country or locality2", None, 2021, None, 2022, None],
    ["Burmae", None, 100, None, 50, None],
    ["Chile", None, 10, None, 20, "e"],
    ["Thailande, 5", None, 5, "r", "--", None],
    ["Total", None, 115, None, 70, None],
    ["eEstimated.  rRevised.  -- Zero."],
]
T3 = [
    ["TABLE 3"],
    ["Product (oxide)", None, "(percent)", None, "2021", None, "2022"],
    ["Lanthanum4, 5", None, 99.5, None, 2, None, 1],
    ["Scandium2, 3", None, 99.99, None, 2200, None, 2100],
    ["4Source: Argus."],
]
HISTORY = [
    ["RARE EARTHS STATISTICS1"],
    ["Year", "Production", "Imports", "Exports", "Apparent consumption", "Unit value ($/t)", "Unit value (98$/t)", "World production"],
    [2010, 0, 5, 3, 7, 100, 90, 1000],
    [2011, "W", 5, 3, "NA", 100, 90, 1100],
    ["Data are calculated, estimated, or reported."],
]  # fmt: skip
TIDY_YEARBOOK = (
    "source_sheet,source_cell,source_country_label,geography_code,metric,unit,year,value,display_value,availability_status,is_estimated\n"
    'T8,C7,Australiae,AUS,mine_production,metric_tons_reo_equivalent,2018,21000,"21,000",available,True\n'
    "T8,K10,Burundi,BDI,mine_production,metric_tons_reo_equivalent,2022,,--,zero,False\n"
    "T8,C19,Total,WLD,mine_production,metric_tons_reo_equivalent,2022,21000,21000,available,False\n"
)
TIDY_HISTORY = (
    "geography_code,metric,year,value,unit,source_value_raw\n"
    "USA,production,2020,14000,metric_tons_reo_equivalent,14000\n"
    "WLD,production,2020,190000,metric_tons_reo_equivalent,190000\n"
    "USA,imports,2020,11700,metric_tons_reo_equivalent,11700\n"
)


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    path = folder / "tables.xlsx"
    book.save(path)
    return path


def text(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(content.encode(encoding))
    return path


def test_tables_8_and_3_give_exact_rows(tmp_path: Path) -> None:
    imported = usgs_myb.read(workbook(tmp_path, T2=[["TABLE 2"], ["Bastnaesite", 23, 50]], T3=T3, T8=T8))
    assert {(r.good, r.region, r.period, r.field): (r.value, r.status) for r in imported.rows} == {
        ("rare_earth_concentrate", "MMR", "2021", "production"): (100, "estimated"),
        ("rare_earth_concentrate", "MMR", "2022", "production"): (50, "estimated"),
        ("rare_earth_concentrate", "CHL", "2021", "production"): (10, "reported"),
        ("rare_earth_concentrate", "CHL", "2022", "production"): (20, "estimated"),
        ("rare_earth_concentrate", "THA", "2021", "production"): (5, "estimated"),
        ("rare_earth_concentrate", "THA", "2022", "production"): (0, "estimated"),
        ("rare_earth_concentrate", "WLD", "2021", "production"): (115, "reported"),
        ("rare_earth_concentrate", "WLD", "2022", "production"): (70, "reported"),
        ("lanthanum_oxide", "WLD", "2021", "price"): (2000, "reported"),
        ("lanthanum_oxide", "WLD", "2022", "price"): (1000, "reported"),
    }
    assert imported.refused == ()
    assert imported.set_aside == {
        "rare earths of a deposit, in the table of deposits": 2,
        "oxide outside the vocabulary or counted in a group": 2,
    }
    assert row_problems(imported.rows, {s.id: s for s in imported.sources}) == []


def test_data_series_140_gives_exact_rows(tmp_path: Path) -> None:
    imported = usgs_myb.read(workbook(tmp_path, Rare_earths=HISTORY))
    assert {(r.good, r.region, r.period, r.field): (r.value, r.status) for r in imported.rows} == {
        ("rare_earth_concentrate", "USA", "2010", "production"): (0, "reported"),
        ("rare_earth_concentrate", "USA", "2011", "production"): (None, "withheld"),
        ("rare_earth_concentrate", "WLD", "2010", "production"): (1000, "reported"),
        ("rare_earth_concentrate", "WLD", "2011", "production"): (1100, "reported"),
        ("", "USA", "2010", "apparent_consumption"): (7, "reported"),
        ("", "USA", "2011", "apparent_consumption"): (None, "withheld"),
    }
    assert sum(imported.set_aside.values()) == 8
    assert row_problems(imported.rows, {s.id: s for s in imported.sources}) == []


def test_tidy_copies_give_the_same_keys_as_the_workbooks(tmp_path: Path) -> None:
    yearbook = usgs_myb.read(text(tmp_path, TIDY_YEARBOOK))
    assert [(r.region, r.value, r.status, r.source) for r in yearbook.rows] == [
        ("AUS", 21_000, "estimated", "usgs-myb-2022-rare-earths"),
        ("BDI", 0, "reported", "usgs-myb-2022-rare-earths"),
        ("WLD", 21_000, "reported", "usgs-myb-2022-rare-earths"),
    ]
    history = usgs_myb.read(text(tmp_path, TIDY_HISTORY))
    assert [(r.region, r.period, r.value) for r in history.rows] == [("USA", "2020", 14_000), ("WLD", "2020", 190_000)]
    assert sum(history.set_aside.values()) == 1


@pytest.mark.parametrize(("content", "kept"), [(TIDY_YEARBOOK, "T8,C19"), (TIDY_HISTORY, "WLD")])
def test_a_tidy_copy_cut_between_lines_lacks_the_world(tmp_path: Path, content: str, kept: str) -> None:
    with pytest.raises(TruncatedFileError, match="which stands last: the file is cut"):
        usgs_myb.read(text(tmp_path, content[: content.index(kept)]))


def test_rows_of_unlike_width_are_read_alike(tmp_path: Path) -> None:
    ragged = [row[:-1] if row[-1] is None else row for row in T3]
    assert (
        usgs_myb.read(workbook(tmp_path, T8=T8, T3=ragged)).rows == usgs_myb.read(workbook(tmp_path, T8=T8, T3=T3)).rows
    )


def test_tidy_copies_of_the_summaries_are_set_aside(tmp_path: Path) -> None:
    imported = usgs_myb.read(text(tmp_path, "mcs_chapter,raw_value\nRARE EARTHS,5\n"))
    assert (imported.rows, sum(imported.set_aside.values())) == ((), 1)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (["Chile", None, 10, None, 20, "e"], ["Ruritania", None, 10, None, 20, "e"], "unknown country 'Ruritania'"),
        (["Chile", None, 10, None, 20, "e"], ["Chile", None, "ten", None, 20, "e"], "'ten' is no number"),
    ],
)
def test_what_is_not_understood_is_refused_with_line_and_word(
    old: list[object], new: list[object], word: str, tmp_path: Path
) -> None:
    rows = [new if row == old else row for row in T8]
    imported = usgs_myb.read(workbook(tmp_path, T3=T3, T8=rows))
    assert {(r.line, word in r.what) for r in imported.refused} == {(4, True)}
    with pytest.raises(RefusedRowsError, match="line 4"):
        imported.demand_all("tables.xlsx")


def test_an_unknown_oxide_is_refused(tmp_path: Path) -> None:
    rows = [["Kryptonite", *row[1:]] if str(row[0]).startswith("Lanthanum") else row for row in T3]
    imported = usgs_myb.read(workbook(tmp_path, T3=rows, T8=T8))
    assert [r.what for r in imported.refused] == ["unknown oxide 'Kryptonite'"] * 2
    assert imported.value_share_refused == pytest.approx(1.0)


def test_an_unknown_unit_and_an_unknown_metric_are_refused(tmp_path: Path) -> None:
    yearbook = usgs_myb.read(text(tmp_path, TIDY_YEARBOOK.replace("equivalent,2018", "stones,2018")))
    assert [(r.line, "unit 'metric_tons_reo_stones'" in r.what) for r in yearbook.refused] == [(2, True)]
    history = usgs_myb.read(text(tmp_path, TIDY_HISTORY.replace("imports", "whims")))
    assert [(r.line, r.what) for r in history.refused] == [(4, "unknown metric 'whims' of 'USA'")]
    history = usgs_myb.read(text(tmp_path, TIDY_HISTORY.replace("USA,production", "US,production")))
    assert [(r.line, r.what) for r in history.refused] == [(2, "unknown metric 'production' of 'US'")]
    history = usgs_myb.read(text(tmp_path, TIDY_HISTORY.replace("equivalent,14000", "stones,14000")))
    assert [(r.line, "unit 'metric_tons_reo_stones'" in r.what) for r in history.refused] == [(2, True)]


def test_a_workbook_without_its_headings_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no heading 'Country or locality'"):
        usgs_myb.read(workbook(tmp_path, T3=T3, T8=[T8[0], *T8[2:]]))
    with pytest.raises(LayoutError, match="no heading of Data Series 140"):
        usgs_myb.read(workbook(tmp_path, Rare_earths=[HISTORY[0], *HISTORY[2:]]))
    with pytest.raises(LayoutError, match="no rare-earth tables: sheets Peat"):
        usgs_myb.read(workbook(tmp_path, Peat=[["x"]]))


def test_an_unknown_table_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no rare-earth table that is known"):
        usgs_myb.read(text(tmp_path, TIDY_HISTORY.replace("metric,", "colour,")))


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_cut_workbook_is_named(kept: float, tmp_path: Path) -> None:
    path = workbook(tmp_path, T3=T3, T8=T8)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(TruncatedFileError):
        usgs_myb.read(path)


@pytest.mark.parametrize("content", [TIDY_YEARBOOK, TIDY_HISTORY])
def test_damaged_tables_are_named(content: str, tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="UTF-16"):
        usgs_myb.read(text(tmp_path, content, "utf-16"))
    with pytest.raises(TruncatedFileError):
        usgs_myb.read(text(tmp_path, content[:-1]))
    with pytest.raises((TruncatedFileError, LayoutError)):
        usgs_myb.read(text(tmp_path, content[: len(content) // 2]))


@pytest.fixture(scope="module")
def stored() -> dict[str, usgs_myb.Imported]:
    paths = sorted(path for pattern in usgs_myb.FILES for path in PUBLISHER_FILES.glob(pattern))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    return {path.name: usgs_myb.read(path) for path in paths}


def test_every_stored_file_is_read_without_a_refusal(stored: dict[str, usgs_myb.Imported]) -> None:
    assert {name: imported.refused for name, imported in stored.items() if imported.refused} == {}
    assert not {r for i in stored.values() for r in i.set_aside if "not understood" in r}


@pytest.mark.parametrize(
    ("workbook_name", "copy"),
    [
        ("usgs_myb2022_rare_earths_tables.xlsx", "usgs_myb2022_world_mine_production.csv"),
        ("usgs_ds140_rare_earths_2020.xlsx", "usgs_rare_earths_historical.csv"),
    ],
)
def test_a_tidy_copy_states_what_its_workbook_states(
    stored: dict[str, usgs_myb.Imported], workbook_name: str, copy: str
) -> None:
    def values(name: str) -> dict[str, tuple[float | None, str]]:
        return {r.row_id: (r.value, r.status) for r in stored[name].rows if r.field != "price"}

    assert values(copy) == values(workbook_name)


def test_known_figures_are_read_from_the_stored_files(stored: dict[str, usgs_myb.Imported]) -> None:
    yearbook = {(r.good, r.region, r.period): r.value for r in stored["usgs_myb2022_rare_earths_tables.xlsx"].rows}
    assert yearbook["rare_earth_concentrate", "CHN", "2018"] == 120_000
    assert yearbook["rare_earth_concentrate", "WLD", "2022"] == 297_000
    assert yearbook["dysprosium_oxide", "WLD", "2022"] == 382_000
    history = {(r.good, r.region, r.period): r.value for r in stored["usgs_ds140_rare_earths_2020.xlsx"].rows}
    assert history["rare_earth_concentrate", "WLD", "2010"] == 101_000
