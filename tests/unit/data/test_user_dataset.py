"""The user's dataset: what imports brought is laid over the package's rows; both are opened as one."""

from __future__ import annotations

import pytest

from derisk.data import dataset as dataset_module
from derisk.data import load_dataset, user_dataset
from derisk.data.build import build_dataset
from derisk.data.merging import with_user_rows
from derisk.data.sources import Source
from derisk.data.user_dataset import user_folder
from derisk.errors import DatasetError


def test_hash_differs_from_the_packages_and_follows_the_rows(bring, opened, package):
    own = load_dataset(package).hash
    bring({"region": "BOL", "value": 9.0})
    first = opened().hash
    bring({"region": "BOL", "value": 10.0})
    assert len({own, first, opened().hash}) == 3


def test_user_row_takes_the_place_of_the_packages_own(bring, opened, agency):
    report = bring({"region": "ARG", "value": 21.0}, source=agency)
    assert (report.rows_added, report.rows_replaced) == (0, 1)
    answer = opened().why("lithium", "refining", "ARG", "2024")
    assert (answer["value"], answer["alternatives"]) == (21.0, [])
    assert answer["correction"].startswith(
        "the user's row replaces the package's 20.0 (observations/lithium/refining.csv"
    )


def test_disagreement_with_the_package_widens_its_range(bring, opened):
    bring({"region": "ARG", "value": 30.0})
    answer = opened().why("lithium", "refining", "ARG", "2024")
    assert (answer["value"], answer["low"], answer["high"]) == (30.0, 20.0, 30.0)
    assert [rival["source"] for rival in answer["alternatives"]] == ["agency-2025"]


def test_range_narrows_again_when_the_wider_source_is_replaced(bring, opened):
    assert opened().why("lithium", "refining", "CHL", "2024")["high"] == 55.0
    survey = Source("survey-2026", "Summaries", "Survey", 2026, "CC BY 4.0", "https://example.org/survey-2026", True)
    bring({"region": "CHL", "value": 50.1, "status": "estimated"}, source=survey)
    answer = opened().why("lithium", "refining", "CHL", "2024")
    assert (answer["value"], answer["low"], answer["high"]) == (50.0, None, None)


def test_users_own_choice_stands_before_the_packages(bring, opened, user):
    bring({"region": "ARG", "value": 30.0})
    rule = "- {field: production, region: ARG, prefer: agency-2025, reason: I trust it}\n"
    (user / "choices.yml").write_text(rule, encoding="utf-8")
    assert opened().why("lithium", "refining", "ARG", "2024")["value"] == 20.0


def test_excluded_source_is_excluded_among_users_rows_too(mini, dataset_folder, package, bring, opened, agency):
    rule = "- {field: production, exclude: agency-2025, region: BOL, reason: counted elsewhere}\n"
    (dataset_folder / "choices.yml").write_text(rule, encoding="utf-8")
    build_dataset(dataset_folder, package)
    bring({"region": "BOL", "value": 1.0}, source=agency)
    assert opened().rows(region="BOL")["chosen"].tolist() == [False]


def test_packages_correction_mends_the_users_copy(dataset_folder, package, bring, opened, agency):
    (dataset_folder / "corrections").mkdir()
    rule = (
        "- {source: agency-2025, match: {region: ARG, field: production}, expect: 20, replace: 22, reason: erratum}\n"
    )
    (dataset_folder / "corrections" / "agency.yml").write_text(rule, encoding="utf-8")
    build_dataset(dataset_folder, package)
    bring({"region": "ARG", "value": 20.0}, source=agency)
    answer = opened().why("lithium", "refining", "ARG", "2024")
    assert (answer["value"], answer["correction"].split(";")[0]) == (22.0, "published 20: erratum")


def test_merged_dataset_is_made_once_and_again_when_something_changed(bring, package, user, dataset_folder, mini):
    bring({"region": "BOL", "value": 1.0})
    first = with_user_rows(package, user)
    stamped = (first / "manifest.json").stat().st_mtime_ns
    assert with_user_rows(package, user) == first
    assert (first / "manifest.json").stat().st_mtime_ns == stamped
    mini.write_rows(dataset_folder, [*mini.rows(), mini.row(region="PER", value=1.0)])
    build_dataset(dataset_folder, package)
    assert with_user_rows(package, user) != first


def test_only_the_last_merged_datasets_are_kept(bring, user):
    for value in range(1, 6):
        bring({"region": "BOL", "value": float(value)})
    assert len(list((user / "merged").iterdir())) == 2


def test_row_broken_by_hand_is_named_when_the_dataset_is_opened(bring, opened, user):
    bring({"region": "BOL", "value": 1.0})
    path = user / "observations" / "bgs" / "table.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",BOL,", ",BOX,"), encoding="utf-8")
    with pytest.raises(DatasetError, match="unknown region 'BOX'") as caught:
        opened()
    assert caught.value.problems[0].where == "user/observations/bgs/table.csv, line 2"


def test_file_that_is_no_table_of_rows_is_named(user, opened):
    path = user / "observations" / "bgs" / "odd.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nothing")
    with pytest.raises(DatasetError, match="not a file of rows"):
        opened()


def test_folder_is_that_of_the_variable_or_of_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("DERISK_DATA", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.delenv("DERISK_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    for platform, parts in (
        ("linux", (".local", "share", "derisk")),
        ("darwin", ("Library", "Application Support", "derisk")),
        ("win32", ("local", "derisk")),
    ):
        monkeypatch.setattr(user_dataset.sys, "platform", platform)
        assert user_folder() == tmp_path.joinpath(*parts), platform


def test_load_dataset_lays_the_users_rows_over_the_package(bring, package, user, monkeypatch):
    monkeypatch.setattr(dataset_module, "EMBEDDED", package)
    monkeypatch.setenv("DERISK_DATA", str(user))
    own = load_dataset().hash
    bring({"region": "BOL", "value": 1.0})
    assert load_dataset().hash != own
    assert load_dataset(package).hash == own
