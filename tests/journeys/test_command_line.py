"""The terminal: help, exit codes, errors in four parts, light imports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import derisk, derisk_here

from derisk.brief.numbers import money
from derisk.cli.app import run_command_line

ROOT = Path(__file__).resolve().parents[2]
PURCHASES = ROOT / "docs" / "examples" / "purchases.csv"


def test_help_names_every_command():
    text = derisk("--help").stdout
    assert all(command in text for command in ("run", "scenario", "data", "brief"))


@pytest.mark.parametrize("statement", ["import derisk", "import derisk.cli.app"])
def test_imports_stay_light(statement):
    code = f"import sys; {statement}; print(sorted({{'numba', 'duckdb', 'pandas', 'scipy', 'pydantic'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["run"], 2, ["scenario", "--help"]),
        (["run", "washington-2026"], 2, ["--out"]),
        (["fly"], 2, ["fly"]),
        (["run", "no-such-scenario", "--out", "x"], 3, ["no-such-scenario", "know", "derisk scenario list"]),
        (["run", "washington-2026", "--out", "x", "--draws", "0"], 3, ["0 draws", "know"]),
        (["data", "why", "litium", "refining", "CHN", "2024"], 3, ["litium", "lithium"]),
        (["data", "why", "lithium", "refining", "CHN", "1901"], 4, ["1901"]),
        (["brief", "no-such-folder"], 7, ["no-such-folder", "derisk run"]),
    ],
)
def test_bad_input_is_explained_without_a_traceback(tmp_path, monkeypatch, arguments, exit_code, words):
    monkeypatch.chdir(tmp_path)
    run = derisk_here(*arguments, check=exit_code)
    assert "Traceback" not in run.stderr
    assert all(word in run.stderr for word in words), run.stderr
    assert list(tmp_path.iterdir()) == []


def test_errors_are_json_when_asked(tmp_path):
    run = derisk("run", "no-such-scenario", "--out", str(tmp_path / "x"), "--json", check=3)
    error = json.loads(run.stdout)["error"]
    assert {"class", "what", "where", "allowed", "hint", "exit_code"} <= set(error)
    assert error["exit_code"] == 3


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear minister")
    derisk_here("run", "copper-outage", "--out", str(tmp_path), "--draws", "1", check=3)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_exposure_gives_every_line_a_fate(washington_study, tmp_path):
    purchases = ROOT / "docs" / "examples" / "purchases.csv"
    table = tmp_path / "fates.csv"
    study = str(washington_study[0])
    run = derisk_here("exposure", str(purchases), "--study", study, "--buyer", "Japan", "--out", str(table), "--json")
    answer = json.loads(run.stdout)
    assert answer["buyer"] == "JPN"
    assert sum(row["lines"] for row in answer["fates"]) == len(answer["items"]) == 20
    assert [row["lines"] for row in answer["fates"]] == [15, 3, 2]
    losses = [item["expected_loss_usd"] for item in answer["items"] if item["expected_loss_usd"] is not None]
    assert answer["expected_loss_usd"] == pytest.approx(sum(losses))
    assert len(table.read_text(encoding="utf-8").splitlines()) == 21
    assert "line 16" in derisk_here("exposure", str(purchases)).stdout
    printed = " ".join(derisk_here("exposure", str(purchases), "--study", study, "--buyer", "Japan").stdout.split())
    extra = " ".join(money(answer["extra_cost_usd"] / 1e6).split())
    assert f"{extra} more for dearer tonnes and up to" in printed
    assert "how many months' worth that is" in printed
    assert "largest maker: share of world primary output" in " ".join(
        derisk_here("exposure", str(purchases)).stdout.split()
    )


def test_compare_tells_what_the_levers_save_as_the_brief_does(washington_study):
    folder = washington_study[0]
    answer = json.loads(derisk_here("compare", str(folder / "without_remedies"), str(folder), "--json").stdout)
    saved = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["saved_musd"]
    assert answer["studies"][0]["change_musd"] is None
    assert answer["studies"][1]["change_musd"]["p50"] == pytest.approx(-saved["p50"])
    printed = derisk_here("compare", str(folder / "without_remedies"), str(folder), "--region", "Japan").stdout
    assert "More at risk than in the first" in printed
    derisk_here("compare", str(folder), "--region", "Atlantis", check=3)


def test_exposure_explains_what_is_wrong(tmp_path):
    (tmp_path / "list.csv").write_text("colour,weight\nred,1\n", encoding="utf-8")
    run = derisk_here("exposure", str(tmp_path / "list.csv"), check=3)
    assert "what is bought" in run.stderr
    derisk_here("exposure", str(tmp_path / "none.csv"), check=3)
    derisk_here("exposure", str(tmp_path / "list.csv"), "--buyer", "Atlantis", check=3)


def test_an_interrupt_says_what_completes_the_work(monkeypatch, capsys):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("derisk.cli.run.run_scenario", interrupted)
    assert run_command_line(["run", "copper-outage", "--out", "nowhere"]) == 130
    assert "interrupted; the same command completes what is there" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "exposure nofile.csv",
        f"exposure {PURCHASES} --study a --scenario b",
        f"exposure {PURCHASES} --buyer Congo",
        "indicators --material cobaltt",
        "indicators --year 3024",
        "data why --row zzz",
        "data import wmd nofile",
        "data import nokind nofile",
        "data export --format docx --out a",
        "data coverage --table zz",
        "backtest --mode guess",
        "scenario exports magnets",
    ],
)
def test_every_refusal_has_four_parts(words, capsys):
    assert run_command_line([*words.split(), "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert all(error[part] for part in ("what", "where", "allowed", "hint")), error
