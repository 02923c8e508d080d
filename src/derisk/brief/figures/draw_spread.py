"""Draw spread: how the loss differs between draws, as a histogram with its quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.numbers import count, money_short, tick
from derisk.brief.rows import axis_mark
from derisk.brief.subject import Studied, end_words, most_draws, spread_of, total_losses
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, REMEDY, Canvas, text_width
from derisk.drawing.scales import Scale, ceiling, ticks

FEWEST_DRAWS = 5
_BINS, _HEIGHT, _GAP = 40, 84.0, 44.0


def draw_draw_spread(study: Studied, ledger: Ledger) -> Figure | None:
    """Histogram of the loss over draws, with and without the levers; None for a handful of draws."""
    before, after = study.without_remedies, total_losses(study)
    if len(after) < FEWEST_DRAWS or float(after.max()) <= 0.0:
        return None
    runs = [
        (
            "With the levers" if before else "Under the scenario",
            "",
            after,
            REMEDY if before else ACCENT,
        )
    ]
    if before is not None:
        runs.insert(0, ("Without the levers", "without_remedies/", total_losses(before), ACCENT))
    highest = ceiling(max(float(values.max()) for _, _, values, _ in runs), wanted=6)
    scale = Scale(0.0, highest, 150.0, 800.0)
    canvas = Canvas(height=len(runs) * (_HEIGHT + _GAP) + 14)
    axis = axis_mark(ledger)
    for index, (title, folder, values, colour) in enumerate(runs):
        _panel(canvas, ledger, scale, title, folder, values, colour, 24 + index * (_HEIGHT + _GAP))
    floor = canvas.height - 4
    for value in ticks(0.0, highest, wanted=6):
        canvas.text(
            scale(value),
            floor,
            tick(money_short(value)) if value else "USD",
            lineage=axis,
            anchor="middle",
            size=11,
            fill=MUTED,
        )
    caption = (
        "Each column counts the draws whose value added at risk falls there. The heavy line is the median, the "
        f"thin ones the ends of the range of {most_draws(len(after))}."
    )
    svg = canvas.markup(
        anchor="draw-spread",
        title="How value added at risk differs between draws",
        description="Histograms of value added at risk over the converged draws, with median and range.",
        lineage=axis,
    )
    return Figure(
        anchor="draw-spread", title="The spread of the draws", drawings=(svg,), caption=Markup.escape(caption)
    )


def _panel(
    canvas: Canvas,
    ledger: Ledger,
    scale: Scale,
    title: str,
    folder: str,
    values: np.ndarray[Any, Any],
    colour: str,
    top: float,
) -> None:
    counts, edges = np.histogram(values, bins=_BINS, range=(0.0, scale.high))
    floor = top + _HEIGHT
    tallest = max(int(counts.max()), 1)
    canvas.text(0, floor - 22, title, bold=True)
    draws = ledger.number(
        len(values), count, {"table": f"{folder}status", "rule": "number of draws of which every month converged"}
    )
    canvas.text(0, floor - 6, draws, fill=MUTED)
    canvas.text(text_width(str(draws)) + 5, floor - 6, "draws", fill=MUTED)
    for number, left, right in zip(counts, edges[:-1], edges[1:], strict=True):
        height = (_HEIGHT - 20) * number / tallest
        if number:
            canvas.box(
                scale(left) + 0.5, floor - height, scale(right) - scale(left) - 1, height, fill=colour, opacity=0.5
            )
    canvas.line(150, floor, 800, floor, stroke=NEUTRAL)
    spread = spread_of(values)
    for value, heavy in ((spread.p05, 1.0), (spread.p50, 2.4), (spread.p95, 1.0)):
        canvas.line(scale(value), top + 4, scale(value), floor + 5, stroke=INK, width=heavy)
    lineage = {"table": f"{folder}losses", "rule": "sum of value_added_lost_musd over everything in a draw"}
    anchors = (
        ("end", -5.0, spread.p05, end_words("p05", len(values))),
        ("start", 5.0, spread.p95, end_words("p95", len(values))),
        ("middle", 0.0, spread.p50, "median"),
    )
    for anchor, shift, value, statistic in anchors:
        number = ledger.number(value, money_short, {**lineage, "statistic": f"{statistic} of the converged draws"})
        y = top if anchor == "middle" else top + 14
        if anchor == "start" and scale(value) + shift + text_width(number.text, size=11) > canvas.width:
            anchor, shift = "end", -5.0
        canvas.text(scale(value) + shift, y, number, anchor=anchor, size=11, bold=anchor == "middle", halo=True)
