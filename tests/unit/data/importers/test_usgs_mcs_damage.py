"""Summaries of USGS: damaged copies are named, and what is not understood is refused with line and word."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from usgs_mcs_samples import COMMODITIES, SALIENT, SAMPLES, WORLD, WORLD_2025, found, written

from derisk.data.importers import usgs_mcs
from derisk.errors import EncodingError, LayoutError, RefusedRowsError, TruncatedFileError


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


def test_a_table_renamed_to_another_edition_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, COMMODITIES)
    renamed = path.rename(tmp_path / "MCS2027_Commodities_Data.csv")
    with pytest.raises(LayoutError, match="the newest figures are of '2025', where the name says the edition of 2027"):
        usgs_mcs.read(renamed)
