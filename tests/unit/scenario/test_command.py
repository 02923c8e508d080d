"""Does `derisk scenario` print what a person and a program need?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from derisk.cli.scenario import app
from derisk.errors import InputError, ScenarioError
from derisk.scenario import library_names, load_scenario, scenario_text, template_text

runner = CliRunner()


def test_list_names_every_scenario_of_the_library() -> None:
    result = runner.invoke(app, ["list", "--json"])
    rows = json.loads(result.stdout)
    assert [row["name"] for row in rows] == list(library_names())
    assert set(rows[0]) == {"name", "question", "base_year", "start", "months", "measures"}
    assert {row["name"]: row["measures"][0]["kind"] for row in rows}["copper-outage"] == "outage"
    printed = runner.invoke(app, ["list"])
    assert printed.exit_code == 0
    assert "copper-outage" in printed.stdout


def test_show_prints_the_text_or_the_resolved_scenario() -> None:
    assert runner.invoke(app, ["show", "copper-outage"]).stdout == scenario_text("copper-outage")
    assert "announced: 2025-03" in runner.invoke(app, ["show", "copper-outage", "--resolved"]).stdout
    unknown = runner.invoke(app, ["show", "coper-outage"])
    assert isinstance(unknown.exception, ScenarioError)


def test_check_passes_a_sound_file(tmp_path: Path) -> None:
    file = tmp_path / "sound.yml"
    file.write_text(template_text(), encoding="utf-8")
    result = runner.invoke(app, ["check", str(file), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {"file", "ok", "errors", "warnings", "quotas"}
    assert (found["file"], found["ok"], found["errors"], found["warnings"]) == (str(file), True, [], [])
    (quota,) = found["quotas"]
    assert (quota["measure"], quota["kind"], quota["region"]) == ("measures[0]", "export_quota", "CHN")
    assert quota["quantity_t_per_year"] == pytest.approx(0.5 * quota["base_exports_t_per_year"])
    assert quota["share_of_base"] == pytest.approx(0.5)
    assert "that is 50 % of the" in runner.invoke(app, ["check", str(file)]).stdout
    assert "is sound: measures 2, months 12 from 2026-01, draws 50" in runner.invoke(app, ["check", str(file)]).stdout


def test_check_warns_of_measures_that_reach_nothing(tmp_path: Path) -> None:
    file = tmp_path / "late.yml"
    text = template_text().replace("start: 2026-01", "start: 2024-01").replace("months: 12", "months: 1")
    file.write_text(text, encoding="utf-8")
    found = runner.invoke(app, ["check", str(file), "--json"])
    assert found.exit_code == 0
    assert json.loads(found.stdout)["ok"] is True
    assert (
        "measures[0] reaches nothing (export_quota of gallium, germanium): it acts as from 2026-01, after the last month"
        in json.loads(found.stdout)["warnings"][0]
    )
    printed = runner.invoke(app, ["check", str(file)])
    assert printed.exit_code == 0
    assert (
        "warning: measures[0] reaches nothing (export_quota of gallium, germanium): it acts as from" in printed.stdout
    )


def test_check_lists_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "broken.yml"
    file.write_text(template_text().replace("kind: export_quota", "kind: export_qouta"), encoding="utf-8")
    result = runner.invoke(app, ["check", str(file), "--json"])
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert (found["file"], found["ok"]) == (str(file), False)
    assert [set(error) for error in found["errors"]] == [{"line", "key", "what", "allowed", "hint"}]
    assert found["errors"][0]["key"] == "measures[0].kind"
    assert found["errors"][0]["hint"] == "did you mean 'export_quota'?"
    plain = runner.invoke(app, ["check", str(file)])
    assert isinstance(plain.exception, ScenarioError)
    absent = runner.invoke(app, ["check", str(tmp_path / "absent.yml"), "--json"])
    assert absent.exit_code == 3
    assert "no file" in json.loads(absent.stdout)["errors"][0]["what"]


def test_check_finds_a_country_that_the_network_merges(tmp_path: Path) -> None:
    file = tmp_path / "merged.yml"
    file.write_text(template_text().replace("to: coalition", "to: LUX      "), encoding="utf-8")
    found = json.loads(runner.invoke(app, ["check", str(file), "--json"]).stdout)
    assert found["errors"][0]["key"] == "measures[0].to"
    assert found["errors"][0]["hint"] == "write 'XEU', the region that holds LUX"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_new_writes_a_sound_template_once(tmp_path: Path, options: list[str]) -> None:
    file = tmp_path / "mine.yml"
    assert runner.invoke(app, ["new", str(file), *options]).exit_code == 0
    assert load_scenario(file).name == "my-scenario"
    file.write_text("kept", encoding="utf-8")
    again = runner.invoke(app, ["new", str(file), *options])
    assert isinstance(again.exception, InputError)
    assert file.read_text(encoding="utf-8") == "kept"
    nowhere = runner.invoke(app, ["new", str(tmp_path / "absent" / "mine.yml"), *options])
    assert isinstance(nowhere.exception, InputError)


def test_exports_of_a_base_year_are_what_a_share_is_of() -> None:
    whole = json.loads(runner.invoke(app, ["exports", "gallium", "--json"]).stdout)
    assert (whole["good"], whole["basis"], whole["by"]) == ("gallium", "contained_metal", None)
    assert sum(row["share"] for row in whole["exports"]) == pytest.approx(1.0)
    tonnes = [row["exports_t_per_year"] for row in whole["exports"]]
    assert tonnes == sorted(tonnes, reverse=True)
    china = json.loads(runner.invoke(app, ["exports", "gallium", "--by", "CHN", "--json"]).stdout)
    assert sum(row["exports_t_per_year"] for row in china["exports"]) == pytest.approx(tonnes[0])
    assert whole["exports"][0]["region"] == "CHN"
    printed = runner.invoke(app, ["exports", "gallium", "--by", "CHN"]).stdout
    assert "South Korea" in printed
    assert "share_of_base: 0.5" in printed


def test_exports_say_what_their_tonnes_rest_on() -> None:
    """More than half of Japan's dysprosium and terbium follows from one assumed figure of Vietnam's output."""
    told = json.loads(runner.invoke(app, ["exports", "dytb_oxide", "--to", "JPN", "--json"]).stdout)["exports"]
    (vietnam,) = [row for row in told if row["region"] == "VNM"]
    assert (vietnam["stated_share"], vietnam["output_status"]) == (0.0, "assumed")
    printed = runner.invoke(app, ["exports", "dytb_oxide", "--to", "JPN"]).stdout
    assert all(words in printed for words in ("balanced: no row states the flow", "assumed: a judgement"))
    copper = json.loads(runner.invoke(app, ["exports", "refined_copper", "--json"]).stdout)["exports"]
    assert copper[0]["stated_share"] > 0.9
    assert "assumed: a judgement" not in runner.invoke(app, ["exports", "refined_copper", "--by", "CHL"]).stdout


def test_exports_to_a_bloc_are_what_a_quota_against_it_is_a_share_of() -> None:
    told = json.loads(runner.invoke(app, ["exports", "gallium", "--to", "g7", "--json"]).stdout)
    members = [
        json.loads(runner.invoke(app, ["exports", "gallium", "--by", "CHN", "--to", member, "--json"]).stdout)[
            "exports"
        ]
        for member in ("CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")
    ]
    (from_china,) = [row for row in told["exports"] if row["region"] == "CHN"]
    summed = sum(row["exports_t_per_year"] for rows in members for row in rows)
    assert from_china["exports_t_per_year"] == pytest.approx(summed)
    assert "to the G7 in 2024" in runner.invoke(app, ["exports", "gallium", "--to", "g7"]).stdout


def test_exports_to_a_region_are_its_suppliers_and_its_own_makers_stand_apart() -> None:
    told = json.loads(runner.invoke(app, ["exports", "gallium", "--to", "JPN", "--json"]).stdout)
    assert (told["by"], told["to"]) == (None, "JPN")
    assert "JPN" not in [row["region"] for row in told["exports"]]
    assert told["home_deliveries_t_per_year"] > 0.0
    china = json.loads(runner.invoke(app, ["exports", "gallium", "--by", "CHN", "--json"]).stdout)
    (to_japan,) = [row for row in china["exports"] if row["region"] == "JPN"]
    (from_china,) = [row for row in told["exports"] if row["region"] == "CHN"]
    assert from_china["exports_t_per_year"] == to_japan["exports_t_per_year"]
    assert "JPN's own makers, recyclers included," in runner.invoke(app, ["exports", "gallium", "--to", "JPN"]).stdout
    assert "no exports by JPN in 2024" in runner.invoke(app, ["exports", "dytb_oxide", "--by", "JPN"]).stdout


def test_exports_take_a_countrys_name() -> None:
    named, by_id = (
        runner.invoke(app, ["exports", "gallium", *words, "--json"]).stdout
        for words in (("--by", "China", "--to", "jp"), ("--by", "CHN", "--to", "JPN"))
    )
    assert named == by_id


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["dysprosium_oxide"], "write 'dytb_oxide', which it is part of"),
        (["gallium", "--to", "LUX"], "write 'XEU', the region that holds LUX"),
        (["magnets"], "write 'ndfeb_magnet'"),
        (["gallium", "--by", "Europe"], "write 'eu27'"),
        (["gallium", "--by", "LUX"], "write 'XEU', the region that holds LUX"),
        (["gallium", "--base-year", "1990"], "name one of these years"),
    ],
)
def test_exports_of_what_is_unknown_say_what_is_meant(words: list[str], hint: str) -> None:
    error = runner.invoke(app, ["exports", *words]).exception
    assert isinstance(error, InputError)
    assert error.problems[0].hint == hint
