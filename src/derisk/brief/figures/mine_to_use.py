"""Mine to use: a Sankey of one material, the base year beside the shocked year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, percent_round
from derisk.brief.rows import axis_mark
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, Canvas, shorten, text_width
from derisk.losses.order import by_size
from derisk.vocabulary.goods import GOODS, STAGES, members
from derisk.vocabulary.names import good_label, in_sentence, material_label, region_label
from derisk.vocabulary.processes import PROCESSES

MATERIALS = 3
SMALLEST_LOSS_SHARE = 0.10
"""A Sankey is drawn for the hardest-hit material and for up to two more with this share of the loss."""
REGIONS_OF_A_COLUMN = 4
_SMALLEST_SHARE = 0.005
"""Regions with less than this part of a stage, before and after, are merged: they would print as nothing."""
OTHERS = "others"
_USED, _MOVED = "used as such", "used or moved on"
_WORDS = {OTHERS: "Others", _USED: "Used as such", _MOVED: "Used or moved on"}

_PANEL, _GUTTER, _TOP, _BODY, _GAP, _BAR = 396.0, 28.0, 64.0, 190.0, 7.0, 7.0
_LABEL = 92.0
_TIGHT = {"USA": "US", "GBR": "UK", "KOR": "S. Korea", "XEU": "Other EU"}
_STAGE_WORDS = {"mining": "mined in", "refining": "refined in", "component": "made in"}


_Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Step:
    """Flows of one stage's goods between named nodes, as shares of the stage's base tonnes."""

    stage: str
    goods: tuple[str, ...]
    between: tuple[str, ...]
    """Goods of the stage that others of it are made of; they are not drawn, as their tonnes would count twice."""
    links: pd.DataFrame
    """Columns origin, destination, base_share, now_share."""


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
    steps = _steps(flows, material, list(restrictors))
    if not steps:
        return None
    columns = _columns(steps, list(restrictors))
    panels = [(0.0, "Base year", "base_share"), (_PANEL + _GUTTER, "Under the scenario", "now_share")]
    laid = {share: _places(steps, columns, share) for _, _, share in panels}
    canvas = Canvas(
        height=max(
            top + height for column in [*laid["base_share"], *laid["now_share"]] for top, height, _ in column.values()
        )
        + 6
    )
    for left, title, share in panels:
        canvas.text(left, 14, title, size=13, bold=True)
        _panel(canvas, ledger, left, steps, laid[share], share, set(restrictors))
    name = material_label(material)
    goods = "; ".join(
        f"{_STAGE_WORDS[s.stage]}: {' and '.join(in_sentence(good_label(g)) for g in s.goods)}" for s in steps
    )
    between = " and ".join(in_sentence(good_label(good)) for step in steps for good in step.between)
    caption = (
        "Widths are shares of each stage’s tonnes in the base year, so the right-hand picture shrinks by what is "
        f"missing ({goods}). Mean of the converged "
        "draws over the horizon. In red: what passes through "
        f"{', '.join(region_label(r) for r in restrictors) or 'the largest supplier'}. Small regions are merged; "
        f"what arrives at a stage and does not leave it is used there{f' or moves on as {between}' if between else ''}."
    )
    anchor = f"mine-to-use-{material}"
    svg = canvas.markup(
        anchor=anchor,
        title=f"{name} from mine to use, base year and scenario",
        description=f"Two flow diagrams of {in_sentence(name)}: where it is mined, refined and used, before and after.",
        lineage=axis_mark(ledger),
    )
    return Figure(anchor=anchor, title=f"{name} from mine to use", drawings=(svg,), caption=Markup.escape(caption))


def _steps(flows: pd.DataFrame, material: str, restrictors: list[str]) -> list[_Step]:
    steps = []
    for stage in STAGES:
        goods, between = _goods_on_the_way(material, stage)
        rows = flows[flows["good"].isin(goods)]
        total = float(rows["base_quantity_t"].sum())
        if total > 0.0:
            sums = (
                rows.groupby(["origin", "destination"], observed=True)[["base_quantity_t", "quantity_t"]]
                .sum()
                .reset_index()
            )
            links = pd.DataFrame(
                {
                    "origin": sums["origin"].astype(str),
                    "destination": sums["destination"].astype(str),
                    "base_share": sums["base_quantity_t"] / total,
                    "now_share": sums["quantity_t"] / total,
                }
            )
            traded = set(flows["good"].astype(str))
            drawn, apart = (tuple(good for good in named if good in traded) for named in (goods, between))
            steps.append(_Step(stage, drawn, apart, links))
    return [_merge(step, index, steps, restrictors) for index, step in enumerate(steps)]


def _goods_on_the_way(material: str, stage: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Goods of a stage that a later stage takes in, all of the stage's where none is; and those between, left out.

    Where no later stage takes any in, those of which others of the stage are made are left out: nickel matte.
    """
    own = [g for g in GOODS.values() if g.material in members(material) and g.traded]
    here = tuple(g.good for g in own if g.stage == stage)
    later = {g.good for g in own if STAGES.index(g.stage) > STAGES.index(stage)}
    onward = tuple(good for good in here if good in _taken_in(later))
    if onward:
        return onward, ()
    between = tuple(good for good in here if good in _taken_in(set(here)))
    return tuple(good for good in here if good not in between), between


def _taken_in(makes: set[str]) -> set[str]:
    """Goods of which any of some others is made."""
    return {good for kind in PROCESSES.values() if kind.main in makes for good in kind.inputs}


def _weights(step: _Step, end: str) -> pd.Series:
    return step.links.groupby(end)[["base_share", "now_share"]].sum().max(axis=1)


def _kept(weights: pd.Series, restrictors: list[str]) -> list[str]:
    ranked = sorted(((float(value), str(name)) for name, value in weights.items()), key=lambda p: by_size(*p))
    named = [name for _, name in ranked if name != "ROW"]
    named = [name for name in named if float(weights[name]) >= _SMALLEST_SHARE]
    first = [name for name in restrictors if name in named]
    return (first + [name for name in named if name not in first])[:REGIONS_OF_A_COLUMN]


def _merge(step: _Step, index: int, steps: list[_Step], restrictors: list[str]) -> _Step:
    """The step with the small regions of each of its two columns merged into `others`.

    Between two stages a region is kept for what it makes there; one that only uses what arrives is among the others.
    """
    from_names = _kept(_weights(step, "origin"), restrictors)
    last = index + 1 == len(steps)
    to_names = _kept(_weights(step, "destination") if last else _weights(steps[index + 1], "origin"), restrictors)
    links = step.links.assign(
        origin=step.links["origin"].where(step.links["origin"].isin(from_names), OTHERS),
        destination=step.links["destination"].where(step.links["destination"].isin(to_names), OTHERS),
    )
    return replace(step, links=links.groupby(["origin", "destination"], as_index=False).sum())


def _columns(steps: list[_Step], restrictors: list[str]) -> list[list[str]]:
    """Order of the nodes of every column, the same in both panels: restrictors, then by base size, others last."""
    columns = []
    for index in range(len(steps) + 1):
        sides = ([(steps[index - 1], "destination")] if index else []) + (
            [(steps[index], "origin")] if index < len(steps) else []
        )
        size: dict[str, float] = {}
        for step, end in sides:
            for name, value in step.links.groupby(end)["base_share"].sum().items():
                size[str(name)] = max(size.get(str(name), 0.0), float(value))
        columns.append(sorted(size, key=lambda n: (n == OTHERS, n not in restrictors, *by_size(size[n], n))))
    return columns


def _places(steps: list[_Step], columns: list[list[str]], share: str) -> list[dict[str, _Place]]:
    """Where every node of every column stands: top, height, and the share it prints."""
    places = []
    for index, names in enumerate(columns):
        inflow = steps[index - 1].links.groupby("destination")[share].sum().to_dict() if index else {}
        outflow = steps[index].links.groupby("origin")[share].sum().to_dict() if index < len(steps) else {}
        at, column = _TOP, {}
        for name in names:
            height = max(inflow.get(name, 0.0), outflow.get(name, 0.0)) * _BODY
            printed = outflow.get(name, 0.0) if index < len(steps) else inflow.get(name, 0.0)
            column[name] = (at, height, printed)
            at += max(height, 1.0) + _GAP
        places.append(column)
    return places


def _panel(
    canvas: Canvas,
    ledger: Ledger,
    left: float,
    steps: list[_Step],
    places: list[dict[str, _Place]],
    share: str,
    restrictors: set[str],
) -> None:
    gap_x = (_PANEL - _LABEL - _BAR) / (len(places) - 1)
    stay = _MOVED if any(step.between for step in steps) else _USED
    for index, step in enumerate(steps):
        _ribbons(
            canvas,
            step,
            share,
            left + gap_x * index + _BAR,
            left + gap_x * (index + 1),
            places[index],
            places[index + 1],
            restrictors,
        )
    for index, column in enumerate(places):
        x = left + gap_x * index
        words = "used in" if index == len(steps) else _STAGE_WORDS[steps[index].stage]
        canvas.text(x, _TOP - 26, words.capitalize(), size=11, fill=MUTED)
        step = steps[min(index, len(steps) - 1)]
        total = sum(printed for _, _, printed in column.values())
        lineage = _lineage(step, share, "all regions")
        canvas.text(x, _TOP - 11, ledger.number(total, percent_round, lineage), size=11, fill=MUTED)
        for name, (top, height, printed) in column.items():
            canvas.box(x, top, _BAR, max(height, 1.0), fill=ACCENT if name in restrictors else INK)
            if height >= 5.0:
                where = f"{'destination' if index == len(steps) else 'origin'}={name}"
                stays = name == OTHERS and 0 < index < len(steps) and printed * _BODY < 0.5 * height
                number = None if stays else ledger.number(printed, percent_round, _lineage(step, share, where))
                _label(
                    canvas,
                    x + _BAR + 3,
                    top + height / 2 + 3.5,
                    stay if stays else name,
                    number,
                    gap_x - _BAR - 6 if index < len(steps) else _LABEL,
                )


def _label(canvas: Canvas, x: float, y: float, name: str, number: Number | None, width: float) -> None:
    room = width - (text_width(str(number), size=10) + 4 if number else 0.0)
    words = shorten(_WORDS[name] if name in _WORDS else _TIGHT.get(name, region_label(name)), width=room, size=10.5)
    canvas.text(x, y, words, size=10.5, halo=True)
    if number:
        canvas.text(x + text_width(words, size=10.5) + 4, y, number, size=10, fill=MUTED, halo=True)


def _lineage(step: _Step, share: str, filtered: str) -> dict[str, object]:
    column = "base_quantity_t" if share == "base_share" else "quantity_t"
    return {
        "table": "flows",
        "filter": f"good in {', '.join(step.goods)}; {filtered}",
        "rule": f"sum of {column} over months, over the sum of base_quantity_t of the stage",
        "statistic": "mean of the converged draws",
    }


def _ribbons(
    canvas: Canvas,
    step: _Step,
    share: str,
    x1: float,
    x2: float,
    left: dict[str, _Place],
    right: dict[str, _Place],
    restrictors: set[str],
) -> None:
    leaving = {name: place[0] for name, place in left.items()}
    arriving = {name: place[0] for name, place in right.items()}
    order_left, order_right = list(left), list(right)
    rows = [
        (str(o), str(d), float(v)) for o, d, v in step.links[["origin", "destination", share]].itertuples(index=False)
    ]
    ends: dict[tuple[str, str], float] = {}
    for origin, destination, value in sorted(rows, key=lambda r: (order_right.index(r[1]), order_left.index(r[0]))):
        ends[(origin, destination)] = arriving[destination]
        arriving[destination] += value * _BODY
    middle = (x1 + x2) / 2
    for origin, destination, value in sorted(rows, key=lambda r: (order_left.index(r[0]), order_right.index(r[1]))):
        height, top, end = value * _BODY, leaving[origin], ends[(origin, destination)]
        leaving[origin] += height
        if height < 0.15:
            continue
        shape = (
            f"M{x1:.1f},{top:.1f}C{middle:.1f},{top:.1f} {middle:.1f},{end:.1f} {x2:.1f},{end:.1f}"
            f"V{end + height:.1f}C{middle:.1f},{end + height:.1f} {middle:.1f},{top + height:.1f} "
            f"{x1:.1f},{top + height:.1f}Z"
        )
        through = origin in restrictors or destination in restrictors
        canvas.path(
            shape, fill=ACCENT if origin in restrictors else NEUTRAL, fill_opacity="0.42" if through else "0.32"
        )
