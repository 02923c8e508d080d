"""The first run on a machine: what is wrong with a question is said before the solver is compiled for a minute."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from derisk.cli.app import run_command_line

SCENARIO = "name: x\nquestion: y\nbase_year: 2024\nmonths: 1\nstart: 2026-01\nmeasures: [{kind: no_such_kind}]\n"


@pytest.fixture(autouse=True)
def nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_kernels() -> None:
        raise AssertionError("the solver is compiled here")

    importlib.import_module("derisk.study.run")  # holds the solver's own compiler by name: never this one
    monkeypatch.setattr("derisk.market.first_run.needs_compiling", lambda: True)
    monkeypatch.setattr("derisk.market.first_run.compile_kernels", compile_kernels)


@pytest.mark.parametrize("command", ["run", "exposure"])
def test_a_wrong_scenario_is_refused_before_the_solver_is_compiled(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, purchases = tmp_path / "wrong.yml", tmp_path / "list.csv"
    scenario.write_text(SCENARIO, encoding="utf-8")
    purchases.write_text("item,quantity,unit\ngallium,5,kg\n", encoding="utf-8")
    words = {
        "run": ["run", str(scenario), "--out", str(tmp_path / "study")],
        "exposure": ["exposure", str(purchases), "--scenario", str(scenario)],
    }
    assert run_command_line(words[command]) == 3
    assert "no_such_kind" in capsys.readouterr().err


def test_a_wrong_table_of_cases_is_refused_before_the_solver_is_compiled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case,metric\nx,y\n", encoding="utf-8")
    assert run_command_line(["backtest", "--cases", str(cases)]) == 3
    assert capsys.readouterr().err


def test_a_right_one_is_compiled_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["run", "copper-outage", "--out", str(tmp_path / "study"), "--draws", "1"]) == 1
    assert "the solver is compiled here" in capsys.readouterr().err
