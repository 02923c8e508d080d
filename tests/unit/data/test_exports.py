"""Exports carry sources and licences, and come back as the rows they were."""

from __future__ import annotations

import hashlib
import json
import zipfile

import openpyxl
import pandas as pd
import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.exports import workbook
from derisk.data.exports.export import export_dataset
from derisk.data.importers.own_tables import read as read_export
from derisk.data.importing import import_file
from derisk.data.merging import with_user_rows
from derisk.data.rows import COLUMNS
from derisk.errors import DatasetError, InputError, LayoutError, RefusedRowsError, TruncatedFileError

OUTS = [
    ("csv", "rows.csv"),
    ("csv", "folder"),
    ("parquet", "rows.parquet"),
    ("parquet", "folder"),
    ("xlsx", "book.xlsx"),
    ("datapackage", "package"),
    ("datapackage", "package.zip"),
]
AWKWARD = 'two\nlines, "quotes", =SUM(A1), [b]brackets[/b], Åland'


@pytest.fixture
def dataset(mini, dataset_folder, tmp_path):
    lines = [
        *mini.rows(),
        mini.row("gallium", value=0.1 + 0.2, note=AWKWARD),
        mini.row("gallium", region="JPN", note="=1+1"),
    ]
    mini.write_rows(dataset_folder, lines)
    (dataset_folder / "projects.csv").write_text(
        "project_id,project,good,capacity_t_per_year,source\nP1,Salar,lithium_chemical,10,agency-2025\nP2,Mill,gallium,,agency-2025\n",
        encoding="utf-8",
    )
    build_dataset(dataset_folder, tmp_path / "built")
    return load_dataset(tmp_path / "built")


@pytest.fixture
def empty_package(mini, tmp_path):
    mini.write_dataset(tmp_path / "empty", [])
    build_dataset(tmp_path / "empty", tmp_path / "empty-built")
    return tmp_path / "empty-built"


def content(dataset):
    rows = dataset.rows()[[*COLUMNS, "row_id", "chosen", "stated_low", "stated_high"]]
    return rows.sort_values("row_id").fillna(-1.0).to_dict("records")


@pytest.mark.parametrize(("form", "out"), OUTS)
def test_round_trip_gives_the_same_rows(dataset, empty_package, tmp_path, form, out):
    exported = export_dataset(dataset, tmp_path / out, form=form)
    report = import_file("derisk", tmp_path / out, user=tmp_path / "user", package=empty_package)
    again = load_dataset(with_user_rows(empty_package, tmp_path / "user"))
    assert (exported.rows, report.rows_added, report.rows_refused) == (8, 8, ())
    assert content(again) == content(dataset)
    assert again.sources()["survey-2026"] == dataset.sources()["survey-2026"]


def test_second_export_is_the_same_file(dataset, tmp_path):
    for name in ("one.zip", "two.zip"):
        export_dataset(dataset, tmp_path / name, form="datapackage")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize("form", ["csv", "parquet", "datapackage"])
@pytest.mark.parametrize("name", ["README.md", "events"])
def test_files_that_no_export_wrote_are_left_alone(form, name, dataset, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    mine = folder / (name if "." in name else f"{name}.{'parquet' if form == 'parquet' else 'csv'}")
    mine.write_text("my own", encoding="utf-8")
    with pytest.raises(InputError, match="holds files that no export wrote"):
        export_dataset(dataset, folder, form=form)
    assert list(folder.iterdir()) == [mine]
    assert mine.read_text(encoding="utf-8") == "my own"


def test_selection_by_material_and_table(dataset, tmp_path):
    exported = export_dataset(dataset, tmp_path / "out", form="csv", materials=("gallium",))
    assert exported.as_json()["tables"] == {"production": 2, "projects": 1}
    assert exported.sources == ("agency-2025",)
    assert export_dataset(dataset, tmp_path / "out", form="csv", tables=("projects",)).tables == {"projects": 2}
    assert not (tmp_path / "out" / "production.csv").exists()
    with pytest.raises(InputError, match="did you mean 'gallium'"):
        export_dataset(dataset, tmp_path / "out", form="csv", materials=("galium",))
    with pytest.raises(InputError, match="did you mean 'prices'"):
        export_dataset(dataset, tmp_path / "out", form="csv", tables=("price",))
    with pytest.raises(DatasetError, match="no row fits"):
        export_dataset(dataset, tmp_path / "out", form="csv", tables=("prices",))


def test_workbook_has_a_sheet_for_each_table(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "book.xlsx", form="xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == ["readme", "production", "projects", "sources"]
    sheet = book["production"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["Q"].width > sheet.column_dimensions["A"].width
    assert sheet.auto_filter.ref == sheet.dimensions
    notes = [cell for cell in sheet["Q"] if cell.value == "=1+1"]
    assert [cell.data_type for cell in notes] == ["s"]
    assert any("CC BY 4.0" in str(line[0].value) for line in book["readme"])


def test_large_numbers_stand_in_groups_of_three_and_keep_their_digits(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    frame = pd.DataFrame({"value": [1_234_567.25, 0.25, None], "period": ["2024", "2024", "2025"]})
    workbook._fill(book.create_sheet("production"), frame)
    book.save(tmp_path / "book.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "book.xlsx")["production"]["A"]
    assert [(cell.value, cell.number_format) for cell in cells[1:]] == [
        (1_234_567.25, "#,##0"),
        (0.25, "General"),
        (None, "General"),
    ]


def test_table_beyond_a_sheet_says_what_to_do(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_LINES", 8)
    with pytest.raises(InputError, match="production has 8 rows") as caught:
        export_dataset(dataset, tmp_path / "book.xlsx", form="xlsx")
    assert "--material" in caught.value.problems[0].hint
    assert not (tmp_path / "book.xlsx").exists()


def test_workbook_needs_its_ending_and_format_a_known_word(dataset, tmp_path):
    with pytest.raises(InputError, match="'book' is no name for xlsx"):
        export_dataset(dataset, tmp_path / "book", form="xlsx")
    with pytest.raises(InputError, match="did you mean 'xlsx'"):
        export_dataset(dataset, tmp_path / "book.xlsx", form="xls")


def test_data_package_has_what_the_profile_requires(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "package", form="datapackage")
    package = json.loads((tmp_path / "package" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert all(licence.get("name") or licence.get("path") for licence in package["licenses"])
    assert [source["title"] for source in package["sources"]] == ["Outlook", "Summaries"]
    assert [resource["name"] for resource in package["resources"]] == ["production", "projects", "sources"]
    for resource in package["resources"]:
        text = (tmp_path / "package" / resource["path"]).read_bytes()
        assert resource["profile"] == "tabular-data-resource"
        assert resource["bytes"] == len(text)
        assert resource["hash"] == f"sha256:{hashlib.sha256(text).hexdigest()}"
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == text.decode().splitlines()[0].split(",")
        assert {field["type"] for field in resource["schema"]["fields"]} <= {"string", "number", "integer", "boolean"}
        assert set(resource["schema"]["primaryKey"]) <= set(fields)


def test_rows_under_a_restricting_licence_are_told(dataset, empty_package, mini, tmp_path):
    export_dataset(dataset, tmp_path / "rows.csv", form="csv")
    beside = tmp_path / "rows.sources.csv"
    text = beside.read_text(encoding="utf-8")
    beside.write_text(text.replace("survey-2026", "bureau-2026").replace("True", "False"), encoding="utf-8")
    rows = tmp_path / "rows.csv"
    rows.write_text(rows.read_text(encoding="utf-8").replace("survey-2026", "bureau-2026"), encoding="utf-8")
    import_file("derisk", rows, user=tmp_path / "user", package=empty_package)
    merged = load_dataset(with_user_rows(empty_package, tmp_path / "user"))
    told = export_dataset(merged, tmp_path / "all", form="datapackage").as_json()
    assert told["restricted_sources"] == ["bureau-2026"]
    licences = json.loads((tmp_path / "all" / "datapackage.json").read_text(encoding="utf-8"))["licenses"]
    assert "NOT TO BE PASSED ON: rows of bureau-2026" in (tmp_path / "all" / "README.md").read_text(encoding="utf-8")
    assert [licence["name"] for licence in licences][-1] in {"other-closed", "CC-BY-4.0"}
    free = export_dataset(merged, tmp_path / "free", form="csv", licences="shippable")
    assert (free.restricted_sources, free.rows) == ((), told["rows"] - 2)


def test_rows_without_their_sources_are_refused(dataset, empty_package, tmp_path):
    export_dataset(dataset, tmp_path / "rows.csv", form="csv")
    (tmp_path / "rows.sources.csv").unlink()
    with pytest.raises(LayoutError, match=r"'rows\.sources\.csv' is missing"):
        import_file("derisk", tmp_path / "rows.csv", user=tmp_path / "user", package=empty_package)


def test_broken_exports_are_named(dataset, empty_package, tmp_path):
    export_dataset(dataset, tmp_path / "rows.csv", form="csv")
    whole = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    (tmp_path / "rows.csv").write_text(whole.replace("170.0", "many"), encoding="utf-8")
    with pytest.raises(RefusedRowsError, match="value 'many' is not a number"):
        import_file("derisk", tmp_path / "rows.csv", user=tmp_path / "user", package=empty_package)
    (tmp_path / "rows.csv").write_text(whole[:-20], encoding="utf-8")
    with pytest.raises(TruncatedFileError):
        import_file("derisk", tmp_path / "rows.csv", user=tmp_path / "user", package=empty_package)
    export_dataset(dataset, tmp_path / "package.zip", form="datapackage")
    packed = (tmp_path / "package.zip").read_bytes()
    (tmp_path / "package.zip").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(TruncatedFileError, match="not a whole zip"):
        import_file("derisk", tmp_path / "package.zip", user=tmp_path / "user", package=empty_package)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("letter.csv", "dear,minister\nyes,no\n")
    with pytest.raises(LayoutError, match="no table of sources"):
        import_file("derisk", tmp_path / "other.zip", user=tmp_path / "user", package=empty_package)
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(InputError, match="is no export of derisk"):
        import_file("derisk", tmp_path / "letter.txt", user=tmp_path / "user", package=empty_package)


def test_damaged_packages_are_named(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "package.zip", form="datapackage")
    content = bytearray((tmp_path / "package.zip").read_bytes())
    content[len(content) // 3 : len(content) // 3 + 30] = bytes(30)
    (tmp_path / "package.zip").write_bytes(bytes(content))
    with pytest.raises(TruncatedFileError, match="not a whole zip"):
        read_export(tmp_path / "package.zip")


def test_two_folders_of_tables_in_one_zip_are_not_mixed(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "folder", form="csv")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed:
        for file in (tmp_path / "folder").iterdir():
            packed.write(file, f"old/{file.name}")
            packed.write(file, f"new/{file.name}")
    with pytest.raises(LayoutError, match="two files in the zip have one name"):
        read_export(tmp_path / "two.zip")


def test_a_source_without_a_year_and_a_path_that_is_none_are_named(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "folder", form="csv")
    sources = tmp_path / "folder" / "sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace(",2025,", ",soon,"), encoding="utf-8")
    with pytest.raises(LayoutError, match="year 'soon' of source 'agency-2025' is no year"):
        read_export(tmp_path / "folder")
    with pytest.raises(InputError, match="there is no"):
        read_export(tmp_path / "none")


def test_an_ending_in_capitals_is_the_same(dataset, tmp_path):
    export_dataset(dataset, tmp_path / "book.xlsx", form="xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "BOOK.XLSX")
    assert len(read_export(tmp_path / "BOOK.XLSX").rows) == len(dataset.rows())
