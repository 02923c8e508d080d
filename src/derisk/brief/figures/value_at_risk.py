"""Value at risk: value added at risk by region, by industry and by material, bars with ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import Number, money, money_short
from derisk.brief.rows import axis_mark, bar, column_heads, ground, money_axis, row_values, whisker
from derisk.brief.subject import (
    MEDIAN_RANGE,
    Spread,
    Studied,
    converged_draws,
    hardest_hit,
    loss_sums,
    middle_words,
    spread_of,
)
from derisk.drawing.canvas import MUTED, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling
from derisk.losses.order import by_size
from derisk.vocabulary.names import in_sentence, listed, material_label, region_in_sentence, region_label, use_label

REGIONS = 10
HARDLY_BINDS = 0.01
"""A restricted material with less than this share of the value added at risk is said to hardly bind."""
SMALLEST_SHARE = 0.002
"""Rows with less than this share of the largest are left to the tables."""

_OVER = {"region": "uses, materials", "use": "regions, materials", "material": "regions, uses"}
_LEFT, _RIGHT, _TOP, _STEP = 206.0, 572.0, 38.0, 20.0
_AT_RISK, _TRANSFER = 710.0, 820.0
"""Right edges of the columns of numbers [px]."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """Bars over the words of one column of the table `losses`."""

    title: str
    key: str
    rows: list[tuple[str, Spread]]
    label: Callable[[str], str]


def draw_value_at_risk(study: Studied, ledger: Ledger, *, materials: Sequence[str] = ()) -> Figure | None:
    """Panels, each on its own scale: by region, by industry and, of several, by material.

    Args:
        study: gives losses and summary.
        ledger: takes the lineage of each number.
        materials: those whose goods the scenario restricts: said to hardly bind where little is at risk for them.
    """
    regions = _Panel("At risk, by region", "region", _ranked(study, "region")[:REGIONS], region_label)
    uses = _Panel("At risk, by industry", "use", _ranked(study, "use"), use_label)
    missing = _Panel(
        "At risk, by missing material", "material", _ranked(study, "material", always=materials), material_label
    )
    if not regions.rows or not uses.rows:
        return None
    panels = [regions, uses, *([missing] if len(missing.rows) > 1 else [])]  # one alone has the whole loss
    transfers = _transfers(study, regions.rows, ledger)
    return Figure(
        anchor="value-at-risk",
        title="Where value added is at risk",
        drawings=tuple(_drawing(panel, transfers if panel is regions else {}, ledger) for panel in panels),
        caption=_caption(study, transfers),
        lede=_lede(regions.rows[0], uses.rows[0], ledger) + _slack_words(study, materials),
        narrow=narrow_list([_group(panel, ledger) for panel in panels]),
    )


def _drawing(panel: _Panel, transfers: dict[str, Number], ledger: Ledger) -> Markup:
    rows, axis = panel.rows, axis_mark(ledger)
    canvas = Canvas(height=_TOP + _STEP * len(rows) + 6)
    scale = Scale(0.0, ceiling(max(spread.p95 for _, spread in rows)), _LEFT, _RIGHT)
    canvas.text(0, _TOP - 12, panel.title, bold=True)
    money_axis(canvas, scale, axis, top=_TOP - 6, floor=_TOP + _STEP * len(rows))
    column_heads(canvas, _TOP - 12, [(_AT_RISK, "at risk"), *([(_TRANSFER, "price transfer")] if transfers else [])])
    for index, (name, spread) in enumerate(rows):
        y = _TOP + _STEP * index + 10
        canvas.text(0, y + 4, shorten(panel.label(name), width=_LEFT - 8))
        ground(canvas, scale, y)
        bar(canvas, scale, y, spread.p50)
        whisker(canvas, scale, y, spread.p05, spread.p95)
        row_values(canvas, y, [(_AT_RISK, ledger.number(spread.p50, money_short, _lineage(panel.key, name)))])
        if name in transfers:
            canvas.text(_TRANSFER, y + 4, transfers[name], anchor="end", fill=MUTED)
    return canvas.markup(
        anchor=f"value-at-risk-{panel.key}",
        title=f"Value added {panel.title[:1].lower()}{panel.title[1:]}",
        description=f"Bars. Largest: {panel.label(rows[0][0])}.",
        lineage=axis,
    )


def _transfers(study: Studied, regions: Sequence[tuple[str, Spread]], ledger: Ledger) -> dict[str, Number]:
    """What users pay more in each region that is drawn, where the summary states it."""
    stated = {row["region"]: row.get("price_transfer_musd") for row in study.summary.get("by_region") or []}
    numbers = {}
    for region, _ in regions:
        lineage = {
            "summary": "by_region.price_transfer_musd",
            "filter": f"region={region}",
            "statistic": "median of the converged draws",
        }
        if (value := stated.get(region)) is not None:
            numbers[region] = ledger.number(value, money_short, lineage)
    return numbers


def _caption(study: Studied, transfers: dict[str, Number]) -> Markup:
    text = (
        "Value added at risk: what users short of a good make with it, if they find no way round. It is an upper bound "
        f"of the loss, in USD of the base year, over the whole horizon: {middle_words(study)}. "
        "Price transfers are what users pay more; others receive them, so they are no loss to the world."
    )
    if any(number.value < 0.0 for number in transfers.values()):
        text += (
            " A minus means that the region’s users pay less than in the base year, as where goods held back from "
            "export are sold at home."
        )
    if len(converged_draws(study)) > 1:
        text += " Medians of parts do not add up to the median of the whole."
    return Markup.escape(text)


def _group(panel: _Panel, ledger: Ledger) -> Group:
    bars = bar_shares([spread.p50 for _, spread in panel.rows])
    lines = tuple(
        Line(panel.label(name), "", (ledger.number(spread.p50, money_short, _lineage(panel.key, name)),), share)
        for (name, spread), share in zip(panel.rows, bars, strict=True)
    )
    return Group(panel.title, ("at risk, USD",), lines)


def _lede(region: tuple[str, Spread], use: tuple[str, Spread], ledger: Ledger) -> Markup:
    sentence = Markup("Of all regions most value added is at risk in {}, {}; of all industries in {}, {}.")
    in_region = ledger.number(region[1].p50, money, _lineage("region", region[0]))
    in_use = ledger.number(use[1].p50, money, _lineage("use", use[0]))
    return sentence.format(region_in_sentence(region[0]), in_region, in_sentence(use_label(use[0])), in_use)


def _slack_words(study: Studied, materials: Sequence[str]) -> Markup:
    """The sentence on restricted materials for want of which next to nothing is at risk."""
    shares = dict(hardest_hit(study))
    slack = [in_sentence(material_label(name)) for name in materials if shares.get(name, 0.0) < HARDLY_BINDS]
    if not slack or not shares:
        return Markup("")
    return Markup(" The restrictions on {} hardly bind.").format(listed(slack))


def _lineage(key: str, name: str) -> dict[str, str]:
    return {
        "table": "losses",
        "filter": f"{key}={name}",
        "rule": f"sum of value_added_lost_musd over {_OVER[key]} and months",
        "statistic": MEDIAN_RANGE,
    }


def _ranked(study: Studied, key: str, *, always: Sequence[str] = ()) -> list[tuple[str, Spread]]:
    sums = loss_sums(study, key)
    names = [(name, spread_of(values)) for name, values in sums.items()]
    largest = max((spread.p50 for _, spread in names), default=0.0)
    kept = [(str(name), spread) for name, spread in names if spread.p50 > SMALLEST_SHARE * largest or name in always]
    return sorted(kept, key=lambda row: by_size(row[1].p50, row[0]))
