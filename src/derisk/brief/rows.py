"""Rows: what drawings of ranked rows share: axes, heads of columns, and bars and whiskers on faint ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, money_short, ratio, tick
from derisk.drawing.canvas import ACCENT, FAINT, INK, MUTED, RULE, Canvas
from derisk.drawing.scales import Scale, log_ticks, ticks

_ABOVE = 6.0
"""Words of an axis stand so far above the ends of its lines [px]."""


def axis_mark(ledger: Ledger) -> str:
    """Id of what the numbers on an axis are: no result of the study."""
    return ledger.record({"axis": "scale of the figure, no result"})


def money_axis(canvas: Canvas, scale: Scale, axis: str, *, top: float, floor: float, wanted: int = 4) -> None:
    """Upright lines at round sums of money, `USD` at nothing.

    Args:
        canvas: drawn on.
        scale: from million USD to pixels.
        axis: id of the axis in the ledger.
        top: where the lines begin; their words stand above.
        floor: where the lines end.
        wanted: about how many lines.
    """

    def words(value: float) -> str:
        return tick(money_short(value)) if value else "USD"

    _axis(canvas, scale, axis, ticks(scale.low, scale.high, wanted=wanted), words, at=0.0, top=top, floor=floor)


def ratio_axis(canvas: Canvas, scale: Scale, axis: str, *, top: float, floor: float) -> None:
    """Upright lines at round multiples of the base year on a log scale, a darker one at 1."""
    at = log_ticks(scale.low, scale.high)
    _axis(canvas, scale, axis, at, lambda value: tick(ratio(value)), at=1.0, top=top, floor=floor)


def _axis(
    canvas: Canvas,
    scale: Scale,
    axis: str,
    values: Sequence[float],
    words: Callable[[float], str],
    *,
    at: float,
    top: float,
    floor: float,
) -> None:
    for value in values:
        x = scale(value)
        canvas.line(x, top, x, floor, stroke=MUTED if value == at else RULE)
        canvas.text(x, top - _ABOVE, words(value), lineage=axis, anchor="middle", size=11, fill=MUTED)


def column_heads(canvas: Canvas, y: float, heads: Sequence[tuple[float, str]]) -> None:
    """Heads of columns of numbers, each with the right edge of its column."""
    for x, words in heads:
        canvas.text(x, y, words, anchor="end", size=11, fill=MUTED)


def row_values(canvas: Canvas, y: float, values: Sequence[tuple[float, Number]], *, bold: int = 0) -> None:
    """A row's numbers at the right edges of their columns, one of them bold."""
    for index, (x, number) in enumerate(values):
        canvas.text(x, y + 4, number, anchor="end", bold=index == bold)


def bar(canvas: Canvas, scale: Scale, y: float, value: float, *, fill: str = ACCENT) -> None:
    """A bar from nothing to a value, about the height `y` [px]."""
    canvas.box(scale.start, y - 6, scale(value) - scale.start, 12, fill=fill)


def ground(canvas: Canvas, scale: Scale, y: float) -> None:
    """The faint ground of a row, over the whole width of the scale."""
    canvas.box(scale.start, y - 6, scale.end - scale.start, 12, fill=FAINT, opacity=0.6)


def whisker(canvas: Canvas, scale: Scale, y: float, low: float, high: float) -> None:
    """A thin line over a range; nothing where the range is a point."""
    if high > low:
        canvas.line(scale(low), y, scale(high), y, stroke=INK, width=1.2)
