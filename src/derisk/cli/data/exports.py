"""`derisk data export`: tables with their sources and licences, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derisk.cli.data.printing import Json
from derisk.cli.json_output import print_json


def export_tables(
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, parquet or datapackage.")],
    out: Annotated[Path, typer.Option("--out", help="File or folder to write; a data package may be a .zip.")],
    material: Annotated[list[str] | None, typer.Option(help="Only this material; may be given again.")] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")] = None,
    shippable_only: Annotated[
        bool, typer.Option("--shippable-only", help="Leave out rows whose licence forbids passing them on.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write rows, chosen and not, with their sources; derisk data import derisk reads them back."""
    from derisk.data import load_dataset
    from derisk.data.exports.export import export_dataset
    from derisk.vocabulary.names import numbered

    exported = export_dataset(
        load_dataset(),
        out,
        form=form,
        materials=tuple(material or ()),
        tables=tuple(table or ()),
        licences="shippable" if shippable_only else "any",
    )
    if as_json:
        print_json(exported.as_json())
        return
    typer.echo(
        f"{numbered(exported.rows, 'row')} in {numbered(len(exported.tables), 'table')}, "
        f"{numbered(len(exported.sources), 'source')}: {exported.path}"
    )
    if exported.restricted_sources:
        named = ", ".join(exported.restricted_sources)
        typer.echo(f"not to be passed on: rows of {named} (--shippable-only leaves them out)")
