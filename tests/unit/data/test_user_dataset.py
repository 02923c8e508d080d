"""The user's dataset: imports add, replace and refuse; the package stays as it is; both are opened as one."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from derisk.data import dataset as dataset_module
from derisk.data import importing, load_dataset, user_dataset
from derisk.data.build import build_dataset
from derisk.data.importing import import_file
from derisk.data.intake.intake import Intake
from derisk.data.merging import with_user_rows
from derisk.data.sources import Source
from derisk.data.user_dataset import row_files, user_folder
from derisk.data.user_sources import forget_source, list_user_sources
from derisk.errors import DatasetError, InputError, RefusedRowsError

PRIVATE = Source("bureau-2026", "Yearbook", "Bureau", 2026, "all rights reserved", "https://example.org/b", False)
AGENCY = Source("agency-2025", "Outlook", "Agency", 2025, "CC BY 4.0", "https://example.org/agency-2025", True)


@pytest.fixture
def package(dataset_folder, tmp_path):
    build_dataset(dataset_folder, tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture
def user(tmp_path):
    return tmp_path / "user"


@pytest.fixture
def bring(package, user, tmp_path, monkeypatch):
    """Import figures as if an importer had read them from a file."""

    def bring_figures(*figures, source=PRIVATE, refuse=(), name="table.csv", refusals="stop", kind="bgs"):
        intake = Intake(Path(name))
        for line, figure in enumerate(figures, start=2):
            told = {
                "field": "production",
                "unit": "t/year",
                "period": "2024",
                "locator": f"line {line}",
                "good": "lithium_chemical",
            }
            intake.take(line, source=source, **{**told, **figure})
        for line, what in refuse:
            intake.refuse(line, what, amount=50.0, table="production lithium_chemical")
        intake.set_aside("blank cell", 3)
        monkeypatch.setattr(importing, "find_importer", lambda kind: SimpleNamespace(read=lambda path: intake.finish()))
        return import_file(kind, tmp_path / name, user=user, package=package, refusals=refusals)

    return bring_figures


@pytest.fixture
def opened(package, user):
    return lambda: load_dataset(with_user_rows(package, user))


def test_rows_are_added_and_the_package_stays(bring, opened, package, user):
    before = {path: path.read_bytes() for path in package.iterdir()}
    report = bring({"region": "BOL", "value": 9.0}).as_json()
    assert (report["rows_added"], report["rows_refused"], report["value_share_refused"]) == (1, [], 0.0)
    assert report["rows_set_aside"] == {"blank cell": 3}
    assert {path: path.read_bytes() for path in package.iterdir()} == before
    found = opened()
    answer = found.why("lithium", "refining", "BOL", "2024")
    assert (answer["value"], answer["source"]["licence"]) == (9.0, "all rights reserved")
    assert answer["row"] == "user/observations/bgs/table.csv, line 2"
    assert len(found.rows()) == 7
    assert not found.sources()["bureau-2026"].shippable


def test_hash_differs_from_the_packages_and_follows_the_rows(bring, opened, package):
    own = load_dataset(package).hash
    bring({"region": "BOL", "value": 9.0})
    first = opened().hash
    bring({"region": "BOL", "value": 10.0})
    assert len({own, first, opened().hash}) == 3


def test_same_file_twice_changes_nothing(bring, opened):
    figures = ({"region": "BOL", "value": 9.0}, {"region": "PER", "value": 2.0})
    bring(*figures)
    first = opened().hash
    again = bring(*figures)
    assert (again.rows_added, again.rows_replaced, again.rows_unchanged) == (0, 0, 2)
    assert opened().hash == first


def test_newer_reading_replaces_the_older_wherever_it_stands(bring, opened, user):
    bring({"region": "BOL", "value": 9.0}, {"region": "PER", "value": 2.0}, name="first.csv")
    report = bring({"region": "BOL", "value": 9.5}, name="second.csv")
    assert (report.rows_added, report.rows_replaced) == (0, 1)
    assert opened().why("lithium", "refining", "BOL", "2024")["value"] == 9.5
    assert opened().why("lithium", "refining", "PER", "2024")["value"] == 2.0
    assert [path.name for path in row_files(user)] == ["first.csv", "second.csv"]


def test_user_row_takes_the_place_of_the_packages_own(bring, opened):
    report = bring({"region": "ARG", "value": 21.0}, source=AGENCY)
    assert (report.rows_added, report.rows_replaced) == (0, 1)
    answer = opened().why("lithium", "refining", "ARG", "2024")
    assert (answer["value"], answer["alternatives"]) == (21.0, [])
    assert answer["correction"].startswith(
        "the user's row replaces the package's 20.0 (observations/lithium/refining.csv"
    )


def test_row_that_the_package_has_already_is_left_out(bring, user):
    report = bring({"region": "ARG", "value": 20.000001}, source=AGENCY)
    assert (report.rows_unchanged, row_files(user)) == (1, [])


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


def test_excluded_source_is_excluded_among_users_rows_too(mini, dataset_folder, package, bring, opened):
    rule = "- {field: production, exclude: agency-2025, region: BOL, reason: counted elsewhere}\n"
    (dataset_folder / "choices.yml").write_text(rule, encoding="utf-8")
    build_dataset(dataset_folder, package)
    bring({"region": "BOL", "value": 1.0}, source=AGENCY)
    assert opened().rows(region="BOL")["chosen"].tolist() == [False]


def test_packages_correction_mends_the_users_copy(dataset_folder, package, bring, opened):
    (dataset_folder / "corrections").mkdir()
    rule = (
        "- {source: agency-2025, match: {region: ARG, field: production}, expect: 20, replace: 22, reason: erratum}\n"
    )
    (dataset_folder / "corrections" / "agency.yml").write_text(rule, encoding="utf-8")
    build_dataset(dataset_folder, package)
    bring({"region": "ARG", "value": 20.0}, source=AGENCY)
    answer = opened().why("lithium", "refining", "ARG", "2024")
    assert (answer["value"], answer["correction"].split(";")[0]) == (22.0, "published 20: erratum")


def test_refusal_stops_the_import_and_adds_nothing(bring, user):
    with pytest.raises(RefusedRowsError, match="unknown country 'Atlantis'") as caught:
        bring({"region": "BOL", "value": 50.0}, refuse=[(7, "unknown country 'Atlantis'")])
    assert caught.value.exit_code == 3
    assert caught.value.problems[0].what == "1 figures refused, up to 50 % of a table's value; nothing was added"
    assert row_files(user) == []


def test_refusals_may_be_accepted(bring, opened):
    report = bring({"region": "BOL", "value": 50.0}, refuse=[(7, "unknown country 'Atlantis'")], refusals="accept")
    assert report.rows_added == 1
    assert report.as_json()["rows_refused"] == [{"line": 7, "what": "unknown country 'Atlantis'"}]
    assert report.value_share_refused == 0.5
    assert opened().why("lithium", "refining", "BOL", "2024")["value"] == 50.0


def test_rows_that_break_a_rule_are_refused_with_their_line(bring, user):
    wrong = ({"region": "BOL", "value": 3.0}, {"region": "XXX", "value": 1.0}, {"region": "BOL", "value": 4.0})
    report = bring(*wrong, refusals="accept")
    assert [(refusal.line, refusal.what) for refusal in report.rows_refused] == [
        (3, "unknown region 'XXX'"),
        (4, "same key and source as table.csv, line 2"),
    ]
    assert (report.rows_added, report.value_share_refused) == (1, 0.625)


def test_many_rows_go_into_parquet(bring, opened, user, monkeypatch):
    monkeypatch.setattr(user_dataset, "_LARGEST_CSV", 2)
    bring({"region": "BOL", "value": 1.0})
    bring({"region": "PER", "value": 2.0}, {"region": "BRA", "value": 3.0})
    assert [path.name for path in row_files(user)] == ["table.parquet"]
    assert (
        opened()
        .why("lithium", "refining", "PER", "2024")["row"]
        .startswith("user/observations/bgs/table.parquet, line ")
    )
    forget_source("bureau-2026", user=user, package=user.parent / "package")
    assert row_files(user) == []


def test_forgotten_source_leaves_with_its_rows(bring, opened, package, user):
    bring({"region": "BOL", "value": 1.0})
    assert list_user_sources(user=user, package=package) == [
        {"source": "bureau-2026", "title": "Yearbook", "licence": "all rights reserved", "shippable": False, "rows": 1}
    ]
    assert forget_source("bureau-2026", user=user, package=package) == 1
    assert opened().hash == load_dataset(package).hash
    with pytest.raises(DatasetError, match="holds no row of 'bureau-2026'"):
        forget_source("bureau-2026", user=user, package=package)


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


def test_two_imports_at_once_lose_nothing(package, user, monkeypatch):
    def imported(number):
        intake = Intake(Path(f"{number}.csv"))
        for region in ("BOL", "PER", "BRA"):
            intake.take(
                2, source=replace(PRIVATE, id=f"bureau-{number}"), field="production", value=float(number), unit="t/year",
                period="2024", locator="line 2", good="lithium_chemical", region=region,
            )  # fmt: skip
        return intake.finish()

    monkeypatch.setattr(
        importing, "find_importer", lambda kind: SimpleNamespace(read=lambda path: imported(int(path.stem)))
    )
    work = [
        threading.Thread(
            target=import_file, args=("bgs", Path(f"{number}.csv")), kwargs={"user": user, "package": package}
        )
        for number in range(1, 5)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    rows = load_dataset(with_user_rows(package, user)).rows(region=("BOL", "PER", "BRA"))
    assert sorted(rows["source"]) == sorted(f"bureau-{number}" for number in range(1, 5) for _ in range(3))


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


def test_unknown_kind_names_those_there_are(tmp_path, package, user):
    with pytest.raises(InputError, match="did you mean 'baci'"):
        import_file("bacci", tmp_path / "x.csv", user=user, package=package)
