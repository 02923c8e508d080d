"""Attribution: the loss divided among the controls that cause it and the levers that save of it, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger, Lineage
from derisk.brief.numbers import count, money, money_short, tick
from derisk.brief.subject import Studied
from derisk.drawing.canvas import ACCENT, INK, MUTED, REMEDY, RULE, Canvas, shorten
from derisk.drawing.scales import Scale, ticks
from derisk.losses.order import by_size
from derisk.vocabulary.names import in_sentence

ROWS = 10

_LEFT, _RIGHT, _HEAD, _STEP = 300.0, 560.0, 46.0, 22.0
_COLUMNS = (("part_musd", 640.0, "part"), ("alone_musd", 730.0, "alone"), ("last_musd", 820.0, "as the last"))
_TITLES = {
    "controls": "What each control puts at risk, without the levers",
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
    canvas = Canvas(height=sum(_HEAD + _STEP * len(rows) for _, rows in shown) + 8)
    axis = ledger.record({"axis": "scale of the figure, no result"})
    top = 0.0
    for side, rows in shown:
        _panel(canvas, ledger, side, rows, top + _HEAD - 6, axis)
        top += _HEAD + _STEP * len(rows)
    svg = canvas.markup(
        anchor="attribution",
        title="Which measure did it",
        description=f"Bars. Largest: {in_sentence(str(shown[0][1][0]['party']))}.",
        lineage=axis,
    )
    caption = _caption(told, sides, ledger)
    return Figure("attribution", "Which measure did it", svg, caption, _lede(shown[0][0], shown[0][1][0], ledger))


def _panel(
    canvas: Canvas, ledger: Ledger, side: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], top: float, axis: str
) -> None:
    values = [0.0, *(float(row["part_musd"]) for row in rows)]
    low, high = min(values), max(values)
    scale = Scale(low, high if high > low else low + 1.0, _LEFT, _RIGHT)
    canvas.text(0, top - 12, _TITLES[str(side["side"])], bold=True)
    for value in ticks(scale.low, scale.high, wanted=3):
        canvas.line(scale(value), top - 6, scale(value), top + _STEP * len(rows), stroke=MUTED if not value else RULE)
        words = tick(money_short(value)) if value else "USD"
        canvas.text(scale(value), top - 12, words, lineage=axis, anchor="middle", size=11, fill=MUTED)
    for _, x, head in _COLUMNS:
        canvas.text(x, top - 12, head, anchor="end", size=11, fill=MUTED)
    for index, row in enumerate(rows):
        y, part = top + _STEP * index + 10, float(row["part_musd"])
        canvas.text(0, y + 4, shorten(str(row["party"]), width=_LEFT - 10), lineage=_named(ledger, side, row))
        left, right = sorted((scale(0.0), scale(part)))
        canvas.box(left, y - 6, right - left, 12, fill=ACCENT if part > 0.0 else REMEDY)
        canvas.line(scale(0.0), y - 8, scale(0.0), y + 8, stroke=INK)
        for column, x, _ in _COLUMNS:
            number = ledger.number(float(row[column]), money_short, _lineage(column, side, row))
            canvas.text(x, y + 4, number, anchor="end", bold=column == "part_musd")


def _named(ledger: Ledger, side: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    return ledger.record({"scenario": str(row["measures"]), "rule": f"measures of the {side['side']}"})


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
    if len(side["parties"]) == 1:
        name = ledger.words(in_sentence(str(first["party"])), {"scenario": str(first["measures"])})
        return Markup("All of {} comes of one measure: {}.").format(whole, name)
    words = Markup("Of {} the largest part is {}: {}.")
    part = ledger.number(float(first["part_musd"]), money, _lineage("part_musd", side, first))
    name = ledger.words(in_sentence(str(first["party"])), {"scenario": str(first["measures"])})
    return words.format(whole, part, name)


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
