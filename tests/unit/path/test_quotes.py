"""Quotes: who holds a good back, and what it costs at home and abroad."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.path import quotes_of, restrictors

BAN = "  - {kind: export_ban, by: CHN, to: USA, goods: gallium, from: 2025-02, why: test}"
TARIFF = "  - {kind: import_tariff, by: USA, to: CHN, goods: gallium, rate: 0.5, from: 2025-02, why: test}"


@pytest.mark.parametrize("measure", [BAN, TARIFF, BAN.replace("export_ban", "sanction")])
def test_the_region_that_loses_exports_is_home(read, measure):
    path = read(measure, months=2)
    good, home = restrictors(path.realisation)
    assert [path.network.goods[g] for g in good] == ["gallium"]
    assert [path.network.regions[r] for r in home] == ["CHN"]


def test_without_restrictions_there_are_no_quotes(read):
    path = read("  - {kind: demand_change, to: JPN, goods: gallium, ratio: 1.2, from: 2025-01, why: test}", months=1)
    good, home = restrictors(path.realisation)
    assert good.size == home.size == 0
    quotes = quotes_of(path.realisation, path.months[0], good, home)
    assert quotes.abroad_usd_per_t.size == 0


def test_abroad_is_weighted_by_what_arrives_and_the_margin_is_the_dearest_buyer(read):
    path = read(BAN, months=2)
    network, month = path.network, path.months[1]
    quotes = quotes_of(path.realisation, month, *restrictors(path.realisation))
    gallium, china = network.goods.index("gallium"), network.regions.index("CHN")
    price = month.equilibrium.delivered_price[gallium]
    links = (network.good == gallium) & (network.destination != china)
    weight = np.bincount(network.destination[links], month.equilibrium.flow[links], minlength=len(network.regions))
    assert quotes.home_usd_per_t[0] == pytest.approx(price[china])
    assert quotes.abroad_usd_per_t[0] == pytest.approx(price @ weight / weight.sum())
    assert quotes.marginal_usd_per_t[0] == pytest.approx(price[network.regions.index("USA")])


def test_at_base_all_three_are_the_base_price(read):
    path = read(BAN, months=2)
    quotes = quotes_of(path.realisation, path.months[0], *restrictors(path.realisation))
    base = path.network.base_price_usd_per_t[path.network.goods.index("gallium")]
    for price in (quotes.home_usd_per_t, quotes.abroad_usd_per_t, quotes.marginal_usd_per_t):
        assert price == pytest.approx([base])
