"""Studies that several journeys look at, run once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terminal import derisk, derisk_here

CALM = """\
name: calm
question: What happens when nothing happens?
base_year: 2024
months: 1
measures: []
"""


@pytest.fixture(scope="session")
def calm_study(tmp_path_factory) -> Path:
    """A study without measures, three draws."""
    folder = tmp_path_factory.mktemp("calm")
    scenario = folder / "calm.yml"
    scenario.write_text(CALM, encoding="utf-8")
    derisk_here("run", str(scenario), "--out", str(folder / "study"), "--draws", "3")
    return folder / "study"


@pytest.fixture(scope="session")
def washington_study(tmp_path_factory) -> tuple[Path, dict]:
    """The main scenario with two draws, and what `--json` printed."""
    folder = tmp_path_factory.mktemp("washington") / "study"
    run = derisk("run", "washington-2026", "--out", str(folder), "--draws", "2", "--json")
    return folder, json.loads(run.stdout)
