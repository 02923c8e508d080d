"""Does a summary say what elasticity a price rests on, and who states it?"""

import pytest

from derisk.data import load_dataset
from derisk.scenario import parse_scenario
from derisk.study.elasticities import demand_elasticities

SCENARIO = """\
name: prices
months: 3
measures:
  - kind: elasticity
    of: demand
    goods: germanium
    value: {uniform: [0.2, 0.4]}
    why: A test.
"""


@pytest.fixture(scope="module")
def stated():
    peaks = [{"good": good, "p50": ratio} for good, ratio in (("gallium", 3.0), ("germanium", 2.0), ("antimony", 1.0))]
    return demand_elasticities({"peak_price_ratio": peaks}, parse_scenario(SCENARIO), load_dataset())


def test_goods_whose_price_rises_are_told(stated):
    assert [row["good"] for row in stated] == ["gallium", "germanium"]


def test_a_row_of_the_dataset_gives_value_range_status_and_id(stated):
    row = load_dataset().row(stated[0]["row_id"])
    assert (row["field"], row["good"], row["use"]) == ("demand_elasticity", "gallium", "")
    assert stated[0]["value"] == row["value"]
    assert stated[0]["low"] == row["low"] < row["high"] == stated[0]["high"]
    assert stated[0]["status"] == row["status"] == "assumed"


def test_a_number_of_the_scenario_takes_the_rows_place(stated):
    assert stated[1] == {
        "good": "germanium",
        "value": pytest.approx(0.3),
        "low": 0.2,
        "high": 0.4,
        "status": "scenario",
        "row_id": "",
    }


def test_no_rise_no_elasticity():
    assert demand_elasticities({"peak_price_ratio": []}, parse_scenario(SCENARIO), load_dataset()) == []
