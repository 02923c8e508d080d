"""Does a built network close, hold together, and depend on its rows alone?"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from derisk.errors import DatasetError
from derisk.network import build, build_network
from derisk.vocabulary.uses import USES


def node_sums(network):
    """Excess and throughput of producer and delivered nodes."""
    shape = (len(network.goods), len(network.regions))
    producer, delivered, through = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(producer, (network.good, network.origin), -network.base_flow_t)
    np.add.at(delivered, (network.good, network.destination), network.base_flow_t)
    np.add.at(through, (network.good, network.destination), network.base_flow_t)
    np.add.at(through, (network.good, network.origin), network.base_flow_t)
    made = network.process_good_matrix * network.base_output_t[:, None]
    for process, region in enumerate(network.process_region):
        producer[:, region] += np.maximum(made[process], 0)
        delivered[:, region] += np.minimum(made[process], 0)
    np.add.at(delivered, (network.use_good, network.use_region), -network.base_use_t)
    return producer, delivered, through


def test_every_node_closes(small_dataset):
    producer, delivered, through = node_sums(build_network(small_dataset))
    scale = np.where(through > 0, through, 1.0)
    assert np.abs(producer / scale).max() < 1e-12
    assert np.abs(delivered / scale).max() < 1e-12


def test_amounts_are_positive_and_finite(small_dataset):
    network = build_network(small_dataset)
    for field in dataclasses.fields(network):
        array = getattr(network, field.name)
        if isinstance(array, np.ndarray) and array.dtype == np.float64 and field.name != "stock_cover_months":
            assert np.isfinite(array).all(), field.name
    assert np.isnan(network.stock_cover_months).all()  # no row of the small dataset states any
    for array in (network.base_flow_t, network.base_output_t, network.base_use_t, network.base_price_usd_per_t):
        assert (array > 0).all()
    assert (network.base_output_t <= 0.98 * network.capacity_t * (1 + 1e-12)).all()
    assert (network.value_in_use_usd_per_t > network.base_price_usd_per_t[network.use_good]).all()


def test_main_good_has_coefficient_one(small_dataset):
    network = build_network(small_dataset)
    rows = np.arange(len(network.process_kind))
    assert (network.process_good_matrix[rows, network.process_main_good] == 1.0).all()


def test_what_stays_in_a_merged_region_may_cross_a_border(network):
    home = network.origin == network.destination
    merged = np.isin(network.origin, [network.regions.index(region) for region in ("XEU", "ROW")])
    assert (home & merged).any()
    np.testing.assert_array_equal(network.within_country, home & ~merged)


def test_residue_stays_home_and_the_rest_is_disposed_of(small_dataset):
    network = build_network(small_dataset)
    residue = network.goods.index("cobalt_residue")
    here = network.good == residue
    assert (network.origin[here] == network.destination[here]).all()
    disposal = network.use_sector == network.uses.index("disposal")
    assert (network.use_good[disposal] == residue).all()
    assert {network.regions[r] for r in network.use_region[disposal]} == {"COD", "AUS"}
    assert network.base_price_usd_per_t[residue] == pytest.approx(0.01 * 16000)
    assert (network.dependence_share[disposal] == 0).all()


def test_cobalt_is_mined_where_no_host_makes_residue(small_dataset):
    network = build_network(small_dataset)
    places = {(kind, network.regions[r]) for kind, r in zip(network.process_kind, network.process_region, strict=True)}
    assert ("mine_cobalt", "BRA") in places
    assert ("recover_cobalt", "COD") in places
    assert ("recover_cobalt", "BRA") not in places


def test_the_share_of_other_countries_goes_by_gdp_to_those_without_a_row(small_dataset):
    network = build_network(small_dataset)
    magnets = network.use_good == network.goods.index("ndfeb_magnet")
    use_t = np.bincount(network.use_region[magnets], network.base_use_t[magnets], minlength=len(network.regions))
    deu, gbr = network.regions.index("DEU"), network.regions.index("GBR")
    assert use_t[deu] / use_t[gbr] == pytest.approx(4.5 / 3, rel=0.1)


def test_recycled_metal_is_a_process_of_its_own(small_dataset):
    network = build_network(small_dataset)
    output = {
        (kind, network.regions[r]): 12 * t
        for kind, r, t in zip(network.process_kind, network.process_region, network.base_output_t, strict=True)
    }
    assert output["recycle_copper", "CHN"] == pytest.approx(900, rel=0.2)
    assert output["refine_copper", "CHN"] == pytest.approx(4100, rel=0.2)


def test_secondary_metal_beside_production_leaves_primary_metal_whole(make_dataset, make_row, world_rows):
    rows = [r for r in world_rows if r["field"] != "recycled_production"]
    rows += [make_row("secondary_production", "refined_copper", "CHN", 900.0)]
    network = build_network(make_dataset(rows))
    at = {
        (kind, network.regions[r]): number
        for number, (kind, r) in enumerate(zip(network.process_kind, network.process_region, strict=True))
    }
    output = {place: 12 * network.base_output_t[number] for place, number in at.items()}
    assert output["recycle_copper", "CHN"] == pytest.approx(900, rel=0.2)
    assert output["refine_copper", "CHN"] == pytest.approx(5000, rel=0.2)
    scrap = at["recycle_copper", "CHN"]
    assert 12 * network.capacity_t[scrap] == pytest.approx(900 / 0.98, rel=0.2)


def test_secondary_metal_cannot_be_both_in_production_and_beside_it(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("secondary_production", "refined_copper", "JPN", 50.0)]
    with pytest.raises(
        DatasetError, match="refined_copper has rows of recycled_production and of secondary_production"
    ):
        build_network(make_dataset(rows))


@pytest.mark.parametrize("share", [0.4, 0.8, 1.0])
def test_a_share_splits_magnets_between_two_kinds(make_dataset, world_rows, share):
    stated = {"heavy_magnet_share": share, "input_dytb_oxide": 0.012 / share}
    rows = [{**r, "value": stated.get(str(r["field"]), r["value"]), "low": None, "high": None} for r in world_rows]
    network = build_network(make_dataset(rows))
    kinds = np.array(network.process_kind)
    heavy, light = (network.base_output_t[kinds == kind].sum() for kind in ("make_magnets", "make_light_magnets"))
    assert heavy / (heavy + light) == pytest.approx(share, abs=0.05)
    assert ("make_light_magnets" in network.process_kind) is (share < 1.0)


def test_joint_oxides_follow_the_country_composition(small_dataset):
    network = build_network(small_dataset)
    lacen, dytb, yttrium = (network.goods.index(good) for good in ("lacen_oxide", "dytb_oxide", "yttrium_oxide"))
    for kind, region, recipe in zip(
        network.process_kind, network.process_region, network.process_good_matrix, strict=True
    ):
        if kind == "separate_rare_earths":
            assert recipe[lacen] == pytest.approx(0.70 / 0.24)
            assert recipe[dytb] == pytest.approx(0.0 if network.regions[region] == "MYS" else 0.01 / 0.24)
            assert recipe[yttrium] == pytest.approx(0.025 / 0.24 if network.regions[region] == "CHN" else 0.0)


def test_rows_of_goods_without_a_process_change_nothing(make_dataset, make_row, world_rows):
    """The dataset holds more materials than a network: their makers do not stand apart, nor do they need prices."""
    world_rows = [*world_rows, make_row("gdp", "", "THA", 5e11, period="2023")]
    bare = build_network(make_dataset(world_rows))
    rows = [*world_rows, make_row("production", "rhodium", "IDN", 900.0, material="platinum_group_metals")]
    rows += [make_row("production", "", "BOL", 5.0, material="platinum_group_metals")]
    rows += [make_row("production", "", "BDI", 5.0, material="yttrium", stage="mining")]
    rows += [make_row("production", "", "THA", 50.0, material="rare_earths", stage="refining")]
    network = build_network(make_dataset(rows))
    assert set(network.regions) - set(bare.regions) == {"THA"}
    assert network.goods == bare.goods


def test_the_same_rows_give_the_same_bits(make_dataset, world_rows):
    first, again = build_network(make_dataset(world_rows)), build_network(make_dataset(world_rows))
    assert first.base_flow_t.tobytes() == again.base_flow_t.tobytes()
    assert first.changes == again.changes


def test_order_of_rows_does_not_matter(make_dataset, world_rows):
    first, other = build_network(make_dataset(world_rows)), build_network(make_dataset(world_rows[::-1]))
    order = np.lexsort((first.destination, first.origin, first.good))
    other_order = np.lexsort((other.destination, other.origin, other.good))
    assert first.base_flow_t[order] == pytest.approx(other.base_flow_t[other_order], rel=1e-9)


def test_a_draw_keeps_the_shape_of_the_network(small_dataset):
    central = build_network(small_dataset)
    chance = np.random.default_rng(3)
    for _ in range(5):
        drawn = build_network(small_dataset, quantile=lambda row_id: chance.uniform(0.001, 0.999))
        assert drawn.process_kind == central.process_kind
        for name in ("origin", "destination", "good", "process_region", "use_good", "use_region", "use_sector"):
            assert (getattr(drawn, name) == getattr(central, name)).all(), name
        assert (drawn.link_observed == central.link_observed).all()


def test_a_higher_quantile_gives_a_higher_figure(small_dataset):
    low, high = (build_network(small_dataset, quantile=lambda row_id, at=at: at) for at in (0.1, 0.9))
    assert (low.trade_elasticity <= high.trade_elasticity).all()
    assert (low.supply_elasticity <= high.supply_elasticity).all()
    assert (low.demand_elasticity <= high.demand_elasticity).all()
    assert low.trade_elasticity.sum() < high.trade_elasticity.sum()


def test_value_added_scales_with_gdp_and_says_so(small_dataset):
    network = build_network(small_dataset)
    usa, chn = network.regions.index("USA"), network.regions.index("CHN")
    assert network.value_added_musd[chn, 0] == pytest.approx(network.value_added_musd[usa, 0] * 18 / 27)
    assert not network.value_added_assumed[usa].any()
    assert network.value_added_assumed[chn, : len(USES)].all()
    assert (network.value_added_musd[:, len(USES) :] == 0).all()


@pytest.mark.parametrize(("status", "flagged"), [("assumed", True), ("derived", False), ("reported", False)])
def test_value_added_of_an_assumed_row_is_assumed(make_dataset, make_row, world_rows, status, flagged):
    """A country's own row stands, yet counts as published only if it is."""
    rows = [*world_rows, make_row("value_added", "", "JPN", 9e4, use="machinery", status=status, period="2023")]
    network = build_network(make_dataset(rows))
    jpn, machinery = network.regions.index("JPN"), network.uses.index("machinery")
    assert network.value_added_musd[jpn, machinery] == 9e4
    assert bool(network.value_added_assumed[jpn, machinery]) is flagged
    assert network.value_added_assumed[jpn, network.uses.index("other")]  # no row: scaled by GDP


def test_sectors_follow_the_region_then_other_countries_then_the_world(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("end_use_share", "refined_cobalt", "JPN", 1.0, use="defence")]
    rows += [make_row("end_use_share", "refined_cobalt", "OTH", 1.0, use="other")]
    network = build_network(make_dataset(rows))
    cobalt = network.use_good == network.goods.index("refined_cobalt")

    def sectors(region):
        there = cobalt & (network.use_region == network.regions.index(region))
        return {network.uses[at] for at in network.use_sector[there]}

    assert (sectors("JPN"), sectors("USA")) == ({"defence"}, {"other"})


def test_changes_come_largest_first(small_dataset):
    network = build_network(small_dataset)
    price = dict(zip(network.goods, network.base_price_usd_per_t, strict=True))
    value = [price[c.good] * abs(c.balanced_t_per_year - c.reported_t_per_year) for c in network.changes]
    assert value == sorted(value, reverse=True)
    assert {change.kind for change in network.changes} <= {"production", "recycling", "trade", "use", "recipe"}


def test_customs_flows_are_marked_as_observed(small_dataset):
    network = build_network(small_dataset)
    concentrate = network.goods.index("copper_concentrate")
    pairs = {
        (network.regions[i], network.regions[j])
        for i, j, g, seen in zip(network.origin, network.destination, network.good, network.link_observed, strict=True)
        if g == concentrate and seen
    }
    assert pairs == {("CHL", "CHN"), ("CHL", "JPN"), ("COD", "CHN"), ("USA", "DEU")}


def test_figures_that_agree_are_not_moved(make_dataset, make_row, world_rows):
    kept = {"gdp", "value_added"}
    rows = [r for r in world_rows if r["field"] in kept]
    for good in ("lithium_concentrate", "lithium_chemical"):
        rows += [make_row("production", good, "CHN", 60.0), make_row("production", good, "CHL", 40.0)]
        rows += [
            make_row(field, good, "", 0.5) for field in ("supply_elasticity", "trade_elasticity", "utilisation_share")
        ]
        rows += [make_row("price", good, "WLD", 1e4)]
    rows += [make_row("input_lithium_concentrate", "lithium_chemical", "", 1.0)]
    rows += [make_row("trade", "lithium_chemical", "CHL", 30.0, partner="JPN")]
    rows += [make_row("end_use_share", "lithium_chemical", "WLD", 1.0, use="other")]
    rows += [make_row(f, "lithium_chemical", "", 0.1) for f in ("demand_elasticity", "dependence_share")]
    network = build_network(make_dataset(rows))
    # only the latent links, a thousandth of output in all, ask for room
    assert max(abs(c.balanced_t_per_year - c.reported_t_per_year) for c in network.changes) < 0.2
    assert all(abs(c.balanced_t_per_year / c.reported_t_per_year - 1) < 5e-3 for c in network.changes)


def test_customs_that_see_a_part_leave_use_to_stated_demand(make_dataset, make_row, world_rows):
    """Refined copper has customs rows, so its use is apparent; with a low coverage the stated shares place it."""
    shares = {"CHN": 0.5, "USA": 0.3, "OTH": 0.2}
    stated = [make_row("demand_share", "refined_copper", c, s, status="assumed") for c, s in shares.items()]
    seen = build_network(make_dataset([*world_rows, *stated]))
    part = [make_row("customs_coverage_share", "refined_copper", "", 0.4, status="assumed")]
    unseen = build_network(make_dataset([*world_rows, *stated, *part]))
    enough = [make_row("customs_coverage_share", "refined_copper", "", 0.8, status="assumed")]
    again = build_network(make_dataset([*world_rows, *stated, *enough]))

    def part_of(network, region):
        rows = network.use_good == network.goods.index("refined_copper")
        here = rows & (network.use_region == network.regions.index(region))
        return network.base_use_t[here].sum() / network.base_use_t[rows].sum()

    assert part_of(unseen, "CHN") == pytest.approx(0.5, abs=0.1)
    assert part_of(unseen, "USA") == pytest.approx(0.3, abs=0.1)
    assert part_of(seen, "USA") != pytest.approx(part_of(unseen, "USA"), abs=0.02)
    assert again.base_use_t.tobytes() == seen.base_use_t.tobytes()


def test_who_states_no_demand_shares_what_the_others_leave(make_dataset, make_row, world_rows):
    """Of 200 t of cobalt China states 150; Japan's and the others' shares would want 80 beside that."""
    stated = [make_row("demand", "refined_cobalt", "CHN", 150.0)]
    used = _use_t(build_network(make_dataset([*world_rows, *stated])), "refined_cobalt")
    assert used["CHN"] == pytest.approx(150.0, rel=1e-3)
    assert used["JPN"] == pytest.approx(50.0 * 0.15 / 0.4, rel=1e-2)
    assert sum(used.values()) == pytest.approx(200.0, rel=1e-3)


def test_stated_demand_beyond_supply_leaves_the_others_little_and_not_nothing(make_dataset, make_row, world_rows):
    stated = [make_row("demand", "refined_cobalt", "CHN", 260.0)]
    used = _use_t(build_network(make_dataset([*world_rows, *stated])), "refined_cobalt")
    assert 0.0 < used["JPN"] < 30.0 * 0.1


def _use_t(network, good):
    rows = network.use_good == network.goods.index(good)
    regions = np.array(network.regions)[network.use_region[rows]]
    return {region: 12 * network.base_use_t[rows][regions == region].sum() for region in set(regions)}


def test_cores_given_to_linear_algebra_change_no_digit(dataset, monkeypatch):
    built = []
    for threads in (1, 2):
        monkeypatch.setattr(build, "_grounds", {})
        with threadpool_limits(limits=threads, user_api="blas"):
            built.append(build_network(dataset))
    for field in dataclasses.fields(built[0]):
        one, two = (getattr(network, field.name) for network in built)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, two, err_msg=field.name)


def test_a_network_prints_on_one_line(network):
    assert repr(network).startswith(f"Network({network.base_year}, {len(network.goods)} goods, ")
    assert len(repr(network)) < 120
