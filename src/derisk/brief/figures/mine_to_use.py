"""Mine to use: a Sankey of one material in the base year, what a scenario takes away of it in pale."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from derisk.brief.chain import OTHERS, Step, chain_columns, chain_steps, comes_from_scrap
from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, percent_round
from derisk.brief.rows import axis_mark
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, Canvas, shorten, text_width
from derisk.vocabulary.names import good_label, in_sentence, material_label, region_label

MATERIALS = 3
SMALLEST_LOSS_SHARE = 0.10
"""A Sankey is drawn for the hardest-hit material and for up to two more with this share of the loss."""
_USED, _MOVED = "Used as such", "Used or moved on"

_TOP, _BODY, _GAP, _BAR = 70.0, 210.0, 7.0, 8.0
_LAST_LABEL = 150.0
"""Room for the names right of the last column [px]."""
_SMALLEST_NAMED = 5.0
"""Nodes lower than this have no name [px]."""
_KEPT, _LOST = "0.42", "0.13"
_STAGE_WORDS = {"mining": "mined in", "refining": "refined in", "component": "made in"}
_USED_IN = "used in"

_Place = tuple[float, float]
_Pair = tuple[Number, Number]


def draw_mine_to_use(
    flows: pd.DataFrame, ledger: Ledger, *, material: str, restrictors: Sequence[str]
) -> Figure | None:
    """Sankey of a material from mine to use; None where it has no flows.

    Args:
        flows: tonnes and base tonnes by good, origin and destination, as `flow_sums` gives them.
        ledger: takes the lineage of each number.
        material: which material.
        restrictors: regions drawn in red.
    """
    steps = chain_steps(flows, material, list(restrictors))
    if not steps:
        return None
    columns = chain_columns(steps, list(restrictors))
    name, anchor = material_label(material), f"mine-to-use-{material}"
    return Figure(
        anchor=anchor,
        title=f"{name} from mine to use",
        drawings=(_drawing(steps, columns, ledger, anchor=anchor, name=name, restrictors=set(restrictors)),),
        caption=_caption(steps, restrictors),
        narrow=narrow_list([_group(steps, columns, index, ledger) for index in range(len(columns))]),
    )


def _caption(steps: Sequence[Step], restrictors: Sequence[str]) -> Markup:
    goods = "; ".join(
        f"{_STAGE_WORDS[s.stage]}: {' and '.join(in_sentence(good_label(g)) for g in s.goods)}" for s in steps
    )
    between = " and ".join(in_sentence(good_label(good)) for step in steps for good in step.between)
    makers = ", ".join(region_label(r) for r in restrictors) or "the largest supplier"
    shares = (
        f"Shares of each stage’s tonnes in the base year ({goods}), and under the scenario, there of the base year’s "
        "tonnes too: mean of the converged draws over the horizon. "
    )
    drawn = (
        "A number after an arrow is that of the scenario. The pale part of a band no longer flows; what flows anew is "
        f"left to the map. In red: what comes from {makers}. "
    )
    merged = (
        "Small regions are merged; what arrives at a stage and does not leave it is used there"
        f"{f' or moves on as {between}' if between else ''}."
    )
    if any(comes_from_scrap(step) for step in steps):
        merged += " Metal from scrap counts where it is recovered: shares of primary output alone are others."
    return Markup('{}<span class="drawn">{}</span>{}').format(shares, drawn, merged)


def _drawing(
    steps: list[Step], columns: list[list[str]], ledger: Ledger, *, anchor: str, name: str, restrictors: set[str]
) -> Markup:
    places = [_column_places(steps, columns, index) for index in range(len(columns))]
    canvas = Canvas(height=max(top + height for column in places for top, height in column.values()) + 6)
    apart = (canvas.width - _LAST_LABEL - _BAR) / len(steps)
    _legend(canvas, restrictors)
    for index, step in enumerate(steps):
        between = (apart * index + _BAR, apart * (index + 1))
        _ribbons(canvas, step, between, (places[index], places[index + 1]), restrictors)
    for index, column in enumerate(places):
        _nodes(canvas, ledger, steps, index, column, x=apart * index, apart=apart, restrictors=restrictors)
    return canvas.markup(
        anchor=anchor,
        title=f"{name} from mine to use, base year and scenario",
        description=f"Flow diagram of {in_sentence(name)}: where it is mined, refined and used, and what stops.",
        lineage=axis_mark(ledger),
    )


def _legend(canvas: Canvas, restrictors: set[str]) -> None:
    canvas.path("M0,4H22V16H0Z", fill=ACCENT if restrictors else NEUTRAL, fill_opacity=_KEPT)
    canvas.text(29, 14, "still flows")
    canvas.path("M110,4H132V16H110Z", fill=ACCENT if restrictors else NEUTRAL, fill_opacity=_LOST)
    canvas.text(139, 14, "no longer flows")


def _sums(steps: Sequence[Step], index: int, share: str) -> tuple[dict[str, float], dict[str, float]]:
    """What arrives at the nodes of a column and what leaves them, as shares of the stages' base tonnes."""
    arriving = _by_node(steps[index - 1], "destination", share) if index else {}
    leaving = _by_node(steps[index], "origin", share) if index < len(steps) else {}
    return arriving, leaving


def _by_node(step: Step, end: str, share: str) -> dict[str, float]:
    return {str(name): float(value) for name, value in step.links.groupby(end)[share].sum().items()}


def _column_places(steps: Sequence[Step], columns: Sequence[Sequence[str]], index: int) -> dict[str, _Place]:
    """Top and height of every node of a column in the base year."""
    arriving, leaving = _sums(steps, index, "base_share")
    at, column = _TOP, {}
    for name in columns[index]:
        height = max(arriving.get(name, 0.0), leaving.get(name, 0.0)) * _BODY
        column[name] = (at, height)
        at += max(height, 1.0) + _GAP
    return column


def _printed(steps: Sequence[Step], index: int, ledger: Ledger, name: str = "") -> _Pair:
    """A node's share, or the whole column's, in the base year and under the scenario."""
    last = index == len(steps)
    step = steps[index - 1 if last else index]
    where = f"{'destination' if last else 'origin'}={name}" if name else "all regions"
    base, now = (
        ledger.number(_share(steps, index, share, name), percent_round, _lineage(step, share, where))
        for share in ("base_share", "now_share")
    )
    return base, now


def _share(steps: Sequence[Step], index: int, share: str, name: str) -> float:
    arriving, leaving = _sums(steps, index, share)
    counted = arriving if index == len(steps) else leaving
    return counted.get(name, 0.0) if name else sum(counted.values())


def _stays(steps: Sequence[Step], index: int, name: str) -> bool:
    """Whether most of what arrives at the merged node of a stage does not leave it."""
    arriving, leaving = _sums(steps, index, "base_share")
    inner = name == OTHERS and 0 < index < len(steps)
    return inner and leaving.get(name, 0.0) < 0.5 * max(arriving.get(name, 0.0), leaving.get(name, 0.0))


def _nodes(
    canvas: Canvas,
    ledger: Ledger,
    steps: Sequence[Step],
    index: int,
    column: dict[str, _Place],
    *,
    x: float,
    apart: float,
    restrictors: set[str],
) -> None:
    canvas.text(x, _TOP - 26, _heading(steps, index), bold=True)
    _pair(canvas, x, _TOP - 11, _printed(steps, index, ledger))
    room = (_LAST_LABEL if index == len(steps) else apart - _BAR) - 6
    for name, (top, height) in column.items():
        canvas.box(x, top, _BAR, max(height, 1.0), fill=ACCENT if name in restrictors else INK)
        if height >= _SMALLEST_NAMED:
            left, base = x + _BAR + 4, top + height / 2 + 4
            if _stays(steps, index, name):
                canvas.text(left, base, _stay_words(steps), size=11, halo=True)
                continue
            numbers = _printed(steps, index, ledger, name)
            words = shorten(_node_label(name), width=room - _pair_width(numbers) - 5, size=11)
            canvas.text(left, base, words, size=11, halo=True)
            _pair(canvas, left + text_width(words, size=11) + 5, base, numbers)


def _heading(steps: Sequence[Step], index: int) -> str:
    return (_USED_IN if index == len(steps) else _STAGE_WORDS[steps[index].stage]).capitalize()


def _node_label(name: str) -> str:
    return "Others" if name == OTHERS else region_label(name)


def _stay_words(steps: Sequence[Step]) -> str:
    return _MOVED if any(step.between for step in steps) else _USED


def _pair(canvas: Canvas, x: float, y: float, numbers: _Pair) -> None:
    """`91 % → 89 %`, or the one number where both print the same."""
    base, now = numbers
    canvas.text(x, y, base, size=11, fill=MUTED, halo=True)
    if now.text != base.text:
        canvas.text(x + text_width(base.text, size=11) + 3, y, "→", size=11, fill=MUTED, halo=True)
        canvas.text(x + text_width(base.text, size=11) + 17, y, now, size=11, fill=MUTED, halo=True)


def _pair_width(numbers: _Pair) -> float:
    base, now = (text_width(number.text, size=11) for number in numbers)
    return base if numbers[0].text == numbers[1].text else base + 17 + now


def _group(steps: list[Step], columns: list[list[str]], index: int, ledger: Ledger) -> Group:
    """A column's nodes for a phone, the large ones."""
    places = _column_places(steps, columns, index)
    lines = []
    for name, (_, height) in places.items():
        if height >= _SMALLEST_NAMED and not _stays(steps, index, name):
            base, now = _printed(steps, index, ledger, name)
            lines.append(Line(_node_label(name), "", (base, now), min(base.value, 1.0)))
    return Group(_heading(steps, index), ("base year", "scenario"), tuple(lines))


def _lineage(step: Step, share: str, filtered: str) -> dict[str, object]:
    column = "base_quantity_t" if share == "base_share" else "quantity_t"
    return {
        "table": "flows",
        "filter": f"good in {', '.join(step.goods)}; {filtered}",
        "rule": f"sum of {column} over months, over the sum of base_quantity_t of the stage",
        "statistic": "mean of the converged draws",
    }


def _ribbons(
    canvas: Canvas,
    step: Step,
    between: tuple[float, float],
    places: tuple[dict[str, _Place], dict[str, _Place]],
    restrictors: set[str],
) -> None:
    """The bands of a step, of each what still flows above what is lost."""
    leaving, arriving = ({name: place[0] for name, place in side.items()} for side in places)
    left, right = ({name: order for order, name in enumerate(side)} for side in places)
    named = step.links[["origin", "destination", "base_share", "now_share"]].itertuples(index=False)
    rows = [(str(o), str(d), float(base), float(now)) for o, d, base, now in named]
    ends = {}
    for origin, destination, base, _ in sorted(rows, key=lambda row: (right[row[1]], left[row[0]])):
        ends[(origin, destination)] = arriving[destination]
        arriving[destination] += base * _BODY
    for origin, destination, base, now in sorted(rows, key=lambda row: (left[row[0]], right[row[1]])):
        start, end = leaving[origin], ends[(origin, destination)]
        leaving[origin] += base * _BODY
        kept, colour = min(base, now) * _BODY, ACCENT if origin in restrictors else NEUTRAL
        _band(canvas, between, (start, end), kept, fill=colour, opacity=_KEPT)
        _band(canvas, between, (start + kept, end + kept), base * _BODY - kept, fill=colour, opacity=_LOST)


def _band(
    canvas: Canvas,
    between: tuple[float, float],
    tops: tuple[float, float],
    height: float,
    *,
    fill: str,
    opacity: str,
) -> None:
    """One band between two columns; nothing where it would be too thin to see."""
    (x1, x2), (top, end) = between, tops
    if height < 0.15:
        return
    middle = (x1 + x2) / 2
    shape = (
        f"M{x1:.1f},{top:.1f}C{middle:.1f},{top:.1f} {middle:.1f},{end:.1f} {x2:.1f},{end:.1f}"
        f"V{end + height:.1f}C{middle:.1f},{end + height:.1f} {middle:.1f},{top + height:.1f} "
        f"{x1:.1f},{top + height:.1f}Z"
    )
    canvas.path(shape, fill=fill, fill_opacity=opacity)
