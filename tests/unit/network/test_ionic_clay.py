"""Is rare-earth ore of rock told apart from ore of clay, and does the total stay what is published?"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.network.activities import collect_activities, country_outputs
from derisk.network.figures import read_figures
from derisk.network.regions import draw_regions
from derisk.vocabulary.processes import PROCESSES

ROCK, CLAY = "rare_earth_concentrate", "ionic_clay_concentrate"


def made_t(network, good, *, kind=None):
    """Output of a good by all plants, or those of a kind [t/year]."""
    made = np.maximum(network.process_good_matrix[:, network.goods.index(good)], 0) * network.base_output_t
    chosen = np.array([kind in (None, of) for of in network.process_kind])
    return 12 * float(made[chosen].sum())


def shipped_t(network, good, origin):
    """What a region ships of a good, home deliveries included [t/year]."""
    from_there = (network.good == network.goods.index(good)) & (network.origin == network.regions.index(origin))
    return 12 * float(network.base_flow_t[from_there].sum())


@pytest.mark.parametrize("year", [2009, 2016, 2023, 2024])
def test_both_kinds_add_up_to_what_is_published_country_by_country(dataset, year):
    figures = read_figures(dataset, base_year=year)
    published = {f.region: f.value for f in figures.rows["production"] if f.good == ROCK}
    of_rock, of_clay = (country_outputs(figures, PROCESSES[kind]) for kind in ("mine_rare_earths", "mine_ionic_clay"))
    for country, output in of_rock.items():
        if country in published:
            assert output.tonnes + of_clay[country].tonnes == pytest.approx(published[country])


@pytest.mark.parametrize(
    ("year", "low", "high"),
    [(2009, 20_000, 40_000), (2012, 17_000, 21_000), (2021, 19_100, 19_200), (2024, 19_100, 19_200)],
)
def test_china_mines_clay_by_its_quota_and_more_before(dataset, year, low, high):
    of_clay = country_outputs(read_figures(dataset, base_year=year), PROCESSES["mine_ionic_clay"])
    assert low < of_clay["CHN"].tonnes < high


def test_myanmar_ships_clay_alone_and_the_united_states_rock_alone(network):
    assert shipped_t(network, CLAY, "MMR") == pytest.approx(27_000, rel=0.02)
    assert shipped_t(network, ROCK, "MMR") == 0.0
    assert shipped_t(network, CLAY, "USA") == 0.0
    assert shipped_t(network, ROCK, "USA") == pytest.approx(45_500, rel=0.02)


def test_clay_gives_most_of_the_heavy_oxides_and_little_of_the_light_ones(network):
    share = {good: made_t(network, good, kind="separate_ionic_clay") / made_t(network, good)
             for good in ("lacen_oxide", "ndpr_oxide", "dytb_oxide", "yttrium_oxide")}  # fmt: skip
    assert share["lacen_oxide"] < 0.1 < share["ndpr_oxide"] < 0.2
    assert 0.6 < share["dytb_oxide"] < 0.95
    assert share["yttrium_oxide"] > 0.85


def test_clay_is_the_dearer_ore(network):
    price = dict(zip(network.goods, network.base_price_usd_per_t, strict=True))
    assert 2 * price[ROCK] < price[CLAY] < 0.5 * price["ndpr_oxide"]


def test_plants_take_one_kind_of_ore(network):
    rock, clay = (network.process_good_matrix[:, network.goods.index(good)] < 0 for good in (ROCK, CLAY))
    assert not (rock & clay).any()
    assert {network.process_kind[p] for p in np.flatnonzero(clay)} == {"separate_ionic_clay"}


def test_ore_is_of_one_kind_where_no_row_tells_two_apart(make_dataset, world_rows):
    figures = read_figures(make_dataset(world_rows), base_year=2024)
    kinds = {activity.kind for activity in collect_activities(figures, draw_regions(figures))}
    assert "mine_rare_earths" in kinds
    assert not {"mine_ionic_clay", "separate_ionic_clay"} & kinds


def test_a_split_of_ore_moves_tonnes_and_no_total(make_dataset, make_row, world_rows):
    told = make_row("clay_share", ROCK, "CHN", 0.25, status="assumed", low=0.2, high=0.3)
    figures = read_figures(make_dataset([*world_rows, told]), base_year=2024)
    rock, clay = (country_outputs(figures, PROCESSES[kind])["CHN"] for kind in ("mine_rare_earths", "mine_ionic_clay"))
    assert (rock.tonnes, clay.tonnes) == pytest.approx((0.75 * 270.0, 0.25 * 270.0))
    drawn = figures.sampled(lambda _: 0.9)
    rock, clay = (country_outputs(drawn, PROCESSES[kind])["CHN"] for kind in ("mine_rare_earths", "mine_ionic_clay"))
    assert clay.tonnes > 0.26 * 270.0
    assert rock.tonnes + clay.tonnes == pytest.approx(270.0)


def test_trade_in_clay_of_a_later_year_is_lent_by_the_growth_of_all_ore(dataset):
    """Myanmar mined 4,500 t in 2016 and 27,000 t in 2024, the year whose trade is stated."""
    trade = read_figures(dataset, base_year=2016).rows["trade"]
    (shipped,) = [f.value for f in trade if (f.good, f.region, f.partner) == (CLAY, "MMR", "CHN")]
    assert shipped == pytest.approx(4_500)
