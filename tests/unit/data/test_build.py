"""The build refuses what is not lawful, all of it at once, and is deterministic."""

from __future__ import annotations

import json

import pytest

from derisk.data import load_dataset
from derisk.data.build import assemble, build_dataset
from derisk.errors import DatasetError


def problems_of(folder):
    with pytest.raises(DatasetError) as caught:
        assemble(folder)
    return [(problem.what, problem.where) for problem in caught.value.problems]


def test_build_writes_what_load_reads(dataset_folder, tmp_path):
    manifest = build_dataset(dataset_folder, tmp_path / "built")
    dataset = load_dataset(tmp_path / "built")
    assert manifest["rows"] == len(dataset.rows()) == 6
    assert dataset.hash == manifest["hash"]
    assert dataset.version == "0.0.1"
    assert dataset.sources()["agency-2025"].publisher == "Agency"


def test_hash_ignores_order_of_lines_and_files(mini, dataset_folder, tmp_path):
    before = assemble(dataset_folder).logical_hash()
    lines = mini.rows()
    mini.write_rows(dataset_folder, list(reversed(lines[:3])))
    mini.write_rows(dataset_folder, lines[3:], name="lithium/other.csv")
    assert assemble(dataset_folder).logical_hash() == before


def test_hash_changes_with_a_number(mini, dataset_folder):
    before = assemble(dataset_folder).logical_hash()
    mini.write_rows(dataset_folder, [{**mini.rows()[0], "value": 170.5}, *mini.rows()[1:]])
    assert assemble(dataset_folder).logical_hash() != before


def test_row_id_stays_when_the_value_changes(mini, dataset_folder):
    before = {row.row_id for row in assemble(dataset_folder).rows}
    mini.write_rows(dataset_folder, [{**line, "value": "" if line["value"] == "" else 1.0} for line in mini.rows()])
    assert {row.row_id for row in assemble(dataset_folder).rows} == before


def test_second_build_is_byte_identical(dataset_folder, tmp_path):
    for name in ("one", "two"):
        build_dataset(dataset_folder, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


UNLAWFUL = [
    ({"material": "lithum"}, "unknown material 'lithum'"),
    ({"good": "lithium_chemcial"}, "unknown good 'lithium_chemcial'"),
    ({"region": "CHA"}, "unknown region 'CHA'"),
    ({"partner": "ROW"}, "unknown partner 'ROW'"),
    ({"use": "cars"}, "unknown use 'cars'"),
    ({"field": "output"}, "unknown field 'output'"),
    ({"status": "guessed"}, "unknown status 'guessed'"),
    ({"basis": "metal"}, "unknown basis 'metal'"),
    ({"source": "nobody"}, "unknown source 'nobody'"),
    ({"stage": "mining"}, "good 'lithium_chemical' is lithium at refining, not lithium at mining"),
    ({"unit": "kt/year"}, "unit 'kt/year' does not fit field 'production': t/year"),
    ({"basis": "lce"}, "basis 'lce' in place of 'contained_metal'"),
    ({"good": "", "basis": ""}, "tonnes without a mass basis"),
    ({"value": ""}, "no value, and status is reported"),
    ({"status": "withheld"}, "a value, yet status is withheld"),
    ({"value": -1}, "production -1.0 lies outside its bounds"),
    ({"value": "many"}, "value 'many' is not a number"),
    ({"value": "inf"}, "value 'inf' is not a number"),
    ({"low": 171, "high": 180}, "low 171.0, value 170.0, high 180.0 are not in order"),
    ({"low": 160}, "low 160.0, value 170.0, high missing are not in order"),
    ({"period": "2024-13"}, "period '2024-13' is not a year or a month of 1850 to 2100"),
    ({"period": ""}, "period '' is not a year or a month of 1850 to 2100"),
    ({"locator": ""}, "no locator"),
    ({"status": "derived"}, "status derived needs a note"),
    ({"field": "price", "unit": "USD/t", "basis": "lce"}, "price without its terms"),
]
"""Changes to a lawful row, and what the build says of each."""


def test_unlawful_rows_are_refused(mini, dataset_folder):
    for number, (change, _) in enumerate(UNLAWFUL):
        mini.write_rows(dataset_folder, [mini.row(region="ARG"), mini.row(**change)], name=f"lithium/{number}.csv")
    said = problems_of(dataset_folder)
    missing = [
        what
        for number, (_, what) in enumerate(UNLAWFUL)
        if (what, f"observations/lithium/{number}.csv, line 3") not in said
    ]
    assert not missing


def test_share_above_one_is_refused(mini, dataset_folder):
    share = {"field": "synthetic_share", "unit": "share", "basis": "none", "value": 1.2}
    mini.write_rows(dataset_folder, [mini.row(**share)])
    assert problems_of(dataset_folder)[0][0] == "synthetic_share 1.2 lies outside its bounds"


def test_all_problems_come_at_once(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(region="CHA"), mini.row(locator=""), mini.row(region="CHL", value="x")])
    assert len(problems_of(dataset_folder)) == 3


def test_one_source_states_a_key_once(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(), mini.row(value=171)])
    expected = "same key and source as observations/lithium/refining.csv, line 2"
    assert problems_of(dataset_folder) == [(expected, "observations/lithium/refining.csv, line 3")]


def test_line_is_right_after_a_quoted_line_break(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(note="two\nlines"), mini.row(region="CHA")])
    assert problems_of(dataset_folder)[0][1].endswith("line 4")


def test_wrong_header_is_refused(dataset_folder):
    (dataset_folder / "observations" / "lithium" / "refining.csv").write_text(
        "material,value\nlithium,1\n", encoding="utf-8"
    )
    assert problems_of(dataset_folder) == [("header is not the dataset's", "observations/lithium/refining.csv, line 1")]


def test_source_that_may_not_be_shipped_is_refused(dataset_folder):
    path = dataset_folder / "sources" / "agency-2025.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("shippable: true", "shippable: false"), encoding="utf-8")
    assert ("source 'agency-2025' is not marked shippable: true", "sources/agency-2025.yml, line 7") in problems_of(
        dataset_folder
    )


def test_source_with_another_name_than_its_file_is_refused(dataset_folder):
    (dataset_folder / "sources" / "survey-2026.yml").rename(dataset_folder / "sources" / "survey.yml")
    assert ("id 'survey-2026' is not the file's name", "sources/survey.yml, line 1") in problems_of(dataset_folder)


def test_broken_yaml_names_its_line(dataset_folder):
    (dataset_folder / "choices.yml").write_text("- field: production\n  prefer: [a\n", encoding="utf-8")
    assert any(where.startswith("choices.yml, line") for _, where in problems_of(dataset_folder))


def test_projects_need_unique_ids_and_numbers(dataset_folder):
    text = "project_id,project,capacity_t_per_year\nP1,a,10\nP1,b,ten\n"
    (dataset_folder / "projects.csv").write_text(text, encoding="utf-8")
    assert [what for what, _ in problems_of(dataset_folder)] == [
        "project_id 'P1' is empty or stands twice",
        "capacity_t_per_year 'ten' is not a number",
    ]


def test_projects_are_read_with_numbers(dataset_folder, tmp_path):
    text = "project_id,project,capacity_t_per_year\nP1,a,10\nP2,b,\n"
    (dataset_folder / "projects.csv").write_text(text, encoding="utf-8")
    build_dataset(dataset_folder, tmp_path / "built")
    projects = load_dataset(tmp_path / "built").projects()
    assert projects["capacity_t_per_year"].tolist()[0] == 10.0
    assert projects["project"].tolist() == ["a", "b"]


def test_folder_without_dataset_is_named(tmp_path):
    with pytest.raises(DatasetError, match="no dataset in"):
        assemble(tmp_path)


def test_unbuilt_dataset_says_how_to_build(tmp_path):
    with pytest.raises(DatasetError) as caught:
        load_dataset(tmp_path)
    assert caught.value.problems[0].hint.startswith("make dataset")


def test_damaged_parquet_is_named(dataset_folder, tmp_path):
    build_dataset(dataset_folder, tmp_path / "built")
    (tmp_path / "built" / "observations.parquet").write_bytes(b"not parquet")
    with pytest.raises(DatasetError, match="damaged"):
        load_dataset(tmp_path / "built")


def test_manifest_is_printable(dataset_folder, tmp_path):
    manifest = build_dataset(dataset_folder, tmp_path / "built")
    assert json.loads((tmp_path / "built" / "manifest.json").read_text(encoding="utf-8")) == manifest
