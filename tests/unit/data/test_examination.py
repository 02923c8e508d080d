"""Rules of sets of rows, and the exceptions that excuse known departures."""

from __future__ import annotations

import pytest

from derisk.data.build import build_dataset
from derisk.data.examination import examine, examine_built, with_user_rows_examined
from derisk.errors import DatasetError

WORLD_RULE = "- {{rule: countries_sum_to_world, field: production, good: {good}, reason: others are not named}}\n"


def share_row(mini, good="lithium_chemical", **words):
    return mini.row(good, **{"field": "end_use_share", "unit": "share", "basis": "none", "region": "WLD", **words})


def test_lawful_dataset_has_no_problems(dataset_folder, tmp_path):
    assert not examine(dataset_folder).problems
    build_dataset(dataset_folder, tmp_path / "built")
    assert examine_built(tmp_path / "built").as_json()["ok"]


def test_countries_beyond_the_world_total_are_found(mini, dataset_folder):
    mini.write_rows(dataset_folder, [*mini.rows(), mini.row(region="AUS", value=20.0)])
    (problem,) = examine(dataset_folder).problems
    assert problem.key == "countries_sum_to_world"
    assert problem.what == "production 2024: 4 countries sum to 260.0, world is 240.0 (8.33 %, tolerance 2.0 %)"
    assert problem.where == "observations/lithium/refining.csv, line 5"


def test_missing_countries_are_found_unless_one_is_withheld(mini, dataset_folder):
    mini.write_rows(dataset_folder, [*mini.rows()[:2], mini.rows()[3]])
    assert [p.key for p in examine(dataset_folder).problems] == ["countries_sum_to_world"]
    mini.write_rows(
        dataset_folder, [*mini.rows()[:2], mini.rows()[3], mini.row(region="ARG", value="", status="withheld")]
    )
    assert not examine(dataset_folder).problems


def test_shares_must_sum_to_one(mini, dataset_folder):
    mini.write_rows(
        dataset_folder, [share_row(mini, use="machinery", value=0.5), share_row(mini, use="other", value=0.4)]
    )
    (problem,) = examine(dataset_folder).problems
    assert problem.what == "end_use_share sums to 0.9 in place of 1"


def test_output_shares_of_a_country_must_sum_to_one(mini, dataset_folder):
    shares = (("lacen_oxide", 0.7), ("ndpr_oxide", 0.35))
    mini.write_rows(
        dataset_folder,
        [share_row(mini, good, field="output_share", region="MYS", value=value) for good, value in shares],
    )
    assert [p.key for p in examine(dataset_folder).problems] == ["output_share_sums_to_one"]


def test_exception_excuses_with_its_reason(mini, dataset_folder, tmp_path):
    mini.write_rows(dataset_folder, [*mini.rows(), mini.row(region="AUS", value=20.0)])
    (dataset_folder / "exceptions.yml").write_text(WORLD_RULE.format(good="lithium_chemical"), encoding="utf-8")
    examination = examine(dataset_folder)
    assert not examination.problems
    assert [reason for _, reason in examination.excused] == ["others are not named"]
    build_dataset(dataset_folder, tmp_path / "built")
    assert not examine_built(tmp_path / "built").problems


def test_exception_that_excuses_nothing_is_found(dataset_folder):
    (dataset_folder / "exceptions.yml").write_text(WORLD_RULE.format(good="gallium"), encoding="utf-8")
    (problem,) = examine(dataset_folder).problems
    assert (problem.what, problem.where) == (
        "exception to 'countries_sum_to_world' excuses nothing",
        "exceptions.yml, line 1",
    )


def test_exception_to_an_unknown_rule_is_refused(dataset_folder):
    (dataset_folder / "exceptions.yml").write_text(
        "- {rule: world_sum, reason: x}\n- {rule: world_sum}\n", encoding="utf-8"
    )
    assert [problem.where for problem in examine(dataset_folder).problems] == [
        "exceptions.yml, line 1",
        "exceptions.yml, line 2",
    ]


def test_what_the_build_refuses_is_reported(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(region="CHA")])
    assert [problem.what for problem in examine(dataset_folder).problems] == ["unknown region 'CHA'"]


def test_unbuilt_folder_is_named(tmp_path):
    with pytest.raises(DatasetError, match="no built dataset"):
        examine_built(tmp_path)


def test_where_the_users_rows_miss_the_world_the_user_is_told_what_to_do(bring, package, user):
    bring({"region": "BOL", "value": 100.0})
    (problem,) = with_user_rows_examined(examine_built(package), package, user).problems
    assert problem.key == "countries_sum_to_world"
    assert problem.hint == f"say in {user / 'choices.yml'} which source wins, or: derisk data forget SOURCE"
