"""Options that make no run, and study folders that are not as they were written: each is named, none is touched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import derisk
from derisk.cli.app import run_command_line
from derisk.errors import InputError, StudyError
from derisk.study.completion import keep_whole_draws, sole_writer


@pytest.fixture
def study(calm_study, tmp_path) -> Path:
    return Path(shutil.copytree(calm_study, tmp_path / "study"))


def edit_manifest(folder: Path, **parts: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text()) | parts
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "option",
    [
        "--draws 0",
        "--draws -1",
        "--seed -1",
        "--seed 9223372036854775808",
        "--workers 0",
        "--workers -3",
        "--workers 5000",
    ],
)
def test_numbers_out_of_range_are_refused_before_anything_is_written(tmp_path, capsys, option):
    out = tmp_path / "study"
    assert run_command_line(["run", "copper-outage", "--out", str(out), *option.split(), "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert all(error[part] for part in ("what", "where", "allowed", "hint"))
    assert not out.exists()


@pytest.mark.parametrize("out", ["", "{file}", "{file}/x", "/proc/x", "a\0b", "x" * 300])
def test_a_folder_that_cannot_be_is_refused(tmp_path, capsys, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("kept")
    out = out.format(file=tmp_path / "file")
    assert run_command_line(["run", "copper-outage", "--out", out, "--draws", "1"]) == 3
    printed = capsys.readouterr().err
    assert all(part in printed for part in ("--out", "\n  know ", "\n  hint "))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "parts",
    [
        {"draws": "x"},
        {"draws": None},
        {"draws": 10**9},
        {"tables": []},
        {"tables": {"flows": 3}},
        {"files": None},
        {"scenario_hash": 1},
    ],
)
def test_a_damaged_manifest_is_named(study, parts):
    edit_manifest(study, **parts)
    with pytest.raises(StudyError, match="not that of a study"):
        derisk.Study.open(study)


@pytest.mark.parametrize("text", ["", "{", "null", "[" * 100_000])
def test_a_manifest_that_is_none_is_named(study, capsys, text):
    (study / "manifest.json").write_text(text)
    assert run_command_line(["brief", str(study)]) == 7
    assert "manifest" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["summary.json", "scenario.yml", "balance.json"])
@pytest.mark.parametrize("text", [None, "", "{}"])
def test_a_damaged_file_is_named_and_no_brief_written(study, capsys, name, text):
    (study / "brief.html").unlink()
    (study / name).unlink() if text is None else (study / name).write_text(text)
    assert run_command_line(["brief", str(study)]) == 7
    assert name in capsys.readouterr().err
    assert not (study / "brief.html").exists()


def test_more_draws_lend_a_damaged_part_no_new_checksum(study):
    part = next((study / "flows").glob("*.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 255
    part.write_bytes(bytes(content))
    scenario = derisk.load_scenario(study / "scenario.yml")
    before = (study / "manifest.json").read_bytes()
    with pytest.raises(StudyError, match=part.name):
        derisk.run_study(scenario, out=study, draws=4)
    assert (study / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("damage", ["truncated", "missing"])
def test_a_damaged_part_of_an_unfinished_study_is_named(study, damage):
    part = next((study / "flows").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-10]) if damage == "truncated" else part.unlink()
    with pytest.raises(StudyError, match=r"table 'flows' is (damaged|missing)"):
        keep_whole_draws(study)


def test_parts_of_a_killed_run_are_removed(study):
    part = next((study / "flows").glob("*.parquet"))
    orphan = part.with_name("draws-000003-000004.parquet")
    shutil.copy(part, orphan)
    assert keep_whole_draws(study) == {0, 1, 2}
    assert not orphan.exists()
    assert part.exists()


def test_overlapping_parts_are_named(study):
    part = next((study / "status").glob("*.parquet"))
    shutil.copy(part, part.with_name("draws-000002-000004.parquet"))
    with pytest.raises(StudyError, match="overlaps"):
        keep_whole_draws(study)


def test_one_run_at_a_time_writes_into_a_folder(tmp_path):
    pytest.importorskip("fcntl")
    with sole_writer(tmp_path), pytest.raises(InputError, match="another run"), sole_writer(tmp_path):
        pass
    with sole_writer(tmp_path):
        pass


def test_a_folder_name_is_no_pattern(study, tmp_path):
    strange = tmp_path / "[a]*?'"
    study.rename(strange)
    assert len(derisk.Study.open(strange).status) == 3


def test_an_unforeseen_fault_is_told_in_four_parts(capsys, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr("derisk.scenario.scenario_text", fail)
    assert run_command_line(["scenario", "show", "copper-outage", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert all(error[part] for part in ("what", "where", "allowed", "hint"))


def test_a_dataset_that_is_none_is_refused():
    with pytest.raises(InputError, match="dataset"):
        derisk.run_study("copper-outage", dataset={}, draws=1)  # type: ignore[arg-type]
