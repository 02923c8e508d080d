"""Printing: records as a table on the terminal, or as one JSON document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from derisk.cli.json_output import print_json
from derisk.cli.page import page

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_IDS = ("good", "material", "region", "partner", "project_id", "event_id", "id", "table", "row")
"""Columns of words to be copied, which no line may break."""


def show(
    records: Sequence[dict[str, Any]],
    as_json: bool,
    *,
    title: str,
    columns: Sequence[str] = (),
    hidden: Sequence[str] = (),
    most: int = 0,
) -> None:
    """Print records; on the terminal in columns, at most so many (0: all)."""
    if as_json:
        print_json(list(records))
        return
    shown = records[:most] if most else records
    _print_table(shown, title=title, columns=columns, hidden=hidden)
    if len(shown) < len(records):
        hint = "all of them: --rows 0, --json, or derisk data export"
        page().print(f"the first {len(shown)} of {len(records)} rows; {hint}", style="dim")
    elif records:
        page().print(f"{len(records)} row{'' if len(records) == 1 else 's'}", style="dim")


def _print_table(
    records: Sequence[dict[str, Any]], *, title: str, columns: Sequence[str], hidden: Sequence[str]
) -> None:
    from rich import box
    from rich.table import Table

    printed = page()
    if not records:
        printed.print(f"{title}: no rows yet")
        return
    wanted = [name for name in columns if any(name in record for record in records)]
    wanted = wanted or [name for name in records[0] if name not in hidden]
    told = [name for name in wanted if any(record.get(name) not in (None, "", []) for record in records)]
    same = (
        []
        if columns or len(records) == 1
        else [name for name in told if len({str(record.get(name)) for record in records}) == 1]
    )
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for name in told:
        if name not in same:
            number = any(isinstance(record.get(name), int | float) for record in records)
            table.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=name in _IDS)
    for record in records:
        table.add_row(*(escaped(record.get(name)) for name in told if name not in same))
    printed.print(title, style="bold")
    if same:
        printed.print(", ".join(f"{name} {escaped(records[0][name])}" for name in same), style="dim", highlight=False)
    printed.print(table)


def cell(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"
    return re.sub(r";(?=\w)", "; ", str(value))


def escaped(value: Any) -> str:
    """The same with brackets kept as brackets, where markup is read."""
    from rich.markup import escape

    return escape(cell(value))
