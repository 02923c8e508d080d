"""Months: price and shortage of each good over the months, small multiples on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import narrow_drawing
from derisk.brief.numbers import percent, ratio, tick
from derisk.brief.rows import axis_mark
from derisk.brief.subject import (
    MEDIAN_RANGE,
    Studied,
    converged_draws,
    draw_sums,
    end_use_sums,
    most_draws,
    of_draws,
    price_peaks,
    quantiles,
)
from derisk.drawing.canvas import ACCENT, BAND, FAINT, INK, MUTED, RULE, WIDTH, Canvas, shorten
from derisk.drawing.scales import Scale, ceiling, log_ticks
from derisk.losses.order import by_size
from derisk.study.peaks import SMALLEST_RISE_RATIO
from derisk.vocabulary.names import (
    good_label,
    in_sentence,
    month_in_sentence,
    month_label,
    region_in_sentence,
    region_label,
)

Floats = np.ndarray[Any, Any]

PANELS = 8
_SMALLEST_SHORTAGE = 0.001
_LEFT, _GAP = 40.0, 20.0
_NARROW = 400.0
"""Width of the drawing for a phone [px]."""
_HEAD, _PRICE, _SHORT, _FOOT = 36.0, 92.0, 40.0, 30.0


@dataclass(frozen=True, slots=True)
class _Course:
    """A good in the region short of most of it: quantiles of the ratio, median share short."""

    good: str
    region: str
    price: Floats
    """(quantile, month)."""
    short: Floats
    """(month,)."""
    home: Floats | None
    """(month,) median ratio of the price where the good is held back; None where nobody holds it back."""


@dataclass(frozen=True, slots=True)
class _Axes:
    """What all panels share: the months, and the ends of the scales of price and shortage."""

    months: list[str]
    low: float
    high: float
    most_short: float
    mark: str
    """Id of the axes in the ledger."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a panel stands [px], and whether it is the first of its row, which names the axes."""

    left: float
    top: float
    width: float
    is_first: bool

    @property
    def floor(self) -> float:
        """Foot of the bars of shortage."""
        return self.top + _HEAD + _PRICE + 12 + _SHORT


def draw_months(study: Studied, ledger: Ledger) -> Figure | None:
    """Small multiples, one for each good that moves; None for a study of a single month."""
    months = sorted(str(m) for m in study.prices["month"].unique())
    courses = _courses(study, months) if len(months) > 1 else []
    if not courses:
        return None
    axes = _axes(courses, months, axis_mark(ledger))
    wide = _drawing(courses, axes, ledger, width=WIDTH, columns=columns_of(len(courses)), anchor="months")
    tall = _drawing(courses, axes, ledger, width=_NARROW, columns=2, anchor="months-narrow")
    return Figure(
        anchor="months",
        title="Month by month",
        drawings=(wide,),
        caption=_caption(study, courses, axes),
        lede=_lede(courses, months, ledger),
        narrow=narrow_drawing(tall),
    )


def columns_of(panels: int) -> int:
    """Panels of a row: as many as four, so that the last row is as full as can be."""
    if panels > 6 or panels % 4 == 0:
        return 4
    return 3 if panels > 2 else 2


def _axes(courses: list[_Course], months: list[str], mark: str) -> _Axes:
    """The scale of prices reaches below the base as far as users' prices do, and for home prices as far as above it."""
    high = max(2.0, *(float(c.price.max()) for c in courses)) * 1.08
    low = min(1.0, *(float(c.price.min()) for c in courses), max(_lowest_home(courses), 1.0 / high)) * 0.95
    most_short = min(1.0, ceiling(max(0.1, *(float(c.short.max()) for c in courses)), wanted=2))
    return _Axes(months, low, high, most_short, mark)


def _lowest_home(courses: list[_Course]) -> float:
    """The least ratio of a price at home; 1 where nobody holds anything back."""
    return min((float(course.home.min()) for course in courses if course.home is not None), default=1.0)


def _drawing(courses: list[_Course], axes: _Axes, ledger: Ledger, *, width: float, columns: int, anchor: str) -> Markup:
    block = _HEAD + _PRICE + 12 + _SHORT + _FOOT
    canvas = Canvas(height=-(-len(courses) // columns) * block + 4, width=width)
    each = (width - _LEFT - _GAP * (columns - 1)) / columns
    for index, course in enumerate(courses):
        row, column = divmod(index, columns)
        frame = _Frame(_LEFT + column * (each + _GAP), row * block, each, is_first=column == 0)
        _panel(canvas, ledger, course, axes, frame)
    goods = ", ".join(in_sentence(good_label(course.good)) for course in courses)
    return canvas.markup(
        anchor=anchor,
        title="Prices and shortages over the months",
        description=f"Small charts over the months for {goods}.",
        lineage=axes.mark,
    )


def _caption(study: Studied, courses: list[_Course], axes: _Axes) -> Markup:
    draws = len(converged_draws(study))
    middle = f"median and the range of {most_draws(draws)}" if draws > 1 else "the only draw"
    told = "; the number is the highest of the monthly medians, a little below the median of the draws’ own peaks"
    held = any(course.home is not None for course in courses)
    cut = ", cut off at the foot of the scale" if _lowest_home(courses) < axes.low else ""
    return Markup.escape(
        "For each good, the region short of most tonnes of those where its price rises much. Above: delivered price "
        f"as a multiple of the base year’s, {middle}, one log scale for all{told if draws > 1 else ''}. "
        "Below: share of what its users want in the month that is missing. "
        + (f"The dashed line is the median price in the country that holds the good back{cut}. " if held else "")
        + "Stores carry goods from month to month, and each month expects what was announced by then."
    )


def _lede(courses: list[_Course], months: list[str], ledger: Ledger) -> Markup:
    """The sentence on the good of which the largest part is missing, and when; empty where nothing is missing."""
    worst = min(courses, key=lambda course: by_size(float(course.short.max()), course.good))
    at = int(np.argmax(worst.short))
    if worst.short[at] < _SMALLEST_SHORTAGE:
        return Markup("")
    lineage = {
        "table": "use",
        "filter": f"good={worst.good}, region={worst.region}, month={months[at]}",
        "rule": "shortfall_t over the sum of quantity_t and shortfall_t, all uses",
        "statistic": "median of the converged draws",
    }
    month = ledger.words(month_in_sentence(months[at]), lineage)
    share = ledger.number(float(worst.short[at]), percent, lineage)
    words = Markup("The tightest month is {} for {} in {}: {} of what its users want is missing.")
    return words.format(month, in_sentence(good_label(worst.good)), region_in_sentence(worst.region), share)


def _courses(study: Studied, months: list[str]) -> list[_Course]:
    peaks = {str(row["good"]): row for row in price_peaks(study.summary) if float(row["p50"]) >= SMALLEST_RISE_RATIO}
    draws = converged_draws(study)
    prices = of_draws(study.prices, draws)
    shown = list(peaks.items())[:PANELS]
    places = {"good": [good for good, _ in shown], "region": [str(row["region"]) for _, row in shown]}
    use = end_use_sums(study, ("good", "region", "month"), only=places)
    courses = []
    for good, row in shown:
        rows = prices[(prices["good"] == good) & (prices["region"] == row["region"])]
        table = rows.groupby(["month", "draw"], observed=True)["delivered_price_ratio"].mean().unstack("draw")
        table = table.reindex(index=months, columns=draws).fillna(1.0)
        used = use[(use["good"] == good) & (use["region"] == row["region"])]
        missing = draw_sums(used, keys=("month",), column="shortfall_t", draws=draws)
        taken = draw_sums(used, keys=("month",), column="quantity_t", draws=draws)
        shares = [_share_short(missing.get(month), taken.get(month)) for month in months]
        ratios = np.quantile(table.to_numpy(dtype=float), quantiles(len(draws)), axis=1)
        home = _at_home(study, good, months, draws)
        courses.append(_Course(good, str(row["region"]), ratios, np.asarray(shares), home))
    return courses


def _at_home(study: Studied, good: str, months: list[str], draws: list[int]) -> Floats | None:
    """Median price of a good over its base where it is held back, (month,)."""
    rows = of_draws(study.quotes, draws)
    rows = rows[rows["good"] == good]
    if rows.empty:
        return None
    ratio = rows["home_price_usd_per_t"] / rows["base_price_usd_per_t"]
    median = ratio.groupby(rows["month"].astype(str)).median()
    return np.asarray(median.reindex(months).fillna(1.0).to_numpy(dtype=float))


def _share_short(missing: Floats | None, taken: Floats | None) -> float:
    if missing is None or taken is None:
        return 0.0
    wanted = missing + taken
    return float(np.median(np.divide(missing, wanted, out=np.zeros_like(missing), where=wanted > 0.0)))


def _panel(canvas: Canvas, ledger: Ledger, course: _Course, axes: _Axes, frame: _Frame) -> None:
    months = len(axes.months)
    bar = max(1.0, frame.width / months * 0.66)
    x = Scale(0.0, months - 1.0, frame.left + bar / 2, frame.left + frame.width - bar / 2)
    y = Scale(axes.low, axes.high, frame.top + _HEAD + _PRICE, frame.top + _HEAD, logarithmic=True)
    _ground(canvas, axes, frame, y)
    _words(canvas, ledger, course, axes, frame)
    _lines(canvas, course, x, y)
    short = Scale(0.0, axes.most_short, frame.floor, frame.floor - _SHORT)
    for month, share in enumerate(course.short):
        canvas.box(x(month) - bar / 2, short(share), bar, frame.floor - short(share), fill=MUTED)
    canvas.line(frame.left, frame.floor, frame.left + frame.width, frame.floor, stroke=MUTED, width=0.8)
    _mark_peak(canvas, ledger, course, axes.months, x, y)


def _ground(canvas: Canvas, axes: _Axes, frame: _Frame, y: Scale) -> None:
    """Lines at round multiples and the ground of the bars, named in the first panel of a row."""
    left, right, floor = frame.left, frame.left + frame.width, frame.floor

    def name(at: float, words: str, lineage: str = axes.mark) -> None:
        if frame.is_first:
            canvas.text(left - 6, at, words, lineage=lineage, anchor="end", size=10.5, fill=MUTED)

    for value in log_ticks(axes.low, axes.high):
        canvas.line(left, y(value), right, y(value), stroke=MUTED if value == 1.0 else RULE, width=0.8)
        name(y(value) + 4, tick(ratio(value)))
    canvas.box(left, floor - _SHORT, frame.width, _SHORT, fill=FAINT)
    name(floor - _SHORT + 8, tick(percent(axes.most_short)))
    name(floor, "short", "")


def _words(canvas: Canvas, ledger: Ledger, course: _Course, axes: _Axes, frame: _Frame) -> None:
    """Good and region above a panel, first and last month below."""
    left, width = frame.left, frame.width
    canvas.text(left, frame.top + 14, shorten(good_label(course.good), width=width), bold=True)
    canvas.text(left, frame.top + 28, shorten(region_label(course.region), width=width, size=11), size=11, fill=MUTED)
    mark = ledger.record({"summary": "start, months", "rule": "first and last month of the horizon"})
    for x, month, anchor in ((left, axes.months[0], "start"), (left + width, axes.months[-1], "end")):
        canvas.text(x, frame.floor + 14, month_label(month), lineage=mark, anchor=anchor, size=10.5, fill=MUTED)


def _lines(canvas: Canvas, course: _Course, x: Scale, y: Scale) -> None:
    """The range of the draws, their median and, dashed, the median at home."""

    def points(values: Floats) -> list[str]:
        return [f"{x(month):.1f},{y(value):.1f}" for month, value in enumerate(values)]

    around = [*points(course.price[2]), *reversed(points(course.price[0]))]
    canvas.path(f"M{'L'.join(around)}Z", fill=BAND, fill_opacity="0.8")
    middle = "L".join(points(course.price[1]))
    canvas.path(f"M{middle}", fill="none", stroke=ACCENT, stroke_width="2", stroke_linejoin="round")
    if course.home is not None:
        home = "L".join(points(course.home))
        canvas.path(f"M{home}", fill="none", stroke=INK, stroke_width="1.4", stroke_dasharray="4 3")


def _mark_peak(canvas: Canvas, ledger: Ledger, course: _Course, months: list[str], x: Scale, y: Scale) -> None:
    at = int(np.argmax(course.price[1]))
    lineage = {
        "table": "prices",
        "filter": f"good={course.good}, region={course.region}, month={months[at]}",
        "rule": "delivered_price_ratio",
        "statistic": MEDIAN_RANGE,
    }
    canvas.dot(x(at), y(course.price[1][at]), 3, fill=ACCENT)
    anchor = "end" if at > len(months) * 0.6 else "start"
    shift = -6 if anchor == "end" else 6
    number = ledger.number(float(course.price[1][at]), ratio, lineage)
    height = y(course.price[1][at])
    base = height - 5 if height - 16 > y.end else height + 14  # under the line where it would cover the heading
    canvas.text(x(at) + shift, base, number, anchor=anchor, size=11, fill=INK, bold=True, halo=True)
