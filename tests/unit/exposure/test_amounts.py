"""Amounts as people write them."""

from __future__ import annotations

import pytest

from derisk.errors import InputError
from derisk.exposure.amounts import decimal_sign, dollars, tonnes


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("1200", "kg", 1.2),
        ("1,250 kg", "", 1.25),
        ("1.250,5", "kg", 1.2505),
        ("1,250.5", "kg", 1.2505),
        ("12 500", "g", 0.0125),
        ("3.5", "metric tons", 3.5),
        ("1e3", "lb", 0.45359237),
        ("2'000'000", "mg", 0.002),
        ("1.250.000", "kg", 1250.0),
        ("0,5", "t", 0.5),
        ("0,250", "kg", 0.00025),
        ("1,250", "kg", 1.25),
    ],
)
def test_masses(quantity: str, unit: str, expected: float) -> None:
    assert tonnes(quantity, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("quantity", "unit", "what"),
    [
        ("12", "tons", "no unit of mass"),
        ("12", "", "has no unit"),
        ("a dozen", "kg", "no number"),
        ("-3", "kg", "negative"),
        ("4", "pieces", "no unit of mass"),
    ],
)
def test_masses_nobody_can_read(quantity: str, unit: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        tonnes(quantity, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90000", 9e4), ("$1.2m", 1.2e6), ("USD 3,400", 3400.0), ("US$ 5 million", 5e6), ("12 k", 12e3)],
)
def test_values(text: str, expected: float) -> None:
    assert dollars(text) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["EUR 12000", "12000 EUR", "€ 5", "five", "-3"])
def test_no_currency_is_converted_without_a_rate(text: str) -> None:
    with pytest.raises(InputError, match=r"no value in US dollars|no number|negative"):
        dollars(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("EUR 12,000", 13_200.0), ("12.5 m EUR", 13.75e6), ("€ 5", 5.5), ("2 k BRL", 400.0), ("USD 7", 7.0)],
)
def test_a_currency_with_a_rate_is_converted(text: str, expected: float) -> None:
    assert dollars(text, usd_per={"EUR": 1.1, "BRL": 0.2}) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1.250", "612,75"], ","),
        (["1.250", "2.310,50 EUR"], ","),
        (["1.250.000"], ","),
        (["1,250", "3.5 kg"], "."),
        (["1,250", "0,250"], ","),
        (["1.250", "40", ""], ""),
        (["1,5", "1.5"], ""),
    ],
)
def test_the_decimal_sign_of_a_list_is_what_its_numbers_agree_on(cells: list[str], sign: str) -> None:
    assert decimal_sign(cells) == sign


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.250", ",", 1250.0),
        ("1.250", "", 1.25),
        ("1,250", ".", 1250.0),
        ("1,250", ",", 1.25),
        ("1,250.5", ",", 1250.5),
    ],
)
def test_a_separator_before_three_digits_is_read_as_the_list_says(text: str, decimal: str, expected: float) -> None:
    assert tonnes(text, "t", decimal=decimal) == expected


@pytest.mark.parametrize("unit", ["ST", "Stk.", "pcs", "EA", "m"])
def test_a_count_is_not_taken_for_tonnes(unit: str) -> None:
    with pytest.raises(InputError) as caught:
        tonnes("4", unit)
    assert caught.value.problems[0].hint == "state what they weigh, or the value"
