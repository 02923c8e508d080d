"""Do the distributions give the right values, keep their bounds, and refuse what makes none?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from derisk.distributions import Constant, Distribution, parse_number, triangular_quantile
from derisk.errors import InputError

EXAMPLES: tuple[Any, ...] = (
    3,
    {"triangular": [1, 2, 4]},
    {"uniform": [0, 1]},
    {"normal": [5, 1]},
    {"lognormal": [5, 0.5]},
    {"beta": [4, 2]},
    {"choice": {"values": [3, 1, 2], "weights": [1, 2, 1]}},
)
QUANTILES = (0.0, 1e-6, 0.1, 0.25, 0.5, 0.75, 0.9, 1 - 1e-6, 1.0)


@pytest.mark.parametrize("written", EXAMPLES)
def test_values_rise_with_the_quantile_and_stay_in_range(written: Any) -> None:
    number = parse_number(written)
    values = [number.at(quantile) for quantile in QUANTILES]
    assert all(low <= high for low, high in pairwise(values))
    assert values[0] == number.low
    assert values[-1] == number.high
    assert number.central == number.at(0.5)
    assert np.isfinite(values).all()


@pytest.mark.parametrize("written", EXAMPLES)
def test_what_is_written_parses_to_the_same_number(written: Any) -> None:
    number = parse_number(written)
    assert parse_number(number.plain()) == number
    assert parse_number(number) is number
    assert hash(number) == hash(parse_number(number.plain()))


@pytest.mark.parametrize("quantile", [0.03, 0.3, 0.5, 0.7, 0.97])
def test_values_agree_with_scipy(quantile: float) -> None:
    assert parse_number({"triangular": [1, 2, 4]}).at(quantile) == pytest.approx(
        stats.triang.ppf(quantile, 1 / 3, loc=1, scale=3)
    )
    assert parse_number({"normal": [5, 2]}).at(quantile) == pytest.approx(
        stats.truncnorm.ppf(quantile, -4, 4, loc=5, scale=2)
    )
    assert parse_number({"beta": [4, 2]}).at(quantile) == pytest.approx(stats.beta.ppf(quantile, 4, 2))
    assert parse_number({"lognormal": [3, 0.4]}).at(quantile) == pytest.approx(
        3 * np.exp(0.4 * stats.truncnorm.ppf(quantile, -4, 4))
    )


def test_choice_gives_each_value_its_share() -> None:
    number = parse_number({"discrete": {"values": [3, 1, 2], "weights": [1, 2, 1]}})
    drawn = [number.at((step + 0.5) / 1000) for step in range(1000)]
    assert {value: drawn.count(value) for value in (1, 2, 3)} == {1: 500, 2: 250, 3: 250}
    assert parse_number({"choice": {"values": [1, 2]}}).at(0.9) == 2


def test_a_certain_number_says_so() -> None:
    assert parse_number(2).certain
    assert Constant(2.0).plain() == 2
    assert parse_number({"triangular": [2, 2, 2]}).certain
    assert not parse_number({"uniform": [2, 3]}).certain


def test_the_triangular_law_without_width_is_its_mode() -> None:
    assert triangular_quantile(0.9, 2.0, 2.0, 2.0) == 2.0
    assert triangular_quantile(0.0, 1.0, 1.0, 3.0) == 1.0
    assert triangular_quantile(1.0, 1.0, 3.0, 3.0) == 3.0


def test_numbers_cannot_be_changed() -> None:
    number = parse_number({"uniform": [0, 1]})
    with pytest.raises(AttributeError):
        number.low_value = 3.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("much", "'much' is not a number"),
        (True, "True is not a number"),
        (None, "None is not a number"),
        (float("nan"), "not a finite number"),
        ([1, 2], "is not a number"),
        ({}, "one family"),
        ({"uniform": [0, 1], "beta": [1, 1]}, "one family"),
        ({"triangluar": [1, 2, 3]}, "unknown distribution 'triangluar'"),
        ({"triangular": [3, 2, 1]}, "not in rising order"),
        ({"triangular": [1, 2]}, "needs 3 numbers, got 2"),
        ({"triangular": "abc"}, "needs a list"),
        ({"uniform": [1, "a"]}, "not a finite number"),
        ({"uniform": [2, 1]}, "not in rising order"),
        ({"normal": [1, 0]}, "standard deviation 0"),
        ({"lognormal": [0, 1]}, "out of range"),
        ({"beta": [0, 1]}, "not positive"),
        ({"choice": {"values": []}}, "no values"),
        ({"choice": {"values": [1, 2], "weights": [1]}}, "needs 2 numbers, got 1"),
        ({"choice": {"values": [1], "weights": [0]}}, "weights"),
        ({"choice": {"values": [1], "odds": [1]}}, "nothing else"),
    ],
)
def test_what_makes_no_number_is_refused(written: Any, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_number(written)
    problem = caught.value.problems[0]
    assert says in problem.what
    assert problem.allowed


def test_a_misspelt_family_gets_a_hint() -> None:
    with pytest.raises(InputError, match="did you mean 'triangular'"):
        parse_number({"triangluar": [1, 2, 3]})


@pytest.mark.parametrize("quantile", [-0.1, 1.1, float("nan")])
def test_a_quantile_outside_its_range_is_refused(quantile: float) -> None:
    number: Distribution = parse_number({"beta": [1, 1]})
    with pytest.raises(InputError, match="outside"):
        number.at(quantile)
