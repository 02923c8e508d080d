"""Does every year from 2008 on balance, by makers of its own time, and does it say what it borrows?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from derisk.errors import ScenarioError
from derisk.network import borrowed_share, build_network, summarise_borrowed
from derisk.network.build import lay_ground
from derisk.scenario import load_scenario
from derisk.study.readiness import ready_dataset
from derisk.vocabulary.uses import PSEUDO_USES

YEARS = tuple(range(2008, 2025))


@pytest.fixture(scope="module")
def year_of(dataset):
    """The rows of a year and the network they balance to, each read and built once."""

    def build(year):
        network = build_network(dataset, base_year=year)
        return lay_ground(dataset, year).figures, network

    return cache(build)


@pytest.fixture(scope="module")
def network_of(year_of):
    """The balanced network of a year."""
    return lambda year: year_of(year)[1]


@pytest.fixture(scope="module")
def figures_of(year_of):
    """The rows behind it."""
    return lambda year: year_of(year)[0]


def chosen(dataset, field, year, **words):
    rows = dataset.observations(field=field, period=year, **words)
    return rows[rows["value"].notna()]


def made(dataset, good, year):
    """Output of a year as rows state it [t/year]."""
    rows = chosen(dataset, "production", year, good=good)
    return dict(zip(rows["region"], rows["value"], strict=True))


def share(dataset, good, year, country):
    tonnes = made(dataset, good, year)
    return tonnes.get(country, 0.0) / max(tonnes.get("WLD", 0.0), sum(t for c, t in tonnes.items() if c != "WLD"))


def network_share(network, good, region):
    tonnes = np.maximum(network.process_good_matrix[:, network.goods.index(good)], 0) * network.base_output_t
    return tonnes[network.process_region == network.regions.index(region)].sum() / tonnes.sum()


def makers(network, good):
    at = network.process_good_matrix[:, network.goods.index(good)] > 0
    return {network.regions[r] for r in network.process_region[at]}


def worst_gap(network):
    """Largest relative gap of any good and region between what comes and what goes."""
    shape = (len(network.goods), len(network.regions))
    made_t, taken, out, arrived = (np.zeros(shape) for _ in range(4))
    tonnes = network.process_good_matrix * network.base_output_t[:, None]
    for process, region in enumerate(network.process_region):
        made_t[:, region] += np.maximum(tonnes[process], 0)
        taken[:, region] -= np.minimum(tonnes[process], 0)
    np.add.at(taken, (network.use_good, network.use_region), network.base_use_t)
    np.add.at(out, (network.good, network.origin), network.base_flow_t)
    np.add.at(arrived, (network.good, network.destination), network.base_flow_t)
    gaps = [np.abs(one - other) / np.maximum(one + other, 1e-300) for one, other in ((made_t, out), (taken, arrived))]
    return max(float(gap.max()) for gap in gaps)


def test_the_dataset_names_its_base_years(dataset):
    assert dataset.base_years() == YEARS


@pytest.mark.parametrize("year", YEARS)
def test_every_year_balances(network_of, year):
    network = network_of(year)
    assert worst_gap(network) <= 1e-12
    assert (network.base_output_t > 0).all()
    assert (network.base_output_t <= 0.98 * network.capacity_t * (1 + 1e-12)).all()
    assert np.isfinite(network.value_in_use_usd_per_t).all()
    assert network.goods == network_of(2024).goods


@pytest.mark.parametrize("year", YEARS)
def test_no_later_figure_enters_unless_it_is_listed(figures_of, year):
    figures = figures_of(year)
    later = {(f.field, f.subject, f.year) for rows in figures.rows.values() for f in rows if f.year > year}
    listed = {(line.field, line.subject, line.year) for line in figures.borrowed if line.year > year}
    assert later == listed
    assert all(f.status == "borrowed" for rows in figures.rows.values() for f in rows if f.year > year)


@pytest.mark.parametrize("year", [y for y in YEARS if y < 2024])
def test_who_is_left_out_makes_nothing(figures_of, year):
    figures = figures_of(year)
    for line in (one for one in figures.borrowed if one.field == "production"):
        makers_of_good = {f.region for f in figures.rows["production"] if f.good == line.subject}
        assert makers_of_good.isdisjoint(line.left_out), line


@pytest.mark.parametrize("year", [y for y in YEARS if y < 2024])
@pytest.mark.parametrize(
    "good", ["rare_earth_concentrate", "ndpr_oxide", "ndfeb_magnet", "lithium_chemical", "refined_copper"]
)
def test_makers_of_these_are_never_those_of_a_later_year(figures_of, year, good):
    figures = figures_of(year)
    assert {f.year for f in figures.rows["production"] if f.good == good} <= set(range(2008, year + 1))


def test_nothing_is_lent_to_the_newest_year_but_what_a_user_stated_once(network_of):
    network = network_of(2024)
    assert {(each.field, each.subject) for each in network.borrowed} == {("demand", "gallium")}
    assert "demand" in str(summarise_borrowed(network))


def test_draws_of_past_years_balance(dataset):
    chance = np.random.default_rng(17)
    for year in (2009, 2013, 2017, 2022):
        drawn = build_network(dataset, base_year=year, quantile=lambda _: float(chance.uniform()))
        assert worst_gap(drawn) <= 1e-12


def test_a_year_that_is_none_is_refused_with_the_list(dataset, tmp_path):
    file = tmp_path / "early.yml"
    file.write_text(
        "name: early\nquestion: What if?\nbase_year: 2007\nmonths: 1\nmeasures:\n"
        "  - {kind: export_ban, by: CHN, goods: [gallium], from: 2008-01, why: a test}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        ready_dataset(load_scenario(file), dataset)
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 3
    assert problem.allowed == ", ".join(str(year) for year in YEARS)
    assert problem.line == 3


@pytest.mark.parametrize(
    ("good", "year", "country", "low", "high"),
    [
        ("rare_earth_concentrate", 2009, "CHN", 0.95, 0.99),
        ("rare_earth_concentrate", 2010, "CHN", 0.97, 0.99),
        ("rare_earth_concentrate", 2022, "CHN", 0.68, 0.72),
        ("gallium", 2022, "CHN", 0.97, 0.99),
        ("antimony_concentrate", 2010, "CHN", 0.75, 0.85),
        ("antimony_concentrate", 2023, "CHN", 0.40, 0.60),
        ("tungsten_concentrate", 2010, "CHN", 0.78, 0.84),
        ("magnesium", 2020, "CHN", 0.88, 0.95),
        ("nickel_ore", 2013, "IDN", 0.40, 0.46),
        ("nickel_ore", 2019, "IDN", 0.37, 0.43),
        ("refined_nickel", 2019, "IDN", 0.14, 0.19),
        ("cobalt_intermediate", 2013, "COD", 0.50, 0.62),
        ("copper_concentrate", 2010, "CHL", 0.32, 0.35),
    ],
)
def test_who_made_what(dataset, good, year, country, low, high):
    assert low <= share(dataset, good, year, country) <= high


def test_japan_took_most_of_its_rare_earths_from_china(dataset):
    """Reliance of 82 to 90 % before the cut of 2010, by tonnes of the customs basket; half of it two years later."""
    rows = dataset.observations(field="trade_gross", material="rare_earths", partner="JPN")
    rows = rows[(rows["good"] == "") & rows["source"].str.startswith("baci")]
    for year, low, high in (("2008", 0.85, 0.92), ("2009", 0.80, 0.90), ("2010", 0.75, 0.90), ("2012", 0.50, 0.62)):
        of_year = rows[rows["period"] == year]
        from_china = of_year.loc[of_year["region"] == "CHN", "value"].sum()
        assert low <= from_china / of_year["value"].sum() <= high, year


def test_the_rare_earth_chain_of_2010_is_chinas(network_of):
    network = network_of(2010)
    for good in ("rare_earth_concentrate", "ndpr_oxide", "lacen_oxide"):
        assert network_share(network, good, "CHN") > 0.97
    assert makers(network, "dytb_oxide") == {"CHN"}
    assert 0.7 < network_share(network, "ndfeb_magnet", "CHN") < 0.85
    assert 0.15 < network_share(network, "ndfeb_magnet", "JPN") < 0.25
    japan = network.regions.index("JPN")
    oxide = (network.good == network.goods.index("ndpr_oxide")) & (network.destination == japan)
    origins = np.bincount(network.origin[oxide], network.base_flow_t[oxide], minlength=len(network.regions))
    assert origins[network.regions.index("CHN")] / origins.sum() > 0.9


def test_a_maker_enters_when_it_starts(network_of):
    """Malaysia separates rare earths from 2013 on, Australia makes no lithium chemical before 2023."""
    assert "MYS" not in makers(network_of(2012), "ndpr_oxide")
    assert "MYS" in makers(network_of(2016), "ndpr_oxide")
    assert "AUS" not in makers(network_of(2016), "lithium_chemical")
    assert "AUS" in makers(network_of(2024), "lithium_chemical")


def test_prices_are_those_of_the_year(network_of):
    def price(year, good):
        network = network_of(year)
        return network.base_price_usd_per_t[network.goods.index(good)]

    assert price(2011, "ndpr_oxide") > 8 * price(2009, "ndpr_oxide")
    assert price(2011, "rare_earth_concentrate") > 5 * price(2015, "rare_earth_concentrate")
    assert 1.5 < price(2011, "ndfeb_magnet") / price(2009, "ndfeb_magnet") < 8
    assert price(2022, "lithium_concentrate") > 4 * price(2020, "lithium_concentrate")
    assert price(2008, "refined_cobalt") > 1.8 * price(2009, "refined_cobalt")
    assert price(2013, "copper_concentrate") == pytest.approx(0.965 * price(2013, "refined_copper") - 500)


def test_value_added_of_the_united_states_is_of_the_year(dataset, network_of):
    for year in (2009, 2015, 2022):
        network = network_of(year)
        usa = network.regions.index("USA")
        rows = chosen(dataset, "value_added", year, region="USA").set_index("use")["value"]
        assert network.value_added_musd[usa] == pytest.approx([rows.get(use, 0.0) for use in network.uses])
        assert set(network.uses) - set(rows.index) == set(PSEUDO_USES)
        assert not network.value_added_assumed[usa].any()


def test_little_of_the_value_is_borrowed_and_the_worst_is_named(network_of):
    shares = {year: borrowed_share(network_of(year)) for year in YEARS}
    assert shares[2024] == 0.0
    assert max(shares.values()) < 0.35
    early = summarise_borrowed(network_of(2010))
    lent = {(line["field"], line["subject"]) for line in early["lines"] if line["year"] > 2010}
    assert lent >= {
        ("production", "gallium"),
        ("price", "ndfeb_magnet"),
        ("trade", "ndfeb_magnet"),
        ("recycled_production", "refined_copper"),
    }
    assert ("production", "rare_earth_concentrate") not in lent
    assert ("price", "ndpr_oxide") not in lent
