"""Do processes beside a run give the same study, and does the run go on whatever becomes of them?"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

import derisk
from derisk.data import load_dataset
from derisk.ensemble.children import Child, Message
from derisk.errors import InputError
from derisk.scenario import parse_scenario
from derisk.study import run
from derisk.study.setting import Setting, read_setting
from derisk.study.tables import TABLES
from derisk.study.workers import CHILD, Beside, children_worth

QUESTION = """\
name: a short ban
base_year: 2024
start: 2025-01
months: 2
measures:
  - {kind: export_licence, by: CHN, to: all, goods: [gallium], delay_months: {triangular: [0, 1, 2]},
     approval_share: {uniform: [0.2, 0.8]}, from: 2025-02, why: test}
  - {kind: stockpile_release, by: USA, goods: [gallium], quantity_t: {uniform: [2, 9]}, from: 2025-01, why: test}
assume:
  - {field: demand, good: gallium, region: USA, value: 25, why: test}
draws: {count: 10, seed: 3}
"""
DRAWS = 10


@pytest.fixture(scope="module")
def scenario():
    return parse_scenario(QUESTION)


@pytest.fixture(scope="module")
def threads(tmp_path_factory, scenario) -> Path:
    """The study solved on two threads."""
    folder = tmp_path_factory.mktemp("threads") / "study"
    derisk.run_study(scenario, out=folder, workers=2)
    return folder


class Watched(Child):
    """A process that ends, in some tests, as soon as it is heard that a draw is solved."""

    started: ClassVar[list[Watched]] = []
    fragile = 0
    """How many of those started end so."""

    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.started.append(self)
        self.ends = len(self.started) <= self.fragile
        self.ended = False
        self.heard: list[Message] = []

    def answer(self) -> Message | None:
        found = None if self.ended else super().answer()
        if found is not None:
            self.heard.append(found)
            self.ended = self.ends and "solved" in found
        if self.ended:
            self.kill()
        return found


@pytest.fixture
def beside(monkeypatch) -> type[Watched]:
    """Every worker has a process, however short the work."""
    monkeypatch.setattr(Watched, "started", [])
    monkeypatch.setattr(Watched, "fragile", 0)
    monkeypatch.setattr(run, "children_worth", lambda *, months, workers: workers)
    monkeypatch.setattr(run, "Beside", lambda work, setting: Beside(work, setting, start=Watched))
    return Watched


def solved_by(children: list[Watched]) -> list[int]:
    return sorted(answer["solved"] for child in children for answer in child.heard if "solved" in answer)


def has_ended(child: Child) -> bool:
    try:
        os.kill(child.process_id, 0)
    except ProcessLookupError:
        return True
    return False


def rows_of(study: Path, table: str) -> list[tuple[object, ...]]:
    """A table's rows as they stand in its parts."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        return connection.execute(f"SELECT * FROM read_parquet('{study / table}/*.parquet')").fetchall()


def assert_same(one: Path, other: Path) -> None:
    """Same rows of every table and the same summary, bit by bit, with and without remedies."""
    for part in (".", "without_remedies"):
        for table in TABLES:
            assert repr(rows_of(one / part, table)) == repr(rows_of(other / part, table)), table
        first, second = (json.loads((study / part / "summary.json").read_text("utf-8")) for study in (one, other))
        assert first == second


def test_two_processes_give_the_same_study_bit_by_bit(scenario, threads, beside, tmp_path):
    told: list[tuple[int, int]] = []
    derisk.run_study(scenario, out=tmp_path / "study", workers=2, progress=lambda *count: told.append(count))
    assert solved_by(beside.started) == list(range(DRAWS))
    assert told == [(done, DRAWS) for done in range(1, DRAWS + 1)]
    assert all(map(has_ended, beside.started))
    assert_same(tmp_path / "study", threads)


def test_a_part_whose_process_ends_is_given_to_another(scenario, threads, beside, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "fragile", 1)
    told: list[int] = []
    derisk.run_study(scenario, out=tmp_path / "study", workers=1, progress=lambda done, _: told.append(done))
    first, second = beside.started
    assert solved_by([first]) == [0]
    assert solved_by([second]) == list(range(DRAWS))
    assert told == list(range(1, DRAWS + 1))
    assert_same(tmp_path / "study", threads)


def test_a_draw_that_ends_two_processes_is_recorded_as_failed(scenario, threads, beside, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "fragile", 2)
    study = derisk.run_study(scenario, out=tmp_path / "study", workers=1)
    assert len(beside.started) == 3
    for status in (study.status, study.without_remedies.status):
        failed = status[~status["converged"]]
        assert set(failed["draw"]) == {1}
        assert failed["reason"].str.contains(r"ended before its time, twice \(signal 9\)").all()
        assert set(status["draw"]) == set(range(DRAWS))
    kept = [row for row in rows_of(threads, "losses") if row[0] != 1]
    assert rows_of(tmp_path / "study", "losses") == kept


def test_an_interrupt_ends_the_processes_and_the_study_can_be_completed(scenario, threads, beside, tmp_path):
    def interrupt(done: int, wanted: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        derisk.run_study(scenario, out=tmp_path / "study", workers=2, progress=interrupt)
    assert len(beside.started) == 2
    assert all(map(has_ended, beside.started))
    derisk.run_study(scenario, out=tmp_path / "study", workers=2)
    assert_same(tmp_path / "study", threads)


def test_figures_that_no_folder_holds_are_solved_here(scenario, beside, tmp_path):
    figure = {"field": "production", "good": "gallium", "region": "RUS", "value": 6.0, "why": "test"}
    dataset = load_dataset().with_assumptions([figure])
    derisk.run_study(scenario, dataset=dataset, out=tmp_path / "beside", workers=1, draws=3)
    assert [list(child.heard[0]) for child in beside.started] == [["error"]]
    derisk.run_study(scenario, dataset=dataset, out=tmp_path / "here", workers=1, draws=3)
    assert_same(tmp_path / "beside", tmp_path / "here")


def test_where_no_process_starts_all_is_solved_here(scenario, threads, beside, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "Beside", lambda work, setting: Beside(work, setting))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    derisk.run_study(scenario, out=tmp_path / "study", workers=2)
    assert_same(tmp_path / "study", threads)


def test_an_error_met_in_a_process_is_raised_as_here(scenario, beside, tmp_path, monkeypatch):
    """The folder of a table is a file there, which the process meets when it writes."""
    start = run.start_study

    def start_study(folder: Path, *told: Any, **known: Any) -> None:
        start(folder, *told, **known)
        (folder / "prices").write_text("in the way", encoding="utf-8")

    monkeypatch.setattr(run, "start_study", start_study)
    with pytest.raises(FileExistsError):
        derisk.run_study(scenario, out=tmp_path / "study", workers=1)
    assert "error" in beside.started[0].heard[-1]
    assert has_ended(beside.started[0])


def test_a_process_ends_with_its_parent():
    child = Child(CHILD)
    child._process.stdin.close()
    assert child.answer() is None
    assert child.close() == "exit code 0"


def test_a_setting_is_the_same_after_a_journey_as_text(scenario):
    """A scenario whose first measure was left out keeps the keys of its draws."""
    rest = scenario.model_copy(update={"measures": scenario.measures[1:]})
    setting = Setting(rest, load_dataset(), Path("study"), 3)
    there = read_setting(json.loads(json.dumps(setting.as_plain())))
    assert [measure.place for measure in there.scenario.measures] == ["measures[1]"]
    assert there.scenario.resolved() == rest.resolved()
    assert (there.dataset.hash, there.folder, there.seed) == (setting.dataset.hash, Path("study").absolute(), 3)


def test_another_scenario_than_the_runs_is_refused(scenario):
    plain = Setting(scenario, load_dataset(), Path("study"), 3).as_plain()
    with pytest.raises(InputError, match="another than the run's"):
        read_setting(plain | {"scenario_hash": "other"})


@pytest.mark.parametrize(
    ("draws", "months", "workers", "beside"),
    [
        (10, 12, 2, 0),
        (1000, 36, 2, 1),
        (50, 24, 2, 1),
        (50, 24, 16, 3),
        (1000, 36, 16, 15),
        (1000, 36, 1, 0),
        (0, 0, 4, 0),
    ],
)
def test_processes_are_taken_where_the_work_is_long(draws, months, workers, beside):
    assert children_worth(months=draws * months, workers=workers) == beside
