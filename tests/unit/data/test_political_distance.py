"""Political distance is the difference of two countries' positions, the same from both sides."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.political_distance import lines, political_distance
from derisk.errors import DatasetError

POSITION = {"good": "", "material": "", "stage": "", "basis": "none", "field": "political_position", "unit": "estimate"}


@pytest.fixture
def dataset(mini, dataset_folder, tmp_path):
    positions = [("USA", "2023", 2.5), ("CHN", "2023", -0.75), ("MEX", "2023", 0.0), ("USA", "2022", 2.0)]
    rows = [mini.row(**POSITION, region=region, period=period, value=value) for region, period, value in positions]
    mini.write_rows(dataset_folder, rows)
    build_dataset(dataset_folder, tmp_path / "built")
    return load_dataset(tmp_path / "built")


def test_distance_is_that_of_the_positions_from_both_sides(dataset):
    distance = political_distance(dataset, 2023)
    assert distance == {
        ("USA", "CHN"): 3.25, ("CHN", "USA"): 3.25, ("USA", "MEX"): 2.5, ("MEX", "USA"): 2.5,
        ("CHN", "MEX"): 0.75, ("MEX", "CHN"): 0.75,
    }  # fmt: skip


def test_lines_name_the_two_rows_they_come_from(dataset):
    line = next(
        found for found in lines(dataset, period="2023") if (found["region"], found["partner"]) == ("USA", "CHN")
    )
    assert (line["period"], line["value"], line["status"]) == ("2023", 3.25, "derived")
    assert dataset.row(line["region_row"])["value"] - dataset.row(line["partner_row"])["value"] == 3.25


def test_the_newest_year_stands_where_none_is_asked(dataset):
    assert {line["period"] for line in lines(dataset)} == {"2023"}
    assert lines(dataset, period=2022) == []


def test_a_year_without_positions_is_an_error(dataset):
    with pytest.raises(DatasetError, match="no political position of 1999"):
        lines(dataset, period="1999")
