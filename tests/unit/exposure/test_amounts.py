"""Amounts as people write them."""

from __future__ import annotations

import pytest

from derisk.errors import InputError
from derisk.exposure.amounts import dollars, tonnes


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
def test_no_currency_is_converted(text: str) -> None:
    with pytest.raises(InputError, match=r"no value in US dollars|no number|negative"):
        dollars(text)
