"""Does a mine region of clay, cut off, cost heavy rare earths and spare the light ones?"""

from __future__ import annotations

import pytest

CUT = """
  - kind: outage
    by: {by}
    goods: {goods}
    share: {share}
    from: 2025-01
    why: test
"""


@pytest.fixture(scope="session")
def myanmar(read):
    return read(CUT.format(by="MMR", goods="rare_earth_concentrate", share=1), months=3)


def test_without_myanmar_the_heavy_oxides_are_dear_and_the_light_ones_are_not(myanmar):
    assert myanmar.price(2, "CHN", "dytb_oxide") > 1.5
    assert 0.9 < myanmar.price(2, "CHN", "ndpr_oxide") < 1.1
    assert 0.9 < myanmar.price(2, "CHN", "lacen_oxide") < 1.1


def test_an_oxide_of_which_a_year_and_more_lies_in_store_rises_little(myanmar):
    assert 1.0 < myanmar.price(2, "CHN", "yttrium_oxide") < 1.5 < myanmar.price(2, "CHN", "eugd_oxide")


def test_the_ore_that_is_missing_is_the_one_that_rises_most(myanmar):
    assert myanmar.price(2, "CHN", "ionic_clay_concentrate") > 1.5 * myanmar.price(2, "CHN", "rare_earth_concentrate")


def test_both_names_of_the_ore_of_a_country_of_clay_cut_the_same(read, myanmar):
    clay = read(CUT.format(by="MMR", goods="ionic_clay_concentrate", share=1), months=3)
    assert clay.price(2, "CHN", "dytb_oxide") == pytest.approx(myanmar.price(2, "CHN", "dytb_oxide"), rel=1e-6)


def test_a_mine_of_rock_cut_off_makes_the_light_oxides_dear(read):
    states = read(CUT.format(by="USA", goods="rare_earth_concentrate", share=1), months=3)
    assert states.price(2, "CHN", "ndpr_oxide") > 1.02
    assert states.price(2, "CHN", "dytb_oxide") < states.price(2, "CHN", "ndpr_oxide")
