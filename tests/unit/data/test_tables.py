"""Tables: filters, families, records, and periods that do not exist."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.tables import TABLE_NAMES, caution, list_tables, table
from derisk.errors import DatasetError, InputError
from derisk.vocabulary.goods import GOODS


@pytest.fixture(scope="module")
def dataset(mini, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    trade = mini.row(field="trade", region="CHL", partner="CHN", value=9.0)
    oxide = mini.row("dytb_oxide", value=5.0)
    votes = [
        mini.row(
            "", region=region, field="political_position", value=value, unit="estimate", period="2023", basis="none"
        )
        for region, value in (("USA", 2.5), ("CHN", -0.5), ("JPN", 1.5))
    ]
    edited = mini.write_dataset(folder / "dataset", [*mini.rows(), trade, oxide, *votes])
    (edited / "events.csv").write_text(
        "event_id,announced,imposed_by,materials,goods\nE1,2023-07-03,CHN,gallium,\nE2,2025-04-04,CHN,,dytb_oxide\nE3,2010-09-21,JPN,rare_earths,\n",
        encoding="utf-8",
    )
    build_dataset(edited, folder / "built")
    return load_dataset(folder / "built")


def test_filters_narrow_the_rows(dataset):
    assert len(table(dataset, "production", material="lithium")) == 4
    assert [row["value"] for row in table(dataset, "production", region="CHL")] == [50.0]
    assert [row["value"] for row in table(dataset, "production", good="dytb_oxide", stage="refining")] == [5.0]
    assert table(dataset, "production", stage="mining") == []
    assert [row["partner"] for row in table(dataset, "trade", field="trade")] == ["CHN"]


def test_a_bloc_stands_for_its_members_on_either_side(dataset):
    assert [row["partner"] for row in table(dataset, "trade", partner="CHN", field="trade")] == ["CHN"]
    assert table(dataset, "trade", partner="g7") == []
    assert {row["region"] for row in table(dataset, "political_distance", region="g7", partner="CHN")} == {"JPN", "USA"}
    assert [event["event_id"] for event in table(dataset, "events", region="coalition")] == ["E3"]
    with pytest.raises(InputError, match="unknown partner 'China'"):
        table(dataset, "trade", partner="China")


def test_rows_of_trade_are_not_left_to_look_like_a_total():
    pair = {"region": "CHL", "partner": "CHN"}
    assert caution("trade", [pair]) == caution("production", [pair, pair]) == ""
    assert "add up to no total" in caution("trade", [pair, pair])
    assert "WLD is a whole" in caution("trade", [pair, {"region": "CHL", "partner": "WLD"}])
    assert "WLD" not in caution("trade", [pair, pair])


def test_family_holds_its_element_groups(dataset):
    assert GOODS["dytb_oxide"].material == "dysprosium_terbium"
    assert [row["good"] for row in table(dataset, "production", material="rare_earths")] == ["dytb_oxide"]
    assert [event["event_id"] for event in table(dataset, "events", material="rare_earths")] == ["E2", "E3"]
    assert [event["event_id"] for event in table(dataset, "events", material="dysprosium_terbium")] == ["E2"]


def test_records_are_found_by_region_and_time(dataset):
    assert [event["event_id"] for event in table(dataset, "events", region="JPN")] == ["E3"]
    assert [event["event_id"] for event in table(dataset, "events", period="2025-04")] == ["E2"]


def test_distances_are_computed_from_the_positions(dataset):
    lines = table(dataset, "political_distance", region="USA")
    assert {line["partner"]: line["value"] for line in lines} == {"CHN": 3.0, "JPN": 1.0}
    positions = table(dataset, "political_distance", field="political_position", region="USA")
    assert [row["value"] for row in positions] == [2.5]


@pytest.mark.parametrize(
    ("name", "words", "periods"),
    [
        ("production", {"material": "lithium"}, "periods '2024'"),
        ("political_distance", {}, "periods '2023'"),
        ("events", {"region": "JPN"}, "periods '2010-09-21'"),
    ],
)
def test_period_without_rows_says_which_exist(dataset, name, words, periods):
    with pytest.raises(DatasetError) as caught:
        table(dataset, name, period="1999", **words)
    assert caught.value.problems[0].allowed == periods


def test_table_without_any_such_row_is_empty_whatever_the_period(dataset):
    assert table(dataset, "production", material="gallium", period="1999") == []
    assert table(dataset, "input_output", period="2023") == []


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("productoin", {}, "did you mean 'production'"),
        ("production", {"region": "CHI"}, "unknown region 'CHI'"),
        ("production", {"good": "salt"}, "unknown good 'salt'"),
        ("production", {"field": "price"}, "unknown field 'price'"),
        ("production", {"stage": "smelting"}, "unknown stage"),
        ("production", {"period": "last year"}, "is not a year or a month"),
    ],
)
def test_unknown_words_are_refused(dataset, name, words, message):
    with pytest.raises(InputError, match=message):
        table(dataset, name, **words)


def test_tables_are_listed_with_their_rows(dataset):
    listed = {line["table"]: line for line in list_tables(dataset)}
    assert tuple(listed) == TABLE_NAMES
    assert (listed["production"]["rows"], listed["events"]["rows"], listed["prices"]["rows"]) == (5, 3, 0)
    assert listed["production"]["periods"] == "2024 to 2024"
