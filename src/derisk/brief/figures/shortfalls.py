"""Shortfalls: who runs short of what, ranked bars by region and good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from derisk.brief.drawing import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    RULE,
    Canvas,
    Figure,
    Scale,
    ceiling,
    shorten,
    text_width,
    ticks,
)
from derisk.brief.ledger import Ledger
from derisk.brief.numbers import percent, tick, tonnes
from derisk.brief.subject import (
    MEDIAN_RANGE,
    Spread,
    Studied,
    converged_draws,
    draw_sums,
    end_uses,
    middle_words,
    spread_of,
    with_levers,
)
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import good_label, in_sentence, region_in_sentence, region_label

ROWS = 14
ROWS_OF_A_GOOD = 4
SMALLEST_WORLD_SHARE = 0.005
"""Regions that use less of a good than this share of the world's use are left to the tables."""
SMALLEST_SHORTFALL_SHARE = 0.005
SHARE_RULE = "sum of shortfall_t over uses and months, over the same sum of quantity_t and shortfall_t"

_LEFT, _RIGHT, _TOP, _STEP = 262.0, 628.0, 40.0, 23.0


@dataclass(frozen=True, slots=True)
class _Row:
    good: str
    region: str
    share: Spread
    tonnes: float


def draw_shortfalls(study: Studied, ledger: Ledger) -> Figure | None:
    """Ranked bars of the share of base use that is missing, with tonnes beside them."""
    rows = _rank(study)
    if not rows:
        return None
    canvas = Canvas(height=_TOP + _STEP * len(rows) + 6)
    highest = min(1.0, ceiling(max(row.share.p95 for row in rows)))
    scale = Scale(0.0, highest, _LEFT, _RIGHT)
    axis = ledger.record({"axis": "scale of the figure, no result"})
    for value in ticks(0.0, highest):
        canvas.line(scale(value), _TOP - 8, scale(value), canvas.height - 4, stroke=RULE if value else MUTED)
        canvas.text(scale(value), _TOP - 14, tick(percent(value)), lineage=axis, anchor="middle", size=11, fill=MUTED)
    canvas.text(724, _TOP - 14, "share short", anchor="end", size=11, fill=MUTED)
    canvas.text(820, _TOP - 14, "tonnes short", anchor="end", size=11, fill=MUTED)
    for index, row in enumerate(rows):
        _draw_row(canvas, ledger, scale, row, _TOP + _STEP * index + 10)
    caption = (
        "Share of what users want at the base year’s prices that is missing over the whole horizon: "
        f"{middle_words(study)}. At most four regions of a good, the hardest hit, and none with a very small part of "
        "the world’s use."
    )
    svg = canvas.markup(
        anchor="shortfalls",
        title="Who runs short of what",
        description="Ranked bars, one for each region and good. Hardest hit: "
        + "; ".join(f"{region_label(r.region)}, {in_sentence(good_label(r.good))}" for r in rows[:3])
        + ".",
        lineage=axis,
    )
    return Figure(
        anchor="shortfalls",
        title="Who runs short of what",
        svg=svg,
        caption=Markup.escape(caption),
        lede=with_levers(study, _lede(rows[0], ledger)),
    )


def _rank(study: Studied) -> list[_Row]:
    draws, table = converged_draws(study), end_uses(study)
    keys = ("good", "region")
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
            rows.append(_Row(good, region, share, spread_of(missing).p50))
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda r: (-round(r.share.p50, 9), r.good, r.region)):
        if len(kept) < ROWS and sum(other.good == row.good for other in kept) < ROWS_OF_A_GOOD:
            kept.append(row)
    return kept


def _lede(first: _Row, ledger: Ledger) -> Markup:
    sentence = Markup("The largest share is missing in {}: {} of the {} its users want, or {}.")
    share = ledger.number(first.share.p50, percent, {**_lineage(first), "rule": SHARE_RULE})
    missing = ledger.number(first.tonnes, tonnes, _lineage(first))
    return sentence.format(region_in_sentence(first.region), share, in_sentence(good_label(first.good)), missing)


def _lineage(row: _Row) -> dict[str, str]:
    return {
        "table": "use",
        "filter": f"good={row.good}, region={row.region}, use≠disposal",
        "rule": "sum of shortfall_t over uses and months",
        "statistic": MEDIAN_RANGE,
    }


def _draw_row(canvas: Canvas, ledger: Ledger, scale: Scale, row: _Row, y: float) -> None:
    region = region_label(row.region)
    canvas.text(0, y + 4, region, bold=True)
    start = text_width(region, size=12.6) + 10
    canvas.text(start, y + 4, shorten(good_label(row.good), width=_LEFT - start - 8), fill=MUTED)
    canvas.box(_LEFT, y - 6.5, _RIGHT - _LEFT, 13, fill=FAINT, opacity=0.6)
    canvas.box(_LEFT, y - 6.5, scale(row.share.p50) - _LEFT, 13, fill=ACCENT)
    if row.share.p95 > row.share.p05:
        canvas.line(scale(row.share.p05), y, scale(row.share.p95), y, stroke=INK, width=1.2)
        for end in (row.share.p05, row.share.p95):
            canvas.line(scale(end), y - 3.5, scale(end), y + 3.5, stroke=INK, width=1.2)
    share = ledger.number(row.share.p50, percent, {**_lineage(row), "rule": SHARE_RULE})
    canvas.text(724, y + 4, share, anchor="end", bold=True)
    canvas.text(820, y + 4, ledger.number(row.tonnes, tonnes, _lineage(row)), anchor="end")
