"""Laws of the dataset: whatever is spoilt in a lawful row is found, and every row can say where it comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derisk.data import load_dataset
from derisk.data.build import EMBEDDED
from derisk.data.checks import create_vocabulary, find
from derisk.data.fields import FIELDS
from derisk.data.lineage import explain_row
from derisk.data.merging import fetch_rows
from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, create_table, open_tables, row_cells
from derisk.data.rows import Row, make_row, row_id
from derisk.data.rules import ROW_RULES
from derisk.errors import DatasetError
from derisk.vocabulary.goods import BASES, GOODS, MATERIALS

SEED = 20260101
DRAWN = 60
"""Rows spoilt in each way."""
EXPLAINED = 200

Mutation = Callable[[dict[str, Any]], dict[str, Any] | None]


def another_basis(row: dict[str, Any]) -> dict[str, Any] | None:
    """The next basis of the vocabulary, for rows that weigh something."""
    if FIELDS[row["field"]].mass == "none" or not row["good"]:
        return None
    bases = [basis for basis in BASES if basis != row["basis"]]
    return {"basis": bases[len(row["locator"]) % len(bases)]}


def another_material(row: dict[str, Any]) -> dict[str, Any] | None:
    """A material that the good is not made of."""
    if not row["good"]:
        return None
    others = [material for material in MATERIALS if material != GOODS[row["good"]].material]
    return {"material": others[len(row["locator"]) % len(others)]}


def another_stage(row: dict[str, Any]) -> dict[str, Any] | None:
    """A stage that the good is not of."""
    if not row["good"]:
        return None
    return {"stage": next(s for s in ("mining", "refining", "component") if s != GOODS[row["good"]].stage)}


def negative(row: dict[str, Any]) -> dict[str, Any] | None:
    """The value with the other sign, where the field's lower bound is zero."""
    if FIELDS[row["field"]].minimum != 0 or not row["value"]:
        return None
    return {"value": -row["value"], "low": None, "high": None}


def beyond_one(row: dict[str, Any]) -> dict[str, Any] | None:
    """A share of more than the whole."""
    if FIELDS[row["field"]].maximum != 1 or row["value"] is None:
        return None
    return {"value": 1.0 + abs(row["value"]) + 1e-6, "low": None, "high": None}


def low_above_high(row: dict[str, Any]) -> dict[str, Any] | None:
    """A range turned round."""
    if row["value"] is None:
        return None
    return {"low": row["value"] + 1.0, "high": row["value"] - 1.0}


MUTATIONS: dict[str, tuple[Mutation, set[str]]] = {
    "unit": (lambda row: {"unit": "kt/year"}, {"unit_fits"}),
    "basis": (another_basis, {"basis_fits"}),
    "country": (lambda row: {"region": "QZQ"}, {"known_region"}),
    "partner": (lambda row: {"partner": "ROW"}, {"known_partner"}),
    "source": (lambda row: {"source": "nobody-1999"}, {"known_source"}),
    "sign": (negative, {"value_in_bounds"}),
    "material": (another_material, {"good_fits"}),
    "stage": (another_stage, {"good_fits"}),
    "period": (lambda row: {"period": row["period"] + "4"}, {"period_is_a_period"}),
    "month": (lambda row: {"period": f"{row['period'][:4]}-13"}, {"period_is_a_period"}),
    "share": (beyond_one, {"value_in_bounds"}),
    "range": (low_above_high, {"range_in_order"}),
    "locator": (lambda row: {"locator": ""}, {"locator_given"}),
    "status": (lambda row: {"status": "guessed"}, {"known_status"}),
    "field": (lambda row: {"field": "outptu"}, {"known_field"}),
    "value": (
        lambda row: None if row["value"] is None else {"value": None, "low": None, "high": None},
        {"value_given"},
    ),
    "withheld": (lambda row: None if row["value"] is None else {"status": "withheld"}, {"value_given"}),
}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Rows of the package, as they were stated."""
    with open_tables() as connection:
        return fetch_rows(connection, f"FROM read_parquet('{EMBEDDED / 'observations.parquet'}')")


@pytest.fixture(scope="module")
def sources() -> list[str]:
    return [source["id"] for source in json.loads((EMBEDDED / "sources.json").read_text(encoding="utf-8"))]


def spoilt(row: Row, mutation: Mutation) -> Row | None:
    """The row with one thing wrong, or nothing where the mutation does not apply to it."""
    cells = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    change = mutation(cells)
    if change is None:
        return None
    cells |= change
    return make_row(cells, cells["value"], cells["low"], cells["high"], file="spoilt", line=row.line)


def broken_rules(rows: list[Row], sources: list[str]) -> set[tuple[str, str, int]]:
    """Rule, file and line of each finding."""
    with open_tables() as connection:
        create_table(connection, "rows", ROW_COLUMNS, map(row_cells, rows), types=ROW_TYPES)
        create_vocabulary(connection, sources)
        return {(finding.rule, finding.file, finding.line) for finding in find(connection, ROW_RULES)}


def draw(rows: list[Row], count: int, salt: int) -> list[Row]:
    places = np.random.default_rng([SEED, salt]).choice(len(rows), size=count, replace=False)
    return [rows[place] for place in sorted(places)]


def test_the_datasets_rows_are_lawful(rows, sources):
    assert broken_rules(rows, sources) == set()


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_spoilt_row_is_found_and_no_other(rows, sources, name):
    mutation, expected = MUTATIONS[name]
    shuffled = np.random.default_rng([SEED, len(name)]).permutation(len(rows))
    able = filter(None, (spoilt(rows[place], mutation) for place in shuffled))
    wrong = [
        make_row(vars_of(row), row.value, row.low, row.high, file="spoilt", line=line)
        for line, row in enumerate(islice(able, DRAWN), start=1)
    ]
    assert len(wrong) == DRAWN
    kept = draw(rows, 500, salt=1)
    found = broken_rules([*kept, *wrong], sources)
    assert {(file, line) for _, file, line in found} == {("spoilt", line) for line in range(1, len(wrong) + 1)}
    assert {rule for rule, _, _ in found} >= expected


def vars_of(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__dataclass_fields__}


def test_a_key_stated_twice_by_one_source_is_found(rows, sources):
    drawn = draw(rows, DRAWN, salt=2)
    twice = [
        make_row(vars_of(row), row.value, row.low, row.high, file="twice", line=line)
        for line, row in enumerate(drawn, start=1)
    ]
    found = broken_rules([*drawn, *twice], sources)
    assert {rule for rule, _, _ in found} == {"key_unique_in_source"}
    assert len(found) == DRAWN


@settings(deadline=None, max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mixture_of_spoilt_rows_is_found_whole(rows, sources, data):
    places = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=12, unique=True))
    names = data.draw(st.lists(st.sampled_from(sorted(MUTATIONS)), min_size=len(places), max_size=len(places)))
    expected: dict[int, set[str]] = {}
    written = []
    for line, (place, name) in enumerate(zip(places, names, strict=True), start=1):
        mutation, rules = MUTATIONS[name]
        row = spoilt(rows[place], mutation)
        expected[line] = rules if row is not None else set()
        cells = vars_of(row or rows[place])
        written.append(make_row(cells, cells["value"], cells["low"], cells["high"], file="mixed", line=line))
    found = broken_rules(written, sources)
    for line, rules in expected.items():
        assert rules <= {rule for rule, _, at in found if at == line}
    assert {at for _, _, at in found} == {line for line, rules in expected.items() if rules}


def test_row_id_names_key_and_source_alone(rows):
    for row in draw(rows, DRAWN, salt=3):
        words = vars_of(row)
        assert row_id(words) == row.row_id
        assert row_id({**words, "note": "other", "unit": "kg"}) == row.row_id
        assert row_id({**words, "source": "other"}) != row.row_id


@pytest.fixture(scope="module")
def dataset():
    return load_dataset(EMBEDDED)


def test_any_row_says_where_it_comes_from(dataset, rows):
    """Two hundred rows, drawn at random: by id, and by the words that a person would write."""
    for row in draw(rows, EXPLAINED, salt=4):
        told = explain_row(dataset, row.row_id)
        assert (told["value"], told["locator"], told["source"]["id"]) == (row.value, row.locator, row.source)
        assert told["source"]["licence"]
        assert told["row"] == f"{row.file}, line {row.line}"
        words = (row.material or "-", row.stage or "-", row.region or "-", row.period, row.field)
        exact = {"good": row.good or "-", "partner": row.partner or "-", "use": row.use or "-"}
        by_words = answer_in_words(dataset, words, exact)
        if by_words is None:
            assert not told["chosen"]
            continue
        assert row.row_id in {by_words["row_id"], *(rival["row_id"] for rival in by_words["alternatives"])}
        assert (by_words["row_id"] == row.row_id) == told["chosen"]


def answer_in_words(dataset, words, exact) -> dict[str, Any] | None:
    """What `why` tells, or nothing where every row for the figure is excluded by a rule of choices.yml."""
    try:
        return dataset.why(*words, **exact)
    except DatasetError as error:
        if "every row for this figure is excluded" in str(error):
            return None
        raise


def test_edited_dataset_with_every_mistake_is_refused_with_file_and_line(tmp_path):
    """One real file, spoilt line by line, beside the real sources and choices."""
    import csv
    import shutil

    from derisk.data.examination import examine
    from derisk.data.rows import COLUMNS

    real = Path(__file__).resolve().parents[2] / "dataset"
    folder = tmp_path / "dataset"
    shutil.copytree(real, folder, ignore=shutil.ignore_patterns("observations", "recipes", "corrections", "*.csv"))
    with (real / "observations" / "gallium" / "production.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    names = ("unit", "basis", "country", "source", "material", "period", "locator", "status", "field")
    for line, name in zip(lines, names, strict=False):
        change = MUTATIONS[name][0]({**line, "value": float(line["value"] or 0)})
        line |= change or {}
    path = folder / "observations" / "gallium" / "production.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    problems = examine(folder).problems
    places = {problem.where for problem in problems if problem.where.startswith("observations/")}
    assert places == {f"observations/gallium/production.csv, line {line}" for line in range(2, 2 + len(names))}
