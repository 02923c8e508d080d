"""Queries: chosen rows, newest rows, all rows, the user's own figures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.rows import COLUMNS
from derisk.errors import DatasetError, InputError


@pytest.fixture(scope="module")
def dataset(mini, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    dataset_folder = mini.write_dataset(folder / "dataset")
    lines = [
        *mini.rows(),
        mini.row(region="AUS", period="2022", value=3.0),
        mini.row(region="AUS", period="2021", value=2.0),
        mini.row(region="CHN", period="2023", value=160.0),
        mini.row(region="CHN", period="2025", value=180.0),
        mini.row(region="CHN", period="2024-05", value=15.0),
        mini.row(good="lithium_concentrate", region="AUS", value=80.0),
        *(
            mini.row(field="demand_elasticity", region="WLD", use=use, value=0.3, unit="none", basis="none")
            for use in ("machinery", "other")
        ),
    ]
    mini.write_rows(dataset_folder, lines)
    build_dataset(dataset_folder, folder / "built")
    return load_dataset(folder / "built")


def test_observations_have_the_columns_of_the_csv(dataset):
    assert list(dataset.observations(field="production").columns) == [*COLUMNS, "row_id"]


def test_observations_are_chosen_rows(dataset):
    found = dataset.observations(field="production", period="2024", good="lithium_chemical")
    assert dict(zip(found["region"], found["value"], strict=True)) == {"CHN": 170, "CHL": 50, "ARG": 20, "WLD": 240}


def test_words_filter_one_or_several(dataset):
    assert len(dataset.observations(field="production", period=2024, region=["CHN", "CHL"])) == 2
    assert len(dataset.observations(field="production", material="lithium", stage="mining")) == 1
    assert len(dataset.observations(field=["production", "capacity"], good="lithium_concentrate", region=None)) == 1


def test_fallback_takes_the_newest_row_of_each_key(dataset):
    found = dataset.observations(field="production", period="2024", fallback_years=3, good="lithium_chemical")
    assert found.set_index("region")["period"].to_dict() == {
        "CHN": "2024",
        "CHL": "2024",
        "ARG": "2024",
        "WLD": "2024",
        "AUS": "2022",
    }


def test_fallback_reaches_only_so_far(dataset):
    found = dataset.observations(field="production", period="2024", fallback_years=1, good="lithium_chemical")
    assert "AUS" not in set(found["region"])


def test_latest_reaches_as_far_as_needed(dataset):
    found = dataset.latest("production", up_to="2021", good="lithium_chemical")
    assert found["value"].tolist() == [2.0]


def test_fallback_needs_a_year(dataset):
    with pytest.raises(InputError, match="not a year"):
        dataset.observations(field="production", period="2024-05", fallback_years=1)


def test_absent_field_gives_no_rows(dataset):
    assert dataset.observations(field="price", period="2024").empty


def test_unknown_field_and_column_are_named(dataset):
    with pytest.raises(InputError, match="did you mean 'production'"):
        dataset.observations(field="productoin")
    with pytest.raises(InputError, match="unknown column 'goods'"):
        dataset.observations(field="production", goods="gallium")


def test_rows_hold_the_losers_too(dataset):
    found = dataset.rows(field="production", period="2024", region="CHL")
    assert found["chosen"].tolist() == [True, False]


def test_answers_are_copies(dataset):
    found = dataset.observations(field="production")
    found["value"] = 0.0
    assert dataset.observations(field="production")["value"].max() == 240


def test_row_by_id(dataset):
    row_id = dataset.observations(field="production", period="2024", region="CHN")["row_id"].iloc[0]
    row = dataset.row(row_id)
    assert (row["value"], row["low"], row["file"]) == (170.0, None, "observations/lithium/refining.csv")
    with pytest.raises(InputError, match="unknown row"):
        dataset.row("nothing")


def test_threads_read_the_same(dataset):
    with ThreadPoolExecutor(4) as pool:
        sums = list(
            pool.map(lambda _: dataset.observations(field="production", period="2024")["value"].sum(), range(40))
        )
    assert set(sums) == {560.0}


def test_assumption_replaces_the_chosen_row(dataset):
    assumed = dataset.with_assumptions(
        [
            {
                "field": "production",
                "good": "lithium_chemical",
                "region": "CHN",
                "period": "2024",
                "value": 100,
                "where": "scenario line 14",
                "why": "lost",
            }
        ]
    )
    answer = assumed.why("lithium", "refining", "CHN", "2024")
    assert (answer["value"], answer["status"], answer["source"]["id"]) == (100.0, "assumed", "user")
    assert answer["locator"] == "user, scenario line 14"
    assert dataset.why("lithium", "refining", "CHN", "2024")["value"] == 170.0
    assert assumed.hash != dataset.hash


def test_assumption_about_nothing_is_refused(dataset):
    with pytest.raises(InputError, match="no row for the assumption about gallium, price"):
        dataset.with_assumptions([{"field": "price", "good": "gallium", "value": 1}])


def test_assumption_about_nothing_is_told_the_fields_there_are(dataset):
    with pytest.raises(InputError, match="no row for the assumption about lithium_chemical, CHN, demand") as refused:
        dataset.with_assumptions([{"field": "demand", "good": "lithium_chemical", "region": "CHN", "value": 1}])
    assert refused.value.problems[0].allowed.startswith("for lithium_chemical, CHN the fields '")
    assert "'production'" in refused.value.problems[0].allowed


def test_assumption_about_several_amounts_is_refused(dataset):
    with pytest.raises(InputError, match="name its region"):
        dataset.with_assumptions([{"field": "production", "good": "lithium_chemical", "value": 1}])


def test_assumption_out_of_bounds_is_refused(dataset):
    with pytest.raises(InputError, match="outside its bounds"):
        dataset.with_assumptions([{"field": "production", "good": "lithium_chemical", "region": "CHN", "value": -1}])


def test_parameter_without_a_word_stands_for_all(dataset):
    assumed = dataset.with_assumptions([{"field": "demand_elasticity", "value": 0.2, "low": 0.1, "high": 0.3}])
    found = assumed.observations(field="demand_elasticity")
    assert found[["value", "low", "high"]].to_numpy().tolist() == [[0.2, 0.1, 0.3]] * 2


def test_dataset_built_again_while_open_is_an_error_not_a_mixture(mini, tmp_path):
    folder = mini.write_dataset(tmp_path / "dataset")
    build_dataset(folder, tmp_path / "built")
    opened = load_dataset(tmp_path / "built")
    mini.write_rows(folder, mini.rows()[:3])
    build_dataset(folder, tmp_path / "built")
    with pytest.raises(DatasetError, match="built again while it was open") as caught:
        opened.observations(field="production")
    assert caught.value.problems[0].hint == "open the dataset again"


def test_dataset_of_another_version_says_how_to_build(mini, tmp_path):
    build_dataset(mini.write_dataset(tmp_path / "dataset"), tmp_path / "built")
    path = tmp_path / "built" / "observations.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM read_parquet('{path}')) TO '{path}.new' (FORMAT parquet)")
    path.with_name("observations.parquet.new").replace(path)
    with pytest.raises(DatasetError, match="another version's"):
        load_dataset(tmp_path / "built")


def test_records_are_answered_by_name(dataset):
    assert list(dataset.records("deposits")) == ["deposit_id"]
    with pytest.raises(InputError, match="did you mean 'deposits'"):
        dataset.records("deposit")


def test_rows_are_counted_by_word(dataset):
    counts = dataset.count_rows("source")
    assert sum(counts.values()) == len(dataset.rows())
    assert counts == dataset.rows()["source"].value_counts().to_dict()


def test_a_dataset_prints_on_one_line(dataset):
    assert repr(dataset).startswith(f"Dataset({dataset.version}, ")
    assert len(repr(dataset)) < 120
