"""Prices: the highest delivered price of each good and region against the base year, on a log scale."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, money, price, ratio, significant, tick, times
from derisk.brief.rows import axis_mark, column_heads, ratio_axis, whisker
from derisk.brief.subject import (
    MEDIAN_RANGE,
    Studied,
    converged_draws,
    is_ratio,
    is_rationed,
    middle_words,
    most_draws,
    of_draws,
    price_peaks,
)
from derisk.drawing.canvas import ACCENT, MUTED, Canvas, shorten, text_width
from derisk.drawing.scales import Scale
from derisk.study.bills import BILL_RULE
from derisk.study.dearest import RATIONED_END, RULE, bill_of, dearest_good, ends_in_rationing
from derisk.study.elasticities import ASSUMED
from derisk.study.peaks import SMALLEST_RISE_RATIO, still_rising
from derisk.vocabulary.names import (
    good_label,
    in_sentence,
    listed,
    month_in_sentence,
    month_label,
    region_in_sentence,
    region_label,
)

ROWS = 16
_ENDS = ("value", "low", "high")

_LEFT, _RIGHT, _TOP, _STEP = 262.0, 560.0, 40.0, 23.0


def draw_prices(study: Studied, ledger: Ledger) -> Figure | None:
    """Dots with whiskers of the peak price ratio, rationed markets marked."""
    peaks = _choose(study.summary)
    if not peaks:
        return None
    paid = _median_prices(study, peaks)
    return Figure(
        anchor="prices",
        title="What users pay at the peak",
        drawings=(_drawing(peaks, paid, ledger),),
        caption=_caption(study, peaks),
        lede=_lede(peaks, study.summary, ledger),
        narrow=_narrow(peaks, paid, ledger),
    )


def _drawing(peaks: list[dict[str, Any]], paid: list[float], ledger: Ledger) -> Markup:
    axis, floor = axis_mark(ledger), _TOP + _STEP * len(peaks) + 2
    canvas = Canvas(height=floor + 4)
    ends = [p[key] for p in peaks for key in ("p05", "p50", "p95") if is_ratio(p.get(key))]
    scale = Scale(min([1.0, *ends]) * 0.97, max([2.0, *ends]) * 1.06, _LEFT, _RIGHT, logarithmic=True)
    ratio_axis(canvas, scale, axis, top=_TOP - 8, floor=floor)
    column_heads(canvas, _TOP - 14, ((640, "peak"), (738, "delivered price"), (820, "month")))
    for index, (peak, median_price) in enumerate(zip(peaks, paid, strict=True)):
        _draw_row(canvas, ledger, scale, peak, median_price, _TOP + _STEP * index + 10)
    highest = "; ".join(f"{good_label(peak['good'])}, {region_label(peak['region'])}" for peak in peaks[:3])
    return canvas.markup(
        anchor="prices",
        title="Delivered prices at their peak, against the base year",
        description=f"Dots with ranges on a log scale, one for each good. Highest: {highest}.",
        lineage=axis,
    )


def _caption(study: Studied, peaks: list[dict[str, Any]]) -> Markup:
    text = (
        "Highest monthly price delivered to users, or to plants where no end use takes the good, as a multiple of the "
        "base year’s price, of each good in the region short of most tonnes of those where it rises much: "
        f"{middle_words(study)}; "
        "the month is the one with the highest median. Log scale."
    )
    if any(still_rising(peak, study.summary) for peak in peaks):
        text += " A price that is highest in the last month looked at is still rising: its peak lies beyond."
    if any(is_rationed(peak) for peak in peaks):
        text += (
            " An open dot marks a market that is rationed: users bid up to what the good is worth to them, and go "
            "without; the multiple is then a limit, not a price."
        )
    draws = len(converged_draws(study))
    if draws > 1 and any(ends_in_rationing(peak, draws) and not is_rationed(peak) for peak in peaks):
        text += " Where the dearest draws are rationed a line ends at the good’s worth to its users, which is no price."
    return Markup.escape(text)


def _narrow(peaks: list[dict[str, Any]], median_prices: list[float], ledger: Ledger) -> Markup:
    lines = []
    for peak, paid in zip(peaks, median_prices, strict=True):
        multiple = ledger.number(peak["p50"], ratio, _lineage(peak))
        charged: Number | str = "rationed" if is_rationed(peak) else ""
        if not charged and math.isfinite(paid):
            charged = ledger.number(paid, price, _paid_lineage(peak))
        values = (multiple, charged, ledger.words(month_label(str(peak["month"])), _month_lineage(peak)))
        lines.append(Line(good_label(peak["good"]), region_label(peak["region"]), values))
    return narrow_list([Group("Against the base year", ("peak", "price", "month"), tuple(lines))])


def _lede(peaks: list[dict[str, Any]], summary: dict[str, Any], ledger: Ledger) -> Markup:
    rationed = list(dict.fromkeys(peak["good"] for peak in peaks if is_rationed(peak)))
    dearest = dearest_good([peak for peak in peaks if peak["good"] not in rationed], summary)
    sentences = []
    if rationed:
        named = [in_sentence(good_label(good)) for good in rationed]
        words = "Some users of {} go without: the price has reached what the good is worth to them."
        sentences.append(Markup(words).format(listed(named)))
    if dearest:
        priced = next(peak for peak in peaks if peak["good"] == dearest)
        sentences.append(_dearest_words(priced, summary, ledger, others=bool(rationed)))
        sentences += _elasticity_words(dearest, summary, ledger)
    return Markup(" ").join(sentences)


def _dearest_words(peak: dict[str, Any], summary: dict[str, Any], ledger: Ledger, *, others: bool) -> Markup:
    """The sentence on the good for which users pay most: that bill, and its price at the peak."""
    month = ledger.words(month_in_sentence(str(peak["month"])), _month_lineage(peak))
    multiple = ledger.number(peak["p50"], times, _lineage(peak))
    good, region = in_sentence(good_label(peak["good"])), region_in_sentence(peak["region"])
    rising = ", still rising in this last month looked at" if still_rising(peak, summary) else ""
    payers, bill = "users" if peak.get("end_use", True) else "plants", bill_of(peak["good"], summary)
    if bill > 0.0:
        start = Markup("Of the other goods, dearer {}" if others else "Dearer {}").format(good)
        paid = ledger.number(bill, money, _bill_lineage(peak["good"]))
        start += Markup(" costs users most, {} above base prices").format(paid)
    else:
        start = Markup("Of the other prices, that of {}" if others else "The price of {}").format(good) + " rises most"
    sentence = Markup(f": {payers} in {{}} pay {{}} the base year’s at the peak, in {{}}{rising}{{}}.")
    return start + sentence.format(region, multiple, month, _range(peak, summary["converged_draws"], ledger))


def _bill_lineage(good: str) -> dict[str, str]:
    return {
        "summary": "by_good.paid_above_base_musd",
        "filter": f"good={good}",
        "rule": f"{BILL_RULE}; told is {RULE}",
        "statistic": "median of the converged draws",
    }


def _range(peak: dict[str, Any], draws: int, ledger: Ledger) -> Markup:
    """What the draws lie between; empty where all of them agree."""
    if not (is_ratio(peak.get("p05")) and is_ratio(peak.get("p95")) and peak["p95"] > peak["p05"]):
        return Markup("")
    rationed = ends_in_rationing(peak, draws)
    low = ledger.number(peak["p05"], times if rationed else _two, _lineage(peak))
    high = RATIONED_END if rationed else ledger.number(peak["p95"], times, _lineage(peak))
    return Markup("; in {} between {} and {}").format(most_draws(draws), low, high)


def _elasticity_words(good: str, summary: dict[str, Any], ledger: Ledger) -> list[Markup]:
    """The sentence that a price rests on an elasticity that nobody measured; none where it is measured or unknown."""
    for row in summary.get("demand_elasticities") or []:
        if row["good"] == good and row["status"] in ASSUMED:
            value, low, high = (ledger.number(row[key], _plain, _row_lineage(row)) for key in _ENDS)
            words = "The price rests on an assumption: how far users cut back, an elasticity of demand of {}"
            reach = Markup(", in the draws {} to {}").format(low, high) if row["high"] > row["low"] else Markup("")
            return [Markup(words).format(value) + reach + Markup("; the less they cut back, the higher it goes.")]
    return []


def _plain(value: float) -> str:
    return tick(_two(value))


def _two(value: float) -> str:
    return significant(value, 2)


def _row_lineage(row: dict[str, Any]) -> dict[str, Any]:
    if not row["row_id"]:
        return {"scenario": "measures", "filter": f"kind=elasticity, good={row['good']}"}
    ask = f"derisk data why --row {row['row_id']}"
    return {"row_ids": [row["row_id"]], "rule": "demand_elasticity of the good", "ask": ask}


def _where(peak: dict[str, Any]) -> str:
    return f"good={peak['good']}, region={peak['region']}"


def _lineage(peak: dict[str, Any]) -> dict[str, str]:
    return {
        "summary": "peak_price_ratio",
        "filter": _where(peak),
        "rule": "highest delivered_price_ratio of a draw in the table prices",
        "statistic": MEDIAN_RANGE,
    }


def _paid_lineage(peak: dict[str, Any]) -> dict[str, str]:
    return {
        "table": "prices",
        "filter": _where(peak),
        "rule": "highest delivered_price_usd_per_t of a draw",
        "statistic": "median of the converged draws",
    }


def _month_lineage(peak: dict[str, Any]) -> dict[str, str]:
    return {"summary": "peak_price_ratio.month", "filter": _where(peak)}


def _choose(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """One peak a good, of the goods that rise or are rationed."""
    return [p for p in price_peaks(summary) if p["p50"] >= SMALLEST_RISE_RATIO or is_rationed(p)][:ROWS]


def _median_prices(study: Studied, peaks: list[dict[str, Any]]) -> list[float]:
    """Of each peak's good and region, the median over draws of a draw's highest delivered price [USD/t]."""
    rows = of_draws(study.prices, converged_draws(study))
    told = [rows[(rows["good"] == peak["good"]) & (rows["region"] == peak["region"])] for peak in peaks]
    return [
        float(of_peak.groupby("draw")["delivered_price_usd_per_t"].max().median()) if len(of_peak) else math.nan
        for of_peak in told
    ]


def _draw_row(
    canvas: Canvas, ledger: Ledger, scale: Scale, peak: dict[str, Any], median_price: float, y: float
) -> None:
    good = good_label(peak["good"])
    canvas.text(0, y + 4, good, bold=True)
    start = text_width(good, size=12.6) + 10
    canvas.text(start, y + 4, shorten(region_label(peak["region"]), width=_LEFT - start - 8), fill=MUTED)
    if is_ratio(peak.get("p05")) and is_ratio(peak.get("p95")):
        whisker(canvas, scale, y, peak["p05"], peak["p95"])
    rationed = is_rationed(peak)
    canvas.dot(scale(peak["p50"]), y, 5, fill="#ffffff" if rationed else ACCENT, stroke=ACCENT, width=2)
    multiple = ledger.number(peak["p50"], ratio, _lineage(peak))
    canvas.text(640, y + 4, multiple, anchor="end", bold=not rationed)
    if rationed:
        canvas.text(738, y + 4, "rationed", anchor="end", fill=ACCENT, bold=True)
    elif math.isfinite(median_price):
        canvas.text(738, y + 4, ledger.number(median_price, price, _paid_lineage(peak)), anchor="end")
    month = ledger.record(_month_lineage(peak))
    canvas.text(820, y + 4, month_label(str(peak["month"])), lineage=month, anchor="end", fill=MUTED)
