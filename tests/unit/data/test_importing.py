"""Importing: figures are added, replaced or refused, each accounted for; the package stays as it is."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from derisk.data import importing, load_dataset, user_dataset
from derisk.data.importing import import_file
from derisk.data.intake.intake import Intake
from derisk.data.merging import with_user_rows
from derisk.data.user_dataset import row_files
from derisk.data.user_sources import forget_source, list_user_sources
from derisk.errors import DatasetError, InputError, RefusedRowsError


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


def test_row_that_the_package_has_already_is_left_out(bring, user, agency):
    report = bring({"region": "ARG", "value": 20.000001}, source=agency)
    assert (report.rows_unchanged, row_files(user)) == (1, [])


def test_refusal_stops_the_import_and_adds_nothing(bring, user):
    with pytest.raises(RefusedRowsError, match="unknown country 'Atlantis'") as caught:
        bring({"region": "BOL", "value": 50.0}, refuse=[(7, "unknown country 'Atlantis'")])
    assert caught.value.exit_code == 3
    assert caught.value.problems[0].what == "1 figure refused, up to 50 % of a table's value; nothing was added"
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


def test_a_refused_countrys_name_leads_to_its_code(bring):
    with pytest.raises(RefusedRowsError) as caught:
        bring({"region": "Bolivia", "value": 3.0})
    assert caught.value.problems[1].hint == "write 'BOL'"


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


def test_two_imports_at_once_lose_nothing(package, user, monkeypatch, bureau):
    def imported(number):
        intake = Intake(Path(f"{number}.csv"))
        for region in ("BOL", "PER", "BRA"):
            intake.take(
                2, source=replace(bureau, id=f"bureau-{number}"), field="production", value=float(number), unit="t/year",
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


def test_unknown_kind_names_those_there_are(tmp_path, package, user):
    with pytest.raises(InputError, match="did you mean 'baci'"):
        import_file("bacci", tmp_path / "x.csv", user=user, package=package)
