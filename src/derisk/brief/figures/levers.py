"""Levers: losses and peak prices before and after the remedies, in paired dots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, money_short, percent_change, ratio, tick
from derisk.brief.subject import Studied, converged_draws, is_rationed, price_peaks
from derisk.drawing.canvas import ACCENT, INK, MUTED, REMEDY, RULE, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling, log_ticks, ticks
from derisk.losses.order import by_size
from derisk.vocabulary.names import good_label, in_sentence, listed, region_label, use_label

ROWS = 6
WORSE = 1.02
"""With the levers over without: from this ratio on the brief says that they make it worse."""
Pair = tuple[str, float, float]

_LEFT, _RIGHT, _STEP, _HEAD = 206.0, 560.0, 22.0, 46.0


def draw_levers(study: Studied, ledger: Ledger) -> Figure | None:
    """Three panels of paired dots; None where the scenario has no remedies."""
    before = study.summary.get("without_remedies")
    if not before:
        return None
    after = study.summary
    panels: list[tuple[str, str, list[Pair], Callable[[str], str], Callable[[float], str], bool]] = [
        (
            "Value added at risk, by region",
            "by_region",
            _pairs(before, after, "by_region", "region"),
            region_label,
            money_short,
            False,
        ),
        (
            "Value added at risk, by industry",
            "by_use",
            _pairs(before, after, "by_use", "use"),
            use_label,
            money_short,
            False,
        ),
        ("Highest delivered price", "peak_price_ratio", _peaks(before, after), good_label, ratio, True),
    ]
    panels = [panel for panel in panels if panel[2]]
    if not panels:
        return None
    canvas = Canvas(height=26 + sum(_HEAD + _STEP * len(panel[2]) for panel in panels))
    canvas.dot(5, 8, 5, fill=ACCENT)
    canvas.text(16, 12, "without the levers")
    canvas.dot(145, 8, 5, fill=REMEDY)
    canvas.text(156, 12, "with the levers")
    axis = ledger.record({"axis": "scale of the figure, no result"})
    top = 26.0
    for title, key, pairs, label, form, logarithmic in panels:
        _panel(canvas, ledger, top + _HEAD - 14, title, key, pairs, label, form, logarithmic, axis)
        top += _HEAD + _STEP * len(pairs)
    caption = (
        "Medians of the converged draws of two runs with the same random numbers, one without the levers and one "
        "with them. Prices in the region told of above, on a log scale."
    )
    if len(converged_draws(study)) < 2:
        caption = caption.replace("Medians of the converged draws", "The only draw")
    caption += " Value added at risk is an upper bound of the loss."
    if any(is_rationed(row) for row in (before.get("peak_price_ratio") or [])):
        caption += " Where a market is rationed, the highest price is the value of the good to its users."
    svg = canvas.markup(
        anchor="levers",
        title="Before and after the levers",
        description="Paired dots: value added at risk by region and by industry, highest prices by good, "
        "before and after.",
        lineage=axis,
    )
    groups = [_group(ledger, title, key, pairs, label, form) for title, key, pairs, label, form, _ in panels]
    return Figure(
        anchor="levers",
        title="Before and after the levers",
        svg=svg,
        caption=Markup.escape(caption),
        narrow=narrow_list(groups),
    )


def _group(
    ledger: Ledger,
    title: str,
    key: str,
    pairs: list[Pair],
    label: Callable[[str], str],
    form: Callable[[float], str],
) -> Group:
    lines = tuple(Line(label(pair[0]), "", _values(ledger, key, pair, form)) for pair in pairs)
    return Group(title, ("without", "with", "change"), lines)


def _values(ledger: Ledger, key: str, pair: Pair, form: Callable[[float], str]) -> tuple[Number, Number, Number]:
    """A pair without and with the levers, and the change."""
    name, then, now = pair
    where = {"filter": name, "statistic": "median of the converged draws"}
    change = {"summary": f"{key} and without_remedies.{key}", **where, "rule": "after over before, less one"}
    return (
        ledger.number(then, form, {"summary": f"without_remedies.{key}", **where}),
        ledger.number(now, form, {"summary": key, **where}),
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


def _panel(
    canvas: Canvas,
    ledger: Ledger,
    top: float,
    title: str,
    key: str,
    pairs: list[Pair],
    label: Callable[[str], str],
    form: Callable[[float], str],
    logarithmic: bool,
    axis: str,
) -> None:
    values = [value for pair in pairs for value in pair[1:]]
    low = min([1.0, *values]) * 0.97 if logarithmic else 0.0
    high = max([2.0, *values]) * 1.06 if logarithmic else ceiling(max(values))
    scale = Scale(low, high, _LEFT, _RIGHT, logarithmic=logarithmic)
    canvas.text(0, top - 12, title, bold=True)
    for value in log_ticks(low, high) if logarithmic else ticks(low, high, wanted=4):
        canvas.line(scale(value), top - 6, scale(value), top + _STEP * len(pairs), stroke=RULE)
        canvas.text(
            scale(value),
            top - 12,
            tick(form(value)) if value else "USD",
            lineage=axis,
            anchor="middle",
            size=11,
            fill=MUTED,
        )
    for x, words in ((650, "without"), (735, "with"), (820, "change")):
        canvas.text(x, top - 12, words, anchor="end", size=11, fill=MUTED)
    for index, pair in enumerate(pairs):
        name, then, now = pair
        y = top + _STEP * index + 10
        canvas.text(0, y + 4, shorten(label(name), width=_LEFT - 8))
        canvas.line(scale(then), y, scale(now), y, stroke=INK, width=1.2)
        canvas.dot(scale(then), y, 5, fill=ACCENT)
        canvas.dot(scale(now), y, 5, fill=REMEDY)
        before, after, change = _values(ledger, key, pair, form)
        canvas.text(650, y + 4, before, anchor="end")
        canvas.text(735, y + 4, after, anchor="end", bold=True)
        canvas.text(820, y + 4, change, anchor="end", fill=MUTED)
