"""Laws of tonnes and money along a path: nothing is lost or made from nothing, whatever kinds of measure act."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from path_cases import KINDS, RULES, month, small_world, solved

from derisk.losses import price_transfers
from derisk.path import purchases_t
from derisk.scenario.measures import KINDS as ALL_KINDS

CLOSES = 1e-9
STANDING = {"elasticity": "of: supply, value: 0.5"}
MORE = {
    "dumping": "by: CHN, price_cut_share: {share}",
    "enforcement": "by: CHN, leak_share: {share}",
    "export_volume": "by: CHN, share_of_base: {share}",
    "import_tariff": "by: USA, to: CHN, rate: {share}",
    "investment_grant": "by: USA, share_of_capital_cost: {share}",
    "new_capacity": "by: USA, capacity_t_per_year: 6, unit_cost_ratio: 0.8, lead_time_months: 1",
    "offtake": "by: USA, to: JPN, quantity_t_per_year: 6, usd_per_t: 90000",
    "price": "by: USA, usd_per_t: 90000",
    "price_floor": "by: [CHN, JPN], usd_per_t: 90000",
    "recycling": "by: [USA, JPN], collection_share: {share}, recovery_share: 0.8, lead_time_months: 1",
    "sanction": "by: USA, to: CHN",
    "stockpile_build": "by: [USA, JPN], quantity_t: 3",
    "stockpile_release": "by: [USA, JPN], quantity_t: 3",
    "substitution": "by: USA, intensity_cut_share: {share}, lead_time_months: 1",
    "transit_block": "through: RUS, share: {share}",
}
EVERY = KINDS | MORE
GOODS = st.sampled_from(["ndfeb_magnet", "dytb_oxide"])


@pytest.fixture(scope="module")
def network():
    return small_world()


@st.composite
def rows(draw, kinds):
    """A measure of one of the kinds, in force from the first month or the second on."""
    kind = draw(st.sampled_from(sorted(kinds)))
    text = kinds[kind].format(
        to=draw(st.sampled_from(["all", "JPN", "USA"])),
        delay=draw(st.sampled_from([0, 1.5])),
        share=draw(st.sampled_from([0.1, 0.6])),
    )
    begins, lasts = draw(st.integers(0, 1)), draw(st.sampled_from([None, 2]))
    until = "" if lasts is None else f", until: {month(begins + lasts)}"
    return f"  - {{kind: {kind}, {text}, goods: {draw(GOODS)}, from: {month(begins)}{until}, why: law}}"


def gaps(realisation, solved_month):
    """Largest gaps of a good's region between what enters and leaves, at the gate and at the door.

    Each over the sum of absolute terms; stores stand at the door, or at the gate of who exports nearly all he makes.
    """
    network, equilibrium, held = realisation.network, solved_month.equilibrium, solved_month.holdings
    shape = (2, len(network.goods), len(network.regions))
    gap, size = np.zeros(shape), np.zeros(shape)

    def count(side, good, region, tonnes):
        np.add.at(gap[side], (good, region), tonnes)
        np.add.at(size[side], (good, region), np.abs(tonnes))

    process, good = np.nonzero(network.process_good_matrix)
    tonnes, region = (
        equilibrium.production[process] * network.process_good_matrix[process, good],
        network.process_region[process],
    )
    for side, chosen in enumerate((tonnes > 0.0, tonnes < 0.0)):
        count(side, good[chosen], region[chosen], tonnes[chosen])
    count(0, network.good, network.origin, -equilibrium.flow)
    count(1, network.good, network.destination, equilibrium.flow)
    count(1, network.use_good, network.use_region, -equilibrium.use)
    everywhere = tuple(np.indices(shape[1:]))
    count(0, *everywhere, -equilibrium.producer_disposal)
    count(1, *everywhere, -equilibrium.delivered_disposal)
    for side, there in enumerate((held.at_gate, ~held.at_gate)):
        count(side, held.good[there], held.region[there], held.opening_t[there])
        count(side, held.good[there], held.region[there], -held.closing_t[there])
    return float(np.max(np.abs(gap)[size > 0.0] / size[size > 0.0]))


def test_every_kind_of_measure_is_tried():
    assert EVERY.keys() | STANDING.keys() == ALL_KINDS.keys()


@settings(RULES, max_examples=24)
@given(lines=st.lists(rows(EVERY), min_size=2, max_size=4))
def test_tonnes_and_money_add_up_in_every_month(network, lines):
    check_tonnes_and_money(network, *solved(network, lines, 4))


@settings(RULES, max_examples=12)
@given(lines=st.lists(rows(KINDS), min_size=1, max_size=3), by=st.sampled_from(["AUS", "[AUS, MYS, ROW]"]))
def test_tonnes_and_money_add_up_at_the_gates_of_pure_exporters(network, lines, by):
    goods = "goods: [rare_earth_concentrate, ndpr_oxide, lacen_oxide]"
    moved = [re.sub(r"goods: \w+", goods, line.replace("by: CHN", f"by: {by}")) for line in lines]
    check_tonnes_and_money(network, *solved(network, moved, 5))


def test_a_stop_of_pure_exporters_fills_gates_that_are_sold_from_afterwards(network):
    terms = f"by: [AUS, ROW], to: all, goods: rare_earth_concentrate, from: {month(0)}, until: {month(2)}, why: law"
    realisation, months = solved(network, [f"  - {{kind: export_ban, {terms}}}"], 4)
    check_tonnes_and_money(network, realisation, months)
    held_t = [float(solved_month.holdings.closing_t[solved_month.holdings.at_gate].sum()) for solved_month in months]
    assert held_t[0] < held_t[1] > held_t[2] > held_t[3]


def check_tonnes_and_money(network, realisation, months):
    for before, after in pairwise(months):
        assert np.array_equal(after.holdings.opening_t, before.holdings.closing_t)
    for solved_month in months:
        equilibrium, held = solved_month.equilibrium, solved_month.holdings
        assert equilibrium.converged, equilibrium.reason
        assert held.closing_t.min() >= 0.0
        assert solved_month.backlog_t.min() >= 0.0
        assert gaps(realisation, solved_month) <= CLOSES
        shape = (len(network.goods), len(network.regions))
        moved = price_transfers(
            realisation.network,
            equilibrium,
            drawn_t=held.drawn_t(shape),
            drawn_at_gates_t=held.drawn_at_gates_t(shape),
        )
        parts = (-moved.paid_musd, moved.producers_musd, moved.traders_musd)
        assert abs(sum(part.sum() for part in parts)) <= CLOSES * max(1.0, sum(np.abs(part).sum() for part in parts))


@RULES
@given(good=GOODS, quantity_t=st.sampled_from([0.5, 3.0]), lines=st.lists(rows(KINDS), max_size=2))
def test_stockpiles_give_and_take_no_more_than_their_tonnes(network, good, quantity_t, lines):
    terms = f"by: [USA, JPN], goods: {good}, quantity_t: {quantity_t}, from: 2025-01, until: 2025-04, why: law"
    lines = [*lines, *(f"  - {{kind: stockpile_{kind}, {terms}}}" for kind in ("build", "release"))]
    realisation, months = solved(network, lines, 5)
    released = sum(month.equilibrium.production for month in months)
    bought_t = sum(purchases_t(realisation, month.equilibrium) for month in months)
    for seller in realisation.releases:
        assert 0.0 <= released[seller.process] <= seller.held_t * (1.0 + CLOSES)
    for buyer, tonnes in zip(realisation.builds, bought_t, strict=True):
        assert 0.0 <= tonnes <= buyer.held_t * (1.0 + CLOSES)


@RULES
@given(share=st.sampled_from([0.2, 0.6, 0.9]), lost=st.sampled_from([0.5, 0.95]), first=st.sampled_from([8, 10]))
def test_a_yearly_quota_is_never_overdrawn_and_its_rest_ends_with_the_year(network, share, lost, first):
    china, good = network.regions.index("CHN"), network.goods.index("ndfeb_magnet")
    base = (network.good == good) & (network.origin == china) & (network.destination != china)
    yearly_t = 12.0 * share * network.base_flow_t[base].sum()
    terms = f"by: CHN, goods: ndfeb_magnet, from: {month(first)}, why: law"
    lines = [
        f"  - {{kind: export_quota, {terms}, quantity_t_per_year: {yearly_t}}}",
        f"  - {{kind: outage, {terms}, until: {month(first + 2)}, share: {lost}}}",
    ]
    realisation, months = solved(network, lines, 15)
    abroad = (realisation.network.good == good) & (realisation.network.origin == china)
    abroad &= realisation.network.destination != china
    shipped, allowed = Counter(), Counter()
    for number, solved_month in enumerate(months[first:], start=first):
        shipped[number // 12] += float(solved_month.equilibrium.flow[abroad].sum())
        allowed[number // 12] += yearly_t / 12.0
        assert shipped[number // 12] <= allowed[number // 12] * (1.0 + 1e-7)
        if number == 12:
            assert solved_month.shock.quota_t == pytest.approx([yearly_t / 12.0])


def test_who_makes_a_good_holds_it_in_two_stores(network):
    _, (first,) = solved(network, [], 1)
    held = Counter(zip(first.holdings.good.tolist(), first.holdings.region.tolist(), strict=True))
    china = network.regions.index("CHN")
    assert held[network.goods.index("ndfeb_magnet"), china] == 2
    assert held[network.goods.index("ndfeb_magnet"), network.regions.index("USA")] == 1
