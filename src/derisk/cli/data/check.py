"""`derisk data check`: every rule tried on the dataset, and on the user's rows with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derisk.cli.data.printing import Json
from derisk.cli.json_output import print_json


def check_rules(
    folder: Annotated[
        Path | None, typer.Argument(help="A dataset as people edit it; by default the one derisk carries, and yours.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try every rule on the dataset; exit 4 if a row breaks one."""
    from derisk.data import dataset
    from derisk.data.examination import examine, examine_built, tolerances, with_user_rows_examined
    from derisk.data.user_dataset import user_folder
    from derisk.errors import DatasetError

    edited = folder or _checkout_dataset()
    examination = examine_built() if edited is None else examine(edited)
    if folder is None:
        examination = with_user_rows_examined(examination, dataset.EMBEDDED, user_folder())
    if as_json:
        print_json(examination.as_json())
        if examination.problems:
            raise typer.Exit(DatasetError.exit_code)
        return
    if examination.problems:
        raise DatasetError(*examination.problems)
    for problem, reason in examination.excused:
        typer.echo(f"excused  {problem.where}: {problem.what}\n         {reason}")
    for name, share in tolerances().items():
        typer.echo(f"tolerance  {name}: {100 * share:g} %")
    mine = f" and {examination.user_rows} of your own" if examination.user_rows else ""
    excused = f"{len(examination.excused)} departures are excused."
    typer.echo(f"{examination.rows} rows{mine} obey {examination.rules} rules; {excused}")


def _checkout_dataset() -> Path | None:
    """The dataset folder beside the sources, in a checkout."""
    folder = Path(__file__).resolve().parents[4] / "dataset"
    return folder if (folder / "observations").is_dir() else None
