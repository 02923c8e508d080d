"""GeoPolRisk: Gemechu et al. (2016), Journal of Industrial Ecology 20, 154; values of the published package.

geopolrisk-py 2.0.1: instability of 2022 to three digits, midpoint of copper 0.409412948 (OECD mean 2017-2021).
"""

from __future__ import annotations

import numpy as np
import pytest
from comparison import Comparison, ground, name

from derisk.indicators.concentration import herfindahl
from derisk.indicators.geopolrisk import COPPER_MIDPOINT_USD_PER_KG, characterisation_factor, instability, score
from derisk.indicators.supply import PLACE_OF_REGION

PUBLICATION = "geopolrisk-py 2.0.1"
INSTABILITY_2022 = {"CHN": 0.588, "AUS": 0.313, "CAN": 0.345, "BRA": 0.566, "ETH": 0.908}
TOLERANCE = 0.0005


def instability_2022(country: str) -> float:
    """From the dataset's own governance rows."""
    return float(instability(ground().stability.at(np.array([2022])))[0, PLACE_OF_REGION[country]])


def compare() -> list[Comparison]:
    return [
        Comparison(
            PUBLICATION, "political stability, 2022", f"instability of {country}", printed, instability_2022(country),
            TOLERANCE, "", "three digits printed",
        )
        for country, printed in INSTABILITY_2022.items()
    ]  # fmt: skip


@pytest.mark.parametrize("comparison", compare(), ids=name)
def test_instability_of_the_package(comparison):
    assert comparison.agrees


def test_a_case_worked_by_hand():
    # World output 60, 30, 10: HHI = 0.36 + 0.09 + 0.01 = 0.46. Imports of 40 t at 0.5 and 10 t at 0.2, own output 50 t:
    # exposure = (20 + 2) / 100 = 0.22; score = 0.1012.
    concentration = herfindahl(np.array([60.0, 30.0, 10.0]))
    found = score(concentration, np.asarray(40 * 0.5 + 10 * 0.2), np.asarray(50.0), np.asarray(50.0))
    assert float(concentration) == pytest.approx(0.46, abs=1e-12)
    assert float(found) == pytest.approx(0.1012, abs=1e-9)


def test_an_importer_without_output_bears_the_mean_instability_of_its_origins():
    found = score(np.asarray(0.5), np.asarray(3 * 0.6 + 1 * 0.2), np.asarray(4.0), np.asarray(0.0))
    assert float(found) == pytest.approx(0.5 * 0.5, abs=1e-9)


def test_a_case_of_many_importers_at_once():
    risky, imports, made = (
        np.array([[22.0, 0.0], [7.5, 1.0]]),
        np.array([[50.0, 0.0], [10.0, 4.0]]),
        np.array([50.0, 5.0]),
    )
    found = score(np.array([[0.46], [0.25]]), risky, imports, made)
    np.testing.assert_allclose(found, [[0.1012, 0.0], [0.25 * 7.5 / 60, 0.25 / 9]], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("stability", "expected"), [(2.5, 0.0), (3.0, 0.0), (-2.5, 1.0), (-3.1, 1.0), (0.0, 0.5), (-1.0, 0.7)]
)
def test_instability_is_clipped_to_the_unit_interval(stability, expected):
    assert float(instability(np.asarray(stability))) == pytest.approx(expected, abs=1e-9)


def test_a_kilogram_of_average_copper_counts_one():
    assert float(characterisation_factor(np.asarray(0.0505), np.asarray(COPPER_MIDPOINT_USD_PER_KG / 0.0505))) == (
        pytest.approx(1.0, abs=1e-9)
    )


def test_nothing_imported_and_nothing_made_has_no_score():
    assert np.isnan(score(np.asarray(0.3), np.asarray(0.0), np.asarray(0.0), np.asarray(0.0)))
