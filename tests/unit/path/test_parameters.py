"""Parameters: the table says what the code reads, a draw moves each within its range, wrong tables are refused."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from derisk.ensemble import quantiles_of_draw
from derisk.errors import DatasetError, InputError
from derisk.path.parameters import COLUMNS, NAMES, load_parameters, table


def test_every_line_is_a_number_of_the_record():
    stated = {line.name: line.value for line in table()}
    assert asdict(load_parameters()) == stated


def test_ranges_hold_the_values_and_every_assumption_has_its_reason():
    for line in table():
        assert line.low <= line.value <= line.high
        assert len(line.note) > 20
        assert line.unit
        assert line.source


def test_the_lowest_and_highest_quantiles_are_the_range():
    least, most = load_parameters(quantile=lambda key: 1e-15), load_parameters(quantile=lambda key: 1 - 1e-15)
    for line in table():
        assert getattr(least, line.name) == pytest.approx(line.low, rel=1e-6)
        assert getattr(most, line.name) == pytest.approx(line.high, rel=1e-6)


def test_a_draw_asks_for_each_parameter_by_its_key():
    asked = []

    def quantile(key):
        asked.append(key)
        return 0.5

    load_parameters(quantile=quantile)
    assert asked == [f"parameter.{line.name}" for line in table()]


def test_draws_are_the_same_each_time_and_differ_from_one_another():
    first, again, other = (load_parameters(quantile=quantiles_of_draw(seed=7, draw=draw)) for draw in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_given_number_stands_in_every_draw():
    given = {"idling_months": 18.0}
    assert load_parameters(given=given).idling_months == 18.0
    assert load_parameters(given=given, quantile=quantiles_of_draw(seed=1, draw=3)).idling_months == 18.0


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(InputError) as caught:
        load_parameters(given={"idling_month": 18.0})
    assert "idling_months" in caught.value.problems[0].hint


def _file(tmp_path, change):
    lines = [",".join(COLUMNS)]
    lines += [f'{p.name},{p.value},{p.low},{p.high},{p.unit},{p.status},source,"{p.note}"' for p in table()]
    file = tmp_path / "mine.csv"
    file.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    return file


def test_a_table_of_ones_own_is_read(tmp_path):
    assert [line.value for line in table(_file(tmp_path, list))] == [line.value for line in table()]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: lines[:-1], f"no line states '{NAMES[-1]}'"),
        (lambda lines: [*lines, "psy,1,1,1,x,assumed,s,because"], "unknown parameter 'psy'"),
        (lambda lines: [*lines, lines[1]], f"parameter '{NAMES[0]}' stands twice"),
        (lambda lines: [lines[0], lines[1].replace("0.12", "0.5"), *lines[2:]], "are not in order"),
        (lambda lines: [lines[0], lines[1].replace("0.12", "much"), *lines[2:]], "is no number"),
        (lambda lines: [lines[0], lines[1].replace("assumed", "guessed"), *lines[2:]], "unknown status 'guessed'"),
        (lambda lines: [lines[0], lines[1].replace("share/year", ""), *lines[2:]], "without unit, source or note"),
        (lambda lines: [lines[0].replace("name", "parameter"), *lines[1:]], "columns"),
    ],
)
def test_a_wrong_table_is_refused_with_the_reason(tmp_path, change, what):
    with pytest.raises(DatasetError) as caught:
        table(_file(tmp_path, change))
    assert any(what in problem.what for problem in caught.value.problems)
    assert all("mine.csv" in problem.where for problem in caught.value.problems)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    file = _file(tmp_path, lambda lines: [*lines[:3], "psy,1,1,1,x,assumed,s,because", *lines[4:]])
    with pytest.raises(DatasetError) as caught:
        table(file)
    assert len(caught.value.problems) == 2
