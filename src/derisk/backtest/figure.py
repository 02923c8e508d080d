"""Figure: a case as one drawing, observed numbers against the median and the 80 % bands of its months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from derisk.backtest.cases import Observation
from derisk.backtest.metrics import Course
from derisk.backtest.reading import EXPORTS, IMPORTS, PRICE_GAP, Reading
from derisk.backtest.run import FROM_TEXT, GIVEN_VOLUME, CaseResult
from derisk.backtest.scores import Forecast, interval
from derisk.drawing.canvas import ACCENT, BAND, FAINT, INK, MUTED, RULE, WIDTH, Canvas, shorten, standalone
from derisk.drawing.scales import Scale, ceiling, log_ticks, ticks
from derisk.scenario.months import month_number
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.names import good_label, material_label, month_label, region_in_sentence, scenario_label

Floats = np.ndarray[Any, Any]

_COLUMNS: Final = 2
_LEFT: Final = 44.0
_GAP: Final = 34.0
_TOP: Final = 74.0
_HEAD: Final = 44.0
_PLOT: Final = 150.0
_FOOT: Final = 40.0
_MARK_ROOM: Final = 12.0
"""Values beside the axis stand no closer [px]; the line of one that would is drawn without it."""
_CAP: Final = 4.0
"""Half the height of the stops at both ends of an observed span [px]."""
_MONTH_ROOM: Final = 80.0
"""Months named below the axis stand no closer [px]."""
_STEPS: Final = (1, 2, 3, 6, 12, 24)
"""Every how many months one is named."""
_MOST_DECADES: Final = 3.0
"""Up to this range a logarithmic axis is marked at 1, 2 and 5 of each decade."""
_MODES: Final = {FROM_TEXT: "known is the act alone", GIVEN_VOLUME: "known are the act and the tonnes it let through"}
_NARROW_MARKS: Final = (0.5, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True, slots=True)
class _Point:
    """One observed number in a panel."""

    first: float
    last: float
    """Months counted from the first of the panel."""
    observed: float
    metric: str
    highest: bool
    """Whether it is the highest of the span's months; their mean otherwise."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """All observed numbers that are points of one curve."""

    reading: Reading
    quantiles: Floats
    """(quantile, month) low with the model's error, low, median and high of the draws, high with the model's error."""
    points: tuple[_Point, ...]


def draw_case(result: CaseResult) -> str:
    """The case as an SVG document; a case without forecasts says so."""
    months = result.scenario.month_labels()
    panels = _panels(result, months)
    rows = max(1, -(-len(panels) // _COLUMNS))
    canvas = Canvas(height=_TOP + rows * (_HEAD + _PLOT + _FOOT) + 12.0)
    canvas.parts.append(f'<rect width="{canvas.width:g}" height="{canvas.height:g}" fill="#ffffff"/>')
    mode = _MODES.get(result.forecasts[0].mode, "") if result.forecasts else ""
    title = f"{result.case.name}  {scenario_label(result.scenario.name)}"
    canvas.text(0, 20, shorten(title, width=WIDTH, size=17), size=17, bold=True)
    drawn = f"{result.draws} draws" if result.draws > 1 else "one draw"
    if result.converged_draws < result.draws:
        drawn = f"{result.converged_draws} of {result.draws} draws"
    told = f"Monthly ratios in {drawn}; {mode}. A span is observed as its mean or its highest month."
    canvas.text(0, 40, shorten(result.failure or told, width=WIDTH), fill=MUTED)
    _draw_key(canvas, 58.0)
    width = (WIDTH - _LEFT - _GAP * (_COLUMNS - 1) - 16.0) / _COLUMNS
    for index, panel in enumerate(panels):
        left = _LEFT + (index % _COLUMNS) * (width + _GAP)
        _draw_panel(canvas, panel, months, left, _TOP + (index // _COLUMNS) * (_HEAD + _PLOT + _FOOT), width)
    markup = canvas.markup(
        anchor=f"case-{result.case.name.lower()}",
        title=title,
        description="; ".join(_described(forecast) for forecast in result.forecasts),
    )
    return standalone(str(markup))


def write_pictures(results: Sequence[CaseResult], folder: Path) -> list[Path]:
    """A picture of each case in a folder that exists."""
    paths = []
    for result in results:
        mode = result.forecasts[0].mode if result.forecasts else "case"
        path = folder / f"{result.case.name}-{mode}.svg"
        path.write_text(draw_case(result), encoding="utf-8")
        paths.append(path)
    return paths


def _described(forecast: Forecast) -> str:
    predicted = "no forecast" if forecast.predicted is None else f"forecast {forecast.predicted:.3g}"
    return f"{forecast.metric}: observed {forecast.observed:.3g}, {predicted}"


def _panels(result: CaseResult, months: Sequence[str]) -> list[_Panel]:
    grouped: dict[tuple[object, ...], list[tuple[Observation, Course]]] = {}
    for observation, course in zip(result.case.observations, result.courses, strict=True):
        if course is not None:
            grouped.setdefault(observation.reading.course, []).append((observation, course))
    first = month_number(months[0])
    panels = []
    for found in grouped.values():
        table = found[0][1].ratio.reindex(columns=list(months)).to_numpy(dtype=float)
        error_sd = result.model_error.sd(of_tonnes=found[0][0].reading.of_tonnes)
        points = tuple(_point(observation, first) for observation, _ in found)
        panels.append(_Panel(found[0][0].reading, _quantiles(table, found[0][0].reading, error_sd), points))
    return panels


def _quantiles(table: Floats, reading: Reading, error_sd: float) -> Floats:
    """(quantile, month) of (draw, month) ratios."""
    of_tonnes = reading.of_tonnes
    wide = [interval(month, error_sd, of_tonnes=of_tonnes) for month in table.T]
    draws = [interval(month, 0.0, of_tonnes=of_tonnes) for month in table.T]
    middles = np.median(table, axis=0)
    rows = [(outer[0], *inner, outer[1]) for outer, inner in zip(wide, draws, strict=True)]
    bounds = np.array(rows).T
    return np.stack([bounds[0], bounds[1], middles, bounds[2], bounds[3]])


def _point(observation: Observation, first: int) -> _Point:
    months = observation.reading.months
    start, end = (float(max(0, month_number(month) - first)) for month in (months.first, months.last))
    highest = observation.reading.statistic == "highest" and end > start
    return _Point(start, end, observation.observed, observation.metric, highest)


def _draw_panel(canvas: Canvas, panel: _Panel, months: Sequence[str], left: float, top: float, width: float) -> None:
    x = Scale(0.0, max(1.0, len(months) - 1.0), left, left + width)
    y, marks = _heights(panel, top)
    canvas.text(left, top + 14, shorten(_heading(panel.reading), width=width), bold=True)
    canvas.text(left, top + 29, f"ratio to {_compared(panel.reading)}", size=10.5, fill=MUTED)
    _draw_bands(canvas, panel, x, y)
    _draw_marks(canvas, marks, left, width, y)
    middle = [f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(panel.quantiles[2])]
    canvas.path(f"M{'L'.join(middle)}", fill="none", stroke=ACCENT, stroke_width="2", stroke_linejoin="round")
    _draw_months(canvas, months, x, top + _HEAD + _PLOT)
    for point in panel.points:
        _draw_point(canvas, point, x, y)


def _draw_bands(canvas: Canvas, panel: _Panel, x: Scale, y: Scale) -> None:
    lowest, low, _, high, highest = ([f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(line)] for line in panel.quantiles)
    canvas.path(f"M{'L'.join(highest)}L{'L'.join(reversed(lowest))}Z", fill=FAINT)
    canvas.path(f"M{'L'.join(high)}L{'L'.join(reversed(low))}Z", fill=BAND, fill_opacity="0.8")


def _draw_marks(canvas: Canvas, marks: Sequence[float], left: float, width: float, y: Scale) -> None:
    """Lines of the vertical axis over the bands, that of no change first and darker."""
    printed: list[float] = []
    for value in sorted(marks, key=lambda mark: (mark != 1.0, mark)):
        canvas.line(left, y(value), left + width, y(value), stroke=MUTED if value == 1.0 else RULE, width=0.8)
        if all(abs(y(value) - other) >= _MARK_ROOM for other in printed):
            canvas.text(left - 6, y(value) + 4, f"{value:g}", anchor="end", size=10.5, fill=MUTED)
            printed.append(y(value))


def _draw_months(canvas: Canvas, months: Sequence[str], x: Scale, floor: float) -> None:
    """Months below a panel: the first, each a round number of months later that has room, and the last if it has."""
    each = (x.end - x.start) / max(len(months) - 1, 1)
    step = next((step for step in _STEPS if step * each >= _MONTH_ROOM), _STEPS[-1])
    named = list(range(0, len(months), step))
    if x.end - x(named[-1]) >= _MONTH_ROOM:
        named.append(len(months) - 1)
    canvas.line(x.start, floor, x.end, floor, stroke=MUTED, width=0.8)
    for index in named:
        at = x(index)
        anchor = "start" if index == 0 else "end" if x.end - at < _MONTH_ROOM / 2.0 else "middle"
        canvas.line(at, floor, at, floor + 4, stroke=MUTED, width=0.8)
        canvas.text(at, floor + 16, month_label(months[index]), anchor=anchor, size=10.5, fill=MUTED)


def _compared(reading: Reading) -> str:
    """The months that a ratio is to, in words."""
    if reading.over is None:
        return "the base year"
    first, last = month_label(reading.over.first), month_label(reading.over.last)
    return first if first == last else f"{first} to {last}"


def _heights(panel: _Panel, top: float) -> tuple[Scale, list[float]]:
    """Prices on a logarithmic axis, tonnes from zero on a straight one; with the values that are marked."""
    shown = [1.0, *panel.quantiles.ravel().tolist(), *(point.observed for point in panel.points)]
    bottom, ceiling_at = top + _HEAD + _PLOT, top + _HEAD
    if panel.reading.of_tonnes:
        most = ceiling(max(shown) * 1.02)
        return Scale(0.0, most, bottom, ceiling_at), ticks(0.0, most, wanted=4)
    low, high = min(0.8, min(shown) * 0.95), max(1.25, max(shown) * 1.1)
    return Scale(low, high, bottom, ceiling_at, logarithmic=True), _log_marks(low, high)


def _log_marks(low: float, high: float) -> list[float]:
    """Marks of a logarithmic axis, closer the narrower its range."""
    if high < 6.0 * low:
        return [value for value in _NARROW_MARKS if low <= value <= high]
    if high > low * 10.0**_MOST_DECADES:
        return log_ticks(low, high)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    return [value for d in decades for m in (1.0, 2.0, 5.0) if low <= (value := m * 10.0**d) <= high]


def _draw_point(canvas: Canvas, point: _Point, x: Scale, y: Scale) -> None:
    at = y(point.observed)
    if point.last > point.first:
        canvas.line(x(point.first), at, x(point.last), at, stroke=INK, width=1.4)
        for end in (x(point.first), x(point.last)):
            canvas.line(end, at - _CAP, end, at + _CAP, stroke=INK, width=1.4)
    if point.highest:
        canvas.text(x(point.last) + 5, at + 3.5, "highest", size=10, fill=MUTED)
    canvas.dot((x(point.first) + x(point.last)) / 2.0, at, 4.0, fill=INK, stroke="#ffffff")


def _heading(reading: Reading) -> str:
    goods = _goods(reading.goods)
    origin, destination = _places(reading.origin), _places(reading.destination)
    if reading.kind == EXPORTS:
        return f"{goods}: exports of {origin}" + (f" to {destination}" if destination else "")
    if reading.kind == IMPORTS:
        return f"{goods}: imports of {destination or 'all'}" + (f" from {origin}" if origin else "")
    there = f"in {destination}" if destination else "abroad"
    return f"{goods}: price {there}" + (f" over that in {origin}" if reading.kind == PRICE_GAP else "")


def _goods(goods: Sequence[str]) -> str:
    """The good, or what several goods are of, with their number."""
    if len(goods) == 1:
        return good_label(goods[0])
    materials = {family(GOODS[good].material) for good in goods}
    return f"{len(goods)} goods" if len(materials) > 1 else f"{material_label(min(materials))}, {len(goods)} goods"


def _places(words: Sequence[str]) -> str:
    """Regions in words; nothing for all of them."""
    return "" if "all" in words else " and ".join(region_in_sentence(word) for word in words)


def _draw_key(canvas: Canvas, y: float) -> None:
    canvas.dot(4, y - 4, 4.0, fill=INK)
    canvas.text(14, y, "observed", size=11)
    canvas.line(78, y - 4, 98, y - 4, stroke=ACCENT, width=2.0)
    canvas.text(104, y, "median of the draws", size=11)
    canvas.box(222, y - 10, 20, 11, fill=BAND, opacity=0.8)
    canvas.text(248, y, "80 % of them", size=11)
    canvas.box(330, y - 10, 20, 11, fill=FAINT)
    canvas.text(356, y, "80 % with the model's own error", size=11)
