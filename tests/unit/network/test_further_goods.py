"""Nickel, magnesium, antimony, tungsten and the goods after them: does the balanced world look like the known one?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.ensemble import quantiles_of_draw
from derisk.network import build_network
from derisk.vocabulary.regions import COUNTRIES


def shares(network, good, *kinds):
    """Share of each region in the output of a good by the kinds of plant named, else by all."""
    made = np.maximum(network.process_good_matrix[:, network.goods.index(good)], 0) * network.base_output_t
    if kinds:
        made = made * np.isin(network.process_kind, kinds)
    by_region = np.bincount(network.process_region, made, minlength=len(network.regions))
    return dict(zip(network.regions, by_region / by_region.sum(), strict=True))


def flow_t(network, good, origin, destination):
    """Balanced trade [t/year]."""
    links = (network.good == network.goods.index(good)) & (network.origin == network.regions.index(origin))
    return 12 * network.base_flow_t[links & (network.destination == network.regions.index(destination))].sum()


@pytest.mark.parametrize(
    ("good", "kinds", "region", "low", "high"),
    [
        ("nickel_ore", (), "IDN", 0.58, 0.65),
        ("refined_nickel", (), "IDN", 0.40, 0.46),
        ("refined_nickel", (), "CHN", 0.28, 0.34),
        ("nickel_matte", (), "IDN", 0.50, 0.68),
        ("magnesium", (), "CHN", 0.85, 0.95),
        ("antimony_concentrate", (), "CHN", 0.30, 0.38),
        ("antimony", ("smelt_antimony",), "CHN", 0.60, 0.80),
        ("tungsten_concentrate", (), "CHN", 0.78, 0.85),
        ("tungsten", ("refine_tungsten",), "CHN", 0.80, 0.90),
        ("tin_concentrate", (), "CHN", 0.20, 0.30),
        ("manganese_ore", (), "ZAF", 0.36, 0.44),
        ("silicon_metal", (), "CHN", 0.80, 0.92),
        ("fluorspar", (), "CHN", 0.54, 0.64),
        ("titanium_sponge", (), "CHN", 0.62, 0.72),
        ("vanadium", ("refine_vanadium",), "CHN", 0.62, 0.76),
        ("niobium", (), "BRA", 0.85, 0.95),
        ("tantalum_concentrate", (), "COD", 0.40, 0.60),
        ("bismuth", (), "CHN", 0.80, 0.92),
        ("indium", (), "CHN", 0.62, 0.76),
        ("tellurium", (), "CHN", 0.68, 0.80),
    ],
)
def test_the_largest_maker_has_its_known_share(network, good, kinds, region, low, high):
    assert low <= shares(network, good, *kinds)[region] <= high


def test_routes_that_anyone_who_knows_the_trade_would_name(network):
    """Tonnes of nickel in pig iron and hydroxide from Indonesia, ore from the Philippines, matte to Norway, oxide to the United States."""
    assert 0.7e6 < flow_t(network, "refined_nickel", "IDN", "CHN") < 1.2e6
    assert 0.35e6 < flow_t(network, "nickel_matte", "IDN", "CHN") < 0.55e6
    assert 0.22e6 < flow_t(network, "nickel_ore", "PHL", "CHN") < 0.40e6
    assert 40e3 < flow_t(network, "nickel_matte", "CAN", "NOR") < 85e3
    assert 10e3 < flow_t(network, "antimony", "CHN", "USA") < 20e3
    assert 20e3 < flow_t(network, "magnesium", "CHN", "JPN") < 60e3


def test_refineries_of_matte_take_no_ore(network):
    ore = network.process_good_matrix[:, network.goods.index("nickel_ore")]
    norway = [p for p, r in enumerate(network.process_region) if network.regions[r] == "NOR"]
    kinds = {network.process_kind[p] for p in norway}
    assert "refine_nickel_matte" in kinds
    assert "refine_nickel_ore" not in kinds
    assert all(ore[p] == 0 for p in norway if network.process_kind[p] == "refine_nickel_matte")


def test_scrap_is_a_quarter_of_tungsten(network):
    made = network.process_good_matrix[:, network.goods.index("tungsten")] * network.base_output_t
    scrap = np.array(network.process_kind) == "recycle_tungsten"
    assert made[scrap].sum() / made[made > 0].sum() == pytest.approx(0.29, abs=0.05)


def test_what_customs_do_not_see_is_used_where_demand_is_stated(network):
    """7502.10 sees a twentieth of what Indonesia ships: by apparent use it would keep 1.4 of its 1.5 million tonnes."""
    rows = (network.use_good == network.goods.index("refined_nickel")) & (
        network.use_region == network.regions.index("IDN")
    )
    assert network.base_use_t[rows].sum() * 12 == pytest.approx(0.12 * 3.48e6, rel=0.1)


def test_a_country_without_a_measured_economy_stays_in_the_rest_of_the_world(dataset, network):
    mined = dataset.observations(field="production", good="tungsten_concentrate", region="PRK", period="2024")
    assert mined["value"].item() > 0.01 * 82_000
    assert "PRK" in COUNTRIES
    assert "PRK" not in network.regions
    assert shares(network, "tungsten_concentrate")["ROW"] > 0.02


@pytest.mark.parametrize("draw", [0, 3])
def test_a_network_about_some_goods_is_part_of_the_whole(dataset, draw):
    quantile = quantiles_of_draw(seed=5, draw=draw)
    whole = build_network(dataset, quantile=quantile)
    part = build_network(dataset.about(["ndfeb_magnet", "antimony"]), quantile=quantile)
    assert set(part.goods) == {
        "rare_earth_concentrate", "ionic_clay_concentrate", "lacen_oxide", "ndpr_oxide", "dytb_oxide", "ndfeb_magnet", "samarium_oxide", "eugd_oxide",
        "yttrium_oxide", "antimony_concentrate", "antimony",
    }  # fmt: skip
    assert part.regions == whole.regions
    kept = np.isin(np.array(whole.goods)[whole.good], part.goods)
    assert np.array_equal(part.base_flow_t, whole.base_flow_t[kept])
    kept = np.isin(np.array(whole.goods)[whole.process_main_good], part.goods)
    assert np.array_equal(part.base_output_t, whole.base_output_t[kept])
    kept = np.isin(np.array(whole.goods)[whole.use_good], part.goods)
    assert np.array_equal(part.base_use_t, whole.base_use_t[kept])
    assert np.array_equal(part.value_in_use_usd_per_t, whole.value_in_use_usd_per_t[kept])


@pytest.mark.parametrize("draw", [1, 2, 3])
def test_draws_of_every_good_balance(dataset, draw):
    drawn = build_network(dataset, quantile=quantiles_of_draw(seed=23, draw=draw))
    assert len(drawn.goods) == 46
    assert np.isfinite(drawn.base_flow_t).all()


def test_a_dataset_about_some_goods_holds_the_same_rows_under_another_hash(dataset):
    about = dataset.about(["gallium"])
    assert about.wanted_goods == ("gallium",)
    assert dataset.wanted_goods == ()
    assert about.hash != dataset.hash
    assert about.hash == dataset.about(["gallium"]).hash
    assert len(about.observations(field="price")) == len(dataset.observations(field="price"))
    figures = [{"field": "price", "good": "gallium", "region": "WLD", "period": "2024", "value": 400_000.0}]
    assert about.with_assumptions(figures).wanted_goods == ("gallium",)
