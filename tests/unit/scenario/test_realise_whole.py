"""Is a scenario realised as a whole: its months, its numbers, its notes?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from realising import links, plant, realised

from derisk.errors import ScenarioError
from derisk.network.record import Network
from derisk.scenario import realise, scenario_from
from derisk.scenario.ground import regions_named
from derisk.scenario.months import month_number


def test_no_measures_is_the_base_and_one_shared_shock(small_network: Network) -> None:
    result = realised(small_network)
    shock = result.shocks[0]
    assert result.months == ("2025-01", "2025-02", "2025-03")
    assert all(other is shock for other in result.shocks)
    assert np.all(shock.capacity_ratio == 1.0)
    assert np.all(np.isinf(shock.flow_cap_t))
    assert np.all(shock.wedge_usd_per_t == 0.0)
    assert np.all(shock.demand_ratio == 1.0)
    assert len(shock.quota_t) == 0
    assert result.network.process_kind == small_network.process_kind
    assert np.array_equal(result.network.base_flow_t, small_network.base_flow_t)


def test_a_measure_acts_from_its_month_until_its_month(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "from": "2025-02", "until": "2025-03"}
    first, second, third = realised(small_network, ban).shocks
    assert first is third
    assert second is not first
    assert np.isinf(first.flow_cap_t).all()
    assert (second.flow_cap_t == 0.0).any()


@pytest.mark.parametrize("words", [["ROW", "g7"], ["g7", "ROW"]])
def test_a_bloc_beside_the_rest_of_the_world_leaves_it_named(words: list[str]) -> None:
    assert regions_named(words, ("CHN", "JPN", "USA", "XEU", "ROW")) == ("JPN", "USA", "XEU", "ROW")


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"from": "2027-01"}, "it acts as from 2027-01, after the last month simulated"),
        ({"from": "2024-01", "until": "2024-06"}, "it ends before 2024-06, and the first month simulated is 2025-01"),
        ({"from": "2025-01", "lead_time_months": 99}, "it acts as from 2033-04 (from 2025-01, lead time included)"),
        ({"from": "2025-01", "until": "2025-03", "lead_time_months": 3}, "but ends before 2025-03"),
    ],
)
def test_measures_outside_the_months_are_noted(small_network: Network, keys: dict[str, Any], reason: str) -> None:
    cut = {"kind": "substitution", "by": "USA", "goods": "gallium", "intensity_cut_share": 0.1, "lead_time_months": 0}
    (note,) = realised(small_network, {**cut, **keys}, start="2025-01", months=12).notes
    assert note.startswith("measures[0] reaches nothing (substitution of gallium): ")
    assert reason in note


def test_numbers_follow_their_keys_with_and_without_remedies(small_network: Network) -> None:
    measures = [
        {**plant(by="AUS", goods="gallium"), "from": "2025-01", "why": "x"},
        {
            "kind": "outage",
            "by": "CHN",
            "goods": "gallium",
            "share": {"uniform": [0, 1]},
            "from": "2025-01",
            "why": "x",
        },
    ]
    scenario = scenario_from({"name": "x", "months": 1, "measures": measures})
    asked: list[str] = []

    def quantile(key: str) -> float:
        asked.append(key)
        return 0.25

    full = realise(scenario, small_network, quantile=quantile)
    bare = realise(scenario.without_remedies(), small_network, quantile=quantile)
    assert asked == ["measures[1].share", "measures[1].share"]
    assert full.numbers["measures[1].share"] == bare.numbers["measures[1].share"] == 0.25
    assert len(bare.network.process_kind) == len(small_network.process_kind)


def test_a_merged_country_is_refused_with_its_region(small_network: Network) -> None:
    with pytest.raises(ScenarioError) as caught:
        realised(small_network, {"kind": "export_ban", "by": "CHN", "to": ["BEL", "PER"], "goods": "gallium"})
    hints = [problem.hint for problem in caught.value.problems]
    assert hints == ["write 'XEU', the region that holds BEL", "write 'ROW', the region that holds PER"]
    assert caught.value.exit_code == 3


def test_the_network_given_is_left_as_it_was(small_network: Network) -> None:
    before = small_network.base_flow_t.copy()
    realised(small_network, plant(by="AUS", goods="ndpr_oxide"))
    assert np.array_equal(before, small_network.base_flow_t)


def test_medians_where_no_quantile_is_given(small_network: Network) -> None:
    scenario = scenario_from(
        {
            "name": "x",
            "months": 1,
            "measures": [
                {
                    "kind": "outage",
                    "by": "CHN",
                    "goods": "gallium",
                    "share": {"uniform": [0.2, 0.4]},
                    "from": "2025-01",
                    "why": "x",
                }
            ],
        }
    )
    assert realise(scenario, small_network).numbers["measures[0].share"] == pytest.approx(0.3)


def test_measures_that_can_act_are_listed_with_their_months(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "announced": "2024-12", "until": "2025-03"}
    new = plant(by="AUS", goods="gallium", lead_time_months=1.5, probability=0.5)
    built = realised(small_network, ban, new, quantile=0.3)
    first, second = built.measures
    january = month_number("2025-01")
    assert (first.place, first.kind, first.restriction) == ("measures[0]", "export_ban", True)
    assert (first.announced, first.first, first.until) == (january - 1, january, january + 2)
    assert (second.restriction, second.first, second.until) == (False, january + 2, None)
    assert [first.acts_in(january + step) for step in (-1, 0, 1, 2)] == [False, True, True, False]
    assert [measure.place for measure in realised(small_network, ban, new, quantile=0.7).measures] == ["measures[0]"]


def test_the_shock_of_any_set_of_measures_is_made_once(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "from": "2025-02"}
    tax = {"kind": "export_tax", "by": "CHN", "goods": "gallium", "rate": 0.1}
    result = realised(small_network, ban, tax)
    assert result.shock_of(frozenset({"measures[1]"})) is result.shocks[0]
    assert result.shock_of(frozenset({"measures[0]", "measures[1]"})) is result.shocks[1]
    alone = result.shock_of(frozenset({"measures[0]"}))
    assert alone.flow_cap_t[links(result, "gallium", "CHN", "USA")] == 0.0
    assert np.all(alone.wedge_usd_per_t == 0.0)
    assert np.all(np.isinf(result.shock_of(frozenset()).flow_cap_t))
