"""Printed words and numbers: what is one, what is none, and what is a slip of the pen."""

from __future__ import annotations

import pytest

from derisk.data.intake.printed import find_grouped_number, find_number, find_slip


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12.0), (" -0.5 ", -0.5), (".5", 0.5), ("1.5e3", 1500.0), (7, 7.0), (True, None), (None, None), ("", None)],
)
def test_numbers_are_read(cell: object, number: float | None) -> None:
    assert find_number(cell) == number


@pytest.mark.parametrize(
    "cell", ["E12", "e5", "-", ".", "1.", "1 000", "1,000", "0,125", "12O", "\u0661\u0662", "inf", "1e999"]
)
def test_what_is_no_number_is_none_and_no_traceback(cell: str) -> None:
    assert find_number(cell) is None


def test_a_decimal_comma_is_never_read_as_thousands() -> None:
    assert find_number("28,947") is None
    assert find_grouped_number("28,947") == 28947.0


@pytest.mark.parametrize("cell", ["28,94", "1,2345", ",500", "1,000,00"])
def test_groups_of_other_than_three_digits_are_no_number(cell: str) -> None:
    assert find_grouped_number(cell) is None


@pytest.mark.parametrize("word", ["Galium", "Galllium", "Gellium", "Gallimu", "allium", "Galliu"])
def test_one_slip_of_the_pen_is_found(word: str) -> None:
    assert find_slip(word, ["Indium", "Gallium"]) == "Gallium"


@pytest.mark.parametrize("word", ["Gallium", "Thallium", "Gaul", "Tni", "Galilmu", ""])
def test_another_word_is_no_slip(word: str) -> None:
    assert find_slip(word, ["Gallium", "Tin"]) == ""


def test_neighbouring_elements_are_no_slips_of_each_other() -> None:
    assert find_slip("Erbium", ["Terbium"]) == ""
