"""Tornado: which assumptions move the answer most, as bars around the central case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger, Lineage
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import NO_BREAK, count, money, money_short, percent, price, significant, tick, times, tonnes
from derisk.brief.rows import axis_mark, column_heads, money_axis
from derisk.brief.subject import Studied
from derisk.drawing.canvas import ACCENT, FAINT, INK, MUTED, REMEDY, Canvas, shorten, text_width
from derisk.drawing.scales import Scale
from derisk.vocabulary.names import in_sentence

ROWS = 10

_LEFT, _RIGHT, _INSET = 264.0, 690.0, 40.0
_TOP, _STEP, _BAR = 86.0, 52.0, 14.0
_LABEL_WIDTH = 248.0
_STATUS_WORDS = {
    "assumed": "assumed",
    "scenario": "stated by the scenario",
    "user": "your own figure",
    "derived": "derived",
    "bound": "a bound",
}


@dataclass(frozen=True, slots=True)
class _End:
    """What the outcome is at one end of an assumption's range [million USD]; None where it is not known."""

    name: str
    value: float
    solved: float | None
    estimated: float | None


def draw_tornado(study: Studied, ledger: Ledger) -> Figure | None:
    """Bars of the strongest assumptions; None where the study was not asked for them, or nothing moves it."""
    ranked = study.summary.get("sensitivity") or {}
    rows, outcome = list(ranked.get("largest") or [])[:ROWS], ranked.get("outcome_musd")
    if not rows or outcome is None:
        return None
    return Figure(
        anchor="tornado",
        title="Which assumption moves the answer most",
        drawings=(_drawing(rows, float(outcome), ledger),),
        narrow=narrow_list([_group(rows, float(outcome), ledger)]),
        caption=_caption(rows),
        lede=_lede(rows, ranked, ledger),
    )


def _drawing(rows: Sequence[Mapping[str, Any]], outcome: float, ledger: Ledger) -> Markup:
    scale, axis = _scale(rows, outcome), axis_mark(ledger)
    canvas = Canvas(height=_TOP + _STEP * len(rows) + 4)
    _legend(canvas)
    _head(canvas, ledger, scale, outcome, axis, rows=len(rows))
    for index, row in enumerate(rows):
        _row(canvas, ledger, scale, row, outcome, _TOP + _STEP * index)
    return canvas.markup(
        anchor="tornado",
        title="Which assumption moves the answer most",
        description="Bars: value added at risk in the central case with one assumption at its low and its high value. "
        f"Longest: {in_sentence(str(rows[0]['parameter']))}.",
        lineage=axis,
    )


def _group(rows: Sequence[Mapping[str, Any]], outcome: float, ledger: Ledger) -> Group:
    """The assumptions for a phone, each with the least and the most it leads to; bars over what lies between."""
    reached = [_reaches(row, outcome) for row in rows]
    shares = bar_shares([most - least for least, most in reached])
    lines = tuple(
        Line(
            ledger.words(str(row["parameter"]), _origin(row, "base")),
            "",
            tuple(ledger.number(end, money_short, _result(row)) for end in ends),
            share,
        )
        for row, ends, share in zip(rows, reached, shares, strict=True)
    )
    return Group("Value added at risk, USD", ("least", "most"), lines)


def _reaches(row: Mapping[str, Any], outcome: float) -> tuple[float, float]:
    """The least and the most that an assumption leads to, the central case among them."""
    known = [outcome, *(end.solved for end in _ends(row) if end.solved is not None)]
    return min(known), max(known)


def _ends(row: Mapping[str, Any]) -> tuple[_End, _End]:
    low, high = (
        _End(name, float(row[name]), row[f"outcome_{name}_musd"], row[f"first_order_{name}_musd"])
        for name in ("low", "high")
    )
    return low, high


def _scale(rows: Sequence[Mapping[str, Any]], outcome: float) -> Scale:
    values = [outcome]
    for row in rows:
        values += [value for end in _ends(row) for value in (end.solved, end.estimated) if value is not None]
    low, high = max(min(values), 0.0), max(values)
    return Scale(low, high if high > low else low + 1.0, _LEFT + _INSET, _RIGHT - _INSET)


def _legend(canvas: Canvas) -> None:
    canvas.box(0, 2, 22, 12, fill=REMEDY)
    canvas.text(29, 12, "less at risk")
    canvas.box(110, 2, 22, 12, fill=ACCENT)
    canvas.text(139, 12, "more at risk")
    canvas.line(234, 0, 234, 16, stroke=INK, width=2.0)
    canvas.text(242, 12, "straight-line estimate of the bar’s end")


def _head(canvas: Canvas, ledger: Ledger, scale: Scale, outcome: float, axis: str, *, rows: int) -> None:
    """The axis, and the upright line of the central case with its number."""
    centre, floor = scale(outcome), _TOP + _STEP * rows - 8
    money_axis(canvas, scale, axis, top=_TOP - 18, floor=floor)
    canvas.line(centre, _TOP - 18, centre, floor, stroke=INK, width=1.4)
    number = ledger.number(outcome, money, {"summary": "sensitivity.outcome_musd", "rule": _OUTCOME_RULE})
    shown = f"central case {number}"
    left = min(max(centre - text_width(shown, size=12) / 2, _LEFT), _RIGHT - text_width(shown, size=12))
    canvas.text(left, _TOP - 42, "central case")
    canvas.text(left + text_width("central case "), _TOP - 42, number, bold=True)
    column_heads(canvas, _TOP - 24, ((755, "least"), (820, "most")))


_OUTCOME_RULE = "value added at risk in the central case, draw 0, summed over months, regions and uses"


def _row(canvas: Canvas, ledger: Ledger, scale: Scale, row: Mapping[str, Any], outcome: float, top: float) -> None:
    _label(canvas, ledger, row, top)
    middle = top + 8
    canvas.box(_LEFT, middle - _BAR / 2, _RIGHT - _LEFT, _BAR, fill=FAINT, opacity=0.6)
    ends = _ends(row)
    solved = sorted((end for end in ends if end.solved is not None), key=lambda end: -abs(_change(end, outcome)))
    for end in solved:
        start, stop = sorted((scale(outcome), scale(outcome + _change(end, outcome))))
        canvas.box(start, middle - _BAR / 2, stop - start, _BAR, fill=ACCENT if _change(end, outcome) > 0 else REMEDY)
    canvas.line(scale(outcome), middle - _BAR / 2, scale(outcome), middle + _BAR / 2, stroke=INK, width=1.4)
    for end in ends:
        if end.estimated is not None:
            canvas.line(scale(end.estimated), middle - 11, scale(end.estimated), middle + 11, stroke=INK, width=2.0)
    _values(canvas, ledger, scale, row, outcome, middle + _BAR / 2 + 13)
    for x, value in zip((755, 820), _reaches(row, outcome), strict=True):
        canvas.text(x, middle + 4, ledger.number(value, money_short, _result(row)), anchor="end", bold=x == 820)


def _change(end: _End, outcome: float) -> float:
    return 0.0 if end.solved is None else end.solved - outcome


def _values(canvas: Canvas, ledger: Ledger, scale: Scale, row: Mapping[str, Any], outcome: float, y: float) -> None:
    """The assumption's values under the ends they lead to; the smaller outcome stands left."""
    low, high = sorted(_ends(row), key=lambda end: _reached(end, outcome))
    form = _form(str(row["kind"]))
    centre = scale(outcome)
    for end, anchor in ((low, "end"), (high, "start")):
        at = scale(_reached(end, outcome))
        x = min(at, centre - 4) if anchor == "end" else max(at, centre + 4)
        number = ledger.number(end.value, form, _origin(row, end.name))
        canvas.text(x, y, number, anchor=anchor, size=11, fill=MUTED)
        if end.solved is None:
            width = text_width(str(number), size=11) + 4
            words = "no equilibrium"
            canvas.text(x - width if anchor == "end" else x + width, y, words, anchor=anchor, size=11, fill=ACCENT)


def _reached(end: _End, outcome: float) -> float:
    """The outcome at an end: solved, else estimated, else that of the central case."""
    known = (value for value in (end.solved, end.estimated) if value is not None)
    return float(next(known, outcome))


def _label(canvas: Canvas, ledger: Ledger, row: Mapping[str, Any], top: float) -> None:
    lines = _wrapped(str(row["parameter"]), width=_LABEL_WIDTH)
    mark = ledger.record(_origin(row, "base"))
    for number, line in enumerate(lines):
        canvas.text(0, top + 12 + 15 * number, line, lineage=mark)
    y = top + 12 + 15 * len(lines)
    value = ledger.number(float(row["base"]), _form(str(row["kind"])), _origin(row, "base"))
    canvas.text(0, y, "set at", size=11, fill=MUTED)
    canvas.text(32, y, value, size=11, fill=MUTED)
    stated = _STATUS_WORDS.get(str(row["status"]), str(row["status"]))
    unranged = "; no range stated: a tenth either way" if "no range stated" in str(row["note"]) else ""
    after = 36 + text_width(str(value).replace(NO_BREAK, " "), size=11)
    words = shorten(f"· {stated}{unranged}", width=_LABEL_WIDTH - after, size=11)
    canvas.text(after, y, words, size=11, fill=MUTED)


def _wrapped(text: str, *, width: float) -> list[str]:
    """The text on one line or two, the second cut where it would not fit."""
    words, first = text.split(" "), ""
    while words and text_width(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [first or shorten(text, width=width), *([shorten(rest, width=width)] if rest and first else [])]


def _origin(row: Mapping[str, Any], which: str) -> Lineage:
    """Where an assumption's value comes from: a number of the scenario, rows of the dataset, or a rule."""
    ids = str(row["row_ids"]).split()
    share = "the value itself" if which == "base" else f"the {which} end of its range"
    if "no range stated" in str(row["note"]) and which != "base":
        share = f"no range stated; {'a tenth less' if which == 'low' else 'a tenth more'}, within what it can be"
    if row["status"] == "scenario":
        central = "its median" if which == "base" else share
        return {"scenario": ids[0], "rule": f"an assumption of the scenario: {central}"}
    named = {"row_ids": ids, "ask": f"derisk data why --row {ids[0]}"} if ids else {"table": "sensitivity"}
    derived = str(row["kind"]).endswith("_ratio")
    rule = f"a ratio to what a rule derives from these rows: {share}" if derived else f"an assumption: {share}"
    return {**named, "filter": f"parameter={row['parameter']}", "rule": rule}


def _result(row: Mapping[str, Any]) -> Lineage:
    return {
        "table": "sensitivity",
        "filter": f"parameter={row['parameter']}, row_ids={row['row_ids']}",
        "rule": "least and most of outcome_low_musd, outcome_high_musd and the central case",
    }


def _form(kind: str) -> Callable[[float], str]:
    """How a value of an assumption of a kind is printed."""
    if kind.endswith(("share", "share_of_base", ".rate", "_per_month", "share_per_year")):
        return lambda value: tick(percent(value))
    if kind.endswith("_ratio"):
        return lambda value: tick(times(value))
    if kind.endswith("months"):
        return lambda value: f"{significant(value, 2)} months"
    if kind == "price" or kind.endswith("usd_per_t"):
        return price
    if kind == "value_added":
        return money_short
    if kind == "capacity" or kind.endswith(("_t", "t_per_year")):
        return tonnes
    return lambda value: tick(significant(value, 2))


def _lede(rows: Sequence[Mapping[str, Any]], ranked: Mapping[str, Any], ledger: Ledger) -> Markup:
    first, outcome = rows[0], float(ranked["outcome_musd"])
    every = ledger.number(float(ranked["assumptions"]), count, {"summary": "sensitivity.assumptions"})
    words = Markup(
        "Of {} assumptions one moves the answer most: {}. Over its range value added at risk runs from {} to {}."
    )
    least, most = (ledger.number(end, money, _result(first)) for end in _reaches(first, outcome))
    text = words.format(every, _named(first, ledger), least, most)
    if len(rows) > 2:
        text += Markup(" Next come: {}; and {}.").format(_named(rows[1], ledger), _named(rows[2], ledger))
    return text


def _named(row: Mapping[str, Any], ledger: Ledger) -> Markup:
    return ledger.words(in_sentence(str(row["parameter"])), _origin(row, "base"))


def _caption(rows: Sequence[Mapping[str, Any]]) -> Markup:
    text = (
        "For each bar the central case is solved anew with one assumption at the low and at the high end of its range, "
        "all others as they are; under the bar’s ends stand the assumption’s values there. The central case takes "
        "every number at its middle: it is not the median of the draws. Where a short upright tick lies off the bar’s "
        "end, the answer bends: a straight line from the central case would mislead. Every tonne given up counts as "
        "missing, so users who cut back readily put more at risk, not less. What the base year’s countries make, trade "
        "and use is balanced together and not varied here."
    )
    if any(str(row["kind"]).endswith("_elasticity") for row in rows):
        text += " Plain numbers are elasticities: per cent of change for each per cent of price."
    if any(end.solved is None for row in rows for end in _ends(row)):
        text += " Where there is no equilibrium at an end, the bar stops at the central case."
    return Markup.escape(text)
