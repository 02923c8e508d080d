"""Printed numbers: two or three significant figures, words for size, nothing that claims more than it knows."""

from __future__ import annotations

import math

import pytest

from derisk.brief.numbers import (
    money,
    money_short,
    percent,
    percent_change,
    percent_round,
    percent_tenth,
    price,
    ratio,
    significant,
    tick,
    tonnes,
    unbroken,
)


def plain(text: str) -> str:
    return (
        text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").replace("\N{MULTIPLICATION SIGN}", "x")
    )


@pytest.mark.parametrize(
    ("form", "value", "printed"),
    [
        (significant, 12345.6, "12,300"),
        (significant, 0.045678, "0.0457"),
        (significant, 9.9999, "10.0"),
        (significant, -2.5, "-2.50"),
        (significant, 0.0, "0"),
        (money, 12_345.0, "USD 12.3 billion"),
        (money, 999.9, "USD 1.00 billion"),
        (money, 2_400_000.0, "USD 2.40 trillion"),
        (money, 0.25, "USD 250 thousand"),
        (money, -81.0, "-USD 81.0 million"),
        (money, 0.0, "USD 0"),
        (money_short, 12_345.0, "12.3 bn"),
        (percent, 0.1234, "12 %"),
        (percent, 0.0123, "1.2 %"),
        (percent, 0.0001, "< 0.1 %"),
        (percent_tenth, 0.44017, "44.0 %"),
        (percent_tenth, 0.7604, "76.0 %"),
        (percent_tenth, 0.0913, "9.1 %"),
        (percent_change, 0.138, "+14 %"),
        (percent_change, -0.38, "-38 %"),
        (percent_change, 0.0, "0 %"),
        (percent_change, 2e-4, "0 %"),
        (percent_change, -2e-4, "0 %"),
        (percent_round, 0.895, "90 %"),
        (percent_round, 1.0, "100 %"),
        (ratio, 3.046, "x 3.0"),
        (tonnes, 1_234_567.0, "1.23 million t"),
        (tonnes, 0.3612, "361 kg"),
        (price, 482_000.0, "USD 482/kg"),
        (price, 4_500.0, "USD 4,500/t"),
        (money, math.nan, "not known"),
    ],
)
def test_form(form, value, printed):
    assert plain(form(value)) == printed


def test_no_line_ends_between_a_number_and_its_unit():
    text = unbroken("at risk (5 to 95 %: USD 1.2 billion to USD 3 billion), 8 times; 3 billionaires pay 100 % of 4 t")
    assert text.replace("\N{NO-BREAK SPACE}", "_") == (
        "at risk (5_to_95_%: USD_1.2_billion to USD_3_billion), 8_times; 3 billionaires pay 100_% of 4 t"
    )


def test_axis_labels_drop_the_zeros_of_precision():
    assert [tick(text) for text in ("2.50 bn", "10.0 %", "× 1.00", "1,000", "0.25")] == [
        "2.5 bn",
        "10 %",
        "× 1",
        "1,000",
        "0.25",
    ]
