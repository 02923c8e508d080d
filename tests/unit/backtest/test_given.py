"""Given volume: the act is taken out for the goods whose exports are known, and those exports put in."""

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
A,gallium,CHN,all,2024-12..2025-02,3,2,customs
"""


def test_known_exports_replace_the_act():
    given = given_volume(scenario_from(SCENARIO), parse_volumes(VOLUMES, file="v.csv"))
    plain = given.resolved()["measures"]
    assert [row["kind"] for row in plain] == ["export_ban", "demand_change", "export_quota", "export_quota"]
    assert plain[0]["goods"] == ["germanium"]
    quotas = plain[2:]
    assert [(row["from"], row["until"]) for row in quotas] == [("2025-01", "2025-02"), ("2025-02", "2025-03")]
    assert all(row["announced"] == row["from"] and row["share_of_base"] == 0.5 for row in quotas)
    assert all("customs" in row["why"] for row in quotas)


def test_an_act_whose_every_good_is_known_is_gone():
    text = VOLUMES.replace("gallium,CHN", "gallium germanium,CHN")
    given = given_volume(scenario_from(SCENARIO), parse_volumes(text, file="v.csv"))
    assert [row["kind"] for row in given.resolved()["measures"]] == ["demand_change", "export_quota", "export_quota"]


def test_without_known_exports_the_scenario_stays():
    scenario = scenario_from(SCENARIO)
    assert given_volume(scenario, ()).resolved()["measures"] == scenario.resolved()["measures"]
