"""A case run end to end: the rows programs read, the picture, and what cannot be run."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest
from test_cases import table

from derisk.backtest import GIVEN_VOLUME, load_cases, load_volumes, run_backtest, score
from derisk.backtest.cases import parse_cases
from derisk.backtest.estimates import ModelError
from derisk.backtest.figure import write_pictures
from derisk.backtest.given import parse_volumes
from derisk.backtest.report import lines_of, rows_of
from derisk.errors import InputError

KEYS = {
    *("case", "metric", "mode", "naive_no_change", "naive_lost_share", "month", "unit"),
    *("observed", "predicted", "low", "high", "log_error", "direction_right"),
}
ERROR = ModelError(tonnes=0.3, price=0.5)
SCENARIO = """\
name: a ban of three months
base_year: 2024
start: 2025-01
months: 3
draws: {count: 2, seed: 3}
measures:
  - {kind: export_ban, by: CHN, to: USA, goods: gallium, from: 2025-01, why: a test}
"""
CASES = table(
    {"metric": "exports", "scenario": "ban.yml", "observed": "0", "unit": "t", "per_t": "2"},
    {
        "metric": "price",
        "scenario": "ban.yml",
        "read": "price",
        "observed": "68",
        "unit": "%",
        "months": "2025-01..2025-02",
    },
    {"metric": "gap", "scenario": "ban.yml", "read": "price_gap", "observed": "1.04", "unit": "x"},
)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    (folder / "ban.yml").write_text(SCENARIO, encoding="utf-8")
    (folder / "cases.csv").write_text(CASES, encoding="utf-8")
    return load_cases(folder / "cases.csv")


@pytest.fixture(scope="module")
def from_text(cases):
    return run_backtest(cases, draws=3, model_error=ERROR)


def test_there_is_a_row_for_each_observation_with_the_keys_of_the_contract(from_text):
    rows = rows_of(from_text)
    assert [row["metric"] for row in rows] == ["exports", "price", "gap"]
    assert all(set(row) == KEYS for row in rows)
    assert all(row["case"] == "A" and row["mode"] == "from-text" and row["unit"] == "ratio" for row in rows)
    json.dumps(rows, allow_nan=False)


def test_a_ban_ships_nothing_and_raises_the_price_at_its_target(from_text):
    exports, price, gap = rows_of(from_text)
    assert exports["predicted"] == 0.0
    assert exports["direction_right"] is True
    assert exports["log_error"] is None
    assert price["observed"] == pytest.approx(1.68)
    assert price["predicted"] > 1.1
    assert price["low"] < price["predicted"] < price["high"]
    forecast = from_text[0].forecasts[1]
    assert price["low"] < forecast.draws_low < forecast.draws_high < price["high"]
    assert price["month"] == "2025-02"
    assert gap["direction_right"] is None  # moved by less than a tenth
    assert (price["naive_no_change"], price["naive_lost_share"]) == (1.0, 1.25)
    assert exports["naive_lost_share"] == pytest.approx(0.8)


def test_given_volumes_are_not_scored(cases, from_text):
    volumes = parse_volumes(
        "case,goods,origin,destination,months,quantity_t,reference_t,source\n"
        "A,gallium,CHN,USA,2025-01..2025-02,0.4,1,customs\n",
        file="v.csv",
    )
    results = run_backtest(cases, volumes, mode=GIVEN_VOLUME, draws=1, model_error=ERROR)
    exports, price, _ = rows_of(results)
    assert exports["predicted"] == pytest.approx(0.2)
    assert exports["log_error"] is exports["direction_right"] is None
    banned = from_text[0].courses[1].ratio.loc[0, ["2025-01", "2025-02"]].mean()
    assert 1.0 < price["predicted"] < banned
    assert score(forecast for result in results for forecast in result.forecasts).rows == 2


def test_the_picture_holds_every_observation(from_text, tmp_path):
    (path,) = write_pictures(from_text, tmp_path)
    drawing = ElementTree.parse(path).getroot()
    assert path.name == "A-from-text.svg"
    circles = [element for element in drawing.iter() if element.tag.endswith("circle")]
    assert len(circles) == 3 + 1  # and one in the key
    assert "price: observed 1.68" in drawing.find("{*}desc").text


def test_the_scores_are_told_with_their_bars(from_text):
    scores = score(from_text[0].forecasts)
    told = {line.name: line[1:] for line in lines_of(scores, mode="from-text")}
    assert told["direction right"] == ("2 of 2 (100%)", "at least 80%", True)
    assert told["median absolute log error"][1] == "at most 1.10"
    assert set(told) >= {"median absolute log error", "that of no change", "that of the lost share"}


def test_a_case_must_lie_inside_its_scenario():
    with pytest.raises(InputError, match="'A' observes 2026-01, the scenario ends before 2025-12"):
        run_backtest(parse_cases(table({"months": "2026-01"}), file="my.csv"), draws=1, model_error=ERROR)


def test_the_same_seed_gives_the_same_numbers_on_any_number_of_workers(cases, from_text):
    assert rows_of(run_backtest(cases, draws=3, workers=1, model_error=ERROR)) == rows_of(from_text)


def test_shipped_volumes_are_of_shipped_cases():
    assert {volume.case for volume in load_volumes()} <= {case.name for case in load_cases()}
