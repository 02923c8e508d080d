"""`derisk exposure`: what cannot be done with the options given is said before anything is read."""

from __future__ import annotations

import json

import pytest

from derisk.cli.app import run_command_line


@pytest.mark.parametrize("more", [(), ("--study", "a-study")])
def test_draws_without_a_scenario_to_run_are_not_passed_over(more, capsys, tmp_path):
    purchases = tmp_path / "list.csv"
    purchases.write_text("item,quantity,unit\ngallium,5,kg\n", encoding="utf-8")
    assert run_command_line(["exposure", str(purchases), *more, "--draws", "5", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["what"] == "--draws without a scenario to run"
