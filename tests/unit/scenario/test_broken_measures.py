"""Does a measure with a wrong key say what is wrong with it, on which line, and what to write?"""

from __future__ import annotations

import pytest
from breaking import SOUND, problems

from derisk.errors import ScenarioError
from derisk.scenario import parse_scenario
from derisk.scenario.measures import KINDS


def test_an_unknown_kind_hides_no_other_fault_of_its_measure() -> None:
    text = SOUND.replace("kind: outage", "kind: outge").replace("gallium", "galium").replace("share: 0.4", "share: 1.4")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text.replace("    why: A test.\n", ""))
    found = {problem.key: problem.hint for problem in caught.value.problems}
    assert found["measures[0].kind"] == "did you mean 'outage'?"
    assert set(found) == {"measures[0].kind", "measures[0].why", "measures[0].goods", "measures[0].share"}
    assert len(caught.value.problems) == 4


def test_a_kind_like_no_other_is_one_problem() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(SOUND.replace("kind: outage", "kind: zzz").replace("gallium", "galium"))
    (problem,) = caught.value.problems
    assert problem.key == "measures[0].kind"


MEASURE = """\
name: broken
months: 12
start: 2025-01
measures:
  - kind: {kind}
    from: 2025-04
    why: A test.
{keys}
"""


FULL = {
    "export_licence": {"by": "CHN", "goods": "gallium", "delay_months": 2, "approval_share": 0.5},
    "transit_block": {"through": "RUS", "goods": "refined_copper", "share": 0.5},
    "dumping": {"by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.3},
    "sanction": {"by": "USA", "to": "CHN", "goods": "gallium"},
    "elasticity": {"of": "demand", "goods": "gallium", "value": 0.2, "from": "2025-01"},
    "price": {"by": "USA", "goods": "gallium", "usd_per_t": 500_000},
    "stockpile_build": {"by": "JPN", "goods": "gallium", "quantity_t": 10},
    "price_floor": {"by": "USA", "goods": "ndpr_oxide", "usd_per_t": 110_000},
    "offtake": {"by": "JPN", "to": "AUS", "goods": "ndpr_oxide", "quantity_t_per_year": 500, "usd_per_t": 80_000},
    "investment_grant": {"by": "USA", "goods": "ndpr_oxide", "share_of_capital_cost": 0.3},
    "enforcement": {"by": "CHN", "goods": "gallium", "leak_share": 0.1},
    "export_quota": {"by": "CHN", "goods": "gallium", "quantity_t_per_year": 10},
    "export_tax": {"by": "CHN", "goods": "gallium", "rate": 0.25},
    "import_tariff": {"by": "USA", "goods": "gallium", "rate": 0.25},
    "demand_change": {"goods": "gallium", "ratio": 1.2},
    "stockpile_release": {"by": "JPN", "goods": "gallium", "quantity_t": 10},
    "new_capacity": {"by": "AUS", "goods": "gallium", "project": "P075", "unit_cost_ratio": 0.9},
}


NONSENSE = (
    # kind, key, value, what, allowed, hint
    ("export_licence", "delay_months", 600, "600 is out of range", "0 to 60", ""),
    ("export_licence", "approval_share", 40, "40 is out of range", "0 to 1", "write 0.4"),
    ("transit_block", "through", "FRA", "no route that is known passes through 'FRA'", "KAZ", ""),
    ("transit_block", "through", "Russia", "no route that is known passes through", "RUS", "write 'RUS'"),
    ("transit_block", "by", "AUS", "no route of AUS goes through RUS", "KAZ", "leave 'by' out"),
    ("transit_block", "share", 1.5, "1.5 is out of range", "0 to 1", ""),
    ("dumping", "price_cut_share", 1, "a share of 1 leaves nothing", "below 1", ""),
    ("dumping", "price_cut_share", 30, "30 is out of range", "0 to 1", "write 0.3"),
    ("sanction", "to", "China", "'China' is no region's code", "derisk data regions", "write 'CHN'"),
    ("elasticity", "of", "suply", "unknown side of the market 'suply'", "'demand'", "did you mean 'supply'?"),
    ("elasticity", "value", 20, "an elasticity of demand of 20 is out of range", "from 0 to 5", ""),
    ("elasticity", "value", -0.2, "-0.2 is out of range", "above 0", ""),
    ("price", "usd_per_t", 0, "0 is out of range", "above 0", ""),
    ("stockpile_build", "quantity_t", -5, "-5 is out of range", "0 or more", ""),
    ("stockpile_build", "ceiling_price_ratio", 150, "150 is out of range", "up to 100", "write 1.5 for 150 %"),
    ("price_floor", "usd_per_t", -1, "-1 is out of range", "above 0", ""),
    ("price_floor", "process", "make_magnets", "'make_magnets' is no kind of plant", "separate_rare_earths", ""),
    ("offtake", "quantity_t_per_year", 0, "0 is out of range", "above 0", ""),
    ("investment_grant", "share_of_capital_cost", 1.2, "1.2 is out of range", "0 to 1", ""),
    ("investment_grant", "process", "mine_copper", "'mine_copper' is no kind of plant", "separate_rare_earths", ""),
    ("enforcement", "leak_share", 15, "15 is out of range", "0 to 1", "write 0.15"),
    ("export_quota", "weights", "{germanium: 2}", "'germanium' has a weight", "gallium", ""),
    ("export_quota", "weights", "{gallum: 2}", "unknown good 'gallum'", "'gallium'", "did you mean 'gallium'?"),
    ("export_quota", "weights", "{gallium: heavy}", "'heavy' is not a number", "a number", ""),
    ("export_quota", "weights", "{gallium: 0}", "0 is out of range", "greater than 0", ""),
    ("export_tax", "rate", 25, "25 is out of range", "0.25 is 25 %", "write 0.25 for 25 %"),
    ("import_tariff", "rate", "{triangular: [10, 25, 50]}", "from 10 to 50", "0.25 is 25 %", "such as 0.5 for 50 %"),
    ("demand_change", "uses", "all", "'all' is no use", "derisk data uses", "leave 'uses' out"),
    ("demand_change", "ratio", 120, "120 is out of range", "0 to 10", "write 1.2"),
    ("stockpile_release", "release_price_ratio", 150, "150 is out of range", "up to 100", "write 1.5 for 150 %"),
    ("new_capacity", "project", "P999", "unknown project 'P999'", "derisk data projects", ""),
    ("new_capacity", "project", "mine", "unknown project 'mine'", "derisk data projects", "derisk data projects lists"),
    ("new_capacity", "project", "P002", "ran in the base year already", "start later", "state what is added"),
)


def measure_text(kind: str, keys: dict[str, object]) -> str:
    keys = {"from": "2025-04", **keys}
    lines = "\n".join(f"    {key}: {value}" for key, value in keys.items() if key != "from")
    return MEASURE.replace("2025-04", str(keys["from"])).format(kind=kind, keys=lines)


@pytest.mark.parametrize("kind", FULL)
def test_each_kind_as_it_should_be_written_is_sound(kind: str) -> None:
    (measure,) = parse_scenario(measure_text(kind, FULL[kind])).measures
    assert measure.kind == kind


@pytest.mark.parametrize(("kind", "key", "value", "what", "allowed", "hint"), NONSENSE)
def test_nonsense_is_refused_with_its_line(
    kind: str, key: str, value: object, what: str, allowed: str, hint: str
) -> None:
    text = measure_text(kind, {**FULL[kind], key: value})
    (problem,) = problems(text)
    line = 1 + next(n for n, line in enumerate(text.splitlines()) if line.strip().startswith(f"{key}:"))
    assert what in problem.what
    assert allowed in problem.allowed
    assert hint in problem.hint
    assert problem.line == line
    assert (problem.key or "").startswith(f"measures[0].{key}")
    assert f"broken.yml, line {line}" in problem.where


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, key) for kind, keys in FULL.items() for key in keys if key != "project"]
)
def test_a_key_left_out_has_a_default_or_is_asked_for(kind: str, key: str) -> None:
    text = "".join(
        line for line in measure_text(kind, FULL[kind]).splitlines(True) if not line.strip().startswith(f"{key}:")
    )
    model, by_project = KINDS[kind].model, "project" in FULL[kind]
    if not by_project and (
        key in model.one_of
        or any(field.is_required() for name, field in model.model_fields.items() if key in (name, field.alias))
    ):
        (problem,) = problems(text)
        assert key in problem.hint or key in problem.what
        assert problem.line == 5
    else:
        assert parse_scenario(text).measures[0].kind == kind


@pytest.mark.parametrize("year", ["abc", "[1]", "2024.5", "true"])
def test_a_base_year_that_is_none_is_refused_beside_a_project_that_runs(year: str) -> None:
    text = measure_text("new_capacity", {**FULL["new_capacity"], "project": "P006"}).replace(
        "months:", f"base_year: {year}\nmonths:", 1
    )
    assert [problem.key for problem in problems(text)] == ["base_year"]


def test_keys_that_exclude_each_other() -> None:
    quota = SOUND.replace("outage", "export_quota").replace(
        "share: 0.4", "share_of_base: 0.4\n    quantity_t_per_year: 3"
    )
    (both,) = problems(quota)
    assert both.what == "'quantity_t_per_year' and 'share_of_base' exclude each other"
    assert both.allowed == "exactly one of 'quantity_t_per_year' or 'share_of_base'"
    (neither,) = problems(SOUND.replace("outage", "export_tax").replace("    share: 0.4\n", ""))
    assert neither.what == "none of 'rate' or 'usd_per_t' is given"
    assert neither.line == 5


@pytest.mark.parametrize(
    ("number", "hint"), [("50", "write 0.5 for 50 %"), ("{triangular: [30, 50, 80]}", "such as 0.8 for 80 %")]
)
def test_per_cent_typed_as_a_number(number: str, hint: str) -> None:
    (problem,) = problems(SOUND.replace("outage", "export_quota").replace("share: 0.4", f"share_of_base: {number}"))
    assert "out of range" in problem.what
    assert "0 to 10" in problem.allowed
    assert hint in problem.hint


@pytest.mark.parametrize("bloc", ["coalition", "all", "[USA, JPN]"])
def test_a_plant_stands_in_one_region(bloc: str) -> None:
    keys = "capacity_t_per_year: 1\n    unit_cost_usd_per_t: 1\n    capital_cost_musd: 1\n    lead_time_months: 1"
    text = SOUND.replace("outage", "new_capacity").replace("share: 0.4", keys).replace("by: CHN", f"by: {bloc}")
    (problem,) = problems(text)
    assert "one region" in problem.allowed
    assert problem.key == "measures[0].by"


def test_a_plant_s_kind_makes_its_good() -> None:
    keys = "capacity_t_per_year: 1\n    unit_cost_usd_per_t: 1\n    capital_cost_musd: 1\n    lead_time_months: 1"
    text = SOUND.replace("outage", "new_capacity").replace("share: 0.4", keys + "\n    process: make_magnets")
    (problem,) = problems(text)
    assert problem.what == "'make_magnets' is no kind of plant that makes gallium"
    assert problem.allowed == "recover_gallium"


def test_a_wrong_project_hides_no_other_fault() -> None:
    rows = (("new_capacity", {"project": "P999", "from": "soon"}), ("new_capacity", {"project": "P008"}))
    text = "\n".join(measure_text(kind, keys).split("measures:\n")[-1] for kind, keys in rows)
    found = problems(f"name: broken\nmonths: twelve\nmeasures:\n{text}")
    assert [problem.key for problem in found] == [
        "months", "measures[0].from", "measures[0].project", "measures[1].capacity_t_per_year",
    ]  # fmt: skip
