"""Coverage chart: materials and stages by year, and by table, filled by the standing of their figures."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from derisk.data.coverage import BY_MATERIAL, FIRST_YEAR, LAST_YEAR, Cell, coverage, material_stages
from derisk.data.fields import STATUSES
from derisk.drawing.canvas import FAINT, INK, MUTED, RULE, Canvas, standalone
from derisk.errors import InputError, Problem
from derisk.vocabulary.goods import MATERIALS, family

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset

COLOURS: Final = {
    "reported": "#12466e",
    "estimated": "#3f7fb0",
    "preliminary": "#8db8d9",
    "derived": "#3c8d7d",
    "bound": "#b9b4a6",
    "assumed": "#e0a03c",
    "withheld": "#ffffff",
}
"""Blue: the publisher's own figure, paler the less settled; green: computed from figures; amber: recalled or judged."""

_ROW: Final = 15.0
_GAP: Final = 5.0
_NAME: Final = 262.0
_CELL: Final = 17.0
_TOP: Final = 116.0
_BETWEEN: Final = 26.0


def draw_coverage(dataset: Dataset) -> str:
    """The chart as an SVG document: production by year at left, every other table at right."""
    years = [str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    tables = [name for name in BY_MATERIAL if name != "production"]
    at = _rows_down()
    right = _NAME + len(years) * _CELL + _BETWEEN
    width = right + len(tables) * _CELL + 74.0
    canvas = Canvas(height=max(at.values()) + _ROW + 52.0, width=width)
    canvas.parts.append(f'<rect width="{width:g}" height="{canvas.height:g}" fill="#ffffff"/>')
    canvas.text(0, 20, "What the dataset holds", size=17, bold=True)
    canvas.text(0, 40, "Production by material, stage and year; other tables by material and stage", fill=MUTED)
    _print_heads(canvas, years, tables, right)
    _print_names(canvas, at, end=right + len(tables) * _CELL)
    production = {(c.material, c.stage, c.year): c for c in coverage(dataset)}
    for (material, stage), y in at.items():
        for index, year in enumerate(years):
            _fill(canvas, _NAME + index * _CELL, y, production.get((material, stage, year)))
    for index, name in enumerate(tables):
        newest = _newest(coverage(dataset, name))
        for (material, stage), y in at.items():
            _fill(canvas, right + index * _CELL, y, newest.get((material, stage)))
    _print_key(canvas, canvas.height - 16.0)
    markup = canvas.markup(
        anchor="coverage",
        title="What the dataset holds",
        description="A grid: materials and stages down, years and tables across, each cell filled by status.",
    )
    return standalone(str(markup))


def write_chart(svg: str, path: Path) -> None:
    """Write the chart.

    Raises:
        InputError: the file's name does not end in .svg, or it cannot be written.
    """
    if path.suffix.lower() != ".svg":
        raise InputError(Problem(f"cannot draw '{path.name}'", "--picture", "a file name that ends in .svg"))
    try:
        path.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise InputError(
            Problem(f"cannot write '{path}': {error.strerror}", "--picture", "a new SVG file in a folder that exists")
        ) from error


def _rows_down() -> dict[tuple[str, str], float]:
    at: dict[tuple[str, str], float] = {}
    y = _TOP
    for _, pairs in groupby(material_stages(), key=lambda pair: pair[0]):
        for pair in pairs:
            at[pair] = y
            y += _ROW
        y += _GAP
    return at


def _newest(cells: list[Cell]) -> dict[tuple[str, str], Cell]:
    """Each material and stage's newest cell; what is said of the whole material stands at each of its stages."""
    newest: dict[tuple[str, str], Cell] = {}
    for cell in sorted(cells, key=lambda c: c.year):
        stages = [s for m, s in material_stages() if m == cell.material] if not cell.stage else [cell.stage]
        for stage in stages:
            newest[cell.material, stage] = cell
    return newest


def _print_heads(canvas: Canvas, years: list[str], tables: list[str], right: float) -> None:
    for index, year in enumerate(years):
        _slanted(canvas, _NAME + index * _CELL + 0.6 * _CELL, year)
    for index, name in enumerate(tables):
        _slanted(canvas, right + index * _CELL + 0.6 * _CELL, name.replace("_", " "))


def _slanted(canvas: Canvas, x: float, label: str) -> None:
    y = _TOP - 6.0
    canvas.parts.append(
        f'<text x="{x:g}" y="{y:g}" font-size="11" fill="{MUTED}" transform="rotate(-52 {x:g} {y:g})">{label}</text>'
    )


def _print_names(canvas: Canvas, at: dict[tuple[str, str], float], *, end: float) -> None:
    last = ""
    for (material, stage), y in at.items():
        if material != last:
            indent = 12.0 if family(material) != material else 0.0
            canvas.line(0, y - 0.5 * _GAP, end, y - 0.5 * _GAP, stroke=FAINT)
            canvas.text(indent, y + 11, MATERIALS[material], size=11.5, fill=INK)
            last = material
        canvas.text(_NAME - 8, y + 11, stage, size=10.5, fill=MUTED, anchor="end")


def _fill(canvas: Canvas, x: float, y: float, cell: Cell | None) -> None:
    if cell is None:
        canvas.box(x + 7, y + 6, 2, 2, fill=RULE)
        return
    canvas.box(x + 1, y + 1, _CELL - 2, _ROW - 2, fill=COLOURS[cell.status])
    if cell.status == "withheld":
        canvas.path(f"M{x + 1.5:g} {y + 1.5:g}h{_CELL - 3:g}v{_ROW - 3:g}h-{_CELL - 3:g}z", fill="none", stroke=MUTED)


def _print_key(canvas: Canvas, y: float) -> None:
    x = 0.0
    for status in STATUSES:
        canvas.box(x, y - 10, 12, 12, fill=COLOURS[status])
        if status == "withheld":
            canvas.path(f"M{x + 0.5:g} {y - 9.5:g}h11v11h-11z", fill="none", stroke=MUTED)
        canvas.text(x + 17, y, status, size=11.5)
        x += 98.0
    canvas.box(x + 5, y - 5, 2, 2, fill=RULE)
    canvas.text(x + 17, y, "no figure", size=11.5)
