"""Loss rows: what a month's rows of losses hold where a use gets nothing at all."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.losses import Transfers
from derisk.study.loss_rows import loss_rows

PRICE = np.array([100.0, 200.0])


def test_tonnes_that_a_use_lacks_wholly_have_a_worth_though_another_input_stops_it():
    network = SimpleNamespace(
        regions=("USA",),
        uses=("semiconductors", "disposal"),
        use_region=np.array([0, 0]),
        use_sector=np.array([0, 0]),
        use_good=np.array([0, 1]),
        base_use_t=np.array([10.0, 5.0]),
        base_price_usd_per_t=PRICE,
        dependence_share=np.array([0.2, 0.5]),
        value_added_musd=np.array([[1200.0, 0.0]]),
        value_added_assumed=np.zeros((1, 2), dtype=np.bool_),
    )
    equilibrium = SimpleNamespace(delivered_price=3.0 * PRICE[:, None], use=np.zeros(2))
    month = SimpleNamespace(shock=SimpleNamespace(demand_ratio=None), equilibrium=equilibrium)
    transfers = Transfers(np.zeros(2), np.zeros((1, 2)), np.zeros((1, 2)))
    rows = loss_rows(network, month, network.base_use_t, transfers, material_of_good=np.array([0, 1]))
    assert rows["material"].tolist() == [0, 1]
    assert rows["value_added_lost_musd"].tolist() == [0.0, 50.0]
    assert rows["forgone_value_musd"] == pytest.approx(np.array([10.0 * 200.0, 5.0 * 400.0]) / 1e6)
