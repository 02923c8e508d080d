"""Picture: the purchases most exposed to a scenario as bars with ranges, dearer tonnes beside lost sales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from derisk.drawing.canvas import ACCENT, BAND, FAINT, INK, MUTED, RULE, Canvas, shorten, standalone
from derisk.drawing.scales import Scale, ceiling, ticks
from derisk.errors import InputError, Problem
from derisk.exposure.assess import Assessment, ItemExposure
from derisk.vocabulary.names import region_in_sentence

ROWS: Final = 20

_UNITS: Final = ((1e9, "USD billion"), (1e6, "USD million"), (1e3, "USD thousand"), (1.0, "USD"))
_LEFT, _RIGHT, _TOP, _STEP = 300.0, 640.0, 92.0, 22.0


def draw_exposure(assessment: Assessment) -> str:
    """An SVG document of the purchases that lose most, at most twenty.

    Raises:
        InputError: no purchase loses anything, or none was held against a scenario.
    """
    rows = _most_exposed(assessment.items)
    if not rows:
        allowed = "a list with purchases that the scenario makes dearer or scarce"
        hint = "without --picture it says which lines are mapped, and what each loses"
        hint = hint if assessment.scenario else "--study FOLDER applies a scenario"
        raise InputError(Problem("nothing to draw", "--picture", allowed, hint))
    highest = ceiling(max(max(item.loss_p95_usd or 0.0, item.expected_loss_usd or 0.0) for item in rows))
    scale = Scale(0.0, highest, _LEFT, _RIGHT)
    canvas = Canvas(height=_TOP + _STEP * len(rows) + 12)
    unit, word = next((unit, word) for unit, word in _UNITS if highest >= unit or unit == 1.0)
    _head(canvas, scale, assessment, rows=len(rows), unit=unit, word=word)
    for index, item in enumerate(rows):
        _row(canvas, scale, item, y=_TOP + _STEP * index + 10, unit=unit)
    largest = rows[0].purchase
    drawing = canvas.markup(
        anchor="exposure",
        title=f"Expected loss by purchase under {assessment.scenario}",
        description=f"Bars. Largest: {largest.item or largest.good}.",
    )
    return standalone(str(drawing))


def _most_exposed(items: Sequence[ItemExposure]) -> list[ItemExposure]:
    losing = [item for item in items if (item.expected_loss_usd or 0.0) > 0.0]
    return sorted(losing, key=lambda item: (-(item.expected_loss_usd or 0.0), item.purchase.line))[:ROWS]


def _head(canvas: Canvas, scale: Scale, assessment: Assessment, *, rows: int, unit: float, word: str) -> None:
    canvas.text(
        0,
        16,
        f"Expected loss by purchase: {assessment.scenario}, bought in {region_in_sentence(assessment.buyer)}",
        bold=True,
    )
    canvas.box(0, 32, 22, 12, fill=ACCENT)
    canvas.text(29, 42, "dearer tonnes")
    canvas.box(130, 32, 22, 12, fill=BAND)
    canvas.text(159, 42, "sales that stop, at most")
    canvas.line(320, 38, 342, 38, stroke=INK, width=1.2)
    canvas.text(349, 42, "range of the draws")
    for value in ticks(0.0, scale.high, wanted=4):
        canvas.line(scale(value), _TOP - 6, scale(value), _TOP + _STEP * rows, stroke=RULE if value else MUTED)
        words = f"{value / unit:,g}" if value else word
        canvas.text(scale(value), _TOP - 12, words, anchor="middle", size=11, fill=MUTED)
    canvas.text(740, _TOP - 12, "expected", anchor="end", size=11, fill=MUTED)
    canvas.text(820, _TOP - 12, "short", anchor="end", size=11, fill=MUTED)


def _row(canvas: Canvas, scale: Scale, item: ItemExposure, *, y: float, unit: float) -> None:
    purchase = item.purchase
    label = f"{purchase.item or purchase.good}, line {purchase.line}"
    canvas.text(0, y + 4, shorten(label, width=_LEFT - 8))
    canvas.box(_LEFT, y - 6, _RIGHT - _LEFT, 12, fill=FAINT, opacity=0.6)
    dearer = max(item.extra_cost_usd or 0.0, 0.0)
    canvas.box(_LEFT, y - 6, scale(item.expected_loss_usd or 0.0) - _LEFT, 12, fill=BAND)
    canvas.box(_LEFT, y - 6, scale(min(dearer, item.expected_loss_usd or 0.0)) - _LEFT, 12, fill=ACCENT)
    if item.loss_p05_usd is not None and item.loss_p95_usd is not None:
        canvas.line(scale(max(item.loss_p05_usd, 0.0)), y, scale(max(item.loss_p95_usd, 0.0)), y, stroke=INK, width=1.2)
    canvas.text(740, y + 4, _figures((item.expected_loss_usd or 0.0) / unit), anchor="end", bold=True)
    short = "" if item.short_share is None else f"{item.short_share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
    canvas.text(820, y + 4, short, anchor="end", fill=MUTED)


def _figures(value: float) -> str:
    """Three figures, or all of a whole number: 9.62, 12.3 or 1,234."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"
