"""Attribution: the loss divided among the controls that cause it and the levers that save of it, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger, Lineage
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import Number, count, money, money_short
from derisk.brief.rows import axis_mark, column_heads, money_axis, row_values
from derisk.brief.subject import Studied
from derisk.drawing.canvas import ACCENT, INK, REMEDY, Canvas, shorten
from derisk.drawing.scales import Scale
from derisk.losses.order import by_size
from derisk.vocabulary.names import in_sentence

ROWS = 10

_LEFT, _RIGHT, _TOP, _STEP = 300.0, 560.0, 48.0, 22.0
_COLUMNS = (640.0, 730.0, 820.0)
_HEADS = {"part_musd": "part", "alone_musd": "alone", "last_musd": "as the last"}
_TITLES = {
    "controls": "What each control puts at risk",
    "levers": "What each lever changes, with every control",
}
_RULES = {
    "shapley": "mean of what the measure adds over every order in which the measures could come (equation 9.12)",
    "marginal order": "what the measure adds to those before it in the scenario (equation 9.13)",
}
_OTHERS = {"alone_musd": "loss under it alone less loss under none", "last_musd": "loss under all less loss without it"}


def draw_attribution(study: Studied, ledger: Ledger) -> Figure | None:
    """Bars of each side's parties; None where the study was not asked to divide its loss."""
    told = study.summary.get("attribution") or {}
    sides = [side for side in told.get("sides") or [] if side["parties"]]
    if not sides:
        return None
    shown = [(side, _largest(side["parties"])) for side in sides]
    return Figure(
        anchor="attribution",
        title="Which measure did it",
        drawings=tuple(_drawing(side, rows, ledger) for side, rows in shown),
        caption=_caption(told, sides, ledger),
        lede=_lede(shown[0][0], shown[0][1][0], ledger),
        narrow=narrow_list([_group(side, rows, ledger) for side, rows in shown]),
    )


def _drawing(side: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], ledger: Ledger) -> Markup:
    axis, title = axis_mark(ledger), _TITLES[str(side["side"])]
    canvas = Canvas(height=_TOP + _STEP * len(rows) + 6)
    values = [0.0, *(float(row["part_musd"]) for row in rows)]
    low, high = min(values), max(values)
    scale = Scale(low, high if high > low else low + 1.0, _LEFT, _RIGHT)
    canvas.text(0, _TOP - 30, title, bold=True)
    money_axis(canvas, scale, axis, top=_TOP - 6, floor=_TOP + _STEP * len(rows), wanted=3)
    column_heads(canvas, _TOP - 12, tuple(zip(_COLUMNS, _HEADS.values(), strict=True)))
    for index, row in enumerate(rows):
        y, part = _TOP + _STEP * index + 10, float(row["part_musd"])
        canvas.text(0, y + 4, shorten(str(row["party"]), width=_LEFT - 10), lineage=_named(ledger, side, row))
        left, right = sorted((scale(0.0), scale(part)))
        canvas.box(left, y - 6, right - left, 12, fill=ACCENT if part > 0.0 else REMEDY)
        canvas.line(scale(0.0), y - 8, scale(0.0), y + 8, stroke=INK)
        row_values(canvas, y, tuple(zip(_COLUMNS, _values(side, row, ledger), strict=True)))
    return canvas.markup(
        anchor=f"attribution-{side['side']}",
        title=title,
        description=f"Bars. Largest: {in_sentence(str(rows[0]['party']))}.",
        lineage=axis,
    )


def _group(side: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], ledger: Ledger) -> Group:
    bars = bar_shares([abs(float(row["part_musd"])) for row in rows])
    lines = tuple(
        Line(
            ledger.words(str(row["party"]), _origin(side, row)),
            "",
            _values(side, row, ledger),
            share,
            row["part_musd"] < 0.0,
        )
        for row, share in zip(rows, bars, strict=True)
    )
    return Group(_TITLES[str(side["side"])], tuple(_HEADS.values()), lines)


def _values(side: Mapping[str, Any], row: Mapping[str, Any], ledger: Ledger) -> tuple[Number, ...]:
    """A party's part, what it does alone, and what its absence would change."""
    return tuple(ledger.number(float(row[column]), money_short, _lineage(column, side, row)) for column in _HEADS)


def _named(ledger: Ledger, side: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    return ledger.record(_origin(side, row))


def _origin(side: Mapping[str, Any], row: Mapping[str, Any]) -> Lineage:
    return {"scenario": str(row["measures"]), "rule": f"measures of the {side['side']}"}


def _lineage(column: str, side: Mapping[str, Any], row: Mapping[str, Any]) -> Lineage:
    return {
        "table": "attribution",
        "filter": f"side={side['side']}, party={row['party']}",
        "rule": f"{column}: {_OTHERS.get(column) or _RULES[str(side['rule'])]}",
        "statistic": f"mean of {side['draws']} draws",
    }


def _lede(side: Mapping[str, Any], first: Mapping[str, Any], ledger: Ledger) -> Markup:
    total = {"summary": "attribution.sides.total_musd", "filter": f"side={side['side']}"}
    whole = ledger.number(float(side["total_musd"]), money, total)
    draws = ledger.number(float(side["draws"]), count, {"summary": "attribution.draws"})
    name = ledger.words(in_sentence(str(first["party"])), _origin(side, first))
    what = "put at risk" if side["side"] == "controls" else "changed"
    if len(side["parties"]) == 1:
        return Markup("All of {} {} in the mean of {} draws comes of one measure: {}.").format(whole, what, draws, name)
    words = Markup("Of {} {} in the mean of {} draws the largest part is {}: {}.")
    part = ledger.number(float(first["part_musd"]), money, _lineage("part_musd", side, first))
    return words.format(whole, what, draws, part, name)


def _caption(told: Mapping[str, Any], sides: Sequence[Mapping[str, Any]], ledger: Ledger) -> Markup:
    draws = ledger.number(float(told["draws"]), count, {"summary": "attribution.draws"})
    solves = ledger.number(float(told["solves"]), count, {"summary": "attribution.solves"})
    shapley = "Part: the mean of what a measure adds over every order in which they could come."
    ordered = "Part: what a measure adds to those before it in the scenario; another order gives other parts."
    rules = {str(side["rule"]) for side in sides}
    both = " ".join(words for rule, words in (("shapley", shapley), ("marginal order", ordered)) if rule in rules)
    words = Markup(
        "Change of value added at risk over the horizon; parts add up to the whole of their panel. {} Alone: under "
        "that measure and none of the others of the panel. As the last: what its absence would change. Mean of {} "
        "draws, {} paths solved; the whole differs from the median over all draws above."
    )
    return words.format(both, draws, solves)


def _largest(parties: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(parties, key=lambda row: by_size(abs(row["part_musd"]), row["party"]))[:ROWS]
