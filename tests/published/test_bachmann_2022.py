"""Bachmann et al. (2022), What if? The economic effects for Germany of a stop of energy imports from Russia; Baqaee and Farhi.

A single essential input under constant elasticity of substitution. Published is the range of 1.5 to 2.3 % of output; the
figures per pair of parameters are an independent recomputation, their parameters partly recalled.
"""

from __future__ import annotations

import numpy as np
import pytest
from comparison import Comparison, name

from derisk.losses.essential_input import output_ratio, second_order_log_change

PUBLICATION = "Bachmann et al. 2022, What if? (ECONtribute Policy Brief 28)"
CASES = (
    (0.04, 0.04, 0.90, -1.57),
    (0.01, 0.10, 0.70, -2.34),
    (0.012, 0.10, 0.70, -2.75),
)
"""Cost share, elasticity, what is left of the input, change of output [%]."""
TOLERANCE = 0.005


def change_pct(share: float, sigma: float, left: float) -> float:
    return 100 * (float(output_ratio(left, cost_share=share, substitution_elasticity=sigma)) - 1)


def compare() -> list[Comparison]:
    return [
        Comparison(
            PUBLICATION, "recomputation beside the printed 1.5-2.3 %",
            f"output when {100 * (1 - left):.0f} % of an input goes: share {100 * share:g} %, elasticity {sigma:g}",
            printed, change_pct(share, sigma, left), TOLERANCE, "%", "solved exactly",
        )
        for share, sigma, left, printed in CASES
    ]  # fmt: skip


@pytest.mark.parametrize("comparison", compare(), ids=name)
def test_losses_of_an_essential_input(comparison):
    assert comparison.agrees


def test_second_order_expansion_is_far_off_where_little_can_be_replaced():
    second_order = 100 * float(second_order_log_change(0.9, cost_share=0.04, substitution_elasticity=0.04))
    assert second_order == pytest.approx(-0.93, abs=0.005)
    assert change_pct(0.04, 0.04, 0.9) < 1.6 * second_order


@pytest.mark.parametrize(("share", "sigma", "left"), [(0.3, 1.0, 0.8), (1.0, 0.2, 0.7), (0.0, 0.2, 0.7)])
def test_known_limits(share, sigma, left):
    # Cobb-Douglas; nothing but the input; nothing of the input.
    assert float(output_ratio(left, cost_share=share, substitution_elasticity=sigma)) == pytest.approx(left**share)


def test_nothing_replaceable_means_output_falls_with_the_input():
    left = np.array([0.9, 0.5, 0.01])
    np.testing.assert_allclose(output_ratio(left, cost_share=0.04, substitution_elasticity=1e-4), left, rtol=1e-3)
