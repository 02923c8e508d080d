"""Beliefs: what a month knows, and the tree of moments it looks ahead to."""

from __future__ import annotations

from itertools import permutations

import pytest

from derisk.path.beliefs import EASED_MONTHS, EASING, STAYING_MONTHS, Beliefs, beliefs_of, expect
from derisk.path.parameters import load_parameters
from derisk.scenario.measures import KINDS
from derisk.scenario.realisation import Acting

NOW = 2025 * 12
BELIEFS = Beliefs(
    hazard_per_month={"export_ban": 0.1, "export_quota": 0.02}, credibility_share=0.8, discount_ratio_per_month=0.99
)
MANY = Beliefs(
    hazard_per_month={"export_ban": 0.1, "outage": 0.1, "export_quota": 0.1},
    credibility_share=0.8,
    discount_ratio_per_month=0.99,
)


def ban(
    place="ban",
    *,
    announced=0,
    first=0,
    until=None,
    stated=None,
    kind="export_ban",
    restriction=True,
    by="COD",
    goods="cobalt_intermediate",
    to="all",
):
    """A measure with its months counted from now."""
    end, said = (None if month is None else NOW + month for month in (until, stated))
    actors, wares, buyers = (frozenset({word}) for word in (by, goods, to))
    return Acting(place, kind, restriction, NOW + announced, NOW + first, end, said, actors, wares, buyers)


def chain(expectation):
    """Sets of measures along the chain, one for each moment, months of a moment alike."""
    return [expectation.acting[moment][0] for moment in expectation.staying]


def branches(expectation, step):
    """Chance and measures of the branches off the chain after its moment of that number."""
    parent = expectation.staying[step]
    return [
        (moment.probability, acting[0])
        for number, (moment, acting) in enumerate(zip(expectation.moments, expectation.acting, strict=True))
        if moment.parent == parent and number not in expectation.staying
    ]


def test_exports_are_known_of_no_month_ahead():
    known = ban("known", kind="export_volume", restriction=False, until=6)
    first, *ahead = expect([ban(), known], NOW, BELIEFS).acting
    assert first == (frozenset({"ban", "known"}),)
    assert not any("known" in acting for months in ahead for acting in months)


def test_chances_do_not_depend_on_what_measures_are_called():
    kinds = {"export_ban": 0.1, "export_quota": 0.2, "outage": 0.3}
    beliefs = Beliefs(hazard_per_month=kinds, credibility_share=0.8, discount_ratio_per_month=0.99)
    chances = set()
    for names in permutations(("a", "b", "c", "d", "e", "f"), 3):
        acts = [ban(name, kind=kind) for name, kind in zip(names, kinds, strict=True)]
        chances.add(tuple(moment.probability for moment in expect(acts, NOW, beliefs).moments))
    assert len(chances) == 1


def test_without_measures_there_is_one_chain_of_a_year():
    expectation = expect([], NOW, BELIEFS)
    assert [moment.months for moment in expectation.moments] == list(STAYING_MONTHS)
    assert [moment.parent for moment in expectation.moments] == [-1, 0, 1, 2, 3, 4]
    assert sum(STAYING_MONTHS) == 12


def test_a_restriction_stays_along_the_chain_and_may_ease_after_every_moment_but_the_last():
    expectation = expect([ban(until=1)], NOW, BELIEFS)
    assert chain(expectation) == [frozenset({"ban"})] * 6
    for step in range(5):
        ((chance, acting),) = branches(expectation, step)
        assert acting == frozenset()
        assert chance == pytest.approx(1.0 - 0.9 ** STAYING_MONTHS[step])
    assert branches(expectation, 5) == []


def test_branches_of_one_moment_have_the_chances_of_a_whole():
    expectation = expect([ban(first=-3, announced=-3), ban("next", first=2)], NOW, BELIEFS)
    for number in {moment.parent for moment in expectation.moments} - {-1}:
        together = sum(moment.probability for moment in expectation.moments if moment.parent == number)
        assert together == pytest.approx(1.0)


def test_an_eased_moment_lasts_long_enough_to_fill_stores():
    eased = [m for n, m in enumerate(expect([ban()], NOW, BELIEFS).moments) if n in (1, 3)]
    assert [moment.months for moment in eased] == [EASED_MONTHS] * 2


def test_an_end_is_seen_when_it_has_come():
    assert chain(expect([ban(first=-4, announced=-4, until=0)], NOW, BELIEFS)) == [frozenset()] * 6


def test_an_unannounced_measure_is_unknown():
    assert chain(expect([ban(announced=1, first=1)], NOW, BELIEFS)) == [frozenset()] * 6


def test_an_announced_restriction_takes_effect_with_its_credibility():
    expectation = expect([ban(first=2)], NOW, BELIEFS)
    assert [bool(acting) for acting in chain(expectation)] == [False, False, True, True, True, True]
    assert branches(expectation, 0) == []
    ((called_off, acting),) = branches(expectation, 1)
    assert called_off == pytest.approx(0.2)
    assert acting == frozenset()


def test_where_one_is_in_force_and_another_announced_both_ends_are_seen():
    expectation = expect([ban(first=-1, announced=-1), ban("next", first=1)], NOW, BELIEFS)
    (eased, none), (called_off, first) = branches(expectation, 0)
    assert (eased, none) == (pytest.approx(0.1), frozenset())
    assert (called_off, first) == (pytest.approx(0.9 * 0.2), frozenset({"ban"}))


def test_a_restriction_in_a_long_moment_counts_by_its_middle_month():
    # The fifth moment holds months 5 to 7, the sixth 8 to 11.
    assert [bool(acting) for acting in chain(expect([ban(first=6)], NOW, BELIEFS))] == [False] * 4 + [True] * 2
    assert [bool(acting) for acting in chain(expect([ban(first=7)], NOW, BELIEFS))] == [False] * 5 + [True]


def test_remedies_keep_to_their_dates_month_by_month():
    plant = ban("plant", kind="new_capacity", restriction=False, first=6, until=9)
    expectation = expect([plant], NOW, BELIEFS)
    months = [bool(month) for moment in expectation.staying for month in expectation.acting[moment]]
    assert months == [month in (6, 7, 8) for month in range(12)]


def test_remedies_go_on_where_restrictions_have_eased():
    plant = ban("plant", kind="new_capacity", restriction=False, first=0)
    expectation = expect([ban(), plant], NOW, BELIEFS)
    assert all(acting == frozenset({"plant"}) for _, acting in branches(expectation, 0))


def test_restrictions_ease_with_the_mean_of_their_hazards():
    expectation = expect([ban(), ban("quota", kind="export_quota")], NOW, BELIEFS)
    ((chance, _),) = branches(expectation, 0)
    assert chance == pytest.approx(0.06)


def test_an_announced_successor_of_the_same_kind_replaces_a_restriction_for_certain():
    this, following = ban("this", first=-6, announced=-6, until=2), ban("next", first=2, announced=-1, until=14)
    assert chain(expect([this, following], NOW, BELIEFS)) == [frozenset({"this"})] * 2 + [frozenset({"next"})] * 4
    assert [acting for _, acting in branches(expect([this, following], NOW, BELIEFS), 1)] == [frozenset()]


def test_a_stop_of_exports_gives_way_for_certain_to_a_quota_announced_to_follow_it():
    stop = ban("stop", first=-6, announced=-6, until=1)
    quota = ban("quota", kind="export_quota", first=1)
    assert chain(expect([stop, quota], NOW, BELIEFS)) == [frozenset({"stop"})] + [frozenset({"quota"})] * 5


@pytest.mark.parametrize(
    "other", [{"by": "IDN"}, {"goods": "nickel_ore"}, {"kind": "outage"}, {"kind": "export_quota", "to": "JPN"}]
)
def test_nothing_else_takes_the_place_of_a_restriction(other):
    expectation = expect([ban("stop", first=-6, announced=-6, until=2), ban("other", first=2, **other)], NOW, MANY)
    assert chain(expectation)[-1] == frozenset({"stop", "other"})


@pytest.mark.parametrize(("to", "renewed"), [("JPN", False), ("coalition", True), ("all", True)])
def test_a_ban_on_others_is_no_renewal_of_a_ban(to, renewed):
    known = [ban("stop", first=-6, announced=-6, until=2, to="USA"), ban("other", first=2, to=to)]
    assert chain(expect(known, NOW, BELIEFS))[-1] == frozenset({"other"} if renewed else {"stop", "other"})


def test_an_act_that_will_be_called_off_is_expected_until_it_is():
    planned = ban(announced=-4, first=3, until=1)
    assert [bool(acting) for acting in chain(expect([planned], NOW, BELIEFS))] == [False] * 3 + [True] * 3
    assert chain(expect([planned], NOW + 1, BELIEFS)) == [frozenset()] * 6


def test_an_act_called_off_in_the_month_of_its_beginning_is_expected_and_not_its_own_successor():
    known = [ban(kind="export_quota", first=1, until=1)]
    assert chain(expect(known, NOW, BELIEFS))[:2] == [frozenset(), frozenset({"ban"})]
    assert chain(expect(known, NOW + 1, BELIEFS)) == [frozenset()] * 6


def test_an_end_stated_with_a_restriction_is_believed_as_announcements_are():
    expectation = expect([ban(until=7, stated=3)], NOW, BELIEFS)
    assert chain(expectation) == [frozenset({"ban"})] * 6
    chances = [branches(expectation, step) for step in range(5)]
    assert [acting for leaves in chances for _, acting in leaves] == [frozenset()] * 5
    # Moments of 1, 1, 1 and 2 months: the end of the third month lies between the third and the fourth.
    assert [leaves[0][0] for leaves in chances[:3]] == pytest.approx([0.1, 0.1, 0.1 + 0.9 * 0.8])
    assert chances[3][0][0] == pytest.approx(1.0 - 0.9**2)


def test_where_one_of_two_has_a_stated_end_the_other_stays():
    expectation = expect([ban(stated=1), ban("other", goods="refined_cobalt")], NOW, BELIEFS)
    (eased, none), (ended, other) = branches(expectation, 0)
    assert (eased, none) == (pytest.approx(0.1), frozenset())
    assert (ended, other) == (pytest.approx(0.9 * 0.8), frozenset({"other"}))


def test_a_stated_end_that_has_passed_says_nothing_more():
    late = expect([ban(first=-5, announced=-5, until=3, stated=-1)], NOW, BELIEFS)
    assert late.moments == expect([ban(first=-5, announced=-5)], NOW, BELIEFS).moments


def test_what_is_yet_to_come_is_known_by_name_and_chance():
    ahead = expect([ban(first=2)], NOW, BELIEFS)
    assert ahead.coming == frozenset({"ban"})
    assert ahead.stays_chance == pytest.approx(0.8 * 0.9 ** (1 + 2 + 3))  # the last moment needs no more to stay
    assert expect([ban()], NOW, BELIEFS).coming == frozenset()
    renewed = [ban("this", first=-6, announced=-6, until=2), ban("next", first=2, announced=-1, until=14)]
    assert expect(renewed, NOW, BELIEFS).coming == frozenset()


def test_what_begins_after_the_year_is_known_by_its_months_and_by_what_acts_then():
    known = [
        ban("quota", first=14, until=24, kind="export_quota"),
        ban(first=24),
        ban("mishap", until=5, kind="outage"),
        ban("plant", first=20),
    ]
    known[3] = known[3]._replace(restriction=False)
    later = expect(known, NOW, MANY).later
    assert later == (NOW + 14, NOW + 24, frozenset({"ban", "mishap", "plant"}))
    assert expect(known[1:], NOW + 14, MANY).later is None


def test_a_renewal_and_an_act_that_nobody_was_told_of_are_not_later():
    renewed = [ban(kind="export_quota", until=15), ban("next", kind="export_quota", first=15)]
    assert expect(renewed, NOW, BELIEFS).later is None
    assert expect([ban(announced=3, first=20)], NOW, BELIEFS).later is None


AGEING = Beliefs(
    hazard_per_month={"export_ban": 0.1, "export_quota": 0.1, "outage": 0.2},
    credibility_share=0.8,
    discount_ratio_per_month=0.99,
    ageing_months=4.0,
)


def ends(measure):
    """Chances of an end after each of the first three moments of the chain, ageing."""
    expectation = expect([measure], NOW, AGEING)
    return [chance for step in range(3) for chance, _ in branches(expectation, step)]


def test_a_mishap_or_ban_that_has_lasted_is_expected_to_last_and_a_quota_is_not():
    new, old = ends(ban(kind="outage")), ends(ban(kind="outage", announced=-12, first=-12))
    assert new == pytest.approx([0.2, 0.2 / 1.25, 0.2 / 1.5])
    assert old == pytest.approx([0.2 / 4.0, 0.2 / 4.25, 0.2 / 4.5])
    assert ends(ban(announced=-12, first=-12)) == pytest.approx([0.1 / 4.0, 0.1 / 4.25, 0.1 / 4.5])
    quotas = ban(kind="export_quota"), ban(kind="export_quota", announced=-12, first=-12)
    assert ends(quotas[0]) == ends(quotas[1]) == pytest.approx([0.1] * 3)


def test_a_ban_told_long_ahead_is_expected_to_last_from_its_first_day():
    assert ends(ban(announced=-12)) == ends(ban(announced=-12, first=-12))
    assert ends(ban()) == pytest.approx([0.1, 0.1 / 1.25, 0.1 / 1.5])


def test_a_ban_that_is_prolonged_keeps_its_age():
    first = ban("first", announced=-6, first=-6, until=0)
    assert branches(expect([first, ban("second", announced=-1)], NOW, AGEING), 0)[0][0] == pytest.approx(0.1 / 2.5)


def test_a_moment_of_months_ages_month_by_month():
    expectation = expect([ban(kind="outage")], NOW, AGEING)
    ((chance, acting),) = branches(expectation, 3)
    assert acting == frozenset()
    assert chance == pytest.approx(1.0 - (1.0 - 0.2 / 1.75) * (1.0 - 0.2 / 2.0))


def test_an_outage_that_goes_on_smaller_is_no_new_one():
    first = ban("first", kind="outage", announced=-6, first=-6, until=0)
    rest, other = ban("rest", kind="outage"), ban("rest", kind="outage", by="ZMB")
    (goes_on, _), *_ = branches(expect([first, rest], NOW, AGEING), 0)
    (another, _), *_ = branches(expect([first, other], NOW, AGEING), 0)
    assert (goes_on, another) == (pytest.approx(0.2 / 2.5), pytest.approx(0.2))


def test_every_kind_of_restriction_has_a_hazard():
    known = beliefs_of(load_parameters()).hazard_per_month
    assert set(known) == set(EASING) == {kind for kind, entry in KINDS.items() if entry.model.restriction}
    assert all(0.0 < hazard < 1.0 for hazard in known.values())


def test_the_discount_of_a_year_is_the_parameters():
    parameters = load_parameters(given={"discount_share_per_year": 0.2})
    assert beliefs_of(parameters).discount_ratio_per_month ** 12 == pytest.approx(1.0 / 1.2)
