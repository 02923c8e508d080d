"""Shortfalls: who runs short of what, ranked bars by region and good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import Number, count, money, money_short, percent, tonnes
from derisk.brief.rows import axis_mark, bar, column_heads, ground, money_axis, row_values, whisker
from derisk.brief.subject import (
    MEDIAN_RANGE,
    Spread,
    Studied,
    base_prices,
    converged_draws,
    draw_sums,
    end_use_sums,
    middle_words,
    spread_of,
)
from derisk.drawing.canvas import MUTED, Canvas, shorten, text_width
from derisk.drawing.scales import Scale, ceiling
from derisk.losses.order import by_size
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import good_label, in_sentence, region_in_sentence, region_label
from derisk.vocabulary.processes import PROCESSES

ROWS = 14
ROWS_OF_A_GOOD = 4
SMALLEST_WORLD_SHARE = 0.005
"""Regions that use less of a good than this share of the world's use are left to the tables."""
SMALLEST_SHORTFALL_SHARE = 0.005
SHARE_RULE = "sum of shortfall_t over uses and months, over the same sum of quantity_t and shortfall_t"

_LEFT, _RIGHT, _TOP, _STEP = 262.0, 624.0, 40.0, 23.0
_COLUMNS, _HEADS = (690.0, 752.0, 820.0), ("worth", "share short", "tonnes")


@dataclass(frozen=True, slots=True)
class _Row:
    good: str
    region: str
    share: Spread
    tonnes: float
    worth: Spread
    """Tonnes short at the base price [million USD]."""


def draw_shortfalls(study: Studied, ledger: Ledger) -> Figure | None:
    """Bars ranked by what the missing tonnes are worth, with share and tonnes beside them."""
    rows, rest = _rank(study)
    if not rows:
        return None
    return Figure(
        anchor="shortfalls",
        title="Who runs short of what",
        drawings=(_drawing(rows, ledger),),
        caption=_caption(study, rows, rest, ledger),
        lede=_lede(rows[0], ledger),
        narrow=_narrow(rows, ledger),
    )


def _drawing(rows: list[_Row], ledger: Ledger) -> Markup:
    axis, floor = axis_mark(ledger), _TOP + _STEP * len(rows) + 2
    canvas = Canvas(height=floor + 4)
    scale = Scale(0.0, ceiling(max(row.worth.p95 for row in rows)), _LEFT, _RIGHT)
    money_axis(canvas, scale, axis, top=_TOP - 8, floor=floor, wanted=5)
    column_heads(canvas, _TOP - 14, tuple(zip(_COLUMNS, _HEADS, strict=True)))
    for index, row in enumerate(rows):
        _draw_row(canvas, ledger, scale, row, _TOP + _STEP * index + 10)
    hardest = "; ".join(f"{region_label(row.region)}, {in_sentence(good_label(row.good))}" for row in rows[:3])
    return canvas.markup(
        anchor="shortfalls",
        title="Who runs short of what",
        description=f"Ranked bars, one for each region and good. Hardest hit: {hardest}.",
        lineage=axis,
    )


def _caption(study: Studied, rows: list[_Row], rest: int, ledger: Ledger) -> Markup:
    text = (
        "What the tonnes missing over the whole horizon are worth at the base year’s prices: "
        f"{middle_words(study)}. Beside it their share of what users want at those prices. At most four regions of a "
        "good, the hardest hit, and none with a very small part of the world’s use."
    )
    for good in dict.fromkeys(row.good for row in rows):
        if makers := _makers(good):
            text += f" Of {in_sentence(good_label(good))} only users other than {makers} are counted."
    return Markup.escape(text) + _rest_words(rest, ledger)


def _narrow(rows: list[_Row], ledger: Ledger) -> Markup:
    bars = bar_shares([row.worth.p50 for row in rows])
    lines = tuple(
        Line(region_label(row.region), good_label(row.good), _values(row, ledger), share)
        for row, share in zip(rows, bars, strict=True)
    )
    return narrow_list([Group("Worth in USD", _HEADS, lines)])


def _values(row: _Row, ledger: Ledger) -> tuple[Number, Number, Number]:
    """Worth, share and tonnes of what is missing."""
    return (
        ledger.number(row.worth.p50, money_short, _worth_lineage(row)),
        ledger.number(row.share.p50, percent, {**_lineage(row), "rule": SHARE_RULE}),
        ledger.number(row.tonnes, tonnes, _lineage(row)),
    )


def _rest_words(rest: int, ledger: Ledger) -> Markup:
    """How many shortages are not drawn; empty where all are."""
    if not rest:
        return Markup("")
    lineage = {
        "table": "use",
        "rule": f"shortages of {SMALLEST_SHORTFALL_SHARE * 100:.1f} % or more that the figure leaves out",
    }
    words = " {} more shortage is left to the tables." if rest == 1 else " {} more shortages are left to the tables."
    return Markup(words).format(ledger.number(rest, count, lineage))


def _rank(study: Studied) -> tuple[list[_Row], int]:
    """The shortages that are drawn, and how many more there are."""
    keys = ("good", "region")
    draws, table, prices = converged_draws(study), end_use_sums(study, keys), base_prices(study)
    short = draw_sums(table, keys=keys, column="shortfall_t", draws=draws)
    used = draw_sums(table, keys=keys, column="quantity_t", draws=draws)
    world: dict[str, float] = {}
    for (good, region), by_draw in used.items():
        world[good] = world.get(good, 0.0) + float(np.mean(by_draw + short[(good, region)]))
    rows = []
    for (good, region), missing in short.items():
        wanted = used[(good, region)] + missing
        traded = good not in GOODS or GOODS[good].traded
        if not traded or not wanted.mean() > SMALLEST_WORLD_SHARE * world[good]:
            continue
        share = spread_of(np.divide(missing, wanted, out=np.zeros_like(missing), where=wanted > 0.0))
        if share.p50 >= SMALLEST_SHORTFALL_SHARE:
            worth = spread_of(missing * prices.get(good, 0.0) / 1e6)
            rows.append(_Row(good, region, share, spread_of(missing).p50, worth))
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda r: by_size(r.worth.p50, r.good, r.region)):
        if len(kept) < ROWS and sum(other.good == row.good for other in kept) < ROWS_OF_A_GOOD:
            kept.append(row)
    return kept, len(rows) - len(kept)


def _lede(first: _Row, ledger: Ledger) -> Markup:
    sentence = Markup(
        "The most valuable shortage is that of {} in {}: {}, worth {} at the base year’s prices, or {} of what {} want."
    )
    worth = ledger.number(first.worth.p50, money, _worth_lineage(first))
    share = ledger.number(first.share.p50, percent, {**_lineage(first), "rule": SHARE_RULE})
    missing = ledger.number(first.tonnes, tonnes, _lineage(first))
    makers = _makers(first.good)
    users = f"users other than {makers}" if makers else "its users"
    good = in_sentence(good_label(first.good))
    return sentence.format(good, region_in_sentence(first.region), missing, worth, share, users)


def _makers(good: str) -> str:
    """The plants whose intake of a good is no use: `makers of NdFeB magnets`; empty where no process takes it in."""
    made = dict.fromkeys(kind.main for kind in PROCESSES.values() if good in kind.inputs)
    return f"makers of {' and '.join(in_sentence(good_label(name)) for name in made)}" if made else ""


def _worth_lineage(row: _Row) -> dict[str, str]:
    return {**_lineage(row), "rule": "sum of shortfall_t over uses and months, times the base price"}


def _lineage(row: _Row) -> dict[str, str]:
    return {
        "table": "use",
        "filter": f"good={row.good}, region={row.region}, use≠disposal, stock_building",
        "rule": "sum of shortfall_t over uses and months",
        "statistic": MEDIAN_RANGE,
    }


def _draw_row(canvas: Canvas, ledger: Ledger, scale: Scale, row: _Row, y: float) -> None:
    region = region_label(row.region)
    canvas.text(0, y + 4, region, bold=True)
    start = text_width(region, size=12.6) + 10
    canvas.text(start, y + 4, shorten(good_label(row.good), width=_LEFT - start - 8), fill=MUTED)
    ground(canvas, scale, y)
    bar(canvas, scale, y, row.worth.p50)
    whisker(canvas, scale, y, row.worth.p05, row.worth.p95)
    row_values(canvas, y, tuple(zip(_COLUMNS, _values(row, ledger), strict=True)))
