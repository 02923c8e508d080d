"""Gates: who exports nearly all he makes holds what may not leave, and sells it when it may."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.path.gates import gates_of
from derisk.path.stores import output

STOP = """
  - {{kind: export_ban, by: {by}, to: {to}, goods: {good}, from: 2025-02, until: 2025-05, why: test}}"""
COBALT = STOP.format(by="COD", to="all", good="cobalt_intermediate")
LITHIUM = STOP.format(by="CHL", to="all", good="lithium_chemical")
GALLIUM = STOP.format(by="CHN", to="all", good="gallium")


@pytest.fixture(scope="module")
def stopped(read):
    return read(COBALT, months=8)


def at_gates(realisation):
    network, gates = realisation.network, gates_of(realisation)
    return {(network.goods[g], network.regions[r]) for g, r in zip(gates.good, gates.region, strict=True)}


def made(readings, month, good="cobalt_intermediate", region="COD"):
    """Output of a good in a region over the base year's."""
    network, at = readings.network, readings.network.goods.index(good)
    place = readings.network.regions.index(region)
    tonnes = readings.months[month].equilibrium.production * np.maximum(network.process_good_matrix[:, at], 0.0)
    return float(tonnes[network.process_region == place].sum() / output(network)[at, place])


def test_gates_are_where_nearly_all_leaves_and_may_be_stopped(solve):
    assert at_gates(solve(COBALT + LITHIUM + GALLIUM, months=1)[0]) == {
        ("cobalt_intermediate", "COD"),
        ("lithium_chemical", "CHL"),
    }
    assert at_gates(solve(GALLIUM, months=1)[0]) == set()
    assert at_gates(solve("", months=1)[0]) == set()


def test_a_stop_on_a_small_buyer_piles_nothing_up(solve):
    assert at_gates(solve(STOP.format(by="COD", to="JPN", good="cobalt_intermediate"), months=1)[0]) == set()


def test_a_quota_and_a_licence_hold_back_too(solve):
    terms = "by: COD, to: all, goods: cobalt_intermediate, from: 2025-02, why: test"
    for kind in ("export_quota, share_of_base: 0.5", "export_licence, delay_months: 1, approval_share: 0.5"):
        name, _, numbers = kind.partition(", ")
        realisation, _ = solve(f"\n  - {{kind: {name}, {terms}, {numbers}}}", months=1)
        assert at_gates(realisation) == {("cobalt_intermediate", "COD")}


def test_mines_run_on_under_a_stop_and_pile_up_what_they_make(stopped):
    monthly_t = output(stopped.network)[
        stopped.network.goods.index("cobalt_intermediate"), stopped.network.regions.index("COD")
    ]
    for month in (1, 2, 3):
        assert stopped.exports(month, "cobalt_intermediate", "COD") == 0.0
        assert made(stopped, month) > 0.7
        grown_t = stopped.held_t(month, "COD", "cobalt_intermediate") - stopped.held_t(
            month - 1, "COD", "cobalt_intermediate"
        )
        assert grown_t == pytest.approx(made(stopped, month) * monthly_t, rel=1e-3)


def test_what_was_piled_up_leaves_when_it_may(stopped):
    assert stopped.exports(4, "cobalt_intermediate", "COD") > 1.3
    assert made(stopped, 4) < 1.1
    held = [stopped.held_t(month, "COD", "cobalt_intermediate") for month in range(3, 8)]
    assert (np.diff(held) < 0.0).all()


def test_the_gate_is_paid_less_than_users_pay_and_more_than_nothing(stopped):
    network, at = stopped.network, stopped.network.goods.index("cobalt_intermediate")
    gate = stopped.months[2].equilibrium.producer_price[at, network.regions.index("COD")]
    assert 0.3 < gate / network.base_price_usd_per_t[at] < 1.0


def test_before_a_stop_that_nobody_knows_of_a_gate_is_at_rest(stopped):
    first = stopped.months[0].holdings
    assert first.at_gate.sum() == 1
    assert np.array_equal(first.closing_t, first.opening_t)


def test_a_gate_changes_no_digit_of_other_goods(read, stopped):
    alone, beside = read(GALLIUM, months=4), read(GALLIUM + COBALT, months=4)
    at = alone.network.goods.index("gallium")
    for one, other in zip(alone.months, beside.months, strict=True):
        assert np.array_equal(one.equilibrium.delivered_price[at], other.equilibrium.delivered_price[at])
        assert np.array_equal(one.equilibrium.producer_price[at], other.equilibrium.producer_price[at])


def test_answers_have_the_axes_of_the_network(stopped):
    network, month = stopped.network, stopped.months[2]
    assert month.equilibrium.producer_price.shape == (len(network.goods), len(network.regions))
    assert month.equilibrium.flow.shape == network.good.shape
    assert month.equilibrium.production.shape == network.base_output_t.shape
    assert month.holdings.region.max() < len(network.regions)
    assert month.holdings.good.max() < len(network.goods)
