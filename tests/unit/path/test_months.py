"""Months: what one leaves to the next, and what the market makes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path import load_parameters, market_of, months, purchases_t, solve_months
from derisk.path.buyers import room_ratio
from derisk.path.months import market_shock
from derisk.scenario import parse_scenario, realise

BAN = "  - {kind: export_ban, by: CHN, to: all, goods: gallium, from: 2025-02, until: 2025-05, why: test}"
NOTICE = BAN.replace("from:", "announced: 2025-01, from:")
LICENCE = (
    "  - {kind: export_licence, by: CHN, to: all, goods: gallium, from: 2025-02, delay_months: 2, "
    "approval_share: 0.6, why: test}"
)


@pytest.fixture(scope="module")
def banned(read):
    return read(BAN, months=8)


@pytest.fixture(scope="module")
def licensed(read):
    quick = load_parameters(given={"licence_decision_months": 0.1})
    return read(LICENCE, months=10, parameters=quick)


def test_each_month_opens_with_what_the_last_one_closed_with(banned):
    for before, after in pairwise(banned.months):
        assert np.array_equal(after.holdings.opening_t, before.holdings.closing_t)


def test_a_month_before_a_measure_without_notice_is_the_base_year(banned):
    first = banned.months[0]
    assert first.equilibrium.flow == pytest.approx(banned.network.base_flow_t, rel=1e-12)
    assert np.array_equal(first.holdings.closing_t, first.holdings.opening_t)


def test_stores_are_drawn_while_the_ban_lasts_and_filled_after_it(banned):
    held = [banned.held_t(month, "JPN") for month in range(8)]
    assert held[0] > held[1] > held[2] > held[3] < held[4] < held[5] < held[6] < held[7] < held[0] * (1.0 + 1e-9)


def test_the_price_jumps_with_the_ban_and_falls_back_with_its_end(banned):
    assert banned.price(0, "JPN") == pytest.approx(1.0)
    assert banned.price(1, "JPN") > 2.0
    assert 1.0 < banned.price(4, "JPN") < banned.price(1, "JPN") / 2.0


def test_stores_soften_what_a_month_alone_would_do(banned):
    alone = market_of(banned.realisation).solve(market_shock(banned.realisation.shocks[1]))
    gallium, japan = banned.network.goods.index("gallium"), banned.network.regions.index("JPN")
    assert banned.months[1].equilibrium.delivered_price[gallium, japan] < 0.5 * alone.delivered_price[gallium, japan]


def test_exports_overshoot_when_the_ban_ends(banned):
    assert [banned.exports(month) for month in (1, 2, 3)] == [0.0, 0.0, 0.0]
    assert banned.exports(4) > 1.1


def test_with_notice_buyers_fill_their_stores_ahead(read, banned):
    warned = read(NOTICE, months=4)
    assert warned.exports(0) > 1.2 > 1.0 + 1e-9 > banned.exports(0)
    assert warned.held_t(0, "KOR") > 1.05 * banned.held_t(0, "KOR")
    assert warned.price(1, "JPN") < banned.price(1, "JPN")


def test_the_home_price_falls_while_the_price_abroad_rises(banned):
    assert banned.price(2, "CHN") < 1.0 < banned.price(2, "JPN")


def test_a_licence_lets_nothing_pass_then_more_than_usual_then_less(licensed):
    passed = [licensed.exports(month) for month in range(10)]
    assert passed[1] == passed[2] == 0.0
    assert passed[3] > 1.05
    assert 0.6 < passed[9] < 1.0


def test_where_decisions_take_months_exports_come_back_month_by_month(read):
    slow = read(LICENCE, months=8, parameters=load_parameters(given={"licence_decision_months": 4.0}))
    passed = [slow.exports(month) for month in range(8)]
    assert passed[1] == passed[2] == 0.0
    assert 0.0 < passed[3] < passed[4] < passed[5] < 1.0


def test_requests_wait_and_are_worked_off(licensed):
    waiting = [month.backlog_t.sum() for month in licensed.months]
    assert waiting[0] == 0.0
    assert waiting[1] < waiting[2] > waiting[3] > 0.0


def test_what_is_told_to_the_market_is_in_the_month(licensed):
    told = licensed.months[1].shock
    links = told.licences[0].links
    assert np.all(told.flow_cap_t[links] == 0.0)
    assert np.all(licensed.months[3].equilibrium.flow[links] <= licensed.months[3].shock.flow_cap_t[links] + 1e-9)


def test_goods_that_nothing_reaches_keep_base_prices(banned):
    copper = banned.network.goods.index("refined_copper")
    for month in banned.months:
        assert np.all(month.equilibrium.delivered_price[copper] == banned.network.base_price_usd_per_t[copper])


def test_a_more_likely_end_makes_the_price_jump_less(read, banned):
    soon = load_parameters(given={"hazard_export_ban_per_month": 0.3})
    assert read(BAN, months=2, parameters=soon).price(1, "JPN") < 0.6 * banned.price(1, "JPN")


def test_an_annual_quota_lets_its_unused_rest_pass_later(read):
    measures = (
        "  - {kind: export_quota, by: CHN, to: all, goods: gallium, from: 2025-01, quantity_t_per_year: 150, why: test}\n"
        "  - {kind: outage, by: CHN, goods: gallium, share: 0.9, from: 2025-01, until: 2025-03, why: test}"
    )
    path = read(measures, months=14)
    limit = [float(month.shock.quota_t[0]) for month in path.months]
    shipped = [path.exports(month) * limit_of_base(path) for month in range(14)]
    assert limit[0] == pytest.approx(12.5)
    assert limit[2] == pytest.approx(12.5 + (2 * 12.5 - shipped[0] - shipped[1]) / 10)
    assert limit[12] == pytest.approx(12.5)


def limit_of_base(path):
    """Base exports of gallium from China [t/month]."""
    network, china = path.network, path.network.regions.index("CHN")
    links = (network.good == network.goods.index("gallium")) & (network.origin == china)
    return float(network.base_flow_t[links & (network.destination != china)].sum())


def test_a_stockpile_buys_its_tonnes_and_no_more(read):
    build = (
        "  - {kind: stockpile_build, by: JPN, goods: gallium, quantity_t: 6, from: 2025-02, until: 2025-05, why: test}"
    )
    path = read(build, months=5)
    bought = [float(purchases_t(path.realisation, month.equilibrium).sum()) for month in path.months]
    assert bought[0] == bought[4] == 0.0
    assert 5.0 < sum(bought) < 6.0
    assert path.price(1, "JPN") > 1.0


def test_a_buyer_whose_tonnes_are_nearly_bought_buys_the_rest(read):
    build = (
        "  - {kind: stockpile_build, by: JPN, goods: gallium, quantity_t: 6, from: 2025-01, until: 2025-04, why: test}"
    )
    realisation = read(build, months=1).realisation
    (buyer,) = realisation.builds
    assert [float(room_ratio(realisation, np.array([t]))[buyer.process]) for t in (0.0, 4.0, 5.0, 6.0)] == (
        pytest.approx([1.0, 1.0, 0.5, 0.0])
    )


class FailingWindow:
    """A window that finds no answer."""

    def __init__(self, market, stores, moments, *, discount_ratio_per_month):
        self.market = market

    def solve(self, shocks, opening_t, *, probability=None, start=None, before=None, threads=1):
        first = replace(self.market.solve(shocks[0]), converged=False, reason="stuck")
        return SimpleNamespace(first=first, closing_t=opening_t, converged=False, reason="stuck")


def test_a_month_whose_window_fails_is_solved_with_stores_at_rest_and_says_so(network, monkeypatch):
    monkeypatch.setattr(months, "Window", FailingWindow)
    scenario = parse_scenario(
        "name: t\nbase_year: 2024\nstart: 2025-01\nmonths: 2\nmeasures:\n" + BAN.replace("2025-02", "2025-01")
    )
    realisation = realise(scenario, network)
    solved = solve_months(market_of(realisation), realisation, scenario.month_labels())
    for month in solved:
        assert month.equilibrium.converged
        assert "stores at rest" in month.equilibrium.reason
        assert "stuck" in month.equilibrium.reason
        assert np.array_equal(month.holdings.closing_t, month.holdings.opening_t)


class FailingMarket:
    """A market whose second month has no equilibrium, with stores or without."""

    def __init__(self, market):
        self.market, self.network, self.asked = market, market.network, 0

    def solve(self, shock):
        self.asked += 1
        answer = self.market.solve(shock)
        return replace(answer, converged=False, reason="no step is short enough") if self.asked == 2 else answer


def test_a_month_without_equilibrium_is_kept_with_its_reason_and_leaves_the_state(network, monkeypatch):
    class Alone(FailingWindow):
        """A window that leaves every month to the market alone."""

        def __init__(self, market, *rest, **numbers):
            self.market = market.market

    monkeypatch.setattr(months, "Window", Alone)
    scenario = parse_scenario(
        "name: t\nbase_year: 2024\nstart: 2025-01\nmonths: 3\nmeasures:\n"
        + LICENCE.replace("2025-02", "2025-01").replace("delay_months: 2", "delay_months: 1")
    )
    realisation = realise(scenario, network)
    first, failed, after = solve_months(FailingMarket(market_of(realisation)), realisation, scenario.month_labels())
    assert first.equilibrium.converged
    assert after.equilibrium.converged
    assert not failed.equilibrium.converged
    assert "no step is short enough" in failed.equilibrium.reason
    assert np.array_equal(failed.backlog_t, first.backlog_t)
    assert np.array_equal(after.holdings.opening_t, failed.holdings.opening_t)
