"""Economy: first-round losses beside what becomes of them through an economy, industry by industry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger, Lineage
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import Number, money, money_short, percent_round
from derisk.brief.rows import axis_mark, bar, column_heads, ground, money_axis, row_values
from derisk.brief.subject import ONE_DRAW_WORDS, Studied, converged_draws
from derisk.drawing.canvas import ACCENT, BAND, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling
from derisk.vocabulary.names import region_in_sentence, region_label

ROWS = 10

_LEFT, _RIGHT, _TOP, _STEP = 262.0, 560.0, 66.0, 22.0
_COLUMNS = (("first_round_musd", 640.0), ("propagated_low_musd", 730.0), ("propagated_high_musd", 820.0))
_RULES = {
    "first_round_musd": "value added at risk of the uses, by the industries that make things for them",
    "propagated_low_musd": "first round, and suppliers of whom less is bought (equations 9.7 to 9.11, nothing binds)",
    "propagated_high_musd": "the same, and buyers stopped by an input above the binding share of their output",
}
_HEADS = {
    "first_round_musd": "first round",
    "propagated_low_musd": "with suppliers",
    "propagated_high_musd": "and buyers",
}


def draw_economy(study: Studied, ledger: Ledger) -> Figure | None:
    """Bars of the industries that bear most in the first region with accounts; None where no region has any."""
    told = study.summary.get("propagation") or {}
    region = next((entry for entry in told.get("regions") or [] if entry["industries"]), None)
    if region is None:
        return None
    rows, name = list(region["industries"])[:ROWS], str(region["region"])
    return Figure(
        anchor="economy",
        title=f"Through the economy: {region_label(name)}",
        drawings=(_drawing(rows, name, ledger),),
        narrow=narrow_list([_group(rows, name, ledger)]),
        caption=_caption(study, region, float(told["binding_cost_share"]), ledger),
        lede=_lede(region, ledger),
    )


def _drawing(rows: Sequence[Mapping[str, Any]], region: str, ledger: Ledger) -> Markup:
    scale = Scale(0.0, ceiling(max(float(row["propagated_high_musd"]) for row in rows)), _LEFT, _RIGHT)
    canvas, axis = Canvas(height=_TOP + _STEP * len(rows) + 8), axis_mark(ledger)
    _head(canvas, scale, axis, rows=len(rows))
    for index, row in enumerate(rows):
        _row(canvas, ledger, scale, row, region=region, y=_TOP + _STEP * index + 10)
    return canvas.markup(
        anchor="economy",
        title=f"Losses through the economy: {region_label(region)}",
        description=f"Bars by industry. Most with suppliers and buyers: {rows[0]['name']}.",
        lineage=axis,
    )


def _group(rows: Sequence[Mapping[str, Any]], region: str, ledger: Ledger) -> Group:
    """The rows for a phone, industries by their whole names."""
    shares = bar_shares([float(row["propagated_high_musd"]) for row in rows])
    lines = tuple(
        Line(str(row["name"]), "", _values(row, region, ledger), share) for row, share in zip(rows, shares, strict=True)
    )
    return Group("By industry, USD; bars: with buyers", tuple(_HEADS[column] for column, _ in _COLUMNS), lines)


def _head(canvas: Canvas, scale: Scale, axis: str, *, rows: int) -> None:
    canvas.box(0, 4, 22, 12, fill=ACCENT)
    canvas.text(29, 14, "first round")
    canvas.box(120, 4, 22, 12, fill=BAND)
    canvas.text(149, 14, "with suppliers and buyers")
    canvas.text(0, _TOP - 12, "By industry", bold=True)
    money_axis(canvas, scale, axis, top=_TOP - 6, floor=_TOP + _STEP * rows)
    column_heads(canvas, _TOP - 12, [(x, _HEADS[column]) for column, x in _COLUMNS])


def _row(canvas: Canvas, ledger: Ledger, scale: Scale, row: Mapping[str, Any], *, region: str, y: float) -> None:
    canvas.text(0, y + 4, shorten(str(row["name"]), width=_LEFT - 8))
    ground(canvas, scale, y)
    bar(canvas, scale, y, float(row["propagated_high_musd"]), fill=BAND)
    bar(canvas, scale, y, float(row["first_round_musd"]))
    row_values(canvas, y, tuple(zip((x for _, x in _COLUMNS), _values(row, region, ledger), strict=True)))


def _values(row: Mapping[str, Any], region: str, ledger: Ledger) -> tuple[Number, ...]:
    """The three counts of an industry's loss, each within the next."""
    return tuple(
        ledger.number(float(row[column]), money_short, _lineage(column, region, str(row["industry"])))
        for column, _ in _COLUMNS
    )


def _lineage(column: str, region: str, industry: str = "") -> Lineage:
    return {
        "table": "propagation",
        "filter": f"region={region}" + (f", industry={industry}" if industry else ""),
        "rule": f"{column}: {_RULES[column]}",
        "statistic": "median of the converged draws",
    }


def _lede(region: Mapping[str, Any], ledger: Ledger) -> Markup:
    name = str(region["region"])
    first, low, high = (
        ledger.number(float(region[column]["p50"]), money, _lineage(column, name)) for column, _ in _COLUMNS
    )
    words = Markup(
        "At risk in {} are up to {} in the first round, up to {} with the suppliers of whom less is bought, and up to "
        "{} with the buyers who are stopped in turn: each holds the one before it."
    )
    return words.format(region_in_sentence(name), first, low, high)


def _caption(study: Studied, region: Mapping[str, Any], binding: float, ledger: Ledger) -> Markup:
    year = ledger.words(str(region["accounts_year"]), {"summary": "propagation.regions.accounts_year"})
    share = ledger.number(binding, percent_round, {"summary": "propagation.binding_cost_share"})
    words = Markup(
        "Value added over the whole horizon, {}, by the input-output accounts of {}. First round: the industries that "
        "make things for the sectors that run short. With suppliers: also those of whom less is bought. And buyers: "
        "also those stopped where a missing input is {} or more of their output, with no stock and no other supplier. "
        "All three are upper bounds of the loss, one within the other, never to be added. The accounts know whole "
        "industries, not single firms."
    )
    middle = "medians of the converged draws" if len(converged_draws(study)) > 1 else ONE_DRAW_WORDS
    return words.format(middle, year, share)
