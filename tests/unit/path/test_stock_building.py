"""Does what a glut put into stocks give way first, at nobody's loss?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.losses import price_transfers
from derisk.path.stores import intake, stores_of
from derisk.study.loss_rows import short_tonnes

BAN = "- {kind: export_ban, by: COD, goods: cobalt_intermediate, from: 2025-02, why: a decree}"


@pytest.fixture(scope="module")
def solved(solve):
    return solve(BAN, months=4)


def stored_rows(network):
    stored = network.use_sector == network.uses.index("stock_building")
    return stored & (network.use_good == network.goods.index("refined_cobalt"))


def test_stock_building_ends_before_users_give_up_a_fifth(solved):
    realisation, months = solved
    network, use_t = realisation.network, months[-1].equilibrium.use
    stored = stored_rows(network)
    used = network.served & (network.use_good == network.goods.index("refined_cobalt"))
    assert stored.any()
    assert use_t[stored].sum() < 0.01 * network.base_use_t[stored].sum()
    assert use_t[used].sum() > 0.8 * network.base_use_t[used].sum()


def test_it_is_never_short_and_its_money_is_not_the_users(solved):
    realisation, months = solved
    network, month = realisation.network, months[-1]
    stored = stored_rows(network)
    assert (short_tonnes(network, month)[stored] == 0.0).all()
    assert (price_transfers(network, month.equilibrium).paid_musd[stored] == 0.0).all()


def test_stores_cover_use_and_not_what_is_put_by(network):
    cobalt, china = network.goods.index("refined_cobalt"), network.regions.index("CHN")
    rows = stored_rows(network) & (network.use_region == china)
    used_t = intake(network)[cobalt, china] - network.base_use_t[rows].sum()
    cover = np.nan_to_num(network.stock_cover_months[cobalt, china], nan=2.0)
    stores = stores_of(
        network,
        default_cover_months=2.0,
        scale_ratio=1.0,
        working_stock_months=100.0,
        makers_stock_months=0.0,
        makers_scale_ratio=0.01,
        pipeline_t=np.zeros((len(network.goods), len(network.regions))),
    )
    here = (np.asarray(stores.good) == cobalt) & (np.asarray(stores.region) == china)
    assert rows.sum() == 1
    assert np.asarray(stores.target_t)[here].sum() == pytest.approx(cover * used_t)
