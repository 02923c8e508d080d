"""What does a base year take from other years, by which rule, and is all of it marked and listed?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derisk.errors import BalanceError
from derisk.network import borrowed_share, build_network, summarise_borrowed
from derisk.network.borrowing import moved
from derisk.network.figure import BORROWED, Figure
from derisk.network.figures import read_figures
from derisk.network.record import Borrowed
from derisk.vocabulary.uses import USES


def tonnes(figures, good, field="production"):
    return {f.region: f.value for f in figures.rows[field] if f.good == good}


def line(listed, field, subject) -> Borrowed:
    return next(one for one in listed if (one.field, one.subject) == (field, subject))


def output_t(network, kind):
    return {
        network.regions[r]: 12 * t
        for k, r, t in zip(network.process_kind, network.process_region, network.base_output_t, strict=True)
        if k == kind
    }


def test_a_year_with_its_own_rows_borrows_nothing(small_dataset):
    network = build_network(small_dataset, base_year=2024)
    assert network.borrowed == ()
    assert not network.price_borrowed.any()
    assert not network.output_borrowed_share.any()
    assert borrowed_share(network) == 0.0
    assert summarise_borrowed(network) is None


def test_a_year_before_all_rows_is_balanced_on_what_the_first_later_one_lends(small_dataset):
    late, early = build_network(small_dataset), build_network(small_dataset, base_year=2010)
    assert (early.goods, early.regions) == (late.goods, late.regions)
    assert early.base_output_t == pytest.approx(late.base_output_t, rel=0.5)
    assert early.price_borrowed.sum() == sum(good != "cobalt_residue" for good in early.goods)
    assert (early.output_borrowed_share == 1.0).all()
    assert borrowed_share(early) == borrowed_share(early, material="copper") == 1.0
    assert {one.year for one in early.borrowed} == {2023, 2024}
    fields = {one.field for one in early.borrowed}
    assert fields >= {"production", "trade", "price", "residue_share", "end_use_share", "demand_elasticity", "gdp"}
    assert {one.rule for one in early.borrowed if one.field == "trade_elasticity"} == {"as it is"}


def test_a_borrowed_figure_is_marked_and_ranges_widely(small_dataset):
    row = next(f for f in read_figures(small_dataset, base_year=2010).rows["production"] if f.region == "COD")
    assert (row.status, row.period) == (BORROWED, "2024")
    assert row.low == pytest.approx(2500 / 1.05 / 1.42)  # estimated: 5 % either way, 3 % a year for fourteen years
    assert row.high == pytest.approx(2500 * 1.05 * 1.42)
    elasticity = read_figures(small_dataset, base_year=2010).row("supply_elasticity", good="ndpr_oxide")
    assert (elasticity.low, elasticity.high, elasticity.status) == (0.1, 0.5, BORROWED)


def test_tonnes_follow_the_world_output_of_the_good(make_dataset, make_row, world_rows):
    """The world's row of 2010 and the countries of 2024 make the countries of 2010."""
    rows = [*world_rows, make_row("production", "refined_copper", "WLD", 4500.0, period="2010")]
    figures = read_figures(make_dataset(rows), base_year=2010)
    assert tonnes(figures, "refined_copper")["CHN"] == pytest.approx(5000 * 4500 / 9000)
    told = line(figures.borrowed, "production", "refined_copper")
    assert (told.rule, told.least_ratio) == ("scaled by world output of refined_copper", pytest.approx(0.5))


def test_tonnes_follow_what_the_good_is_made_of_where_its_own_output_is_unknown(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("production", "copper_concentrate", "WLD", 4300.0, period="2010")]
    figures = read_figures(make_dataset(rows), base_year=2010)
    assert tonnes(figures, "refined_copper")["JPN"] == pytest.approx(1200 * 4300 / 8600)
    assert line(figures.borrowed, "production", "refined_copper").rule == "scaled by world output of copper_concentrate"


def test_world_output_grows_evenly_between_two_years(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("production", "refined_copper", "WLD", 2250.0, period="2008")]
    figures = read_figures(make_dataset(rows), base_year=2016)
    assert tonnes(figures, "refined_copper")["JPN"] == pytest.approx(1200 * 0.5)  # half way from a quarter to one


def mines_of_2010(make_row):
    """China alone mines rare earths, others of 2024 have yet to come."""
    mined = {"CHN": 130.0, "USA": 0.0, "RUS": 2.0}
    return [make_row("production", "rare_earth_concentrate", c, t, period="2010") for c, t in mined.items()]


def test_a_maker_that_the_year_does_not_know_is_left_out(make_dataset, make_row, world_rows):
    figures = read_figures(make_dataset([*world_rows, *mines_of_2010(make_row)]), base_year=2010)
    made = tonnes(figures, "ndpr_oxide")
    assert set(made) == {"CHN"}
    assert made["CHN"] == pytest.approx(76 * 132 / 351)  # all that the world of 2024 made, scaled by ore
    assert line(figures.borrowed, "production", "ndpr_oxide").left_out == ("MYS", "USA")
    assert tonnes(figures, "rare_earth_concentrate") == {"CHN": 130.0, "USA": 0.0, "RUS": 2.0}


def test_a_net_exporter_by_customs_is_known(make_dataset, make_row, world_rows):
    customs = make_row("trade", "ndpr_oxide", "MYS", 1.0, partner="JPN", period="2009")
    figures = read_figures(make_dataset([*world_rows, *mines_of_2010(make_row), customs]), base_year=2010)
    assert set(tonnes(figures, "ndpr_oxide")) == {"CHN", "MYS"}


def test_who_takes_in_ore_is_known(make_dataset, make_row, world_rows):
    customs = make_row("trade", "rare_earth_concentrate", "CHN", 1.0, partner="USA", period="2009")
    figures = read_figures(make_dataset([*world_rows, *mines_of_2010(make_row), customs]), base_year=2010)
    assert set(tonnes(figures, "ndpr_oxide")) == {"CHN", "USA"}


def test_trade_follows_its_maker_and_goes_with_it(make_dataset, make_row, world_rows):
    mined = {"CHL": 2500.0, "COD": 0.0, "USA": 1100.0}
    rows = [make_row("production", "copper_concentrate", c, t, period="2010") for c, t in mined.items()]
    figures = read_figures(make_dataset([*world_rows, *rows]), base_year=2010)
    flows = {(f.region, f.partner): f.value for f in figures.rows["trade"] if f.good == "copper_concentrate"}
    assert flows == {("CHL", "CHN"): 1250.0, ("CHL", "JPN"): 450.0, ("USA", "DEU"): 400.0}
    assert line(figures.borrowed, "trade", "copper_concentrate").left_out == ("COD",)


def test_who_may_be_among_other_countries_is_not_left_out(make_dataset, make_row, world_rows):
    mined = {"CHL": 2500.0, "USA": 1100.0, "OTH": 900.0}
    rows = [make_row("production", "copper_concentrate", c, t, period="2010") for c, t in mined.items()]
    figures = read_figures(make_dataset([*world_rows, *rows]), base_year=2010)
    flows = {(f.region, f.partner): f.value for f in figures.rows["trade"] if f.good == "copper_concentrate"}
    assert flows["COD", "CHN"] == pytest.approx(2000 * 4500 / 8600)


def test_one_country_that_publishes_alone_does_not_make_a_year(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("production", "refined_copper", "DEU", 555.0, period="2022")]
    made = tonnes(read_figures(make_dataset(rows), base_year=2022), "refined_copper")
    assert made["CHN"] == 5000.0
    assert made["DEU"] == 555.0  # its own figure stands among the borrowed


def test_a_world_row_alone_carries_the_countries_of_an_older_year(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("production", "ndfeb_magnet", "WLD", 424.0, period="2026")]
    figures = read_figures(make_dataset(rows), base_year=2026)
    china = next(f for f in figures.rows["production"] if (f.good, f.region) == ("ndfeb_magnet", "CHN"))
    assert (china.value, china.status) == (pytest.approx(200 * 424 / 212), "derived")
    assert line(figures.borrowed, "production", "ndfeb_magnet").year == 2024


def test_ore_follows_the_price_of_metal(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("price", "refined_copper", "WLD", 4500.0, period="2010")]
    figures = read_figures(make_dataset(rows), base_year=2010)
    assert figures.find("price", good="copper_concentrate") == pytest.approx(4000.0)
    assert figures.row("price", good="refined_copper").status == "reported"
    assert line(figures.borrowed, "price", "copper_concentrate").rule == "scaled by the price of refined_copper"


def test_a_component_follows_its_inputs_and_the_price_level(make_dataset, make_row, world_rows):
    """A magnet of 50,000 USD holds 27,200 USD of oxide; at double prices of oxide and a level of 0.8 it costs 72,640."""
    quotes = {"ndpr_oxide": 110e3, "dytb_oxide": 800e3}
    rows = [make_row("price", good, "WLD", usd, period="2010") for good, usd in quotes.items()]
    level = [make_row("price_level", "", "USA", v, period=y) for y, v in (("2010", 0.8), ("2024", 1.0))]
    figures = read_figures(make_dataset([*world_rows, *rows, *level]), base_year=2010)
    feed = 0.32 * 55e3 + 0.024 * 400e3
    assert figures.find("price", good="ndfeb_magnet") == pytest.approx(2 * feed + 0.8 * (50e3 - feed))
    assert line(figures.borrowed, "price", "ndfeb_magnet").rule == "scaled by the prices of dytb_oxide, ndpr_oxide"


def test_a_price_that_nothing_moves_follows_the_price_level(make_dataset, make_row, world_rows):
    level = [make_row("price_level", "", "USA", v, period=y) for y, v in (("2010", 0.8), ("2024", 1.0))]
    figures = read_figures(make_dataset([*world_rows, *level]), base_year=2010)
    assert figures.find("price", good="refined_cobalt") == pytest.approx(0.8 * 26000.0)


def test_an_older_price_moves_where_a_neighbour_is_quoted_in_both_years(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("price", "refined_copper", "WLD", 18000.0, period="2026")]
    figures = read_figures(make_dataset(rows), base_year=2026)
    assert figures.find("price", good="copper_concentrate") == pytest.approx(16000.0)
    assert figures.find("price", good="gallium") is None
    assert figures.row("price", good="refined_cobalt").status == "reported"


def test_metal_that_was_recovered_had_a_host(make_dataset, make_row, world_rows):
    """Nobody tells what Congolese mines of 2010 left; what was recovered from it tells how much at least."""
    rows = [
        make_row("production", "cobalt_intermediate", c, t, period="2010")
        for c, t in {"COD": 400.0, "AUS": 60.0}.items()
    ]
    rows += [
        make_row("production", "copper_concentrate", c, t, period="2010")
        for c, t in {"CHL": 5000.0, "COD": 2500.0}.items()
    ]
    figures = read_figures(make_dataset([*world_rows, *rows]), base_year=2010)
    share = figures.row("residue_share", good="cobalt_residue", region="COD")
    assert share.value == pytest.approx(400 / 0.98 / 2500)
    assert tonnes(figures, "cobalt_residue", "residue_supply")["AUS"] == pytest.approx(20.0 * 60 / 15)


def test_shares_that_sum_to_one_are_of_one_year(make_dataset, make_row, world_rows):
    shares = {"CHN": 0.5, "JPN": 0.5}
    older = [make_row("demand_share", "ndfeb_magnet", c, s, period="2015", status="assumed") for c, s in shares.items()]
    dataset = make_dataset([*world_rows, *older])
    for year, users in ((2016, {"CHN", "JPN"}), (2010, {"CHN", "JPN"}), (2024, {"CHN", "JPN", "USA", "OTH"})):
        rows = read_figures(dataset, base_year=year).rows["demand_share"]
        assert {f.region for f in rows if f.good == "ndfeb_magnet"} == users, year


def test_value_added_follows_gdp_and_counts_as_assumed(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("gdp", "", "USA", 13.5e12, period="2010")]
    network = build_network(make_dataset(rows), base_year=2010)
    usa = network.regions.index("USA")
    assert network.value_added_musd[usa, : len(USES)] == pytest.approx(2e5 / 2)
    assert network.value_added_assumed[usa, : len(USES)].all()
    assert not build_network(make_dataset(rows)).value_added_assumed[usa].any()


def test_what_a_later_year_lends_may_move_far_and_what_the_year_states_may_not(make_dataset, make_row, world_rows):
    rows = [
        {**r, "value": 40.0, "low": 38.0, "high": 42.0} if r["field"] == "input_copper_concentrate" else r
        for r in world_rows
    ]
    with pytest.raises(BalanceError):
        build_network(make_dataset(rows))
    assert build_network(make_dataset(rows), base_year=2010).borrowed
    stated = [{**r, "period": "2010"} if r["field"] == "production" else r for r in rows]
    with pytest.raises(BalanceError):
        build_network(make_dataset(stated), base_year=2010)


def test_a_draw_of_a_borrowed_year_keeps_its_shape(small_dataset):
    central = build_network(small_dataset, base_year=2012)
    chance = np.random.default_rng(4)
    drawn = build_network(small_dataset, base_year=2012, quantile=lambda _: float(chance.uniform()))
    assert drawn.process_kind == central.process_kind
    assert np.array_equal(drawn.origin, central.origin)
    assert not np.allclose(drawn.base_output_t, central.base_output_t)


def test_changes_say_what_was_borrowed(small_dataset):
    statuses = {
        change.status for change in build_network(small_dataset, base_year=2010).changes if change.kind == "production"
    }
    assert statuses == {BORROWED}


def test_the_summary_lists_tonnes_and_prices_and_counts_the_rest(small_dataset):
    told = summarise_borrowed(build_network(small_dataset, base_year=2010))
    assert told["share"] == told["by_material"]["copper"] == 1.0
    assert {one["field"] for one in told["lines"]} >= {"production", "trade", "price"}
    assert "demand_elasticity" not in {one["field"] for one in told["lines"]}
    assert told["figures"] > sum(one["rows"] for one in told["lines"])


def test_a_changed_row_is_changed_at_its_source(small_dataset):
    """An assumption varied at its moved value is handed back to the dataset in the row's own terms."""
    from derisk.sensitivity.rows import _ChangedRows

    before = read_figures(small_dataset, base_year=2010)
    row = next(f for f in before.rows["production"] if (f.good, f.region) == ("ndfeb_magnet", "JPN"))
    after = read_figures(_ChangedRows(small_dataset, replace(row, ratio=0.5), 18.0), base_year=2024)
    assert tonnes(after, "ndfeb_magnet")["JPN"] == pytest.approx(36.0)


@given(
    value=st.floats(1e-6, 1e9),
    below=st.floats(0.0, 0.9),
    above=st.floats(0.0, 5.0),
    ratio=st.floats(1e-3, 1e3),
    year=st.integers(2008, 2030),
    base_year=st.integers(2008, 2024),
)
def test_a_moved_figure_lies_in_its_range_and_the_range_never_narrows(value, below, above, ratio, year, base_year):
    figure = Figure("id", "production", "copper", "refining", "refined_copper", "CHN", "", "", str(year), value,
                    value * (1 - below), value * (1 + above), "reported", "a-source")  # fmt: skip
    after = moved(figure, ratio, base_year=base_year)
    assert after.low <= after.value <= after.high
    assert after.value == pytest.approx(value * ratio)
    assert after.high / after.low >= figure.high / figure.low * (1 - 1e-12)
    assert after.status == (BORROWED if year > base_year else "derived")


def test_each_users_stated_demand_is_carried_with_world_output(make_dataset, make_row, world_rows):
    stated = [("CHN", 8.0, "2022"), ("CHN", 7.0, "2021"), ("USA", 5.0, "2024"), ("JPN", 3.0, "2025")]
    rows = [make_row("demand", "refined_cobalt", place, t, period=year) for place, t, year in stated]
    half = make_row("production", "refined_cobalt", "WLD", 100.0, period="2022")
    alone, moved_on = (
        tonnes(read_figures(make_dataset([*world_rows, *more]), base_year=2024), "refined_cobalt", "demand")
        for more in (rows, [*rows, half])
    )
    assert alone == {"CHN": 8.0, "USA": 5.0}
    assert moved_on == {"CHN": pytest.approx(8.0 * 200 / 100), "USA": 5.0}
