"""Summaries of USGS: exact rows from each layout, damaged copies named, every stored file whole."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import usgs_mcs
from derisk.data.importers.usgs_mcs.meanings import find_meaning
from derisk.data.importers.usgs_mcs.places import find_place
from derisk.data.importers.usgs_mcs.values import read_value
from derisk.errors import EncodingError, LayoutError, RefusedRowsError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
WRONG_FILES = {"mcs2024-cobal_salient.csv"}

COMMODITIES = "MCS2026_Commodities_Data.csv"
WORLD_2025 = "MCS2025_World_Data.csv"
WORLD = "mcs2024-tungs_world.csv"
SALIENT = "mcs2024-antim_salient.csv"
TRENDS = "MCS2024_Fig2_Net_Import_Reliance.csv"

SAMPLES: dict[str, tuple[str, str]] = {
    COMMODITIES: (
        "cp1252",
        ("MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,Is critical mineral 2025,Other notes\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,China,Production,Mine production,metric tons,2024,\"40,000\",Estimated.,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,United States,Production,Mine production,metric tons,2024,—,,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,World total,Production,Mine production: rounded,metric tons,2024,\"40,100\",,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,World total,Reserves,Reserves: rounded,metric tons,2025,\">2,000,000\",,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Production,Production: Mine (recoverable antimony),metric tons,2024,—,,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Price,\"Price, metal, average, dollars per pound\",dollars per pound,2024,10,\"CIF. -- Estimated.\",Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Net import reliance,Net import reliance as a percentage of apparent consumption,percent,2024,>50,,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Import,Imports for consumption: Oxide,metric tons,2024,\"19,100\",,Yes,\n"
        "ANTIMONY,Import Sources,Antimony,China,Import sources 2021-2024,Total metal and oxide,percent,2021–24,55,,Yes,\n"
        "PEAT,World Mine Production and Reserves,Peat,Finland,Production,Mine production,thousand metric tons,2024,100,,No,\n"
        "ZIRCONIUM AND HAFNIUM,World Mine Production and Reserves,Zirconium,World total,Reserves,Zirconium reserves: rounded,thousand metric tons,2025,\">70,000\",,Yes,\n"),
    ),
    WORLD_2025: (
        "utf-8",
        ("SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,CAP_EST_ 2024,CAP_NOTES,RESERVES_2024,RESERVE_NOTES\n"
        "MCS2025,Manganese,Côte d’Ivoire,\"Mine production, manganese content\",thousand metric tons,350,360,,,,,,NA\n"
        "MCS2025,Titanium Mineral Concentrates,Australia,\"Mine production, ilmentite, titanium dioxide (TiO2) content\",metric tons,400,500,,,,,,\n"
        "MCS2025,Titanium Mineral Concentrates,Australia,\"Mine production, rutile, titanium dioxide (TiO2) content\",metric tons,200,200,,,,,,\n"
        "MCS2025,Tellurium ,United States,\"Refinery production, tellurium content\",metric tons,,,W for 23-24,,,,,\n"
        "MCS2025,Zirconium and Hafnium,World total (rounded),Mine production,thousand metric tons,1440,1500,,,,,70000,\n"),
    ),
    WORLD: (
        "utf-8",
        ("Source,Country,Type,Prod_t_2022,Prod_t_Est_2023,Prod_notes,Reserves_t,Reserves_notes,\n"
        "MCS2024,Austria,\"Mine production, tungsten content\",900,910,Also estimated in 2022,\"10,000\",,\n"
        "MCS2024,Russiae,\"Mine production, tungsten content\",2000,W,,NA,,\n"
        "MCS2024,Other countries6,\"Mine production, tungsten content\",50,1500,,Included in World total.,,\n"
        "MCS2024,World total (rounded),\"Mine production, tungsten content\",3000,4000,,,,\n"),
    ),
    SALIENT: (
        "utf-8",
        ("DataSource,Commodity,Year,USprod_Mine_t,USprod_Smelter-primary_t,USprod_Smelter-secondary_t,Imports_Ore_t,Consump_t,Price_Metal_dlb,NIR_pct,\n"
        "MCS2024,Antimony,2021,0,400,,121,26100,4,E,\n"
        "MCS2024,Antimony,2023,0,NA,,30,22000,e5,82,\n"
        "MCS2024,Antimony,2019,,,,,,,,\n"
        "MCS2024,Antimony,2020,,,,,,,,\n"
        "MCS2024,Antimony,2022,,,,,,,,\n"
        ",,,,,,,,,,\n"),
    ),
    TRENDS: (
        "utf-8",
        ("Source,Import_Share_Order,Commodity,Net_Import_Reliance_pct_2023,Major_Import_Sources_2019_2022\n"
        "MCS2024,1,GALLIUM,100,China\n"),
    ),
}  # fmt: skip


def written(folder: Path, name: str, text: str | None = None) -> Path:
    encoding, sample = SAMPLES[name]
    path = folder / name
    path.write_bytes((sample if text is None else text).encode(encoding))
    return path


def found(imported) -> dict[tuple[str, ...], tuple]:  # type: ignore[no-untyped-def]
    return {(r.good, r.region, r.partner, r.period, r.field): (r.value, r.status, r.low, r.high) for r in imported.rows}


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


@pytest.mark.parametrize("name", SAMPLES)
def test_a_copy_in_utf_16_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SAMPLES[name][1].encode("utf-16"))
    with pytest.raises(EncodingError, match="UTF-16"):
        usgs_mcs.read(path)


@pytest.mark.parametrize(("name", "other"), [(COMMODITIES, "utf-8"), (WORLD_2025, "cp1252")])
def test_a_copy_in_another_single_byte_encoding_is_named(name: str, other: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SAMPLES[name][1].encode(other))
    with pytest.raises(EncodingError):
        usgs_mcs.read(path)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("kept", [0.6, 1.0])
def test_a_cut_copy_is_named(name: str, kept: float, tmp_path: Path) -> None:
    path = written(tmp_path, name)
    content = path.read_bytes().rstrip(b"\n")
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises((TruncatedFileError, LayoutError)):
        usgs_mcs.read(path)


@pytest.mark.parametrize(
    ("name", "column"), [(COMMODITIES, "Unit,"), (WORLD_2025, "TYPE,"), (WORLD, "Country,"), (SALIENT, "Commodity,")]
)
def test_a_table_without_one_of_its_columns_is_a_layout_error(name: str, column: str, tmp_path: Path) -> None:
    text = SAMPLES[name][1]
    assert text.count(column) == 1
    with pytest.raises(LayoutError):
        usgs_mcs.read(written(tmp_path, name, text.replace(column, "Colour,")))


def test_a_line_with_a_cell_too_many_is_a_layout_error(tmp_path: Path) -> None:
    text = SAMPLES[WORLD][1].replace("900,910", "900,910,920")
    with pytest.raises(LayoutError, match="line 2"):
        usgs_mcs.read(written(tmp_path, WORLD, text))


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "word"),
    [
        (COMMODITIES, "Antimony,China,Production", "Antimony,Cathay,Production", 2, "unknown country 'Cathay'"),
        (COMMODITIES, '"40,000"', "forty", 2, "'forty' is no number"),
        (COMMODITIES, "dollars per pound,2024", "shillings per stone,2024", 7, "unit 'shillings per stone'"),
        (COMMODITIES, "Imports for consumption: Oxide", "Mood of the market", 9, "statistic not understood"),
        (COMMODITIES, "ANTIMONY,Import Sources", "ANTIMNY,Import Sources", 10, "one letter from 'antimony'"),
        (COMMODITIES, '"40,000"', "-40", 2, "'-40' is below 0"),
        (WORLD_2025, "thousand metric tons,350", "bushels,350", 2, "unit 'bushels'"),
        (WORLD, "Austria", "Ruritania", 2, "unknown country 'Ruritania'"),
        (SALIENT, "26100", "2610O", 2, "'2610O' is no number"),
    ],
)
def test_what_is_not_understood_is_refused_with_line_and_word(
    name: str, old: str, new: str, line: int, word: str, tmp_path: Path
) -> None:
    text = SAMPLES[name][1]
    assert text.count(old) == 1
    imported = usgs_mcs.read(written(tmp_path, name, text.replace(old, new)))
    assert {(r.line, word in r.what) for r in imported.refused} == {(line, True)}
    with pytest.raises(RefusedRowsError, match=f"line {line}"):
        imported.demand_all(name)


def test_a_figure_printed_again_is_refused_and_never_added(tmp_path: Path) -> None:
    text = SAMPLES[WORLD_2025][1]
    rutile = next(line for line in text.splitlines(keepends=True) if "rutile" in line)
    imported = usgs_mcs.read(written(tmp_path, WORLD_2025, text.replace(rutile, rutile * 2)))
    assert [(r.line, "stated twice" in r.what) for r in imported.refused] == [(5, True), (5, True)]
    assert found(imported)["titanium_concentrate", "AUS", "", "2023", "production"][0] == 600_000


@pytest.mark.parametrize("name", [COMMODITIES, WORLD_2025, WORLD, SALIENT])
def test_a_copy_cut_at_the_end_of_a_line_is_named(name: str, tmp_path: Path) -> None:
    lines = [line for line in SAMPLES[name][1].splitlines(keepends=True) if line.strip(",\n")]
    for kept in range(2, len(lines)):
        with pytest.raises(TruncatedFileError, match="the file is cut"):
            usgs_mcs.read(written(tmp_path, name, "".join(lines[:kept])))


@pytest.mark.parametrize("column", ["Prod_t_2022", "Prod_t_Est_2023", "Prod_notes", "Reserves_t", "Type"])
def test_a_world_table_without_a_column_of_figures_or_notes_is_a_layout_error(column: str, tmp_path: Path) -> None:
    lines = list(csv.reader(SAMPLES[WORLD][1].splitlines()))
    place = lines[0].index(column)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([*line[:place], *line[place + 1 :]] for line in lines)
    with pytest.raises(LayoutError):
        usgs_mcs.read(written(tmp_path, WORLD, text.getvalue()))


@pytest.mark.parametrize("column", ["Consump_t", "Price_Metal_dlb", "NIR_pct"])
def test_salient_statistics_without_a_column_are_a_layout_error(column: str, tmp_path: Path) -> None:
    text = SAMPLES[SALIENT][1]
    with pytest.raises(LayoutError, match=f"no column '{column}'"):
        usgs_mcs.read(written(tmp_path, SALIENT, text.replace(column, "")))


def test_an_edition_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    text = SAMPLES[WORLD_2025][1].replace("MCS2025,Tellurium", "MCS,Tellurium")
    with pytest.raises(LayoutError, match="line 5"):
        usgs_mcs.read(written(tmp_path, WORLD_2025, text))


def test_the_share_of_value_refused_is_that_of_its_table(tmp_path: Path) -> None:
    text = SAMPLES[WORLD][1].replace("Russiae", "Ruritania")
    imported = usgs_mcs.read(written(tmp_path, WORLD, text))
    produced = 900 + 910 + 50 + 1500 + 3000 + 4000
    assert imported.value_share_refused == pytest.approx(2000 / (2000 + produced))


def test_a_world_table_in_the_file_of_salient_statistics_is_refused_with_its_defect(tmp_path: Path) -> None:
    path = written(tmp_path, WORLD).rename(tmp_path / "mcs2024-cobal_salient.csv")
    with pytest.raises(LayoutError, match="a copy of the world table stands in place of the salient statistics"):
        usgs_mcs.read(path)


def test_a_file_whose_name_does_not_tell_the_commodity_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, WORLD).rename(tmp_path / "download.csv")
    with pytest.raises(LayoutError, match="does not tell the commodity"):
        usgs_mcs.read(path)


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


def stored_files() -> list[Path]:
    return sorted(path for pattern in usgs_mcs.FILES for path in PUBLISHER_FILES.glob(pattern))


@pytest.fixture(scope="module")
def stored() -> dict[str, usgs_mcs.Imported]:
    paths = stored_files()
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    return {path.name: usgs_mcs.read(path) for path in paths if path.name not in WRONG_FILES}


def test_every_stored_file_is_read_without_a_refusal(stored: dict[str, usgs_mcs.Imported]) -> None:
    assert len(stored) > 300
    assert {name: imported.refused for name, imported in stored.items() if imported.refused} == {}
    not_understood = {r for i in stored.values() for r in i.set_aside if "not understood" in r}
    assert not_understood == set()


def test_the_one_file_with_the_wrong_table_is_refused() -> None:
    wrong = [path for path in stored_files() if path.name in WRONG_FILES]
    if not wrong:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    with pytest.raises(LayoutError, match="copy of the world table"):
        usgs_mcs.read(wrong[0])


def test_rows_of_all_stored_files_are_lawful_together(stored: dict[str, usgs_mcs.Imported]) -> None:
    rows = [row for imported in stored.values() for row in imported.rows]
    sources = {source.id: source for imported in stored.values() for source in imported.sources}
    assert sorted(sources) == [f"usgs-mcs-{year}" for year in range(2022, 2027)]
    assert row_problems(rows, sources) == []


@pytest.mark.parametrize(
    ("file", "good", "region", "period", "field", "value"),
    [
        (COMMODITIES, "rare_earth_concentrate", "CHN", "2024", "production", 270_000),
        (COMMODITIES, "rare_earth_concentrate", "WLD", "2024", "production", 380_000),
        (COMMODITIES, "cobalt_intermediate", "COD", "2024", "production", 226_000),
        (COMMODITIES, "copper_concentrate", "CHL", "2024", "production", 5_510_000),
        (COMMODITIES, "gallium", "CHN", "2024", "production", 839),
        (WORLD_2025, "lithium_concentrate", "AUS", "2023", "production", 91_700),
        (WORLD_2025, "titanium_concentrate", "WLD", "2023", "production", 9_430_000),
        ("mcs2024-cobal_world.csv", "cobalt_intermediate", "COD", "2022", "production", 144_000),
        ("mcs2023-lithi_world.csv", "lithium_concentrate", "WLD", "2021", "production", 107_000),
        ("mcs2024-raree_salient.csv", "neodymium_oxide", "WLD", "2021", "price", 98_000),
        ("tungsten_mcs2022-tungs_world.csv", "tungsten_concentrate", "CHN", "2020", "production", 66_000),
    ],
)
def test_known_figures_are_read_from_the_stored_files(
    stored: dict[str, usgs_mcs.Imported], file: str, good: str, region: str, period: str, field: str, value: float
) -> None:
    values = [
        row.value
        for row in stored[file].rows
        if (row.good, row.region, row.period, row.field) == (good, region, period, field)
    ]
    assert values == [pytest.approx(value)]
