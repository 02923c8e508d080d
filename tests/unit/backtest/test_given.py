"""Given volume: exports that are known are put beside the act, month by month."""

from __future__ import annotations

from derisk.backtest.given import given_volume, parse_volumes
from derisk.scenario import scenario_from

SCENARIO = {
    "name": "a ban",
    "base_year": 2024,
    "start": "2025-01",
    "months": 3,
    "measures": [
        {
            "kind": "export_ban",
            "by": "CHN",
            "goods": ["gallium", "germanium"],
            "announced": "2025-01",
            "from": "2025-02",
            "why": "the act",
        },
        {
            "kind": "demand_change",
            "to": "USA",
            "uses": "defence",
            "goods": "gallium",
            "from": "2025-01",
            "ratio": 2,
            "why": "war",
        },
    ],
}
VOLUMES = """case,goods,origin,destination,months,quantity_t,reference_t,source
A,gallium,CHN,all,2024-12..2025-03,4,2,customs
"""


def test_known_exports_stand_beside_the_act_month_by_month():
    given = given_volume(scenario_from(SCENARIO), parse_volumes(VOLUMES, file="v.csv"))
    plain = given.resolved()["measures"]
    assert plain[:2] == scenario_from(SCENARIO).resolved()["measures"]
    known = plain[2:]
    assert [(row["from"], row["until"]) for row in known] == [("2025-02", "2025-03"), ("2025-03", "2025-04")]
    assert all(row["kind"] == "export_volume" and row["announced"] == row["from"] for row in known)
    assert all(row["share_of_base"] == 0.5 and "customs" in row["why"] for row in known)


def test_exports_before_the_act_are_no_limit():
    """January has figures too, and no act: what left then is what buyers wanted."""
    early = VOLUMES.replace("2024-12..2025-03,4", "2025-01,1")
    given = given_volume(scenario_from(SCENARIO), parse_volumes(early, file="v.csv"))
    assert given.resolved()["measures"] == scenario_from(SCENARIO).resolved()["measures"]


def test_without_any_act_all_known_exports_count():
    plain = {**SCENARIO, "measures": SCENARIO["measures"][1:]}
    known = given_volume(scenario_from(plain), parse_volumes(VOLUMES, file="v.csv")).resolved()["measures"][1:]
    assert [row["from"] for row in known] == ["2025-01", "2025-02", "2025-03"]


def test_without_known_exports_the_scenario_stays():
    scenario = scenario_from(SCENARIO)
    assert given_volume(scenario, ()).resolved()["measures"] == scenario.resolved()["measures"]
