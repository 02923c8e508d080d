"""Cells of input-output accounts stay in the user's dataset and are read in place of the package's."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.merging import with_user_rows
from derisk.data.user_tables import FILE, forget_cells, keep_cells, read_cells
from derisk.errors import DatasetError


def cell(industry: str = "334", value: float = 5.0, **words: str) -> dict[str, object]:
    return {
        "country": "USA", "year": "2030", "kind": "use", "commodity_or_row": "212", "industry": industry,
        "value_musd": value, "source": "bea-use-2030", "locator": f"row 212, column {industry}", **words,
    }  # fmt: skip


def test_the_same_cells_twice_add_nothing(tmp_path):
    assert keep_cells(tmp_path, [cell(), cell("335")]) == 2
    assert keep_cells(tmp_path, [cell(), cell("335")]) == 0
    assert keep_cells(tmp_path, [cell(value=6.0)]) == 1
    assert [c["value_musd"] for c in read_cells(tmp_path)] == ["6.0", "5.0"]


def test_a_source_leaves_with_its_cells(tmp_path):
    keep_cells(tmp_path, [cell(), cell(source="other")])
    assert forget_cells(tmp_path, "bea-use-2030") == 1
    assert [c["source"] for c in read_cells(tmp_path)] == ["other"]
    forget_cells(tmp_path, "other")
    assert not (tmp_path / FILE).exists()


def test_cells_are_laid_over_those_of_the_same_country_year_and_kind(tmp_path, built_package):
    before = load_dataset(built_package).records("input_output")
    keep_cells(tmp_path, [cell(year="2023"), cell("335")])
    after = load_dataset(with_user_rows(built_package, tmp_path)).records("input_output")
    use = (before["year"] == "2023") & (before["kind"] == "use")
    assert len(after) == len(before) - use.sum() + 2
    (named,) = after[(after["year"] == "2023") & (after["kind"] == "use")]["industry_name"]
    assert named == before[before["industry"] == "334"]["industry_name"].iloc[0]


def test_another_table_in_its_place_is_named(tmp_path):
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="input-output cells"):
        read_cells(tmp_path)


@pytest.fixture(scope="module")
def built_package():
    from derisk.data.build import EMBEDDED

    return EMBEDDED
