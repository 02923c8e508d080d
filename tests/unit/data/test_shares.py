"""Shares take part and whole from one source."""

from __future__ import annotations

import pytest

from derisk.data import coalition_gdp_share, load_dataset, supply_share
from derisk.data.build import build_dataset
from derisk.errors import DatasetError
from derisk.vocabulary.regions import bloc_members

LITHIUM = {"material": "lithium", "stage": "refining", "region": "CHN", "period": "2024"}


@pytest.fixture
def share_of(mini, dataset_folder, tmp_path):
    def share(lines):
        mini.write_rows(dataset_folder, lines)
        build_dataset(dataset_folder, tmp_path / "built")
        return supply_share(load_dataset(tmp_path / "built"), **LITHIUM)

    return share


def test_whole_is_the_sources_own_world_total(mini, share_of):
    share = share_of([*mini.rows(), mini.row(region="WLD", value=300.0, source="survey-2026", status="estimated")])
    assert (share.value_share, share.whole, share.rule) == (170 / 240, 240, "the source's own world total")
    assert len(share.row_ids) == 2


def test_whole_is_the_chosen_world_total_where_the_source_has_none(mini, share_of):
    share = share_of([mini.row(), mini.row(region="WLD", value=250.0, source="survey-2026")])
    assert (share.value_share, share.rule) == (170 / 250, "the chosen world total")


def test_whole_is_the_sum_where_no_world_total_is_stated(mini, share_of):
    share = share_of([mini.row(), mini.row(region="CHL", value=30.0)])
    assert (share.value_share, share.rule) == (0.85, "the sum of the countries stated")


def test_withheld_part_has_no_share(mini, share_of):
    with pytest.raises(DatasetError, match="is withheld"):
        share_of([mini.row(value="", status="withheld"), mini.row(region="WLD", value=250.0)])


def test_coalition_share_needs_every_member(mini, dataset_folder, tmp_path):
    gdp = {"good": "", "material": "", "stage": "", "basis": "none", "field": "gdp", "unit": "USD", "period": "2023"}
    members = bloc_members("coalition")
    lines = [mini.row(**gdp, region=member, value=2.0) for member in members]
    world = mini.row(**gdp, region="WLD", value=4.0 * len(members))
    mini.write_rows(dataset_folder, [*lines, world])
    build_dataset(dataset_folder, tmp_path / "built")
    share = coalition_gdp_share(load_dataset(tmp_path / "built"))
    assert share.value_share == pytest.approx(0.5)
    assert share.proxy_for
    mini.write_rows(dataset_folder, [*lines[1:], world])
    build_dataset(dataset_folder, tmp_path / "built")
    with pytest.raises(DatasetError, match=f"no gdp of 2023 for {members[0]}"):
        coalition_gdp_share(load_dataset(tmp_path / "built"))
