"""Levers: upper bounds of the loss and peak prices before and after the remedies, in paired dots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, money_short, percent_change, ratio
from derisk.brief.rows import axis_mark, column_heads, money_axis, ratio_axis, row_values
from derisk.brief.subject import Studied, converged_draws, is_rationed, price_peaks
from derisk.drawing.canvas import ACCENT, INK, REMEDY, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling
from derisk.losses.order import by_size
from derisk.vocabulary.names import good_label, in_sentence, listed, region_label, use_label

ROWS = 6
WORSE = 1.02
"""With the levers over without: from this ratio on the brief says that they make it worse."""
Pair = tuple[str, float, float]

_LEFT, _RIGHT, _STEP, _HEAD = 206.0, 560.0, 22.0, 38.0
_COLUMNS = (650.0, 735.0, 820.0)


@dataclass(frozen=True, slots=True)
class _Panel:
    """Pairs under one title: words of a key of the summary, without and with the levers."""

    title: str
    key: str
    pairs: list[Pair]
    label: Callable[[str], str]

    @property
    def of_prices(self) -> bool:
        """Whether the values are multiples of base prices, not money."""
        return self.key == "peak_price_ratio"

    @property
    def form(self) -> Callable[[float], str]:
        """How a value is printed."""
        return ratio if self.of_prices else money_short


def draw_levers(study: Studied, ledger: Ledger) -> Figure | None:
    """Three panels of paired dots; None where the scenario has no remedies."""
    before, after = study.summary.get("without_remedies"), study.summary
    if not before:
        return None
    every = (
        _Panel(
            "Value added at risk, by region", "by_region", _pairs(before, after, "by_region", "region"), region_label
        ),
        _Panel("Value added at risk, by industry", "by_use", _pairs(before, after, "by_use", "use"), use_label),
        _Panel("Highest delivered price", "peak_price_ratio", _peaks(before, after), good_label),
    )
    panels = [panel for panel in every if panel.pairs]
    if not panels:
        return None
    return Figure(
        anchor="levers",
        title="Before and after the levers",
        drawings=tuple(_drawing(panel, ledger) for panel in panels),
        caption=_caption(study, before),
        narrow=narrow_list([_group(panel, ledger) for panel in panels]),
    )


def _caption(study: Studied, before: dict[str, Any]) -> Markup:
    draws = "Medians of the converged draws" if len(converged_draws(study)) > 1 else "The only draw"
    text = (
        f"{draws} of two runs with the same random numbers, one without the levers and one "
        "with them. Prices in the region told of above, on a log scale. Value added at risk is an upper bound of the "
        "loss."
    )
    if any(is_rationed(row) for row in (before.get("peak_price_ratio") or [])):
        text += " Where a market is rationed, the highest price is the value of the good to its users."
    return Markup.escape(text)


def _group(panel: _Panel, ledger: Ledger) -> Group:
    lines = tuple(Line(panel.label(pair[0]), "", _values(panel, pair, ledger)) for pair in panel.pairs)
    return Group(panel.title, ("without", "with", "change"), lines)


def _values(panel: _Panel, pair: Pair, ledger: Ledger) -> tuple[Number, Number, Number]:
    """A pair without and with the levers, and the change."""
    (name, then, now), key = pair, panel.key
    where = {"filter": name, "statistic": "median of the converged draws"}
    change = {"summary": f"{key} and without_remedies.{key}", **where, "rule": "after over before, less one"}
    return (
        ledger.number(then, panel.form, {"summary": f"without_remedies.{key}", **where}),
        ledger.number(now, panel.form, {"summary": key, **where}),
        ledger.number(now / then - 1.0, percent_change, change),
    )


def _pairs(before: dict[str, Any], after: dict[str, Any], rows: str, key: str) -> list[Pair]:
    then = {row[key]: float(row["value_added_lost_musd"]) for row in before.get(rows) or []}
    now = {row[key]: float(row["value_added_lost_musd"]) for row in after.get(rows) or []}
    largest = max(then.values(), default=0.0)
    kept = [(name, value, now.get(name, 0.0)) for name, value in then.items() if value > 0.002 * largest]
    return sorted(kept, key=lambda p: by_size(p[1], p[0]))[:ROWS]


def _peaks(before: dict[str, Any], after: dict[str, Any]) -> list[Pair]:
    kept = [pair for pair in _all_peaks(before, after) if pair[1] > 1.02]
    return sorted(kept, key=lambda p: by_size(p[1], p[0]))[:ROWS]


def _all_peaks(before: dict[str, Any], after: dict[str, Any]) -> list[Pair]:
    """Each good's peak price without and with the levers, both in the region that is told of without them."""
    now = {(row["good"], row["region"]): float(row["p50"]) for row in after.get("peak_price_ratio") or []}
    return [
        (str(row["good"]), float(row["p50"]), now.get((row["good"], row["region"]), 1.0)) for row in price_peaks(before)
    ]


def worse_words(study: Studied) -> Markup:
    """The sentence on prices and sectors that the levers make worse; empty where there are none."""
    before, after = study.summary.get("without_remedies"), study.summary
    if not before:
        return Markup("")
    dearer = [in_sentence(good_label(name)) for name, then, now in _all_peaks(before, after) if now > WORSE * then]
    sectors = _pairs(before, after, "by_use", "use")
    hit = [in_sentence(use_label(name)) for name, then, now in sectors if now > WORSE * then]
    parts = []
    if dearer:
        parts.append(f"raise the price of {_joined(dearer)}")
    if hit:
        parts.append(f"put more value added at risk in {_joined(hit)}")
    return Markup(" They {}.").format(" and ".join(parts)) if parts else Markup("")


def _joined(words: list[str]) -> str:
    return listed(words if len(words) <= 4 else [*words[:3], "other goods"])


def _drawing(panel: _Panel, ledger: Ledger) -> Markup:
    axis, top, floor = axis_mark(ledger), _HEAD, _HEAD + _STEP * len(panel.pairs)
    canvas, scale = Canvas(height=floor + 4), _scale(panel)
    canvas.text(0, top - 12, panel.title, bold=True)
    (ratio_axis if panel.of_prices else money_axis)(canvas, scale, axis, top=top - 6, floor=floor)
    column_heads(canvas, top - 12, tuple(zip(_COLUMNS, ("without", "with", "change"), strict=True)))
    for x, colour in ((_COLUMNS[0] - 48, ACCENT), (_COLUMNS[1] - 30, REMEDY)):  # beside the heads, as a legend
        canvas.dot(x, top - 16, 4, fill=colour)
    for index, pair in enumerate(panel.pairs):
        _row(canvas, scale, panel, pair, top + _STEP * index + 10, ledger)
    return canvas.markup(
        anchor=f"levers-{panel.key.replace('_', '-')}",
        title=f"{panel.title}, before and after the levers",
        description=f"Paired dots. First: {panel.label(panel.pairs[0][0])}.",
        lineage=axis,
    )


def _scale(panel: _Panel) -> Scale:
    values = [value for pair in panel.pairs for value in pair[1:]]
    if panel.of_prices:
        return Scale(min([1.0, *values]) * 0.97, max([2.0, *values]) * 1.06, _LEFT, _RIGHT, logarithmic=True)
    return Scale(0.0, ceiling(max(values)), _LEFT, _RIGHT)


def _row(canvas: Canvas, scale: Scale, panel: _Panel, pair: Pair, y: float, ledger: Ledger) -> None:
    name, then, now = pair
    canvas.text(0, y + 4, shorten(panel.label(name), width=_LEFT - 8))
    canvas.line(scale(then), y, scale(now), y, stroke=INK, width=1.2)
    canvas.dot(scale(then), y, 5, fill=ACCENT)
    canvas.dot(scale(now), y, 5, fill=REMEDY)
    row_values(canvas, y, tuple(zip(_COLUMNS, _values(panel, pair, ledger), strict=True)), bold=1)
