"""The shipped cases: what they observe follows from the dataset's own rows, and their sources are the dataset's."""

from __future__ import annotations

import pytest

from derisk.backtest import load_cases, load_volumes
from derisk.data import load_dataset
from derisk.data.build import EMBEDDED
from derisk.scenario import load_scenario


@pytest.fixture(scope="module")
def dataset():
    return load_dataset(EMBEDDED)


@pytest.fixture(scope="module")
def observed():
    return {(case.name, row.metric): row for case in load_cases() for row in case.observations}


def test_there_are_five_cases_with_twenty_four_numbers(observed):
    assert [case.name for case in load_cases()] == ["BT1", "BT2", "BT3", "BT5", "BT6"]
    assert len(observed) == 24


def test_every_source_is_one_of_the_datasets(dataset):
    known = set(dataset.sources())
    assert {row.source for case in load_cases() for row in case.observations} <= known
    assert {volume.source for volume in load_volumes()} <= known


def test_base_years_are_those_of_the_day():
    years = {case.name: load_scenario(case.scenario).base_year for case in load_cases()}
    assert years == {"BT1": 2009, "BT2": 2009, "BT3": 2022, "BT5": 2023, "BT6": 2024}


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.name)
def test_no_act_is_dated_after_what_is_observed_and_none_holds_known_exports(case):
    scenario = load_scenario(case.scenario)
    last = max(row.reading.months.last for row in case.observations)
    assert any(measure.from_month <= last for measure in scenario.measures)
    assert not [measure for measure in scenario.measures if measure.kind == "export_volume"]


def tonnes(dataset, good, period, partner):
    rows = dataset.rows(field="trade_gross", period=period, region="CHN", partner=partner, stage="refining", good=good)
    assert len(rows) == 1
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize(
    ("case", "metric", "above", "below"),
    [
        ("BT1", "Japan imports from China Oct/Sep", ("", "2010-10", "JPN"), ("", "2010-09", "JPN")),
        ("BT1", "Japan imports from China Nov/Sep", ("", "2010-11", "JPN"), ("", "2010-09", "JPN")),
        ("BT1", "Japan imports from China Dec/Sep", ("", "2010-12", "JPN"), ("", "2010-09", "JPN")),
        ("BT1", "China total exports Oct/Sep", ("", "2010-10", "WLD"), ("", "2010-09", "WLD")),
        ("BT5", "exports Oct/Sep 2024", ("antimony", "2024-10", "WLD"), ("antimony", "2024-09", "WLD")),
    ],
)
def test_ratios_of_tonnes_follow_from_the_datasets_rows(dataset, observed, case, metric, above, below):
    ratio = tonnes(dataset, *above) / tonnes(dataset, *below)
    assert observed[case, metric].observed == pytest.approx(ratio, abs=0.0006)
