"""Stores: targets from covers, intake and what is under way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path.stores import intake, output, stores_of


def held(stores, network, good, region):
    at = (stores.good == network.goods.index(good)) & (stores.region == network.regions.index(region))
    return float(np.asarray(stores.target_t)[at].sum())


def stores(network, *, default=2.0, scale=1.0, working=100.0, makers=0.1, makers_scale=0.01, under_way=0.0):
    return stores_of(
        network,
        default_cover_months=default,
        scale_ratio=scale,
        working_stock_months=working,
        makers_stock_months=makers,
        makers_scale_ratio=makers_scale,
        pipeline_t=np.full((len(network.goods), len(network.regions)), under_way),
    )


def test_a_regions_row_goes_before_the_worlds(network):
    gallium, japan, states = network.goods.index("gallium"), *(network.regions.index(r) for r in ("JPN", "USA"))
    taken = intake(network)[gallium]
    made = stores(network)
    assert held(made, network, "gallium", "JPN") == pytest.approx(4.0 * taken[japan])
    assert held(made, network, "gallium", "USA") == pytest.approx(2.19 * taken[states])
    assert held(made, network, "gallium", "KOR") == pytest.approx(2.5 * taken[network.regions.index("KOR")])


def test_a_good_without_a_row_has_the_default(network):
    bare = replace(network, stock_cover_months=np.full_like(network.stock_cover_months, np.nan))
    taken = intake(network)[network.goods.index("gallium"), network.regions.index("JPN")]
    assert held(stores(bare, default=3.0), bare, "gallium", "JPN") == pytest.approx(3.0 * taken)


def test_what_is_under_way_is_held(network):
    before, after = stores(network), stores(network, under_way=7.0)
    assert held(after, network, "gallium", "JPN") == pytest.approx(held(before, network, "gallium", "JPN") + 7.0)


def test_residues_are_not_held(network):
    names = {network.goods[good] for good in np.asarray(stores(network, under_way=1.0).good)}
    assert "gallium" in names
    assert not {"gallium_residue", "germanium_residue", "cobalt_residue"} & names


def test_the_scale_is_in_base_prices(network):
    made = stores(network, scale=0.5, makers_scale=0.02)
    ratio = np.asarray(made.scale_usd_per_t) / network.base_price_usd_per_t[np.asarray(made.good)]
    first = int(np.flatnonzero(ratio < 0.1)[0])
    assert ratio[:first] == pytest.approx(0.5)
    assert ratio[first:] == pytest.approx(0.02)


def test_makers_hold_a_part_of_the_stock_where_the_good_is_made(network):
    plain, made = stores(network, makers=0.0), stores(network, makers=0.1)
    count = len(np.asarray(plain.good))
    gallium, china = network.goods.index("gallium"), network.regions.index("CHN")
    assert held(made, network, "gallium", "CHN") == pytest.approx(held(plain, network, "gallium", "CHN"))
    assert len(np.asarray(made.good)) > count
    makers_t = np.asarray(made.target_t)[count:]
    at = (np.asarray(made.good)[count:] == gallium) & (np.asarray(made.region)[count:] == china)
    assert makers_t[at] == pytest.approx(0.1 * output(network)[gallium, china])
    users_t = np.asarray(made.target_t)[:count]
    assert (users_t >= 0.5 * np.asarray(plain.target_t) - 1e-12).all()


def test_who_makes_nothing_has_no_makers_stock(network):
    made = stores(network)
    france = network.regions.index("FRA")
    here = (np.asarray(made.region) == france) & (np.asarray(made.good) == network.goods.index("gallium"))
    assert output(network)[network.goods.index("gallium"), france] == 0.0
    assert here.sum() == 1


def test_what_lies_beyond_months_of_work_is_held_for_gain(network):
    plain, made = stores(network, makers=0.0), stores(network, working=3.0, makers=0.0)
    count = len(np.asarray(plain.good))
    gallium, japan = network.goods.index("gallium"), network.regions.index("JPN")
    assert held(made, network, "gallium", "JPN") == pytest.approx(held(plain, network, "gallium", "JPN"))
    at = (np.asarray(made.good)[count:] == gallium) & (np.asarray(made.region)[count:] == japan)
    assert np.asarray(made.target_t)[count:][at] == pytest.approx((4.0 - 3.0) * intake(network)[gallium, japan])
    assert np.asarray(made.scale_usd_per_t)[count:] == pytest.approx(
        0.01 * network.base_price_usd_per_t[np.asarray(made.good)[count:]]
    )


def test_draws_vary_the_cover_within_its_range():
    drawn = build_network(load_dataset(), quantile=lambda key: 0.999)
    cover = drawn.stock_cover_months[drawn.goods.index("gallium"), drawn.regions.index("JPN")]
    assert 5.5 < cover < 6.0
