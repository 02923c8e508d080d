"""Value at risk: value added lost by region, by industry and by material, bars with ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import money, money_short, tick
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
from derisk.drawing.canvas import ACCENT, FAINT, INK, MUTED, RULE, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling, ticks
from derisk.losses.order import by_size
from derisk.vocabulary.names import in_sentence, listed, material_label, region_in_sentence, region_label, use_label

REGIONS = 10
HARDLY_BINDS = 0.01
"""A restricted material with less than this share of the value added at risk is said to hardly bind."""
SMALLEST_SHARE = 0.002
"""Rows with less than this share of the largest are left to the tables."""

_OVER = {"region": "uses, materials", "use": "regions, materials", "material": "regions, uses"}
_LEFT, _RIGHT, _TOP, _STEP = 206.0, 572.0, 38.0, 20.0


def draw_value_at_risk(study: Studied, ledger: Ledger, *, materials: Sequence[str] = ()) -> Figure | None:
    """Panels, each on its own scale: by region, by industry and, of several, by material.

    Args:
        study: gives losses and summary.
        ledger: takes the lineage of each number.
        materials: those whose goods the scenario restricts: said to hardly bind where little is at risk for them.
    """
    regions = _ranked(study, "region")[:REGIONS]
    uses, every = _ranked(study, "use"), _ranked(study, "material", always=materials)
    missing = every if len(every) > 1 else []  # one alone has the whole loss
    if not regions or not uses:
        return None
    canvas = Canvas(
        height=3 * _TOP + _STEP * (len(regions) + len(uses) + len(missing)) + (36 if missing else 20 - _TOP)
    )
    axis = ledger.record({"axis": "scale of the figure, no result"})
    transfers = {row["region"]: row.get("price_transfer_musd") for row in study.summary.get("by_region") or []}
    _panel(canvas, ledger, "By region", "region", regions, region_label, _TOP, axis)
    canvas.text(820, _TOP - 12, "price transfer", anchor="end", size=11, fill=MUTED)
    for index, (region, _) in enumerate(regions):
        value = transfers.get(region)
        if value is not None:
            lineage = {
                "summary": "by_region.price_transfer_musd",
                "filter": f"region={region}",
                "statistic": "median of the converged draws",
            }
            canvas.text(
                820, _TOP + _STEP * index + 14, ledger.number(value, money_short, lineage), anchor="end", fill=MUTED
            )
    _panel(canvas, ledger, "By industry", "use", uses, use_label, 2 * _TOP + _STEP * len(regions) + 16, axis)
    top = 3 * _TOP + _STEP * (len(regions) + len(uses)) + 32
    if missing:
        _panel(canvas, ledger, "By material that is missing", "material", missing, material_label, top, axis)
    caption = (
        f"Value added at risk, an upper bound of the loss, in USD of the base year, over the whole horizon: "
        f"{middle_words(study)}. "
        "Price transfers are what users pay more; others receive them, so they are no loss to the world."
    )
    if any((transfers.get(region) or 0.0) < 0.0 for region, _ in regions):
        caption += (
            " A minus means that the region’s users pay less than in the base year, as where goods held back from "
            "export are sold at home."
        )
    if len(converged_draws(study)) > 1:
        caption += " Medians of parts do not add up to the median of the whole."
    svg = canvas.markup(
        anchor="value-at-risk",
        title=f"Value added at risk by region{', industry and material' if missing else ' and industry'}",
        description=f"Bars. Largest: {region_label(regions[0][0])}; {in_sentence(use_label(uses[0][0]))}.",
        lineage=axis,
    )
    return Figure(
        anchor="value-at-risk",
        title="Who bears it",
        svg=svg,
        caption=Markup.escape(caption),
        lede=_lede(regions[0], uses[0], ledger) + _slack_words(study, materials),
        narrow=narrow_list(
            [
                _group("By region", "region", regions, region_label, ledger),
                _group("By industry", "use", uses, use_label, ledger),
                *(
                    [_group("By material that is missing", "material", missing, material_label, ledger)]
                    if missing
                    else []
                ),
            ]
        ),
    )


def _group(title: str, key: str, rows: list[tuple[str, Spread]], label: Callable[[str], str], ledger: Ledger) -> Group:
    bars = bar_shares([spread.p50 for _, spread in rows])
    lines = tuple(
        Line(label(name), "", (ledger.number(spread.p50, money_short, _lineage(key, name)),), bar)
        for (name, spread), bar in zip(rows, bars, strict=True)
    )
    return Group(title, ("at risk, USD",), lines)


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


def _panel(
    canvas: Canvas,
    ledger: Ledger,
    title: str,
    key: str,
    rows: list[tuple[str, Spread]],
    label: Callable[[str], str],
    top: float,
    axis: str,
) -> None:
    scale = Scale(0.0, ceiling(max(spread.p95 for _, spread in rows)), _LEFT, _RIGHT)
    canvas.text(0, top - 12, title, bold=True)
    for value in ticks(0.0, scale.high, wanted=4):
        canvas.line(scale(value), top - 6, scale(value), top + _STEP * len(rows), stroke=RULE if value else MUTED)
        canvas.text(
            scale(value),
            top - 12,
            tick(money_short(value)) if value else "USD",
            lineage=axis,
            anchor="middle",
            size=11,
            fill=MUTED,
        )
    canvas.text(710, top - 12, "at risk", anchor="end", size=11, fill=MUTED)
    for index, (name, spread) in enumerate(rows):
        y = top + _STEP * index + 10
        canvas.text(0, y + 4, shorten(label(name), width=_LEFT - 8))
        canvas.box(_LEFT, y - 6, _RIGHT - _LEFT, 12, fill=FAINT, opacity=0.6)
        canvas.box(_LEFT, y - 6, scale(spread.p50) - _LEFT, 12, fill=ACCENT)
        if spread.p95 > spread.p05:
            canvas.line(scale(spread.p05), y, scale(spread.p95), y, stroke=INK, width=1.2)
        canvas.text(710, y + 4, ledger.number(spread.p50, money_short, _lineage(key, name)), anchor="end", bold=True)
