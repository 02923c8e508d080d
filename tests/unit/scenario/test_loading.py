"""Are scenarios read as written, defaults filled in, extended, and written out again?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import pytest

from derisk.distributions import Beta, Triangular
from derisk.errors import ScenarioError
from derisk.scenario import (
    Scenario,
    library_names,
    load_scenario,
    parse_scenario,
    scenario_from,
    scenario_text,
    scenario_yaml,
    template_text,
)
from derisk.scenario.measures import KINDS, REMEDY_KINDS
from derisk.scenario.months import month_number

LIBRARY = (
    "antimony-2024",
    "copper-outage",
    "dual-use-2026",
    "five-minerals-embargo",
    "gallium-germanium-2023",
    "gallium-germanium-us-ban-2024",
    "japan-2010",
    "price-war",
    "quota-2010-2012",
    "rare-earths-april-2025",
    "taiwan-strait",
    "washington-2026",
)
ACTS = ("antimony-2024", "gallium-germanium-2023", "japan-2010", "quota-2010-2012", "rare-earths-april-2025")
"""Scenarios of acts that happened, from their text."""


def scenario(*measures: dict[str, Any], **keys: Any) -> Scenario:
    rows = [{"kind": "export_ban", "by": "CHN", "goods": "gallium", "why": "x", **measure} for measure in measures]
    return scenario_from({"name": "x", "months": 2, "measures": rows, **keys})


def test_the_library_is_what_it_is() -> None:
    assert set(library_names()) >= set(LIBRARY)


@pytest.mark.parametrize("name", LIBRARY)
def test_library_scenarios_load_under_their_name_and_survive_being_written_out(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.name == name
    assert loaded.question.endswith("?")
    inherited = "extends:" in scenario_text(name)
    assert all(len(measure.why) > 10 and (measure.line or inherited) for measure in loaded.measures)
    again = parse_scenario(scenario_yaml(loaded))
    assert again.resolved() == loaded.resolved()
    assert scenario_yaml(again) == scenario_yaml(loaded)
    assert scenario_text(name).startswith(("name:", "#"))


@pytest.mark.parametrize("name", ACTS)
def test_acts_of_the_past_rest_on_an_earlier_year_and_cite_their_source(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.base_year < int(loaded.start[:4])
    restrictions = [measure for measure in loaded.measures if measure.restriction]
    assert restrictions
    assert all(re.search(r"20\d\d", measure.why) for measure in restrictions)


def test_every_licence_of_an_act_has_the_same_prior() -> None:
    licences = [
        measure for name in ACTS for measure in load_scenario(name).measures if measure.kind == "export_licence"
    ]
    assert len(licences) >= 5
    assert {measure.approval_share for measure in licences} == {Beta(4.0, 2.0)}
    assert all(measure.delay_months.high - measure.delay_months.low == 2.5 for measure in licences)


def test_japan_2010_is_a_stop_within_the_quotas_of_the_year() -> None:
    japan, quotas = load_scenario("japan-2010"), load_scenario("quota-2010-2012")
    assert japan.base_year == quotas.base_year == 2009
    inherited = japan.measures[: len(quotas.measures)]
    assert [measure.model_dump() for measure in inherited] == [measure.model_dump() for measure in quotas.measures]
    stop = japan.measures[len(quotas.measures)]
    assert (stop.kind, stop.announced, stop.from_month, stop.until) == ("export_ban", "2010-10", "2010-10", "2010-12")


def test_the_quotas_of_2010_sum_to_the_tonnages_announced() -> None:
    quotas = [measure for measure in load_scenario("quota-2010-2012").measures if measure.kind == "export_quota"]
    year_of = {measure.from_month[:4] for measure in quotas}
    months = {measure.from_month: months_between(measure.from_month, measure.until or "") for measure in quotas}
    tonnes = {
        year: sum(
            43_900 * measure.share_of_base.central * months[measure.from_month] / 12
            for measure in quotas
            if measure.share_of_base and measure.from_month.startswith(year)
        )
        for year in year_of
    }
    assert tonnes == pytest.approx({"2010": 30_258, "2011": 30_246, "2012": 30_996}, rel=1e-3)
    assert all(len(measure.goods) == 6 for measure in quotas)


def months_between(first: str, until: str) -> int:
    return month_number(until) - month_number(first)


def test_washington_answers_controls_on_five_groups_with_four_levers() -> None:
    washington = load_scenario("washington-2026")
    assert (washington.base_year, washington.start, washington.months) == (2024, "2026-01", 12)
    assert (washington.draws_count, washington.seed) == (50, 7)
    controlled = {good for measure in washington.measures if not measure.remedy for good in measure.goods}
    assert controlled >= {"refined_copper", "lithium_chemical", "refined_cobalt", "natural_graphite", "battery_anode"}
    assert controlled >= {"lacen_oxide", "ndpr_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide"}
    assert "ndfeb_magnet" in controlled
    levers = {"stockpile_release", "new_capacity", "recycling", "substitution"}
    assert {measure.kind for measure in washington.measures if measure.remedy} == levers
    bare = washington.without_remedies()
    assert washington.has_remedies
    assert not bare.has_remedies
    assert [m.place for m in bare.measures] == [m.place for m in washington.measures if not m.remedy]
    assert bare.start == washington.start


def test_the_template_is_a_sound_scenario() -> None:
    assert parse_scenario(template_text()).has_remedies


def test_words_may_be_one_or_a_list_and_defaults_are_filled_in() -> None:
    loaded = scenario({"from": "2025-04"})
    (ban,) = loaded.measures
    assert (ban.by, ban.to, ban.goods) == (("CHN",), ("all",), ("gallium",))
    assert ban.announced == "2025-04"
    assert ban.until is None
    assert loaded.base_year == 2024
    assert loaded.draws.count == 50
    assert ban.place == "measures[0]"


def test_the_start_is_the_first_announcement_or_else_january_after_the_base_year() -> None:
    assert scenario({"from": "2025-04"}, {"from": "2025-06", "announced": "2025-02"}).start == "2025-02"
    assert scenario({"from": "2025-04"}, start="2025-01").start == "2025-01"
    assert scenario(base_year=2019).start == "2020-01"
    assert scenario({"from": "2025-12"}).month_labels() == ("2025-12", "2026-01")
    assert scenario({"from": "2025-12"}).end == "2026-02"


def test_a_number_may_be_a_distribution() -> None:
    tax = {"kind": "export_tax", "from": "2025-01", "rate": {"triangular": [0, 0.1, 0.3]}}
    assert scenario(tax).measures[0].rate == Triangular(0, 0.1, 0.3)


def test_recycling_shows_the_cost_it_assumes() -> None:
    keys = {"collection_share": 0.5, "recovery_share": 0.5, "capital_cost_musd": 1, "lead_time_months": 1}
    loaded = scenario({"kind": "recycling", "from": "2025-01", **keys})
    assert "unit_cost_ratio: 0.8" in scenario_yaml(loaded)


def test_a_new_plant_shows_its_kind() -> None:
    keys = {"capacity_t_per_year": 1, "unit_cost_usd_per_t": 1, "capital_cost_musd": 1, "lead_time_months": 1}
    loaded = scenario({"kind": "new_capacity", "from": "2025-01", **keys})
    assert loaded.measures[0].process == "recover_gallium"


def test_assumptions_keep_their_lines(tmp_path: Path) -> None:
    text = "name: x\nmonths: 1\nmeasures: []\nassume:\n  - good: gallium\n    region: JPN\n    field: demand\n    value: 130\n    why: survey\n"
    (row,) = parse_scenario(text).assumptions
    assert (row.good, row.region, row.use, row.field, row.value.central, row.line) == (
        "gallium",
        "JPN",
        "",
        "demand",
        130,
        5,
    )
    with pytest.raises(ScenarioError, match="did you mean 'demand'"):
        parse_scenario(text.replace("field: demand", "field: demnad"))


def test_an_extension_adds_measures_and_replaces_keys(tmp_path: Path) -> None:
    parent, child = tmp_path / "parent.yml", tmp_path / "child.yml"
    measure = "measures:\n  - {kind: export_ban, by: CHN, goods: gallium, from: 2025-01, why: x}\n"
    parent.write_text("name: parent\nmonths: 6\n" + measure, encoding="utf-8")
    child.write_text("name: child\nextends: parent.yml\n" + measure.replace("gallium", "germanium"), encoding="utf-8")
    loaded = load_scenario(child)
    assert (loaded.name, loaded.months) == ("child", 6)
    assert [m.goods for m in loaded.measures] == [("gallium",), ("germanium",)]
    assert [m.place for m in loaded.measures] == ["measures[0]", "measures[1]"]
    assert loaded.measures[1].line == 4
    child.write_text("name: child\nextends: copper-outage\n", encoding="utf-8")
    assert load_scenario(child).resolved() == {**load_scenario("copper-outage").resolved(), "name": "child"}


def test_a_fault_in_an_extension_is_found_on_its_line(tmp_path: Path) -> None:
    child = tmp_path / "child.yml"
    child.write_text(
        "name: child\nextends: copper-outage\nmeasures:\n  - {kind: export_ban, by: CHN, goods: gallum, from: 2025-01, why: x}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)
    assert [problem.line for problem in caught.value.problems] == [4]


@pytest.mark.parametrize(
    ("extends", "says"),
    [
        ("coper-outage", "unknown scenario"),
        ("absent.yml", "no file"),
        ("child.yml", "itself extends"),
        ("[a]", "no scenario"),
    ],
)
def test_an_extension_that_leads_nowhere(tmp_path: Path, extends: str, says: str) -> None:
    child = tmp_path / "child.yml"
    child.write_text(f"name: child\nextends: {extends}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=says) as caught:
        load_scenario(child)
    assert caught.value.problems[0].line == 2


def test_scenarios_cannot_be_changed() -> None:
    loaded = scenario({"from": "2025-04"})
    with pytest.raises(ValueError, match="frozen"):
        loaded.months = 3  # type: ignore[misc]


def test_every_kind_of_the_language_is_known() -> None:
    assert len(KINDS) == 22
    assert all(entry.model.model_fields["kind"].annotation == Literal[kind] for kind, entry in KINDS.items())
    assert not [kind for kind, entry in KINDS.items() if entry.model.remedy and entry.model.restriction]
    levers = ("stockpile_release", "stockpile_build", "new_capacity", "price_floor", "offtake", "investment_grant")
    assert (*levers, "recycling", "substitution") == REMEDY_KINDS


def test_a_name_of_a_file_that_lies_there_leads_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.yml").write_text("name: mine\nmonths: 1\nmeasures: []\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as refused:
        load_scenario("mine")
    assert refused.value.problems[0].hint == "write 'mine.yml' for the file"
    assert load_scenario("mine.yml").name == "mine"
