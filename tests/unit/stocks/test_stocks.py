"""The parts of dynamic material-flow analysis: shapes, cohorts, policies, scrap and what they refuse."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from derisk.errors import InputError, ShapeError
from derisk.stocks import (
    FixedLifetime,
    LognormalLifetime,
    NormalLifetime,
    WeibullLifetime,
    inflow_from_stock,
    leaving_matrix,
    recycling_potential,
    scrap_of,
    stock_from_inflow,
    sum_over_years,
    survival_matrix,
)

FALLING = [10.0, 10.0, 5.0, 5.0, 9.0, 2.0, 0.0, 3.0]


def test_a_cohort_keeps_the_life_it_was_sold_with():
    lives = FixedLifetime([3.0, 1.0, 1.0, 2.0, 1.0])
    record = stock_from_inflow([1.0, 1.0, 1.0, 1.0, 1.0], lives)
    assert record.outflow_t.tolist() == [0.0, 0.0, 1.0, 2.0, 0.0]
    assert record.stock_t.tolist() == [1.0, 2.0, 2.0, 1.0, 2.0]


def test_axes_of_materials_and_uses_are_reckoned_apart():
    sold = np.arange(1.0, 61.0).reshape(10, 2, 3)
    years = np.array([[2.0, 5.0, 9.0], [1.0, 4.0, 30.0]])
    record = stock_from_inflow(sold, WeibullLifetime.from_mean(years, shape=2.5))
    for material in range(2):
        for use in range(3):
            alone = stock_from_inflow(
                sold[:, material, use], WeibullLifetime.from_mean(years[material, use], shape=2.5)
            )
            assert record.stock_t[:, material, use] == pytest.approx(alone.stock_t, rel=1e-12)
            assert record.outflow_t[:, material, use] == pytest.approx(alone.outflow_t, rel=1e-12)


def test_months_and_years_agree_on_a_fixed_life():
    yearly = np.arange(1.0, 11.0)
    monthly = stock_from_inflow(np.repeat(yearly / 12.0, 12), FixedLifetime(5), step_years=1 / 12)
    whole = stock_from_inflow(yearly, FixedLifetime(5))
    assert monthly.stock_t[11::12] == pytest.approx(whole.stock_t, rel=1e-12)
    assert sum_over_years(monthly.outflow_t, steps_per_year=12) == pytest.approx(whole.outflow_t, rel=1e-12)


def test_a_step_adds_half_of_itself_to_a_smooth_life():
    life = WeibullLifetime.from_mean(6.0, shape=2.0)
    for step, tolerance in ((1.0, 0.01), (1 / 12, 0.0005)):
        steps = round(60 / step)
        record = stock_from_inflow(np.full(steps, step), life, step_years=step)
        assert record.stock_t[-1] == pytest.approx(6.0 + step / 2.0, abs=tolerance)


def test_the_matrix_of_equal_cohorts_is_a_view_of_one_curve():
    matrix = survival_matrix(WeibullLifetime(shape=2.0, scale_years=5.0), (1000,))
    assert matrix.shape == (1000, 1000)
    assert not matrix.flags.owndata
    assert matrix.base is not None
    assert matrix[700, 697] == pytest.approx(np.exp(-((3.0 / 5.0) ** 2)), rel=1e-12)
    assert matrix[3, 4] == 0.0


def test_what_leaves_over_all_steps_is_what_does_not_stay():
    life = LognormalLifetime(median_years=[3.0, 8.0], sigma=[0.5, 0.2])
    stays, leaves = (matrix(life, (12, 2)) for matrix in (survival_matrix, leaving_matrix))
    assert leaves.sum(axis=0) == pytest.approx(1.0 - stays[-1], abs=1e-12)


def test_mean_age_of_a_stock():
    record = stock_from_inflow([4.0, 0.0, 4.0], FixedLifetime(9.0))
    assert record.mean_age_years().tolist() == [0.0, 1.0, 1.0]
    assert record.stock_change_t.tolist() == [4.0, 0.0, 4.0]


def test_waiting_leaves_the_stock_above_the_path():
    record = inflow_from_stock(FALLING, FixedLifetime(3.0), negative_inflow="wait")
    assert record.inflow_t.tolist() == [10.0, 0.0, 0.0, 5.0, 4.0, 0.0, 0.0, 3.0]
    assert record.stock_t.tolist() == [10.0, 10.0, 10.0, 5.0, 9.0, 9.0, 4.0, 3.0]
    assert record.outflow_t.tolist() == [0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 5.0, 4.0]


def test_retiring_ends_lives_early_and_meets_the_path():
    record = inflow_from_stock(FALLING, FixedLifetime(3.0), negative_inflow="retire")
    assert record.stock_t == pytest.approx(np.array(FALLING), abs=1e-12)
    assert record.inflow_t == pytest.approx([10.0, 0.0, 0.0, 5.0, 4.0, 0.0, 0.0, 3.0], abs=1e-12)
    assert record.outflow_t == pytest.approx([0.0, 0.0, 5.0, 5.0, 0.0, 7.0, 2.0, 0.0], abs=1e-12)
    assert record.stock_by_cohort_t()[5] == pytest.approx([0.0, 0.0, 0.0, 10.0 / 9, 8.0 / 9, 0.0, 0.0, 0.0])


def test_a_path_too_steep_is_refused_by_name():
    with pytest.raises(InputError, match=r"inflow of -5 t") as caught:
        inflow_from_stock(FALLING, FixedLifetime(3.0))
    assert caught.value.problems[0].where == "step 2 of the path"
    assert "retire" in caught.value.problems[0].hint


def test_only_the_use_whose_path_falls_retires():
    path = np.column_stack([FALLING[:4], [1.0, 2.0, 3.0, 4.0]])
    record = inflow_from_stock(path, FixedLifetime(9.0), negative_inflow="retire")
    assert record.kept_share[:, 1].tolist() == [1.0] * 4
    assert record.kept_share[2, 0] == pytest.approx(0.5)


def test_earlier_sales_are_part_of_the_record():
    sold = np.arange(1.0, 11.0)
    life = WeibullLifetime(shape=2.0, scale_years=5.0)
    whole = stock_from_inflow(sold, life)
    record = inflow_from_stock(whole.stock_t[6:], life, earlier_inflow_t=sold[:6])
    assert record.inflow_t == pytest.approx(sold, rel=1e-12)
    assert record.outflow_t == pytest.approx(whole.outflow_t, rel=1e-12, abs=1e-12)


def test_rounding_is_not_a_negative_inflow():
    record = inflow_from_stock([10.0, 10.0 - 1e-9, 10.0], FixedLifetime(9.0))
    assert record.inflow_t[1] == 0.0


def test_scrap_of_two_uses():
    scrap = scrap_of([[10.0, 20.0]], collection_share=[0.5, 0.1], recovery_share=0.8)
    assert scrap.collected_t.tolist() == [[5.0, 2.0]]
    assert scrap.recovered_t == pytest.approx(np.array([[4.0, 1.6]]))
    assert scrap.uncollected_t.tolist() == [[5.0, 18.0]]
    assert scrap.residue_t == pytest.approx(np.array([[1.0, 0.4]]))


def test_potential_by_material():
    scrap = scrap_of(np.full((1, 2, 3), 2.0), collection_share=0.5, recovery_share=[[0.5], [1.0]])
    inflow = np.array([[[4.0, 4.0, 4.0], [0.0, 0.0, 0.0]]])
    potential = recycling_potential(scrap, inflow_t=inflow)
    assert potential.recovered_t.tolist() == [[1.5, 3.0]]
    assert potential.potential_input_share[0, 0] == 0.5
    assert potential.recycled_input_share[0, 0] == 0.125
    assert potential.end_of_life_recycling_rate.tolist() == [[0.25, 0.5]]
    assert np.isnan(potential.recycled_input_share[0, 1])


def test_results_cannot_be_written_to():
    record = stock_from_inflow([1.0, 2.0], FixedLifetime(5.0))
    with pytest.raises(ValueError, match="read-only"):
        record.stock_t[0] = 3.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.step_years = 2.0


def test_inputs_stay_the_callers_own():
    sold = np.array([1.0, 2.0])
    stock_from_inflow(sold, FixedLifetime(5.0))
    scrap_of(sold, collection_share=1.0, recovery_share=1.0)
    sold[0] = 3.0
    assert sold[0] == 3.0


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: FixedLifetime(0.0), InputError, "years 0"),
        (lambda: WeibullLifetime(shape=-1.0, scale_years=np.nan), InputError, "shape -1"),
        (lambda: NormalLifetime(centre_years=[1, 2], spread_years=[1, 2, 3]), ShapeError, "spread_years"),
        (lambda: WeibullLifetime.from_mean_and_sd(10.0, sd_years=200.0), InputError, "20. means"),
        (lambda: stock_from_inflow([1.0, -2.0], FixedLifetime(5)), InputError, "inflow -2 t"),
        (lambda: stock_from_inflow([], FixedLifetime(5)), ShapeError, "at least one year"),
        (lambda: stock_from_inflow(3.0, FixedLifetime(5)), ShapeError, r"shape \(\)"),
        (lambda: stock_from_inflow([1.0, 2.0], FixedLifetime([5, 6, 7])), ShapeError, "differs by cohort"),
        (lambda: stock_from_inflow([1.0], FixedLifetime(5), step_years=0.0), InputError, "step of 0"),
        (lambda: inflow_from_stock([1.0], FixedLifetime(5), negative_inflow="wiat"), InputError, "'wait'"),
        (
            lambda: inflow_from_stock([[1.0, 1.0]], FixedLifetime(5), earlier_inflow_t=[[1.0, 1.0, 1.0]]),
            ShapeError,
            "earlier inflow",
        ),
        (lambda: scrap_of([1.0], collection_share=1.1, recovery_share=0.5), InputError, "collection_share 1.1"),
        (lambda: scrap_of([1.0], collection_share=np.nan, recovery_share=0.5), InputError, "collection_share nan"),
        (lambda: scrap_of([1.0], collection_share=[0.1, 0.2], recovery_share=0.5), ShapeError, "collection_share"),
        (lambda: sum_over_years(np.ones(13), steps_per_year=12), ShapeError, "whole years"),
        (
            lambda: recycling_potential(scrap_of([1.0], collection_share=1, recovery_share=1), inflow_t=[1.0]),
            ShapeError,
            "beside scrap",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, error, said):
    with pytest.raises(error, match=said):
        call()
