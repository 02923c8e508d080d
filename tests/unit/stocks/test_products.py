"""Products in use from the dataset: copper, magnets and batteries, with what each year's sales rest on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.errors import DatasetError, InputError
from derisk.stocks import product_lives, products_in_use, products_of_material, sales_history
from derisk.vocabulary.uses import USES

GROWTH = dict.fromkeys(USES, 0.03) | {"electric_vehicles_and_batteries": 0.3, "wind_and_solar": 0.15}


@pytest.fixture(scope="module")
def dataset():
    return load_dataset()


@pytest.fixture(scope="module")
def copper(dataset):
    return products_in_use(dataset, "refined_copper", until=2024, growth_share=GROWTH)


def row_value(dataset, **words):
    (value,) = dataset.observations(**words)["value"]
    return float(value)


@pytest.mark.parametrize(
    "good", ["refined_copper", "ndfeb_magnet", "battery_anode", "lithium_chemical", "refined_cobalt"]
)
def test_mass_closes_over_a_century(dataset, good):
    products = products_in_use(dataset, good, until=2024, growth_share=GROWTH)
    assert np.abs(products.balance_t()).max() <= 1e-12 * products.sales.sold_t.sum()
    assert (products.stock_t > 0.0).all()
    assert (products.scrap.outflow_t >= 0.0).all()


def test_copper_of_2024_is_the_row_of_first_use_split_by_the_shares(dataset, copper):
    total = row_value(dataset, field="demand", good="refined_copper", region="WLD", use="", period=2024)
    assert copper.sales.sold_t[-1].sum() == pytest.approx(total, rel=1e-12)
    at = copper.sales.uses.index("machinery")
    share = row_value(dataset, field="end_use_share", good="refined_copper", region="WLD", use="machinery", period=2024)
    assert copper.sales.sold_t[-1, at] == pytest.approx(share * total, rel=1e-9)


def test_each_year_says_what_it_rests_on(dataset, copper):
    assert copper.sales.origin[-4:] == ("production", "production", "demand", "demand")
    assert copper.sales.origin[copper.sales.years.index(2007)] == "backcast"
    assert {word for words in copper.sales.status[:-1] for word in words} == {"assumed"}
    assert copper.sales.status[-1][copper.sales.uses.index("machinery")] == "derived"
    for row_id in (*copper.sales.row_ids, *copper.lives.row_ids):
        assert dataset.row(row_id)["good"] == "refined_copper"
    fields = {dataset.row(row_id)["field"] for row_id in (*copper.sales.row_ids, *copper.lives.row_ids)}
    assert fields == {
        "demand", "production", "end_use_share", "lifetime_years", "lifetime_shape", "collection_share",
        "recovery_share",
    }  # fmt: skip


def test_before_the_first_row_each_use_grew_at_its_own_rate(copper):
    first = copper.sales.origin.index("production")
    for at, use in enumerate(copper.sales.uses):
        backwards = copper.sales.sold_t[first, at] / (1.0 + GROWTH[use]) ** 20
        assert copper.sales.sold_t[first - 20, at] == pytest.approx(backwards, rel=1e-9)


def test_between_rows_uses_drift_apart_at_their_rates(copper):
    vehicles, machines = (copper.sales.uses.index(use) for use in ("electric_vehicles_and_batteries", "machinery"))
    ratio = copper.sales.sold_t[:, vehicles] / copper.sales.sold_t[:, machines]
    assert ratio[1:] / ratio[:-1] == pytest.approx(1.3 / 1.03, rel=1e-9)


def test_stock_of_one_use_by_a_plain_integral(dataset, copper):
    """Sales of a year, spread over it, times survival at their true ages: the month's step is all that differs."""
    at = copper.sales.uses.index("machinery")
    words = {"good": "refined_copper", "use": "machinery", "period": 2024}
    mean = row_value(dataset, field="lifetime_years", **words)
    shape = row_value(dataset, field="lifetime_shape", **words)
    scale = mean / math.gamma(1.0 + 1.0 / shape)
    parts = (np.arange(200) + 0.5) / 200
    stock = sum(
        sold * np.exp(-(((2024 - year + parts) / scale) ** shape)).mean()
        for year, sold in zip(copper.sales.years, copper.sales.sold_t[:, at])
    )
    assert copper.stock_t[-1, at] == pytest.approx(stock, rel=0.004)
    assert copper.stock_t[-1, at] > stock


def test_scrap_takes_the_rows_of_the_use_else_of_the_good(dataset, copper):
    lives = product_lives(dataset, "refined_copper", ("electronics", "machinery"), until=2024)
    own = row_value(dataset, field="collection_share", good="refined_copper", use="electronics", period=2024)
    general = row_value(dataset, field="collection_share", good="refined_copper", use="", period=2024)
    assert lives.collection_share.tolist() == [own, general]
    at = copper.sales.uses.index("electronics")
    assert copper.scrap.collected_t[:, at] == pytest.approx(own * copper.scrap.outflow_t[:, at], rel=1e-12)


def test_copper_comes_back_and_magnets_do_not(dataset, copper):
    magnets = products_in_use(dataset, "ndfeb_magnet", until=2024, growth_share=GROWTH)
    assert magnets.basis == "gross"
    assert magnets.material == "rare_earths"
    assert 0.4 < copper.potential().end_of_life_recycling_rate[-1] < 0.55
    assert magnets.potential().end_of_life_recycling_rate[-1] < 0.05
    assert 3.5e8 < copper.stock_t[-1].sum() < 6.5e8


def test_faster_growth_before_means_less_in_use_now(dataset):
    stocks = [
        products_in_use(dataset, "ndfeb_magnet", until=2024, growth_share=rate).stock_t[-1].sum()
        for rate in (0.0, 0.05, 0.2)
    ]
    assert stocks[0] > stocks[1] > stocks[2]


def test_earlier_history_would_add_nothing_that_shows(dataset, copper):
    lasting = copper.lives.lifetime.survival(float(copper.sales.years[-1] - copper.sales.years[0]))
    assert lasting.max() <= 1e-4


def test_oxides_count_outside_magnets_alone(dataset):
    sales = sales_history(dataset, "ndpr_oxide", years=(2024, 2024), growth_share=0.03)
    made = row_value(dataset, field="production", good="ndpr_oxide", region="WLD", period=2024)
    part = row_value(dataset, field="non_magnet_share", good="ndpr_oxide", region="WLD", period=2024)
    assert sales.sold_t.sum() == pytest.approx(part * made, rel=1e-12)
    assert set(sales.status[0]) == {"assumed"}


def test_gaps_between_given_totals_grow_evenly(dataset):
    sales = sales_history(dataset, "tungsten", years=(2015, 2024), growth_share=0.0, sold_t={2020: 100.0, 2024: 400.0})
    totals = sales.sold_t.sum(axis=1)
    assert totals == pytest.approx([100.0] * 5 + [100.0 * 2 ** (step / 2) for step in range(5)], rel=1e-12)
    assert sales.origin == ("backcast",) * 5 + ("given",) + ("interpolated",) * 3 + ("given",)


def test_a_material_is_its_goods_apart(dataset):
    goods = {
        products.sales.good: products
        for products in products_of_material(dataset, "rare_earths", until=2024, growth_share=GROWTH)
    }
    assert {"ndfeb_magnet", "ndpr_oxide", "dytb_oxide", "lacen_oxide"} <= set(goods)
    assert goods["ndfeb_magnet"].basis != goods["ndpr_oxide"].basis


def test_batteries_stand_in_lithium_cobalt_and_anodes(dataset):
    for good in ("lithium_chemical", "refined_cobalt", "battery_anode"):
        products = products_in_use(dataset, good, until=2024, growth_share=GROWTH)
        table = products.table()
        cells = table[(table["use"] == "electric_vehicles_and_batteries") & (table["year"] == 2024)].iloc[0]
        assert (
            0.0 < cells["recovered_t"] < cells["collected_t"] < cells["outflow_t"] < cells["sold_t"] < cells["stock_t"]
        )
        assert cells["status"] == "assumed"


def test_the_table_has_a_line_for_each_year_and_use(copper):
    table = copper.table()
    assert len(table) == len(copper.sales.years) * len(copper.sales.uses)
    machines = table[(table["use"] == "machinery") & (table["year"] == 2023)].iloc[0]
    at = copper.sales.years.index(2023), copper.sales.uses.index("machinery")
    assert machines["stock_t"] == copper.stock_t[at]
    assert machines["sold_origin"] == "demand"


@pytest.mark.parametrize(
    ("good", "words", "error", "said"),
    [
        ("coper", {}, InputError, "refined_copper"),
        ("copper_concentrate", {}, DatasetError, "no world end_use_share rows"),
        ("natural_graphite", {}, DatasetError, "also feeds 'make_natural_anode'"),
        ("platinum", {}, DatasetError, "no world demand or production of platinum"),
        ("refined_copper", {"until": 2090}, DatasetError, "in 2090"),
        ("refined_copper", {"growth_share": -1.0}, InputError, "above -1"),
        ("refined_copper", {"growth_share": {"machinery": 0.03}}, InputError, "no growth of 'defence'"),
        ("refined_copper", {"growth_share": {"machines": 0.03}}, InputError, "unknown use 'machines'"),
        ("refined_copper", {"sold_t": {2024: -1.0}}, InputError, "above 0"),
        ("refined_copper", {"steps_per_year": 0}, InputError, "0 steps a year"),
    ],
)
def test_what_is_missing_is_named(dataset, good, words, error, said):
    with pytest.raises(error, match=said):
        products_in_use(dataset, good, **{"until": 2024, "growth_share": 0.03, **words})


def test_natural_graphite_with_totals_of_the_callers_own(dataset):
    products = products_in_use(dataset, "natural_graphite", until=2024, growth_share=0.02, sold_t={2024: 6e5})
    assert products.sales.sold_t[-1].sum() == pytest.approx(6e5, rel=1e-12)
    assert products.stock_t[-1].sum() < 5 * 6e5


def test_a_life_of_the_callers_own(dataset):
    longer = dataset.with_assumptions(
        [{"field": "lifetime_years", "good": "ndfeb_magnet", "use": "electronics", "value": 13.0}]
    )
    stocks = [products_in_use(rows, "ndfeb_magnet", until=2024, growth_share=0.05) for rows in (dataset, longer)]
    at = stocks[0].sales.uses.index("electronics")
    assert stocks[1].stock_t[-1, at] > 1.3 * stocks[0].stock_t[-1, at]


def test_an_unknown_material_is_named(dataset):
    with pytest.raises(InputError, match="did you mean 'copper'"):
        products_of_material(dataset, "coppr", until=2024, growth_share=0.03)
