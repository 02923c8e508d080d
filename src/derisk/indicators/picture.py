"""Picture: indicators as an SVG drawing: lines over years, or a heat map of goods by year or by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from derisk.drawing.canvas import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    NEUTRAL,
    REMEDY,
    RULE,
    Canvas,
    shorten,
    standalone,
    text_width,
)
from derisk.drawing.scales import Scale, ceiling, ticks
from derisk.errors import DatasetError, Problem
from derisk.indicators.catalogue import CATALOGUE
from derisk.vocabulary.goods import GOODS, MATERIALS
from derisk.vocabulary.names import region_label
from derisk.vocabulary.regions import WORLD

MOST_LINES: Final = 8
"""More series than this are drawn as a heat map."""
MOST_ROWS: Final = 60
_NAME: Final = 290.0
_ROW: Final = 18.0
_TOP: Final = 104.0
_PALE: Final = (0xF6, 0xF1, 0xEC)
_DEEP: Final = (0xA8, 0x32, 0x1C)
_COLOURS: Final = (ACCENT, REMEDY, "#3c8d7d", "#e0a03c", "#6b4c8a", NEUTRAL, "#12466e", "#7a5a3a")


@dataclass(frozen=True, slots=True)
class _Cell:
    words: str
    depth_share: float
    """How bad, 0 to 1."""


def draw_indicators(lines: Sequence[dict[str, Any]]) -> str:
    """Lines of one or several indicators as an SVG document.

    One indicator with few series over several years becomes lines; with many, a heat map of series by year; several
    indicators become a heat map of series by indicator, each column shaded by its own ranks: with a row for each year
    where several years of a series are asked for, otherwise with the years of its values over each column.

    Raises:
        DatasetError: no line has a value.
    """
    told = [line for line in lines if line["value"] is not None]
    if not told:
        raise DatasetError(Problem("nothing to draw: no line has a value", "the lines asked for"))
    names = list(dict.fromkeys(line["indicator"] for line in told))
    years = sorted({line["year"] for line in told})
    if len(names) == 1 and len(years) > 1:
        if len({_series(line) for line in told}) <= MOST_LINES:
            return _document(_draw_lines(told, years), names)
        return _document(_draw_map(told, [str(year) for year in years], "year", yearly=False), names)
    places = {(line["indicator"], _series(line)) for line in told}
    yearly = len({(line["indicator"], _series(line), line["year"]) for line in told}) > len(places)
    return _document(_draw_map(told, names, "indicator", yearly=yearly), names)


def _series(line: dict[str, Any]) -> str:
    """What a line is about, in words: its good, and its region where that is not the world."""
    what = GOODS[line["good"]].label if line["good"] else MATERIALS.get(line["material"], "All materials")
    stage = "" if line["good"] or not line["stage"] else f", {line['stage']}"
    return f"{what}{stage}" + ("" if line["region"] == WORLD else f", {region_label(line['region'])}")


def _document(canvas: Canvas, names: Sequence[str]) -> str:
    title = _titled(names[0]) if len(names) == 1 else "Indicators of supply risk"
    described = CATALOGUE[names[0]].question if len(names) == 1 else "Each column is shaded by its own ranks."
    ground = f'<rect width="{canvas.width:g}" height="{canvas.height:g}" fill="#ffffff"/>'
    canvas.parts.insert(0, ground)
    canvas.text(0, 20, title, size=17, bold=True)
    canvas.text(0, 40, shorten(described, width=canvas.width), fill=MUTED)
    markup = str(canvas.markup(anchor="indicators", title=title, description=described))
    return standalone(markup)


def _titled(name: str) -> str:
    """An indicator's title, with its unit where it has one."""
    about = CATALOGUE[name]
    return about.title if about.unit in ("", "none") else f"{about.title} [{about.unit}]"


def _draw_lines(lines: Sequence[dict[str, Any]], years: Sequence[int]) -> Canvas:
    canvas = Canvas(height=440.0)
    series = list(dict.fromkeys(_series(line) for line in lines))
    values = [line["value"] for line in lines]
    low, high = min(0.0, *values), ceiling(max(*values, 0.0))
    across = Scale(years[0], years[-1], 50.0, canvas.width - 272.0)
    up = Scale(low, high, canvas.height - 40.0, _TOP)
    for mark in ticks(low, high):
        canvas.line(across.start, up(mark), across.end, up(mark), stroke=FAINT)
        canvas.text(across.start - 8, up(mark) + 4, f"{mark:g}", anchor="end", size=11, fill=MUTED)
    for year in years:
        canvas.text(across(year), canvas.height - 20, str(year), anchor="middle", size=11, fill=MUTED)
    taken: list[float] = []
    for place, name in enumerate(series):
        points = sorted((line["year"], line["value"]) for line in lines if _series(line) == name)
        _draw_series(canvas, [(across(x), up(y)) for x, y in points], name, _COLOURS[place], taken)
    return canvas


def _draw_series(
    canvas: Canvas, points: Sequence[tuple[float, float]], name: str, colour: str, taken: list[float]
) -> None:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    canvas.path(path, fill="none", stroke=colour, stroke_width=2)
    for x, y in points:
        canvas.dot(x, y, 2.5, fill=colour)
    label = points[-1][1] + 4
    while any(abs(label - other) < 14 for other in taken):
        label += 14
    taken.append(label)
    canvas.line(canvas.width - 262, label - 4, canvas.width - 248, label - 4, stroke=colour, width=3.0)
    canvas.text(canvas.width - 242, label, shorten(name, width=242, size=11.5), size=11.5)


def _draw_map(lines: Sequence[dict[str, Any]], columns: Sequence[str], key: str, *, yearly: bool) -> Canvas:
    depth = _depths(lines, key)
    cells = {
        (_row(line, yearly=yearly), str(line[key])): _Cell(
            f"{line['value']:,.{_decimals(lines, line['indicator'])}f}", depth[id(line)]
        )
        for line in lines
    }
    rows = _ordered(cells, key)
    wide = 56.0 if key == "year" else 124.0
    shown = rows[:MOST_ROWS]
    canvas = Canvas(height=_TOP + len(shown) * _ROW + 40.0, width=max(_NAME + len(columns) * wide + 20.0, 560.0))
    for at, column in enumerate(columns):
        heading = [column] if key == "year" else _heading(lines, column, width=wide - 8, yearly=yearly)
        for line, words in enumerate(reversed(heading)):
            y = _TOP - 8 - 12 * line
            canvas.text(_NAME + (at + 0.5) * wide, y, words, anchor="middle", size=10.5, fill=MUTED)
    for down, row in enumerate(shown):
        y = _TOP + down * _ROW
        year = f", {row[1]}" if row[1] else ""
        name = shorten(row[0], width=_NAME - 10 - text_width(year, size=11.5), size=11.5)
        canvas.text(0, y + 13, name + year, size=11.5)
        for at, column in enumerate(columns):
            _draw_cell(canvas, _NAME + at * wide, y, wide, cells.get((row, column)))
    rest = f"; {len(rows) - len(shown)} more rows are not shown" if len(rows) > len(shown) else ""
    canvas.text(0, canvas.height - 12, f"The darker, the worse{rest}.", size=11, fill=MUTED)
    return canvas


def _row(line: dict[str, Any], *, yearly: bool) -> tuple[str, int]:
    """Series and year of a line's row; year 0 where all years share one."""
    return _series(line), line["year"] if yearly else 0


def _ordered(cells: Mapping[tuple[tuple[str, int], str], _Cell], key: str) -> list[tuple[str, int]]:
    """Rows, the series with the worst row first, its years in order."""
    depths: dict[tuple[str, int], list[float]] = {}
    for (row, _), cell in cells.items():
        depths.setdefault(row, []).append(cell.depth_share)
    worst: dict[str, float] = {}
    for (name, _), found in depths.items():
        worst[name] = max(worst.get(name, 0.0), max(found) if key == "year" else sum(found))
    return sorted(depths, key=lambda row: (-worst[row[0]], row))


def _heading(lines: Sequence[dict[str, Any]], name: str, *, width: float, yearly: bool) -> list[str]:
    """An indicator's title over its column, and the years of its values where no row says them."""
    years = sorted({line["year"] for line in lines if line["indicator"] == name})
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return [*_wrapped(_titled(name), width=width), *([] if yearly else [span])]


def _decimals(lines: Sequence[dict[str, Any]], name: str) -> int:
    """Decimals that all values of an indicator are printed with, by their usual size."""
    usual = median(abs(line["value"]) for line in lines if line["indicator"] == name)
    return 2 if usual < 10.0 else 1 if usual < 100.0 else 0


def _wrapped(text: str, *, width: float) -> list[str]:
    """The text on at most three lines of a column's heading, the last cut where it would not fit."""
    rows = [""]
    for word in text.split(" "):
        joined = f"{rows[-1]} {word}".strip()
        if len(rows) < 3 and rows[-1] and text_width(joined, size=10.5) > width:
            rows.append(word)
        else:
            rows[-1] = joined
    return [shorten(row, width=width, size=10.5) for row in rows]


def _draw_cell(canvas: Canvas, x: float, y: float, wide: float, cell: _Cell | None) -> None:
    if cell is None:
        canvas.box(x + wide / 2 - 1, y + _ROW / 2 - 1, 2, 2, fill=RULE)
        return
    canvas.box(x + 1, y + 1, wide - 2, _ROW - 2, fill=_shade(cell.depth_share))
    ink = "#ffffff" if cell.depth_share > 0.6 else INK
    canvas.text(x + wide / 2, y + 13, cell.words, anchor="middle", size=10.5, fill=ink)


def _depths(lines: Sequence[dict[str, Any]], key: str) -> dict[int, float]:
    """How bad each line is: between the ends of all values by year, by rank within an indicator otherwise."""
    depth: dict[int, float] = {}
    for name in {line["indicator"] for line in lines}:
        own = [line for line in lines if line["indicator"] == name]
        values = sorted({line["value"] for line in own})
        if CATALOGUE[name].worse == "lower":
            values = values[::-1]
        span = (values[-1] - values[0]) or 1.0
        for line in own:
            by_rank = values.index(line["value"]) / max(len(values) - 1, 1)
            depth[id(line)] = (line["value"] - values[0]) / span if key == "year" else by_rank
    return depth


def _shade(depth_share: float) -> str:
    mixed = (round(pale + (deep - pale) * depth_share) for pale, deep in zip(_PALE, _DEEP))
    return "#" + "".join(f"{part:02x}" for part in mixed)
