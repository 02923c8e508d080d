"""`derisk indicators` on the package's dataset: JSON contract, filters, explanation, picture, errors."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from derisk.cli.app import run_command_line
from derisk.indicators import CATALOGUE

CONTRACT = {"indicator", "material", "stage", "region", "year", "value", "unit", "source"}


@pytest.fixture
def answer(capsys):
    """Runs a command line with --json and gives its exit code and document."""

    def run(*arguments: str):
        code = run_command_line([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_lines_hold_the_keys_of_the_contract(answer):
    code, lines = answer("indicators", "--material", "lithium", "--stage", "refining", "--year", "2024")
    assert code == 0
    assert {line["indicator"] for line in lines} >= {
        "hhi",
        "top_share",
        "governance_concentration",
        "geopolrisk",
        "n_minus_1",
    }
    assert all(set(line) >= CONTRACT for line in lines)
    assert {(line["material"], line["stage"], line["year"]) for line in lines} == {("lithium", "refining", 2024)}


def test_lines_come_worst_first_and_absent_last(answer):
    _, lines = answer("indicators", "--indicator", "hhi", "--year", "2024")
    values = [line["value"] for line in lines if line["value"] is not None]
    assert values == sorted(values, reverse=True)
    absent = [line["value"] is None for line in lines]
    assert absent == sorted(absent)


def test_a_family_holds_its_element_groups(answer):
    _, lines = answer("indicators", "--indicator", "hhi", "--material", "rare_earths", "--year", "2024")
    assert {"rare_earths", "dysprosium_terbium", "yttrium"} <= {line["material"] for line in lines}


def test_every_year_or_one_or_the_newest(answer):
    _, every = answer("indicators", "--indicator", "hhi", "--material", "gallium", "--year", "all")
    _, newest = answer("indicators", "--indicator", "hhi", "--material", "gallium")
    assert len(every) > 1
    assert [line["year"] for line in newest] == [max(line["year"] for line in every if line["value"] is not None)]


def test_an_explanation_traces_every_number_to_its_row(answer):
    code, told = answer("indicators", "explain", "hhi", "gallium", "--year", "2024")
    assert code == 0
    assert told["value"] == pytest.approx(0.979, abs=0.001)
    assert told["told"].endswith(f"= {told['value']:.4f}")
    china = next(row for row in told["rows"] if row["region"] == "CHN")
    assert all(china[name] for name in ("value", "source", "locator", "row_id"))


def test_the_catalogue_lists_every_indicator(answer):
    _, listed = answer("indicators", "list")
    assert [about["indicator"] for about in listed] == list(CATALOGUE)
    assert all(about["question"] and about["formula"] and about["source"] for about in listed)


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("--indicator", "hhj"), 3, "did you mean 'hhi'?"),
        (("--material", "galium"), 3, "did you mean 'gallium'?"),
        (("--year", "soon"), 3, "--year 2024"),
        (("--study", "nowhere"), 3, "--study DIR --probability 0.05"),
        (("--study", "nowhere", "--probability", "0.1"), 7, ""),
        (("--material", "copper", "--stage", "component"), 4, "leave one of the words out"),
    ],
)
def test_wrong_words_are_explained(answer, arguments, code, hint):
    exit_code, error = answer("indicators", *arguments)
    assert exit_code == code
    assert hint in error["error"]["hint"]


def test_a_region_without_a_value_is_told_those_that_have_one(answer):
    code, told = answer("indicators", "explain", "hhi", "copper", "--stage", "refining", "--region", "JPN")
    assert code == 4
    assert told["error"]["allowed"] == "regions 'WLD'"
    assert told["error"]["hint"] == "derisk indicators --indicator hhi --material copper --year all"


def test_the_picture_is_a_drawing(answer, tmp_path):
    file = tmp_path / "hhi.svg"
    code, _ = answer("indicators", "--indicator", "hhi", "--year", "all", "--picture", str(file))
    assert code == 0
    assert ET.parse(file).getroot().tag.endswith("svg")


def test_tables_for_people_name_value_and_source(capsys):
    assert run_command_line(["indicators", "--indicator", "hhi", "--material", "gallium"]) == 0
    printed = capsys.readouterr().out
    assert "0.98" in printed
    assert "usgs-mcs-2026" in printed
    assert run_command_line(["indicators", "explain", "hhi", "gallium"]) == 0
    assert "put in" in capsys.readouterr().out
    assert run_command_line(["indicators", "list"]) == 0
    assert "higher is worse" in capsys.readouterr().out


@pytest.mark.parametrize("year", ["²", "2024.5", "last", ""])
def test_a_year_that_is_none_is_refused(answer, year):
    code, told = answer("indicators", "--year", year)
    assert (code, told["error"]["class"]) == (3, "InputError")
    assert f"year '{year}' is no year" in told["error"]["what"]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["--material", "nothing"], "derisk indicators"),
        (["explain", "hhi", "nothing"], "derisk indicators explain"),
    ],
)
def test_an_error_names_the_command_that_met_it(answer, arguments, command):
    _, told = answer("indicators", *arguments)
    assert told["error"]["where"] == command
    assert command in told["error"]["hint"] or "did you mean" in told["error"]["hint"]


@pytest.mark.parametrize(("words", "named"), [(("--material", "gallium"), "--material"), (("--limit", "3"), "--limit")])
def test_options_before_a_command_are_not_passed_over(answer, words, named):
    code, told = answer("indicators", *words, "list")
    assert code == 2
    assert told["error"]["what"].startswith(f"{named} stands before list")


def test_json_before_a_command_is_not_passed_over(capsys):
    assert run_command_line(["indicators", "--json", "list"]) == 2
    assert "--json stands before list" in json.loads(capsys.readouterr().out)["error"]["what"]


@pytest.mark.parametrize("words", [("--indicator", "expected_loss_share"), ("explain", "expected_loss_share", "-")])
def test_an_indicator_of_studies_asks_for_one(answer, words):
    code, told = answer("indicators", *words)
    assert code == 4
    assert told["error"]["what"] == "expected_loss_share needs a study"
