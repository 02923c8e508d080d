"""A row at another value is the network that a dataset with that value gives."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.scenario import parse_scenario
from derisk.scenario.measures import KINDS
from derisk.sensitivity import central_case
from derisk.sensitivity.numbers import APART
from derisk.sensitivity.parameter import NO_RANGE_NOTE, range_around
from derisk.sensitivity.rows import BALANCED_WITH, FIELD_CHANGES, rebuilt_network, row_parameters
from derisk.sensitivity.rules import SCALED_VALUE_ADDED, VALUE_IN_USE, rule_parameters, stated_value_added
from derisk.sensitivity.slopes import STANDING
from derisk.sensitivity.words import _OF_NUMBER, row_words

TONNES = ("base_flow_t", "base_output_t", "base_use_t")


@pytest.mark.parametrize("field", sorted(set(FIELD_CHANGES) - {"capacity"}))
def test_a_row_changed_in_place_is_the_row_changed_in_the_dataset(central, field):
    rows = {row.row_id: row for row in central.ground.figures.rows[field]}
    parameters = [p for p in row_parameters(central) if p.kind == field]
    assert parameters
    for parameter in parameters[:4]:
        value = 0.5 * (parameter.base + parameter.high) if parameter.high > parameter.base else parameter.low
        own, built = len(central.network.process_kind), rebuilt_network(central, rows[parameter.row_ids[0]], value)
        held = parameter.held(value).network
        for name in STANDING:
            here = getattr(held, name)
            here = here[:own] if name in ("capacity_t", "unit_cost_usd_per_t", "supply_elasticity") else here
            same = name == "value_in_use_usd_per_t" and field in BALANCED_WITH
            np.testing.assert_allclose(here, getattr(built, name), rtol=0.2 if same else 1e-9, err_msg=name)
        if field not in BALANCED_WITH:
            for name in TONNES:
                np.testing.assert_allclose(getattr(built, name), getattr(central.network, name), rtol=1e-9)


ELASTIC = """
name: elastic
base_year: 2024
start: 2025-01
months: 1
measures:
  - {kind: elasticity, of: demand, goods: ndfeb_magnet, value: 0.9, why: test}
  - {kind: elasticity, of: supply, goods: ndpr_oxide, value: 0.9, why: test}
  - {kind: elasticity, of: trade, goods: dytb_oxide, value: 9, why: test}
"""


@pytest.mark.parametrize("field", sorted(set(FIELD_CHANGES) - {"capacity"}))
def test_a_row_at_its_own_value_leaves_elasticities_that_the_scenario_states(small_world, field):
    elastic = central_case(parse_scenario(ELASTIC), small_world)
    here = elastic.realisation.network
    assert (here.demand_elasticity == 0.9).any()
    for parameter in [p for p in row_parameters(elastic) if p.kind == field][:4]:
        held = parameter.held(parameter.base).network
        for name in STANDING:
            np.testing.assert_allclose(getattr(held, name), getattr(here, name), rtol=1e-12, err_msg=name)


def test_another_price_moves_the_balance_and_so_is_balanced_again(central):
    parameter = next(p for p in row_parameters(central) if p.kind == "price" and p.good == "refined_copper")
    anew, held = parameter.anew(parameter.high).network, parameter.held(parameter.high).network
    links = len(central.network.good)
    assert not np.allclose(anew.base_use_t, central.network.base_use_t, rtol=1e-9)
    np.testing.assert_array_equal(held.base_flow_t[:links], central.network.base_flow_t)


def test_value_in_use_and_scaled_value_added_are_moved_by_a_ratio(central):
    parameters = {(p.kind, p.good, p.use): p for p in rule_parameters(central)}
    network = central.network
    copper = network.goods.index("refined_copper")
    moved = parameters[VALUE_IN_USE, "refined_copper", ""].held(1.1).network.value_in_use_usd_per_t
    ratio = moved / network.value_in_use_usd_per_t
    np.testing.assert_allclose(ratio, np.where(network.use_good == copper, 1.1, 1.0))
    stated = stated_value_added(central)
    moved = parameters[SCALED_VALUE_ADDED, "", "machinery"].held(1.1).network.value_added_musd
    at, usa = network.uses.index("machinery"), network.regions.index("USA")
    japan = network.regions.index("JPN")
    assert stated[usa, at] == network.value_added_musd[usa, at]
    assert moved[usa, at] == network.value_added_musd[usa, at]
    assert moved[japan, at] == pytest.approx(1.1 * network.value_added_musd[japan, at])
    assert (np.delete(moved, at, axis=1) == np.delete(network.value_added_musd, at, axis=1)).all()


@pytest.mark.parametrize(
    ("base", "low", "high", "expected", "has_range"),
    [
        (0.5, 0.2, 0.9, (0.2, 0.9), True),
        (0.5, None, 0.9, (0.5, 0.9), True),
        (0.5, 0.6, 0.9, (0.5, 0.9), True),
        (0.5, None, None, (0.45, 0.55), False),
        (0.5, 0.5, 0.5, (0.45, 0.55), False),
        (0.95, None, None, (0.855, 1.0), False),
        (0.0, None, None, (0.0, 0.0), False),
    ],
)
def test_a_range_is_the_stated_one_or_a_tenth_either_way(base, low, high, expected, has_range):
    reach = range_around(base, low, high, least=0.0, most=1.0)
    assert (reach.low, reach.high) == pytest.approx(expected)
    assert reach.note == ("" if has_range else NO_RANGE_NOTE)


def test_every_number_of_every_measure_has_its_words():
    kinds = {
        f"{kind}.{field}"
        for kind, entry in KINDS.items()
        for field, info in entry.model.model_fields.items()
        if field not in APART and "Distribution" in str(info.annotation)
    }
    assert kinds == set(_OF_NUMBER)


def test_every_field_has_its_words():
    for field in (*FIELD_CHANGES, VALUE_IN_USE, SCALED_VALUE_ADDED):
        words = row_words(field, good="gallium", use="machinery", region="JPN")
        assert words[0].isupper()
        assert "{" not in words
    assert row_words("value_added", good="", use="machinery", region="JPN").endswith("machinery and vehicles, Japan")
