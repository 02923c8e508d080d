"""Stores: targets from covers, intake and what is under way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path.stores import intake, stores_of


def held(stores, network, good, region):
    at = (stores.good == network.goods.index(good)) & (stores.region == network.regions.index(region))
    return float(np.asarray(stores.target_t)[at].sum())


def stores(network, *, default=2.0, scale=1.0, under_way=0.0):
    pipeline = np.full((len(network.goods), len(network.regions)), under_way)
    return stores_of(network, default_cover_months=default, scale_ratio=scale, pipeline_t=pipeline)


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
    made = stores(network, scale=0.5)
    assert np.asarray(made.scale_usd_per_t) == pytest.approx(0.5 * network.base_price_usd_per_t[np.asarray(made.good)])


def test_draws_vary_the_cover_within_its_range():
    drawn = build_network(load_dataset(), quantile=lambda key: 0.999)
    cover = drawn.stock_cover_months[drawn.goods.index("gallium"), drawn.regions.index("JPN")]
    assert 5.5 < cover < 6.0
