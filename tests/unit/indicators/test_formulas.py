"""Formulas of the indicators: numbers worked by hand, over several axes at once."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.errors import InputError
from derisk.indicators.by_product_dependence import by_product_dependence
from derisk.indicators.concentration import herfindahl, weighted_herfindahl
from derisk.indicators.eu_economic_importance import economic_importance
from derisk.indicators.eu_supply_risk import supply_risk, weighted_concentration
from derisk.indicators.expected_loss_share import expected_loss_share
from derisk.indicators.gdp_effect import gdp_effect
from derisk.indicators.governance import governance_score
from derisk.indicators.n_minus_1 import n_minus_1
from derisk.indicators.net_import_reliance import net_import_reliance
from derisk.indicators.reserve_life import reserve_life
from derisk.indicators.top_share import top_share


@pytest.mark.parametrize(
    ("other", "expected"), [("drop", 0.36 + 0.09), ("one_supplier", 0.36 + 0.09 + 0.01), ("spread", 0.36 + 0.09 + 0.01)]
)
def test_other_suppliers_are_treated_as_asked(other, expected):
    # 60 and 30 of 100 are named; the other 10 are fewer than the smallest named supplier makes.
    assert float(herfindahl(np.array([60.0, 30.0, 0.0]), 10.0, other=other)) == pytest.approx(expected)


def test_spread_suppliers_are_as_large_as_the_smallest_named():
    # 40 unnamed tonnes beside 50 and 10: four suppliers of 10, each 0.1 of the world.
    assert float(herfindahl(np.array([50.0, 10.0]), 40.0, other="spread")) == pytest.approx(0.25 + 0.01 + 4 * 0.01)


def test_withheld_output_adds_nothing_and_no_output_has_no_concentration():
    made = np.array([[[60.0, np.nan, 40.0], [0.0, 0.0, 0.0]]])
    np.testing.assert_allclose(herfindahl(made), [[0.52, np.nan]])


def test_an_unknown_treatment_is_refused():
    with pytest.raises(InputError, match="did you mean 'spread'"):
        herfindahl(np.array([1.0]), other="sprad")


def test_weights_count_for_suppliers_alone():
    found = weighted_herfindahl(np.array([[60.0, 40.0, 0.0], [50.0, 0.0, 50.0]]), np.array([2.0, 3.0, np.nan]))
    np.testing.assert_allclose(found, [0.36 * 2 + 0.16 * 3, np.nan])


def test_top_share_counts_the_others_in_the_total():
    assert float(top_share(np.array([10.0, 30.0, 20.0, 5.0]), 35.0)) == pytest.approx(0.6)
    assert float(top_share(np.array([10.0, 30.0]), suppliers=1)) == pytest.approx(0.75)


def test_governance_runs_from_best_to_worst():
    np.testing.assert_allclose(governance_score(np.array([2.5, 0.0, -2.5])), [0.0, 5.0, 10.0])


def test_reliance_of_importers_exporters_and_those_who_live_on_stocks():
    imports, exports, made = (
        np.array([50.0, 0.0, 10.0, 0.0]),
        np.array([10.0, 60.0, 10.0, 0.0]),
        np.array([60.0, 90.0, 0.0, 0.0]),
    )
    np.testing.assert_allclose(net_import_reliance(imports, exports, made), [0.4, -2.0, np.nan, np.nan])
    assert float(net_import_reliance(np.asarray(5.0), np.asarray(0.0), np.asarray(10.0), 5.0)) == pytest.approx(0.5)


def test_european_concentration_weighs_governance_and_trade():
    share, governance, trade = np.array([0.5, 0.5, 0.0]), np.array([6.0, 2.0, np.nan]), np.array([1.2, 0.8, np.nan])
    assert float(weighted_concentration(share, governance, trade)) == pytest.approx(0.25 * 7.2 + 0.25 * 1.6)
    assert np.isnan(weighted_concentration(np.zeros(3), governance, trade))
    assert np.isnan(weighted_concentration(np.array([0.5, 0.0, 0.5]), governance, trade))


def test_european_supply_risk_mixes_the_world_and_the_union():
    arguments = (
        np.array([4.0, 4.0, np.nan]),
        np.array([1.0, np.nan, 1.0]),
        np.array([0.5, 0.5, 0.5]),
        np.array([0.2]),
        0.9,
    )
    expected = np.array([4.0 * 0.25 + 1.0 * 0.75, 4.0, 1.0]) * 0.8 * 0.9
    np.testing.assert_allclose(supply_risk(*arguments), expected)


def test_economic_importance_is_ten_where_the_largest_sector_uses_all_and_nothing_replaces():
    shares = np.array([[1.0, 0.0], [0.5, 0.5]])
    np.testing.assert_allclose(economic_importance(shares, np.array([200.0, 100.0]), 1.0), [10.0, 7.5])
    assert float(economic_importance(np.array([1.0]), np.array([50.0]), 0.8, largest_value_added_musd=100.0)) == 4.0


def test_coverage_without_the_largest_supplier():
    assert float(n_minus_1(*map(np.asarray, (100.0, 70.0, 100.0, 40.0)))) == pytest.approx(0.5)
    assert np.isnan(n_minus_1(*map(np.asarray, (100.0, 70.0, 100.0, 100.0))))


def test_reserves_last_longer_the_less_is_made():
    np.testing.assert_allclose(reserve_life(np.array([100.0, 100.0]), np.array([5.0, 0.0])), [20.0, np.nan])


def test_by_product_dependence_is_a_mean_weighted_by_output():
    assert float(by_product_dependence(np.array([1.0, 0.0]), np.array([30.0, 70.0]))) == pytest.approx(0.3)


def test_losses_count_by_their_chance():
    chance, loss = np.array([0.1, 0.02]), np.array([[1000.0, 500.0], [0.0, 0.0]])
    np.testing.assert_allclose(gdp_effect(chance, loss), [-110.0, 0.0])
    np.testing.assert_allclose(expected_loss_share(chance, loss, np.array([11_000.0, np.nan])), [0.01, np.nan])
