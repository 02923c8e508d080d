"""Draw spread: how the loss differs between draws, as a histogram with its quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import narrow_drawing
from derisk.brief.numbers import count, money_short, tick
from derisk.brief.rows import axis_mark
from derisk.brief.subject import Studied, end_words, most_draws, spread_of, total_losses
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, REMEDY, WIDTH, Canvas, text_width
from derisk.drawing.scales import Scale, ceiling, ticks

FEWEST_DRAWS = 5
_BINS, _HEIGHT, _TITLE, _GAP = 40, 84.0, 18.0, 30.0
_INSET, _NARROW = 20.0, 400.0


@dataclass(frozen=True, slots=True)
class _Run:
    """The losses of a run's draws, and how they are called and coloured."""

    title: str
    folder: str
    losses_musd: np.ndarray[Any, Any]
    colour: str


def draw_draw_spread(study: Studied, ledger: Ledger) -> Figure | None:
    """Histogram of the loss over draws, with and without the levers; None for a handful of draws."""
    before, after = study.without_remedies, total_losses(study)
    if len(after) < FEWEST_DRAWS or float(after.max()) <= 0.0:
        return None
    if before is None:
        runs = [_Run("Under the scenario", "", after, ACCENT)]
    else:
        controls = _Run("Without the levers", "without_remedies/", total_losses(before), ACCENT)
        runs = [controls, _Run("With the levers", "", after, REMEDY)]
    caption = (
        "Each column counts the draws whose value added at risk, an upper bound of the loss, falls there. The heavy "
        f"line is the median, the thin ones the ends of the range of {most_draws(len(after))}."
    )
    return Figure(
        anchor="draw-spread",
        title="The spread of the draws",
        drawings=(_drawing(runs, ledger, width=WIDTH, anchor="draw-spread"),),
        caption=Markup.escape(caption),
        narrow=narrow_drawing(_drawing(runs, ledger, width=_NARROW, anchor="draw-spread-narrow")),
    )


def _drawing(runs: list[_Run], ledger: Ledger, *, width: float, anchor: str) -> Markup:
    block = _TITLE + _HEIGHT + _GAP
    canvas, axis = Canvas(height=len(runs) * block + 8, width=width), axis_mark(ledger)
    wanted = 6 if width > _NARROW else 4
    highest = ceiling(max(float(run.losses_musd.max()) for run in runs), wanted=wanted)
    scale = Scale(0.0, highest, _INSET, width - _INSET)
    for index, run in enumerate(runs):
        _panel(canvas, ledger, scale, run, top=index * block + _TITLE)
    for value in ticks(0.0, highest, wanted=wanted):
        words = tick(money_short(value)) if value else "USD"
        canvas.text(scale(value), canvas.height - 4, words, lineage=axis, anchor="middle", size=11, fill=MUTED)
    return canvas.markup(
        anchor=anchor,
        title="How value added at risk differs between draws",
        description="Histograms of value added at risk over the converged draws, with median and range.",
        lineage=axis,
    )


def _panel(canvas: Canvas, ledger: Ledger, scale: Scale, run: _Run, *, top: float) -> None:
    _heading(canvas, ledger, run, top - 4)
    counts, edges = np.histogram(run.losses_musd, bins=_BINS, range=(0.0, scale.high))
    floor, tallest = top + _HEIGHT, max(int(counts.max()), 1)
    for number, left, right in zip(counts, edges[:-1], edges[1:], strict=True):
        if number:
            height, across = (_HEIGHT - 34) * number / tallest, scale(right) - scale(left) - 1
            canvas.box(scale(left) + 0.5, floor - height, across, height, fill=run.colour, opacity=0.5)
    canvas.line(scale.start, floor, scale.end, floor, stroke=NEUTRAL)
    _quantiles(canvas, ledger, scale, run, top=top, floor=floor)


def _heading(canvas: Canvas, ledger: Ledger, run: _Run, y: float) -> None:
    lineage = {"table": f"{run.folder}status", "rule": "number of draws of which every month converged"}
    draws = ledger.number(len(run.losses_musd), count, lineage)
    after = text_width(run.title) * 1.06 + 8
    canvas.text(0, y, run.title, bold=True)
    canvas.text(after, y, draws, fill=MUTED)
    canvas.text(after + text_width(str(draws)) + 4, y, "draws", fill=MUTED)


def _quantiles(canvas: Canvas, ledger: Ledger, scale: Scale, run: _Run, *, top: float, floor: float) -> None:
    """Upright lines at the median and the ends of the range, with their numbers."""
    spread, draws = spread_of(run.losses_musd), len(run.losses_musd)
    lineage = {"table": f"{run.folder}losses", "rule": "sum of value_added_lost_musd over everything in a draw"}
    for anchor, value, statistic in (
        ("end", spread.p05, end_words("p05", draws)),
        ("start", spread.p95, end_words("p95", draws)),
        ("middle", spread.p50, "median"),
    ):
        is_median, x = anchor == "middle", scale(value)
        canvas.line(x, top + (14 if is_median else 20), x, floor + 5, stroke=INK, width=2.4 if is_median else 1.0)
        number = ledger.number(value, money_short, {**lineage, "statistic": f"{statistic} of the converged draws"})
        wide = text_width(number.text, size=11) + 5
        side = anchor
        if anchor == "start" and x + wide > canvas.width:
            side = "end"
        if anchor == "end" and x - wide < 0.0:
            side = "start"
        shift = {"end": -5.0, "start": 5.0, "middle": 0.0}[side]
        y = top + (10 if is_median else 28)
        canvas.text(x + shift, y, number, anchor=side, size=11, bold=is_median, halo=True)
