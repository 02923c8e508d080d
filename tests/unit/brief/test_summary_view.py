"""The terminal's summary: the same numbers as the brief, on one screen."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from derisk.cli.summary_view import print_summary


def printed(summary, width: int) -> str:
    stream = io.StringIO()
    print_summary(summary, Console(file=stream, width=width))
    return stream.getvalue().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [80, 140])
def test_screen(study, width):
    text = printed(study.summary, width)
    for words in (
        "Washington 2026",
        "Value added at risk",
        "With the levers",
        "Who runs short",
        "Prices at their peak",
        "7 of 8 draws",
    ):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= width
    assert len(text.splitlines()) <= 56
    assert "…" not in text


def test_without_levers(study):
    text = printed(study.without_remedies.summary, 100)
    assert "With the levers" not in text
    assert "Before and after" not in text


def test_words_in_brackets_are_not_markup(study):
    assert "[red]all[/red]" in printed(study.summary | {"question": "[red]all[/red]?"}, 100)


def test_without_equilibrium(study):
    keys = ("scenario", "question", "answer", "draws", "months", "start")
    assert "Washington" in printed({k: study.summary[k] for k in keys} | {"converged_draws": 0}, 80)
