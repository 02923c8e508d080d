"""Files that options name: what cannot be written, or would be of another kind than its name says, is told first."""

from __future__ import annotations

from pathlib import Path

import pytest

from derisk.cli.app import run_command_line
from derisk.cli.output_file import output_file
from derisk.errors import InputError


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "no file that can be written"),
        (".", "no file that can be written"),
        ("none/x.svg", "no file that can be written"),
        ("x.png", "'x.png' is no .svg file"),
    ],
)
def test_what_cannot_be_written_is_told(name: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        output_file(name, option="--picture", ending=".svg", hint="name one")
    (problem,) = caught.value.problems
    assert what in problem.what
    assert (problem.where, problem.hint) == ("--picture", "name one")


def test_endings_may_be_capitals(tmp_path: Path) -> None:
    assert output_file(tmp_path / "X.SVG", option="--picture", ending=".svg", hint="") == tmp_path / "X.SVG"


@pytest.mark.parametrize(
    "words",
    [
        ["brief", "a-study", "--out", "brief.pdf"],
        ["exposure", "list.csv", "--out", "lines.xlsx"],
        ["exposure", "list.csv", "--picture", "lines.png"],
        ["indicators", "--indicator", "hhi", "--picture", "x.png"],
    ],
)
def test_every_command_refuses_another_kind_of_file(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("item,quantity,unit\ngallium,5,kg\n", encoding="utf-8")
    assert run_command_line(words) == 3
    assert f"'{words[-1]}' is no ." in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


def test_a_brief_as_pdf_is_what_a_browser_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["brief", "a-study", "--out", "brief.pdf"]) == 3
    assert "open it in a browser and print it" in capsys.readouterr().err
