"""Do the parts of a network follow their rules: regions, figures, links, values?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.errors import BalanceError, InputError
from derisk.network.activities import Activity, collect_outputs
from derisk.network.figures import Figure, read_figures
from derisk.network.links import Trade, explain_rest, return_reexports, seed_links
from derisk.network.recipes import close_recipes, cover_residues
from derisk.network.regions import draw_regions, region_distances_km
from derisk.network.rules import relative_error, weight
from derisk.network.values import value_in_use
from derisk.vocabulary.regions import ALWAYS_APART


def figure(**words):
    blank = {"row_id": "r", "field": "production", "material": "copper", "stage": "mining", "good": "refined_copper"}
    blank |= {"region": "CHL", "partner": "", "use": "", "period": "2024", "value": 10.0, "low": None, "high": None}
    return Figure(**{**blank, "status": "reported", "source": "s", **words})


def test_large_producers_and_the_named_countries_stand_apart(small_dataset):
    region_map = draw_regions(read_figures(small_dataset, base_year=2024))
    assert set(region_map.regions) == {*ALWAYS_APART, "CHN", "CHL", "COD", "BEL", "MYS", "BRA", "XEU", "ROW"}
    assert region_map.regions[-1] == "ROW"
    assert region_map.region_of("NLD") == "XEU"
    assert region_map.region_of("PER") == "ROW"
    assert region_map.region_of("OTH") == "ROW"
    assert "NLD" in region_map.members("XEU")
    assert "BEL" not in region_map.members("XEU")


def test_unknown_countries_and_regions_are_errors(small_dataset):
    region_map = draw_regions(read_figures(small_dataset, base_year=2024))
    with pytest.raises(InputError, match="unknown country 'CHX'"):
        region_map.region_of("CHX")
    with pytest.raises(InputError, match="unknown region 'NLD'"):
        region_map.members("NLD")


def test_distances_are_symmetric_and_plausible(small_dataset):
    region_map = draw_regions(read_figures(small_dataset, base_year=2024))
    distance = region_distances_km(region_map, {})
    assert distance == pytest.approx(distance.T)
    japan, korea = region_map.index("JPN"), region_map.index("KOR")
    assert 700 < distance[japan, korea] < 1100


def test_a_year_counts_whole_and_parameters_take_the_nearest_row(make_dataset, make_row):
    rows = [make_row("production", "refined_copper", "CHL", 1.0, period="2023")]
    rows += [make_row("production", "refined_copper", "CHN", 2.0, period="2024")]
    rows += [make_row("production", "refined_copper", "CHN", 9.0, period="2025")]
    rows += [make_row("supply_elasticity", "refined_copper", "", 0.1, period="2015")]
    rows += [make_row("supply_elasticity", "refined_copper", "", 0.2, period="2022")]
    rows += [make_row("trade_elasticity", "refined_copper", "", 3.0, period="2026")]
    figures = read_figures(make_dataset(rows), base_year=2024)
    assert [f.region for f in figures.rows["production"]] == ["CHN"]
    assert figures.find("supply_elasticity", good="refined_copper", region="PER") == 0.2
    assert figures.find("trade_elasticity", good="refined_copper") == 3.0


def test_what_countries_leave_of_the_world_row_is_made_elsewhere(make_dataset, make_row):
    rows = [
        make_row("production", "refined_copper", "CHN", 60.0),
        make_row("production", "refined_copper", "WLD", 100.0),
    ]
    outputs = collect_outputs(read_figures(make_dataset(rows), base_year=2024), "production", "refined_copper")
    assert outputs["OTH"].tonnes == pytest.approx(40)
    assert outputs["OTH"].status == "derived"


def test_a_stated_range_beats_the_status():
    assert relative_error(figure()) == 0.02
    assert relative_error(figure(), trade=True) == 0.10
    assert relative_error(figure(status="assumed")) == 0.40
    assert relative_error(figure(status="assumed", low=9.0, high=11.0)) == pytest.approx((1 / 6) ** 0.5 / 10)
    assert weight(0.02) == 1.0


def test_a_hub_returns_its_reexports_to_the_maker():
    flows = np.array([[0.0, 100.0, 20.0], [0.0, 0.0, 80.0], [0.0, 0.0, 0.0]])
    returned = return_reexports(flows, np.array([200.0, 0.0, 0.0]))
    assert returned == pytest.approx(np.array([[0.0, 20.0, 100.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))


def test_exporters_of_their_own_output_are_left_alone():
    flows = np.array([[0.0, 100.0, 20.0], [10.0, 0.0, 40.0], [0.0, 5.0, 0.0]])
    assert return_reexports(flows, np.array([150.0, 60.0, 9.0])) == pytest.approx(flows)


def test_reexports_that_nothing_explains_disappear():
    flows = np.array([[0.0, 30.0], [0.0, 0.0]])
    assert return_reexports(flows, np.array([10.0, 0.0])) == pytest.approx(np.array([[0.0, 10.0], [0.0, 0.0]]))


def test_gravity_moves_just_what_is_needed_and_prefers_the_near():
    distance = np.array([[1.0, 1.0, 2.0], [1.0, 1.0, 1.0], [2.0, 1.0, 1.0]]) * 1000
    none = np.zeros((3, 3))
    supply, need = np.array([100.0, 0.0, 0.0]), np.array([40.0, 30.0, 30.0])
    home, flows = explain_rest(none, supply=supply, need=need, distance_km=distance)
    assert home == pytest.approx([40.0, 0.0, 0.0])
    assert flows.sum(axis=0) == pytest.approx([0.0, 30.0, 30.0])
    supply, need = np.array([60.0, 60.0, 0.0]), np.array([10.0, 0.0, 110.0])
    _, flows = explain_rest(none, supply=supply, need=need, distance_km=distance)
    assert flows[:, 2] == pytest.approx([50.0, 60.0, 0.0])


def test_what_customs_leave_unexplained_meets_the_deficits():
    stated = np.array([[0.0, 60.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    supply, need = np.array([100.0, 0.0, 0.0]), np.array([10.0, 60.0, 30.0])
    home, flows = explain_rest(stated, supply=supply, need=need, distance_km=np.full((3, 3), 1000.0))
    assert home[0] == pytest.approx(10.0)
    assert flows == pytest.approx(np.array([[0.0, 0.0, 30.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))


def test_latent_links_carry_a_thousandth_and_home_always_exists():
    rows = Trade(np.zeros((3, 3)), np.zeros((3, 3)), {})
    rows.tonnes[0, 1], rows.error[0, 1] = 50.0, 0.1
    rows.status[0, 1] = "reported"
    supply, need = np.array([100.0, 40.0, 0.0]), np.array([50.0, 80.0, 10.0])
    seeds = seed_links(rows, supply=supply, need=need, distance_km=np.full((3, 3), 1000.0))
    latent = ~seeds.observed & ~np.eye(3, dtype=bool)
    assert (seeds.tonnes[2] == 0).all()
    assert seeds.tonnes[latent].sum() == pytest.approx(10.0 + 1e-3 * 140)
    assert seeds.tonnes[0, 0] == pytest.approx(50.0)
    assert seeds.tonnes[1, 1] > 0


def test_value_in_use_is_bounded_by_the_price():
    price = np.array([10.0, 10.0, 10.0, 10.0])
    added, tonnes = np.array([1e-6, 1.0, 1e6, 1.0]), np.array([1.0, 1e4, 1.0, 1.0])
    set_ratio = np.array([np.nan, np.nan, np.nan, 2.0])
    worth = value_in_use(added, np.full(4, 0.5), tonnes, price, group=np.arange(4), set_ratio=set_ratio)
    assert worth == pytest.approx([30.0, 50.0, 10000.0, 20.0])


def test_value_in_use_is_that_of_the_sector_in_the_world():
    added, tonnes, price = np.array([1.0, 3.0]), np.array([9e3, 1e3]), np.full(2, 10.0)
    worth = value_in_use(added, np.full(2, 0.5), tonnes, price, group=np.zeros(2, int), set_ratio=np.full(2, np.nan))
    assert worth == pytest.approx([200.0, 200.0])


def plant(kind, region, tonnes, **coefficients):
    return Activity(kind=kind, region=region, tonnes=tonnes, coefficients=coefficients)


def test_recipes_close_the_world_within_their_ranges():
    first = plant("make_magnets", 0, 100.0, ndfeb_magnet=1.0, dytb_oxide=-0.010)
    second = plant("make_magnets", 1, 100.0, ndfeb_magnet=1.0, dytb_oxide=-0.010)
    first.least_input, first.greatest_input = {"dytb_oxide": 0.009}, {"dytb_oxide": 0.011}
    second.least_input, second.greatest_input = {"dytb_oxide": 0.005}, {"dytb_oxide": 0.015}
    changes = close_recipes([first, second], {"dytb_oxide": 1.6})
    assert first.coefficients["dytb_oxide"] == pytest.approx(-0.009)
    assert second.coefficients["dytb_oxide"] == pytest.approx(-0.007)
    assert [change.stated for change in changes] == [0.010, 0.010]
    close_recipes([first, second], {"dytb_oxide": 0.1})
    assert second.coefficients["dytb_oxide"] == pytest.approx(-0.005)


def test_residues_rise_to_cover_what_is_recovered(small_dataset):
    region_map = draw_regions(read_figures(small_dataset, base_year=2024))
    host = plant("mine_copper", 0, 1000.0, copper_concentrate=1.0, cobalt_residue=0.1)
    recovery = plant("recover_cobalt", 0, 120.0, cobalt_intermediate=1.0, cobalt_residue=-1.0)
    (change,) = cover_residues([host, recovery], ["cobalt_residue"], region_map)
    assert host.coefficients["cobalt_residue"] == pytest.approx(0.12 / 0.98)
    assert (change.stated, change.closed) == pytest.approx((0.1, 0.12 / 0.98))
    recovery.tonnes = 1000.0
    with pytest.raises(BalanceError, match="more cobalt_residue is recovered than hosts leave"):
        cover_residues([host, recovery], ["cobalt_residue"], region_map)
