"""Which row wins, why, and how disagreement becomes a range."""

from __future__ import annotations

import pytest

from derisk.data.build import assemble
from derisk.errors import DatasetError


def by_source(folder, region="CHN"):
    return {row.source: row for row in assemble(folder).rows if row.region == region}


def write_choices(folder, text):
    (folder / "choices.yml").write_text(text, encoding="utf-8")


def test_better_status_wins_by_default(dataset_folder):
    rows = by_source(dataset_folder, "CHL")
    assert rows["agency-2025"].chosen
    assert not rows["survey-2026"].chosen
    assert rows["survey-2026"].choice == "estimated, where agency-2025 is reported"


def test_newer_source_wins_among_equals(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(source="survey-2025"), mini.row(source="survey-2026", value=171)])
    rows = by_source(dataset_folder)
    assert rows["survey-2026"].chosen
    assert rows["survey-2025"].choice == "superseded by survey-2026"


def test_withheld_is_never_chosen_over_a_number(dataset_folder):
    write_choices(dataset_folder, "- {field: production, prefer: survey-2026, reason: newest}\n")
    rows = by_source(dataset_folder)
    assert rows["agency-2025"].chosen
    assert rows["survey-2026"].choice == "withheld: no number"


def test_preferred_source_wins_and_says_why(dataset_folder):
    write_choices(
        dataset_folder, "- {field: production, prefer: [survey-2026, agency-2025], reason: it names more countries}\n"
    )
    rows = by_source(dataset_folder, "CHL")
    assert rows["survey-2026"].chosen
    assert rows["survey-2026"].choice == "preferred source (choices.yml, line 1): it names more countries"
    assert rows["agency-2025"].choice.startswith("survey-2026 is preferred (choices.yml, line 1)")


def test_first_rule_that_holds_decides(dataset_folder):
    write_choices(
        dataset_folder,
        "- {field: production, good: lithium_chemical, region: [CHL, BOL], prefer: agency-2025, reason: a}\n"
        "- {field: production, prefer: survey-2026, reason: b}\n",
    )
    assert by_source(dataset_folder, "CHL")["agency-2025"].chosen


def test_disagreement_becomes_a_range(dataset_folder):
    row = by_source(dataset_folder, "CHL")["agency-2025"]
    assert (row.low, row.value, row.high) == (50.0, 50.0, 55.0)
    assert row.range_from == by_source(dataset_folder, "CHL")["survey-2026"].row_id


def test_agreement_within_a_percent_widens_nothing(mini, dataset_folder):
    mini.write_rows(dataset_folder, [mini.row(value=100), mini.row(source="survey-2026", value=100.9)])
    assert by_source(dataset_folder)["agency-2025"].low is None


def test_older_edition_of_a_publisher_widens_nothing(mini, dataset_folder):
    mini.write_rows(
        dataset_folder, [mini.row(source="survey-2025", value=100), mini.row(source="survey-2026", value=200)]
    )
    assert by_source(dataset_folder)["survey-2026"].low is None


@pytest.mark.parametrize("status", ["bound", "assumed"])
def test_bounds_and_assumptions_widen_no_published_figure(mini, dataset_folder, status):
    mini.write_rows(dataset_folder, [mini.row(), mini.row(source="survey-2026", value=500, status=status, note="why")])
    assert by_source(dataset_folder)["agency-2025"].high is None


def test_figures_of_another_definition_widen_nothing(dataset_folder):
    write_choices(
        dataset_folder,
        "- {field: production, prefer: agency-2025, disagreement: definition, reason: metal in place of oxide}\n",
    )
    assert by_source(dataset_folder, "CHL")["agency-2025"].high is None


def test_own_range_is_kept_and_widened(mini, dataset_folder):
    mini.write_rows(
        dataset_folder,
        [mini.row(value=100, low=90, high=110), mini.row(source="survey-2026", value=130, status="estimated")],
    )
    row = by_source(dataset_folder)["agency-2025"]
    assert (row.low, row.high) == (90, 130)


def test_figure_within_the_own_range_is_not_named(mini, dataset_folder):
    lines = [mini.row(value=100, low=90, high=110), mini.row(source="survey-2026", value=105, status="estimated")]
    mini.write_rows(dataset_folder, lines)
    assert by_source(dataset_folder)["agency-2025"].range_from == ""


def test_excluded_row_is_not_chosen_even_alone(dataset_folder):
    write_choices(
        dataset_folder, "- {field: production, region: ARG, exclude: agency-2025, reason: counted elsewhere}\n"
    )
    row = by_source(dataset_folder, "ARG")["agency-2025"]
    assert not row.chosen
    assert row.choice == "excluded (choices.yml, line 1): counted elsewhere"


def test_choice_of_an_unknown_source_is_refused(dataset_folder):
    write_choices(dataset_folder, "- {field: production, prefer: survey-2062, reason: x}\n")
    with pytest.raises(DatasetError, match="did you mean 'survey-2026'"):
        assemble(dataset_folder)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("{field: production, prefer: survey-2026}", "key 'reason' is missing"),
        ("{field: production, reason: x}", "neither `prefer` nor `exclude` is given"),
        ("{field: production, prefer: survey-2026, reason: x, sources: y}", "unknown key 'sources'"),
        ("{field: production, prefer: survey-2026, reason: x, disagreement: mean}", "unknown disagreement 'mean'"),
        ("production", "a choice is not a mapping"),
    ],
)
def test_malformed_choice_is_refused(dataset_folder, entry, what):
    write_choices(dataset_folder, f"- {entry}\n")
    with pytest.raises(DatasetError) as caught:
        assemble(dataset_folder)
    assert (what, "choices.yml, line 1") in [(p.what, p.where) for p in caught.value.problems]
