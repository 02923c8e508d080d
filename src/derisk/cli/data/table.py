"""`derisk data table`: the chosen rows of one table, or the tables there are."""

from __future__ import annotations

from typing import Annotated

import typer

from derisk.cli.data.printing import Json, show
from derisk.cli.page import page
from derisk.cli.region_option import region_id
from derisk.errors import Problem, UsageError

_MOST_ROWS = 500
_HIDDEN = ("locator", "note", "row_id", "basis")


def show_table(
    name: Annotated[str | None, typer.Argument(help="The table's name; left out: which there are.")] = None,
    material: Annotated[str | None, typer.Option(help="Only this material; a family with its element groups.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this year or month.")] = None,
    region: Annotated[
        str | None,
        typer.Option(help="Only this region, or a bloc's; in trade the exporter, of import shares the importer."),
    ] = None,
    partner: Annotated[
        str | None,
        typer.Option(help="Only this partner, or a bloc's; in trade the importer, of import shares the origin."),
    ] = None,
    good: Annotated[str | None, typer.Option(help="Only this good.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only this stage.")] = None,
    field: Annotated[str | None, typer.Option(help="Only this field of the table.")] = None,
    use: Annotated[str | None, typer.Option(help="Only this end use.")] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="Most rows to print on the terminal; 0: all.")
    ] = _MOST_ROWS,
    as_json: Json = False,
) -> None:
    """Chosen rows of one table; without a name, the tables with the number of their rows."""
    from derisk.data import load_dataset
    from derisk.data.tables import caution, list_tables, table

    if name is None:
        if given := [word for word in (material, period, region, partner, good, stage, field, use) if word is not None]:
            what, hint = (
                f"no table is named, so '{given[0]}' chooses nothing",
                "derisk data table production --material gallium",
            )
            raise UsageError(
                Problem(what, "derisk data table", "a table's name first; without one the tables are listed", hint)
            )
        show(list_tables(load_dataset()), as_json, title="Tables")
        return
    words = {
        "material": material, "period": period, "region": region_id(region), "good": good, "stage": stage,
        "field": field, "use": use, "partner": region_id(partner),
    }  # fmt: skip
    found = table(load_dataset(), name, **words)
    show(found, as_json, title=name, hidden=_HIDDEN, most=rows)
    if not as_json and (said := caution(name, found)):
        page().print(said, style="dim")
