"""The picture of the purchases that lose most: each bar's item, largest first, and a clear word where there is nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from derisk.errors import InputError
from derisk.exposure.assess import Assessment, ItemExposure
from derisk.exposure.mapping import Mapped
from derisk.exposure.picture import ROWS, draw_exposure


def item(line: int, *, extra: float | None, lost: float | None) -> ItemExposure:
    purchase = Mapped(
        line=line, item=f"part <{line}>", good="gallium", quantity_t=1.0, value_usd=100.0, supplier="CHN", revenue_usd=None,
        fate="mapped", doubts=(),
    )  # fmt: skip
    whole = (extra or 0.0) + (lost or 0.0)
    return ItemExposure(purchase, 0.9, "CHN", 0.99, 2.0, 3.0, 0.125, 0.5, extra, lost, 0.5 * whole, 1.5 * whole)


def test_the_largest_comes_first_and_nothing_that_loses_nothing() -> None:
    items = (item(2, extra=10.0, lost=None), item(3, extra=5.0, lost=70.0), item(4, extra=0.0, lost=0.0))
    svg = draw_exposure(Assessment("ban", "USA", items))
    ElementTree.fromstring(svg)
    assert re.findall(r", line (\d+)<", svg) == ["3", "2"]
    assert "part &lt;3&gt;" in svg
    assert {">75<", ">10<"} <= set(re.findall(r">\d+<", svg))


def test_no_more_than_fit() -> None:
    items = tuple(item(line, extra=float(line), lost=None) for line in range(2, 60))
    assert len(re.findall(r", line \d+<", draw_exposure(Assessment("ban", "USA", items)))) == ROWS


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        draw_exposure(Assessment("", "USA", (item(2, extra=None, lost=None),)))


@pytest.mark.parametrize(("scenario", "hint"), [("", "--study FOLDER applies"), ("ban", "without --picture")])
def test_nothing_to_draw_hints_at_what_is_missing(scenario: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        draw_exposure(Assessment(scenario, "USA", (item(2, extra=None, lost=None),)))
    assert caught.value.problems[0].hint.startswith(hint)


def test_large_losses_are_told_in_millions() -> None:
    svg = draw_exposure(Assessment("ban", "USA", (item(2, extra=9_619_771.0, lost=None),)))
    assert ">USD million<" in svg
    assert "bought in the United States" in svg
    assert ">9.62<" in svg
    assert "000,000" not in svg
