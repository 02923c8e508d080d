"""The pages about back-tests tell the truth: the example is a sound table, the validation is the record's."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from pathlib import Path

import pytest

from derisk.backtest import MODES, load_cases
from derisk.backtest.cases import OPTIONAL, REQUIRED, parse_cases
from derisk.backtest.estimates import load_estimates
from derisk.backtest.given import REQUIRED as OF_VOLUMES
from derisk.backtest.priors import load_priors
from derisk.backtest.reading import KINDS, STATISTICS
from derisk.path.parameters import table

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "backtest.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("write_validation", ROOT / "docs" / "write_validation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_of_the_reference_is_a_sound_table():
    (example,) = re.findall(r"```\n(case,.*?)```", REFERENCE, flags=re.DOTALL)
    (case,) = parse_cases(example, file="example.csv")
    assert [row.reading.kind for row in case.observations] == ["exports", "price"]


def test_every_word_of_the_language_is_explained():
    words = (*REQUIRED, *OPTIONAL, *OF_VOLUMES, *KINDS, *STATISTICS, *MODES)
    assert [word for word in words if f"`{word}`" not in REFERENCE and f"{word}`" not in REFERENCE] == []


def test_the_page_is_what_the_record_says(writer):
    assert writer.page() == writer.PAGE.read_text(encoding="utf-8"), "run: python docs/write_validation.py"


def test_the_record_is_of_the_shipped_cases():
    record = json.loads((ROOT / "docs" / "validation.json").read_text(encoding="utf-8"))
    for mode in MODES:
        told = {(row["case"], row["metric"]): row["observed"] for row in record["rows"] if row["mode"] == mode}
        assert told == {(case.name, row.metric): row.observed for case in load_cases() for row in case.observations}


def test_every_miss_has_a_reason_and_every_reason_a_miss(writer):
    record = json.loads(writer.RECORD.read_text(encoding="utf-8"))
    cases = {case.name: case for case in load_cases()}
    rows = [writer.forecast(row, cases) for row in record["rows"]]
    missed = {(row.case, row.metric, row.mode) for row in rows if writer.missed(row)}
    assert set(writer.reasons()) == missed
    with writer.REASONS.open(encoding="utf-8", newline="") as file:
        assert all(row["reason"].strip() for row in csv.DictReader(file))


def test_the_estimates_are_the_parameters_in_use():
    inuse = {line.name: line for line in table()}
    for row in load_estimates().parameters:
        line = inuse[row.name]
        assert (line.value, line.low, line.high) == pytest.approx((row.value, row.low, row.high), rel=0.01)
        assert line.status == "estimated"


def test_the_priors_are_those_of_the_record():
    told = {row.name: (row.prior, row.prior_low, row.prior_high) for row in load_estimates().parameters}
    assert told == {prior.name: (prior.value, prior.low, prior.high) for prior in load_priors()}
