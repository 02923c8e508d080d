"""Does the name of rare-earth ore cover the ore of clay, and the name of clay clay alone?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import Network, build_network
from derisk.scenario import realise, scenario_from
from derisk.vocabulary.goods import GOODS, PARTS, counted_in, covered_by

Lay = Callable[..., Any]
ROCK, CLAY = "rare_earth_concentrate", "ionic_clay_concentrate"
BOTH = [ROCK, CLAY]


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network(load_dataset().about(["ndpr_oxide"]))


@pytest.fixture
def of_both(lay: Lay, network: Network) -> Lay:
    return lambda *measures, **keys: lay(*measures, network=network, **keys)


def plants(laid: Any, kind: str, region: str) -> Any:
    return laid.shock().capacity_ratio[laid.process(kind, region)]


def goods_of(laid: Any, links: Any) -> set[str]:
    return {laid.network.goods[good] for good in laid.network.good[links]}


def test_a_part_is_of_the_material_stage_and_basis_of_what_counts_it() -> None:
    assert {CLAY} == PARTS
    assert covered_by(ROCK) == (ROCK, CLAY)
    assert covered_by(CLAY) == (CLAY,)
    for part in PARTS:
        whole = GOODS[counted_in(part)]
        assert (whole.material, whole.stage, whole.basis) == (
            GOODS[part].material,
            GOODS[part].stage,
            GOODS[part].basis,
        )


@pytest.mark.parametrize("goods", [ROCK, CLAY, BOTH])
def test_a_ban_by_a_country_of_clay_stops_it_under_either_name(of_both: Lay, goods: Any) -> None:
    laid = of_both({"kind": "export_ban", "by": "MMR", "goods": goods})
    assert laid.shock().flow_cap_t[laid.link(CLAY, "MMR", "CHN")] == 0.0


@pytest.mark.parametrize("goods", [ROCK, CLAY])
def test_an_outage_of_a_country_of_clay_is_not_told_to_change_nothing(network: Network, goods: str) -> None:
    rest = {"from": "2025-01", "why": "test", "share": 0.5}
    measure = {"kind": "outage", "by": "MMR", "goods": goods, **rest}
    scenario = scenario_from({"name": "test", "start": "2025-01", "months": 3, "measures": [measure]})
    assert realise(scenario, network).notes == ()


def test_an_outage_of_ore_takes_both_kinds_and_one_of_clay_takes_clay(of_both: Lay) -> None:
    ore = of_both({"kind": "outage", "by": "CHN", "goods": ROCK, "share": 0.1})
    assert plants(ore, "mine_rare_earths", "CHN") == pytest.approx(0.9)
    assert plants(ore, "mine_ionic_clay", "CHN") == pytest.approx(0.9)
    clay = of_both({"kind": "outage", "by": "CHN", "goods": CLAY, "share": 0.1})
    assert plants(clay, "mine_rare_earths", "CHN") == 1.0
    assert plants(clay, "mine_ionic_clay", "CHN") == pytest.approx(0.9)


def test_a_quota_on_ore_is_one_tonnage_over_both_kinds(of_both: Lay) -> None:
    quota = {"kind": "export_quota", "by": "CHN", "quantity_t_per_year": 1200}
    named, spelled = of_both({**quota, "goods": ROCK}), of_both({**quota, "goods": BOTH})
    assert named.shock().quota_t == pytest.approx([100.0])
    assert np.array_equal(named.shock().quota_link, spelled.shock().quota_link)
    assert goods_of(named, named.shock().quota_link) == set(BOTH)


@pytest.mark.parametrize(("weights", "of_clay"), [({ROCK: 2.0}, 2.0), ({ROCK: 2.0, CLAY: 0.5}, 0.5)])
def test_a_weight_of_ore_is_that_of_clay_too_unless_it_has_its_own(of_both: Lay, weights: Any, of_clay: float) -> None:
    laid = of_both(
        {"kind": "export_quota", "by": "CHN", "goods": BOTH, "quantity_t_per_year": 1200, "weights": weights}
    )
    clay = laid.network.good[laid.shock().quota_link] == laid.network.goods.index(CLAY)
    assert set(laid.shock().quota_weight[clay]) == {of_clay}
    assert set(laid.shock().quota_weight[~clay]) == {2.0}


@pytest.mark.parametrize(("seller", "kind"), [("MMR", CLAY), ("USA", ROCK)])
def test_an_offtake_of_ore_is_of_the_kind_its_sellers_ship(of_both: Lay, seller: str, kind: str) -> None:
    offtake = {"kind": "offtake", "by": "CHN", "goods": ROCK, "quantity_t_per_year": 120, "usd_per_t": 20_000}
    laid = of_both({**offtake, "to": seller})
    (contract,) = laid.shock().offtakes
    assert goods_of(laid, contract.links) == {kind}


@pytest.mark.parametrize("goods", [None, ROCK, CLAY])
def test_a_project_of_clay_is_a_plant_of_clay(goods: str | None) -> None:
    measure = {"kind": "new_capacity", "project": "P032", "from": "2025-01", "why": "test"}
    if goods is not None:
        measure["goods"] = goods
    scenario = scenario_from({"name": "test", "start": "2025-01", "months": 3, "measures": [measure]})
    (mine,) = scenario.measures
    assert (mine.goods, mine.process) == ((CLAY,), "mine_ionic_clay")


def test_new_room_for_ore_is_of_rock(of_both: Lay) -> None:
    mine = {
        "kind": "new_capacity",
        "by": "KAZ",
        "goods": ROCK,
        "capacity_t_per_year": 1200,
        "unit_cost_ratio": 1,
        "lead_time_months": 0,
    }
    laid = of_both(mine)
    step = laid.process("new_" + ROCK, "KAZ")
    assert laid.network.process_good_matrix[step, laid.network.goods.index(ROCK)] == 1.0
    assert laid.network.process_good_matrix[step, laid.network.goods.index(CLAY)] == 0.0


def test_a_control_of_ore_is_one_of_clay_to_those_who_expect_its_end(of_both: Lay) -> None:
    (acting,) = of_both({"kind": "export_ban", "by": "MMR", "goods": ROCK}).realisation.measures
    assert acting.goods == set(BOTH)
