"""Refiner shares: the dominant refiner's share of each material, now and as announced."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, percent, percent_tenth, tick
from derisk.brief.rows import axis_mark
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, RULE, Canvas, shorten
from derisk.drawing.scales import Scale
from derisk.vocabulary.names import material_label

_LEFT, _RIGHT, _TOP, _STEP = 206.0, 600.0, 40.0, 24.0
_COLUMNS = {"2024": 705.0, "2030": 820.0}
_THEN = "2024"


def draw_refiner_shares(rows: list[dict[str, Any]], ledger: Ledger, *, note: str = "") -> Figure | None:
    """Paired dots of 2024 and 2030; None without rows.

    Args:
        rows: each with `material`, `share_2024`, `share_2030`, and where known `label`, and `row_ids` or
            `row_ids_2024` and `row_ids_2030`, and `ask_2024` and `ask_2030`, the commands that show the rows.
        note: the caption, where more is known than the years.
    """
    if not rows:
        return None
    ranked = sorted(rows, key=lambda row: (-float(row["share_2024"]), str(row["material"])))
    plain = "Share of world refined output in 2024, and in 2030 as the source projects it from announced projects."
    return Figure(
        anchor="refiner-shares",
        title="How much passes through one refiner",
        drawings=(_drawing(ranked, ledger),),
        narrow=_narrow(ranked, ledger),
        caption=ledger.words(note or plain, {"context": "refining_share", "rule": "as the source states it"}),
    )


def _drawing(rows: list[dict[str, Any]], ledger: Ledger) -> Markup:
    axis, floor = axis_mark(ledger), _TOP + _STEP * len(rows) + 2
    canvas, scale = Canvas(height=floor + 2), Scale(0.0, 1.0, _LEFT, _RIGHT)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line(scale(value), _TOP - 8, scale(value), floor, stroke=RULE)
        canvas.text(scale(value), _TOP - 14, tick(percent(value)), lineage=axis, anchor="middle", size=11, fill=MUTED)
    for year, x in _COLUMNS.items():
        then = year == _THEN
        canvas.dot(x - 41, _TOP - 18, 4, fill=ACCENT if then else "#ffffff", stroke="none" if then else INK)
        canvas.text(x, _TOP - 14, year, lineage=axis, anchor="end", size=11, fill=MUTED)
    for index, row in enumerate(rows):
        y = _TOP + _STEP * index + 9
        canvas.text(0, y + 4, shorten(_name(row), width=_LEFT - 8))
        _dots(canvas, scale, y, _known(row, ledger))
    return canvas.markup(
        anchor="refiner-shares",
        title="The dominant refiner's share of world refining",
        description="Paired dots for each material: share today and share expected from announced projects.",
        lineage=axis,
    )


def _dots(canvas: Canvas, scale: Scale, y: float, known: dict[str, Number]) -> None:
    shares = [number.value for number in known.values()]
    canvas.line(scale(shares[0]), y, scale(shares[-1]), y, stroke=NEUTRAL, width=1.5)
    for year, number in reversed(known.items()):
        then = year == _THEN
        canvas.dot(scale(number.value), y, 5, fill=ACCENT if then else "#ffffff", stroke=ACCENT if then else INK)
        canvas.text(_COLUMNS[year], y + 4, number, anchor="end", bold=then)


def _known(row: dict[str, Any], ledger: Ledger) -> dict[str, Number]:
    """The row's share in each year that states one."""
    numbers = {}
    for year in _COLUMNS:
        lineage = {
            "row_ids": row.get(f"row_ids_{year}") or row.get("row_ids"),
            "context": "refining_share",
            "filter": f"material={row['material']}, period={year}",
            "rule": "refined output of the country over the source's own world total",
            "ask": row.get(f"ask_{year}"),
        }
        if (share := row.get(f"share_{year}")) is not None:
            numbers[year] = ledger.number(float(share), percent_tenth, lineage)
    return numbers


def _narrow(rows: list[dict[str, Any]], ledger: Ledger) -> Markup:
    lines = tuple(
        Line(_name(row), "", tuple(_known(row, ledger).values()), float(row[f"share_{_THEN}"])) for row in rows
    )
    headings = tuple(ledger.words(year, {"axis": "scale of the figure, no result"}) for year in _COLUMNS)
    return narrow_list([Group("Share of world output", headings, lines)])


def _name(row: dict[str, Any]) -> str:
    return str(row.get("label") or material_label(str(row["material"])))
