"""Laws of indicators, for any suppliers: bounds, symmetry, mergers, monotony, and absences that stay where they are."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derisk.indicators.concentration import herfindahl, weighted_herfindahl
from derisk.indicators.eu_supply_risk import supply_risk, weighted_concentration
from derisk.indicators.geopolrisk import instability, score
from derisk.indicators.net_import_reliance import net_import_reliance
from derisk.indicators.top_share import top_share

SUPPLIERS, SECTIONS = 6, 4
LAWS = settings(max_examples=100, derandomize=True, deadline=None)
TONNES = st.floats(0.0, 1e7, allow_subnormal=False)
SHARE = st.floats(0.0, 1.0, allow_subnormal=False)
OUTPUT = arrays(float, SUPPLIERS, elements=st.floats(1e-3, 1e7, allow_subnormal=False))
TABLE = arrays(float, (SECTIONS, SUPPLIERS), elements=TONNES)
SLACK = 1e-9


@LAWS
@given(OUTPUT)
def test_concentration_lies_between_equal_suppliers_and_one_alone(output):
    assert 1.0 / SUPPLIERS - SLACK <= float(herfindahl(output)) <= 1.0 + SLACK


@LAWS
@given(OUTPUT, TONNES)
def test_treatments_of_others_are_ordered(output, other):
    drop, spread, one = (float(herfindahl(output, other, other=how)) for how in ("drop", "spread", "one_supplier"))
    assert drop <= spread + SLACK
    assert spread <= one + SLACK
    assert one <= 1.0 + SLACK


@LAWS
@given(OUTPUT, st.permutations(range(SUPPLIERS)))
def test_order_of_suppliers_does_not_matter(output, order):
    shuffled = output[np.array(order)]
    np.testing.assert_allclose(herfindahl(shuffled), herfindahl(output), rtol=1e-12)
    np.testing.assert_allclose(top_share(shuffled), top_share(output), rtol=1e-12)


@LAWS
@given(OUTPUT, st.floats(1e-6, 1e6))
def test_the_unit_of_output_does_not_matter(output, factor):
    np.testing.assert_allclose(herfindahl(output * factor), herfindahl(output), rtol=1e-9)
    np.testing.assert_allclose(top_share(output * factor), top_share(output), rtol=1e-9)


@LAWS
@given(OUTPUT)
def test_a_merger_never_lowers_concentration(output):
    merged = np.concatenate([[output[0] + output[1], 0.0], output[2:]])
    assert float(herfindahl(merged)) >= float(herfindahl(output)) - SLACK
    assert float(top_share(merged)) >= float(top_share(output)) - SLACK


@LAWS
@given(OUTPUT, SHARE)
def test_a_shift_from_a_smaller_to_a_larger_supplier_never_lowers_concentration(output, part):
    ordered = np.sort(output)
    moved = part * ordered[0]
    shifted = np.concatenate([[ordered[0] - moved], ordered[1:-1], [ordered[-1] + moved]])
    assert float(herfindahl(shifted)) >= float(herfindahl(ordered)) - SLACK


@LAWS
@given(OUTPUT, arrays(float, SUPPLIERS, elements=st.floats(0.0, 10.0)))
def test_weighted_concentration_lies_within_its_weights(output, weight):
    plain, weighted = float(herfindahl(output)), float(weighted_herfindahl(output, weight))
    assert weight.min() * plain - 1e-6 <= weighted <= weight.max() * plain + 1e-6


@LAWS
@given(st.floats(0.0, 60.0), st.floats(0.0, 60.0), SHARE, SHARE, SHARE, SHARE)
def test_supply_risk_falls_with_recycling(world, europe, reliance, low, high, substitution):
    low, high = min(low, high), max(low, high)
    numbers = [np.asarray(number) for number in (world, europe, reliance)]
    less, more = (float(supply_risk(*numbers, np.asarray(r), substitution)) for r in (low, high))
    assert more <= less + SLACK
    assert 0.0 <= more <= max(world, europe) + SLACK


@LAWS
@given(st.floats(0.1, 60.0), st.floats(0.0, 60.0), SHARE)
def test_supply_risk_lies_between_the_unions_and_the_mean_of_both(world, europe, reliance):
    found = float(supply_risk(*map(np.asarray, (world, europe, reliance, 0.0)), 1.0))
    ends = (europe, 0.5 * (world + europe))
    assert min(ends) - SLACK <= found <= max(ends) + SLACK


@LAWS
@given(TABLE, TABLE, st.integers(0, SECTIONS - 1), st.integers(0, SUPPLIERS - 1))
def test_an_absent_input_changes_no_other_item(output, weight, section, supplier):
    assume(output[section, supplier] > 0.0)
    hole = weight.copy()
    hole[section, supplier] = np.nan
    share = output / np.maximum(output.sum(axis=1, keepdims=True), 1.0)
    others = np.arange(SECTIONS) != section
    for measure in (
        lambda w: weighted_herfindahl(output, w),
        lambda w: weighted_concentration(share, w, np.ones_like(w)),
    ):
        np.testing.assert_array_equal(measure(hole)[others], measure(weight)[others])
        assert np.isnan(measure(hole)[section])


@LAWS
@given(SHARE, TABLE, TABLE, arrays(float, (SECTIONS, SUPPLIERS), elements=st.floats(-4.0, 4.0)))
def test_scores_lie_between_nothing_and_the_concentration(concentration, imports, made, stability):
    risky = instability(stability) * imports
    found = score(np.asarray(concentration), risky, imports, made)
    known = imports + made > 0.0
    assert np.isnan(found[~known]).all()
    assert ((found[known] >= 0.0) & (found[known] <= concentration + SLACK)).all()


@LAWS
@given(SHARE, st.floats(1.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_own_output_never_raises_the_score(concentration, imports, made, more):
    risky = 0.5 * imports
    numbers = (np.asarray(concentration), np.asarray(risky), np.asarray(imports))
    assert float(score(*numbers, np.asarray(made + more))) <= float(score(*numbers, np.asarray(made))) + SLACK


@LAWS
@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(1.0, 1e6))
def test_reliance_is_at_most_one_and_negative_for_net_exporters(imports, exports, made):
    assume(made + imports - exports > 1e-6)
    found = float(net_import_reliance(*map(np.asarray, (imports, exports, made))))
    assert found <= 1.0 + SLACK
    assert (found < 0.0) == (imports < exports)
