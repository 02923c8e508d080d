"""Plants: which plants run at less than half of their base load, and which are idled, without and with levers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, Shown, narrow_list
from derisk.brief.numbers import Number, count, percent_round
from derisk.brief.plant_words import (
    Key,
    PlantRun,
    plant_keys,
    plant_label,
    plant_lineage,
    plant_runs,
    plant_share,
    plants_lede,
    told_plants,
)
from derisk.brief.rows import axis_mark, column_heads, ground, whisker
from derisk.brief.subject import Studied, converged_draws, most_draws
from derisk.drawing.canvas import ACCENT, INK, MUTED, REMEDY, RULE, Canvas, shorten, text_width
from derisk.drawing.scales import Scale
from derisk.vocabulary.names import month_label, region_label

ROWS: Final = 14
_COLOURS: Final = {"with": REMEDY}
_LEFT, _TOP, _STEP = 290.0, 40.0, 23.0


def draw_plants(study: Studied, ledger: Ledger) -> Figure | None:
    """Rows of dots; None where in no run a plant runs far below its base load or is idled."""
    runs = plant_runs(study.summary)
    rows = plant_keys(runs)
    if not rows:
        return None
    return Figure(
        anchor="plants",
        title="Plants at less than half of their load",
        drawings=(_drawing(rows[:ROWS], runs, ledger),),
        caption=_caption(study, rows, runs, ledger),
        lede=plants_lede(rows, runs, ledger),
        narrow=_narrow(rows[:ROWS], runs, ledger),
    )


def _caption(study: Studied, keys: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> Markup:
    draws = len(converged_draws(study))
    middle = f"median of the draws, with a line over {most_draws(draws)}" if draws > 1 else "the only draw"
    text = (
        "A country’s plants of one kind count as one, each new plant of the scenario as another. What they make of "
        f"what they could, over the last twelve months: {middle}; the upright mark is the base year. Shown where it is "
        "less than half of the base year’s, of a new plant less than half of what it could make, or where most is idle "
        "at the end; the most valuable idle output comes first."
    )
    if any(_is_idled(key, run) for key in keys[:ROWS] for run in runs):
        text += (
            " Idle from: the month from which on less than half of the capacity is in service, idled by its owner for "
            "want of margin or stopped by a measure."
        )
    if (left := len(keys) - ROWS) <= 0:
        return Markup.escape(text)
    lineage = {"summary": runs[-1].place, "rule": "plants below half of their load that the figure leaves out"}
    words = " {} more is left to the tables." if left == 1 else " {} more are left to the tables."
    return Markup.escape(text) + Markup(words).format(ledger.number(left, count, lineage))


def _is_idled(key: Key, run: PlantRun) -> bool:
    return key in run.plants and bool(run.plants[key]["idled_from"])


def _cells(key: Key, runs: Sequence[PlantRun], ledger: Ledger) -> list[Shown]:
    """Base load, then load and month of idling of each run."""
    stated = [run for run in runs if key in run.plants]
    has_base = stated[0].plants[key]["base_load_share"] is not None
    cells: list[Shown] = [plant_share(stated[0], key, "base_load_share", ledger) if has_base else "new"]
    for run in runs:
        if key not in run.plants:
            cells += ["not built", ""]
            continue
        month = str(run.plants[key]["idled_from"])
        lineage = plant_lineage(run, key, "idled_from")
        cells += [
            plant_share(run, key, "load_share", ledger),
            ledger.words(month_label(month), lineage) if month else "",
        ]
    return cells


def _heads(rows: Sequence[Key], runs: Sequence[PlantRun]) -> list[str]:
    """Heads of the columns; a column of months in which nothing is idled has none."""
    heads = ["base year"]
    for run in runs:
        heads += [run.words, "idle from" if any(_is_idled(key, run) for key in rows) else ""]
    return heads


def _narrow(rows: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> Markup:
    """Loads under their headings; the months of idling beside the name of the plant."""
    lines = []
    for key in rows:
        base, *cells = _cells(key, runs, ledger)
        detail = Markup.escape(plant_label(key[0], key[1]))
        for run, month in zip(runs, cells[1::2], strict=True):
            if month:
                which = f" {run.words}" if len(runs) > 1 else ""
                detail += Markup(", idle from {}{}").format(month, which)
        lines.append(Line(region_label(key[2]), detail, (*cells[::2], base)))
    heads = (*(run.words for run in runs), "base year")
    return narrow_list([Group("Part of what it could make", heads, tuple(lines))])


def _drawing(rows: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> Markup:
    axis, floor = axis_mark(ledger), _TOP + _STEP * len(rows) + 2
    columns = (566.0, 630.0, 694.0, 756.0, 820.0) if len(runs) > 1 else (660.0, 730.0, 820.0)
    canvas, scale = Canvas(height=floor + 4), Scale(0.0, 1.0, _LEFT, columns[0] - 84.0)
    for share in (0.0, 0.5, 1.0):
        canvas.line(scale(share), _TOP - 8, scale(share), floor, stroke=MUTED if share == 0.0 else RULE)
        words = percent_round(share)
        canvas.text(scale(share), _TOP - 14, words, lineage=axis, anchor="middle", size=11, fill=MUTED)
    column_heads(canvas, _TOP - 14, tuple(zip(columns, _heads(rows, runs), strict=True)))
    for x, run in zip(columns[1::2], runs, strict=True):  # beside the heads, as a legend
        canvas.dot(x - text_width(run.words, size=11) - 12, _TOP - 18, 4, fill=_COLOURS.get(run.words, ACCENT))
    for index, key in enumerate(rows):
        _draw_row(canvas, ledger, scale, key, runs, columns, _TOP + _STEP * index + 10)
    first = told_plants(rows[:3])
    return canvas.markup(
        anchor="plants",
        title="Plants at less than half of their load of the base year",
        description=f"Dots of the part of what plants could make that they make, a row a plant. First: {first}.",
        lineage=axis,
    )


def _draw_row(
    canvas: Canvas,
    ledger: Ledger,
    scale: Scale,
    key: Key,
    runs: Sequence[PlantRun],
    columns: Sequence[float],
    y: float,
) -> None:
    region = region_label(key[2])
    canvas.text(0, y + 4, region, bold=True)
    start = text_width(region, size=12.6) + 10
    canvas.text(start, y + 4, shorten(plant_label(key[0], key[1]), width=_LEFT - start - 12), fill=MUTED)
    ground(canvas, scale, y)
    stated = [run for run in runs if key in run.plants]
    if (base := stated[0].plants[key]["base_load_share"]) is not None:
        canvas.line(scale(base), y - 7, scale(base), y + 7, stroke=INK, width=2)
    for offset, run in zip((-3.0, 3.0) if len(stated) > 1 else (0.0,), stated, strict=True):
        plant = run.plants[key]
        whisker(canvas, scale, y + offset, min(1.0, plant["load_share_p05"]), min(1.0, plant["load_share_p95"]))
        canvas.dot(scale(min(1.0, plant["load_share"])), y + offset, 4, fill=_COLOURS.get(run.words, ACCENT))
    for position, (x, cell) in enumerate(zip(columns, _cells(key, runs, ledger), strict=True)):
        if not cell:
            continue
        is_month, run = position > 0 and position % 2 == 0, runs[max(position - 1, 0) // 2]
        if is_month:
            month = ledger.record(plant_lineage(run, key, "idled_from"))
            words = month_label(str(run.plants[key]["idled_from"]))
            canvas.text(x, y + 4, words, lineage=month, anchor="end", fill=MUTED)
        elif isinstance(cell, Number):
            canvas.text(x, y + 4, cell, anchor="end", bold=position > 0)
        else:
            canvas.text(x, y + 4, str(cell), anchor="end", fill=MUTED)
