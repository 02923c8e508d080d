"""The loss divided among the measures: the parts add up, many measures become few parties, and the cost is said first."""

from __future__ import annotations

from pathlib import Path

import pytest

import derisk
from derisk.brief import numbers_without_lineage, render_brief
from derisk.errors import InputError
from derisk.scenario import Scenario, load_scenario
from derisk.study.attribution import ATTRIBUTION_COLUMNS, count_solves, describe_solves
from derisk.study.parties import MOST_BY_SHAPLEY, sides_of

SCENARIO = """
name: quota
question: What do a quota on magnets and a ban on gallium do, and a stock against one of them?
base_year: 2024
start: 2025-01
months: 2
measures:
  - {kind: export_quota, by: CHN, to: coalition, goods: ndfeb_magnet, from: 2025-01, share_of_base: {triangular: [0.3, 0.5, 0.9]}, why: test}
  - {kind: export_ban, by: CHN, to: USA, goods: gallium, from: 2025-01, why: test}
  - {kind: stockpile_release, by: JPN, goods: ndfeb_magnet, from: 2025-01, quantity_t: {triangular: [50, 200, 400]}, why: test}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Scenario:
    file = tmp_path_factory.mktemp("scenario") / "quota.yml"
    file.write_text(SCENARIO, encoding="utf-8")
    return load_scenario(file)


@pytest.fixture(scope="module")
def progress() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def study(scenario, progress, tmp_path_factory):
    return derisk.run_study(
        scenario,
        out=tmp_path_factory.mktemp("asked") / "study",
        draws=2,
        attribution=2,
        attribution_progress=lambda done, wanted: progress.append((done, wanted)),
    )


def test_parts_add_up_to_what_both_runs_say(study):
    """With as many draws as the study, the controls' whole is the loss without levers, the levers' what they change."""
    controls, levers = study.summary["attribution"]["sides"]
    without, with_levers = (
        one.losses.groupby("draw")["value_added_lost_musd"].sum().mean() for one in (study.without_remedies, study)
    )
    assert controls["total_musd"] == pytest.approx(without, rel=1e-9)
    assert levers["total_musd"] == pytest.approx(with_levers - without, rel=1e-9)
    for side in (controls, levers):
        assert sum(row["part_musd"] for row in side["parties"]) == pytest.approx(side["total_musd"], rel=1e-9)
    assert controls["parties"][0]["part_musd"] > 0.0


def test_the_table_holds_each_party_and_the_folder_keeps_it(study, scenario):
    table, told = study.attribution, study.summary["attribution"]
    assert list(table.columns) == list(ATTRIBUTION_COLUMNS)
    assert table["measures"].tolist() == ["measures[0]", "measures[1]", "measures[2]"]
    assert study.without_remedies.attribution is None
    again = derisk.run_study(scenario, out=study.folder, draws=2)
    assert again.summary["attribution"] == told


def test_the_brief_draws_it_and_accounts_for_every_digit(study):
    html = render_brief(study)
    assert "Which measure did it" in html
    assert numbers_without_lineage(html) == []


def test_the_cost_is_known_before(scenario, study, progress):
    assert count_solves(scenario, draws=2) == 2 * (4 + 2) == study.summary["attribution"]["solves"]
    assert describe_solves(scenario, draws=2).endswith("2 draws each: 12 paths to solve")
    assert progress == [(done, 12) for done in range(1, 13)]


def test_many_measures_become_few_parties():
    washington = load_scenario("washington-2026")
    controls, levers = sides_of(washington)
    assert 1 < len(controls.parties) <= MOST_BY_SHAPLEY
    assert {measure for party in controls.parties + levers.parties for measure in party.places} == {
        measure.place for measure in washington.measures
    }
    rare_earths = next(party for party in controls.parties if "rare earths" in party.label)
    assert len(rare_earths.places) > 3
    nobody = levers.with_parties(frozenset())
    assert nobody.measures == washington.without_remedies().measures


def test_a_wrong_number_of_draws_is_refused(scenario, tmp_path: Path):
    with pytest.raises(InputError, match="attribution"):
        derisk.run_study(scenario, out=tmp_path / "study", attribution=0)
