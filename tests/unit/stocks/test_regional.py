"""Regional potential: the world's scrap by a stated share, the region's own first use beside it."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.errors import DatasetError, InputError
from derisk.stocks import products_in_use, regional_potential


@pytest.fixture(scope="module")
def dataset():
    return load_dataset()


def test_a_stated_share_divides_the_worlds_scrap(dataset):
    world = products_in_use(dataset, "refined_copper", until=2024, growth_share=0.03)
    japan = regional_potential(
        dataset, "refined_copper", "JPN", years=(2023, 2024), growth_share=0.03, products_share=0.05
    )
    assert japan.years == (2023, 2024)
    assert japan.outflow_t == pytest.approx(0.05 * world.scrap.outflow_t[-2:].sum(axis=1))
    assert japan.recovered_t == pytest.approx(0.05 * world.scrap.recovered_t[-2:].sum(axis=1))
    shares = dataset.observations(field="demand_share", good="refined_copper", region="JPN")["value"]
    assert japan.first_use_t == pytest.approx(float(shares.sum()) * world.sales.sold_t[-2:].sum(axis=1))


def test_income_shares_products_among_regions(dataset):
    parts = [
        regional_potential(dataset, "ndfeb_magnet", region, years=(2024, 2024), growth_share=0.05).products_share
        for region in ("JPN", "CHN", "coalition")
    ]
    assert parts[0] == pytest.approx(0.04, abs=0.01)  # World Bank: Japan 4.0 % of nominal income in 2023
    assert parts[1] == pytest.approx(0.17, abs=0.01)
    assert parts[2] == pytest.approx(0.61, abs=0.01)


def test_the_table_compares_scrap_with_what_the_region_buys(dataset):
    potential = regional_potential(dataset, "lithium_chemical", "coalition", years=(2022, 2024), growth_share=0.1)
    table = potential.table()
    assert table["year"].tolist() == [2022, 2023, 2024]
    assert np.all(table["recovered_t"] <= table["collected_t"])
    assert np.all(table["collected_t"] <= table["outflow_t"])
    assert table["potential_input_share"].to_numpy() == pytest.approx(potential.outflow_t / potential.first_use_t)


def test_years_to_come_need_totals_of_the_callers_own(dataset):
    ahead = regional_potential(
        dataset, "ndfeb_magnet", "eu27", years=(2024, 2035), growth_share=0.05, sold_t={2024: 250e3, 2035: 500e3}
    )
    assert ahead.outflow_t[-1] > ahead.outflow_t[0] > 0.0
    with pytest.raises(DatasetError):
        regional_potential(dataset, "ndfeb_magnet", "eu27", years=(2024, 2035), growth_share=0.05)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"region": "japan"}, "unknown region 'japan'"),
        ({"years": (2024, 2020)}, "years 2024 to 2020"),
        ({"products_share": 1.5}, "products_share 1.5"),
        ({"years": (1200, 2024)}, "before the first sales"),
        ({"good": "coper"}, "unknown good"),
    ],
)
def test_what_is_wrong_is_named(dataset, words, said):
    asked = {"good": "refined_copper", "region": "JPN", "years": (2020, 2024), "growth_share": 0.03} | words
    good, region = asked.pop("good"), asked.pop("region")
    with pytest.raises(InputError, match=said):
        regional_potential(dataset, good, region, **asked)


class WithoutIncome:
    """The dataset without the income of some countries."""

    def __init__(self, dataset, *regions):
        self.dataset, self.regions = dataset, regions

    def observations(self, **words):
        rows = self.dataset.observations(**words)
        return rows[~((rows["field"] == "gdp") & rows["region"].isin(self.regions))].reset_index(drop=True)


@pytest.mark.parametrize("missing", ["JPN", "WLD"])
def test_a_member_without_income_is_named_not_counted_as_nothing(dataset, missing):
    with pytest.raises(DatasetError, match=f"no gdp row of '{missing}'"):
        regional_potential(WithoutIncome(dataset, missing), "ndfeb_magnet", "g7", years=(2024, 2024), growth_share=0.05)
