"""`derisk data coverage`: for which materials, stages and years there are figures, and of what standing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from derisk.cli.data.printing import Json
from derisk.cli.json_output import print_json
from derisk.cli.page import page

if TYPE_CHECKING:
    from derisk.data.coverage import Cell

_MARKS = {
    "reported": ("█", "blue"),
    "estimated": ("▓", "blue"),
    "preliminary": ("▒", "blue"),
    "derived": ("d", "green"),
    "bound": ("░", "white"),
    "assumed": ("a", "yellow"),
    "withheld": ("w", "white"),
}


def show_coverage(
    table: Annotated[str, typer.Option(help="Which table (derisk data table lists them).")] = "production",
    material: Annotated[str | None, typer.Option(help="Only this material.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Write the whole chart to this SVG file.")] = None,
    as_json: Json = False,
) -> None:
    """For which materials, stages and years there are figures, and of what standing."""
    from derisk.data import load_dataset
    from derisk.data.coverage import as_records, coverage

    dataset = load_dataset()
    cells = coverage(dataset, table, material=material)
    if picture is not None:
        from derisk.data.coverage_chart import draw_coverage, write_chart

        write_chart(draw_coverage(dataset), picture)
        if not as_json:
            typer.echo(str(picture))
    if as_json:
        print_json(as_records(cells))
    elif picture is None:
        _print_grid(cells, table)


def _print_grid(cells: list[Cell], table: str) -> None:
    from rich.text import Text

    printed = page()
    if not cells:
        printed.print(f"{table}: no rows that name a material")
        return
    years = sorted({cell.year for cell in cells})
    found = {(cell.material, cell.stage, cell.year): cell for cell in cells}
    rows = list(dict.fromkeys((cell.material, cell.stage) for cell in cells))
    width = max(len(f"{material} {stage}") for material, stage in rows) + 2
    printed.print(Text(f"{table}, {years[0]} to {years[-1]}", style="bold"))
    printed.print(Text(" " * width + " ".join(year[2:] for year in years), style="dim"))
    for material, stage in rows:
        line = Text(f"{material} {stage}".ljust(width))
        for year in years:
            cell = found.get((material, stage, year))
            mark, style = _MARKS[cell.status] if cell else ("·", "dim")
            line.append(mark * 2 + " ", style=style)
        printed.print(line, no_wrap=True, crop=False)
    key = Text()
    for status, (mark, style) in _MARKS.items():
        key.append(mark * 2, style=style)
        key.append(f" {status}   ")
    printed.print(key)
