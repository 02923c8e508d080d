"""Files as people edit them: bytes that are no text, marks of spreadsheets and words of no meaning have file and line."""

from __future__ import annotations

import pytest

from derisk.data.build import assemble, build_dataset
from derisk.data.user_tables import FILE as CELLS
from derisk.data.user_tables import read_cells
from derisk.errors import DatasetError

LATIN = "café".encode("latin-1")


def problems_of(folder):
    with pytest.raises(DatasetError) as caught:
        assemble(folder)
    return [(problem.what, problem.where) for problem in caught.value.problems]


def rows_file(folder):
    return folder / "observations" / "lithium" / "refining.csv"


def test_rows_in_another_encoding_have_file_and_line(dataset_folder):
    path = rows_file(dataset_folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2].rstrip() + LATIN + b"\n", *lines[3:]]))
    ((what, where),) = problems_of(dataset_folder)
    assert what.startswith("not UTF-8 text")
    assert where == "observations/lithium/refining.csv, line 3"


def test_the_mark_that_spreadsheets_put_first_is_no_part_of_the_header(dataset_folder):
    before = assemble(dataset_folder).rows
    path = rows_file(dataset_folder)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert assemble(dataset_folder).rows == before


def test_a_cell_too_long_to_be_one_has_file_and_line(dataset_folder):
    with rows_file(dataset_folder).open("a", encoding="utf-8") as stream:
        stream.write("x" * 200_000 + "\n")
    (what, where), *_ = problems_of(dataset_folder)
    assert what == "not a table: field larger than field limit (131072)"
    assert where.startswith("observations/lithium/refining.csv, line ")


@pytest.mark.parametrize(("content", "what"), [(LATIN, "not UTF-8 text"), (b"a: \x07", "not YAML"), (b"5", "no list")])
def test_a_file_of_choices_that_is_none_is_named(dataset_folder, content, what):
    (dataset_folder / "choices.yml").write_bytes(content)
    ((found, where),) = problems_of(dataset_folder)
    assert what in found
    assert where.startswith("choices.yml")


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("good: lithium_chemica", "unknown good 'lithium_chemica'"),
        ("region: CHI", "unknown region 'CHI'"),
        ("period: 24", "period '24' is not a year or a month"),
    ],
)
def test_a_choice_that_no_row_can_meet_is_no_choice(dataset_folder, condition, what):
    rule = f"- {{field: production, {condition}, prefer: survey-2026, reason: newest}}\n"
    (dataset_folder / "choices.yml").write_text(rule, encoding="utf-8")
    assert problems_of(dataset_folder) == [(what, "choices.yml, line 1")]


def test_the_users_own_choices_are_named_by_their_file(bring, opened, user):
    bring({"region": "ARG", "value": 30.0})
    (user / "choices.yml").write_text("- {field: production, good: gallum, prefer: agency-2025, reason: x}\n")
    with pytest.raises(DatasetError) as caught:
        opened()
    assert caught.value.problems[0].where == f"{user / 'choices.yml'}, line 1"
    assert caught.value.problems[0].hint == "did you mean 'gallium'?"


def test_cells_of_another_encoding_have_file_and_line(tmp_path):
    (tmp_path / CELLS).parent.mkdir()
    (tmp_path / CELLS).write_bytes(LATIN)
    with pytest.raises(DatasetError, match="not UTF-8 text"):
        read_cells(tmp_path)


def test_input_output_tables_without_names_are_named(dataset_folder):
    (dataset_folder / "input_output.csv").write_text("country\n", encoding="utf-8")
    (dataset_folder / "input_output_names.csv").unlink(missing_ok=True)
    assert ("input_output.csv stands without input_output_names.csv", dataset_folder.name) in problems_of(
        dataset_folder
    )


def test_a_folder_that_holds_no_dataset_writes_nothing(tmp_path):
    with pytest.raises(DatasetError, match="no dataset in"):
        build_dataset(tmp_path / "none", tmp_path / "built")
    assert not (tmp_path / "built").exists()
