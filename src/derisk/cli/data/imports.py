"""`derisk data import`, `mine`, `forget`: the user's own dataset beside the package's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from derisk.cli.data.printing import Json, show
from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.errors import Problem, UsageError

_NAMED = 6
"""Things a reason names on the terminal; --json names all."""


def import_publication(
    kind: Annotated[str | None, typer.Argument(help="What the file is: usgs-mcs, bgs, baci, …", metavar="KIND")] = None,
    file: Annotated[Path | None, typer.Argument(help="The publisher's file.", metavar="FILE")] = None,
    accept_refusals: Annotated[
        bool, typer.Option("--accept-refusals", help="Add the rest where figures cannot be understood.")
    ] = False,
    kinds: Annotated[bool, typer.Option("--list", help="The kinds of files there are.")] = False,
    as_json: Json = False,
) -> None:
    """Add a publisher's file to your own dataset; exit 3 and nothing added if a figure is refused."""
    from derisk.data import dataset
    from derisk.data.importers.registry import list_importers
    from derisk.data.importing import Report, import_file
    from derisk.vocabulary.names import numbered

    if kinds:
        show(list_importers(), as_json, title="Kinds of files")
        return
    if kind is None or file is None:
        missing = "KIND" if kind is None else "FILE"
        allowed = "derisk data import KIND FILE"
        raise UsageError(Problem(f"no {missing} is named", "derisk data import", allowed, "derisk data import --list"))
    report: Report = import_file(kind, file, refusals="accept" if accept_refusals else "stop", package=dataset.EMBEDDED)
    if as_json:
        print_json(report.as_json())
        return
    printed = page()
    kept = f"{report.rows_replaced} replaced, {report.rows_unchanged} unchanged"
    printed.print(f"{numbered(report.rows_added, 'row')} added, {kept}")
    for name, count in report.cells_added.items():
        printed.print(f"{numbered(count, 'cell')} of the table {name} new or changed")
    for line in _set_aside(report.rows_set_aside):
        printed.print(f"  set aside {line}", style="dim", markup=False)
    for refusal in report.rows_refused:
        printed.print(f"  refused, line {refusal.line}: {refusal.what}", markup=False)
    if report.rows_refused:
        printed.print(f"refused: up to {100 * report.value_share_refused:.3g} % of a table's value")
    printed.print(f"your dataset: {report.folder}", style="dim", markup=False)
    if report.rows_added + report.rows_replaced:
        printed.print("whether it still adds up: derisk data check", style="dim", markup=False)


def _set_aside(reasons: Mapping[str, int]) -> list[str]:
    """A line for each kind of reason, the most figures first; what it was about in brackets."""
    about: dict[str, Counter[str]] = {}
    for reason, figures in reasons.items():
        kind, _, what = reason.partition(": ")
        about.setdefault(kind, Counter())[what] += figures
    lines = []
    for kind, counts in sorted(about.items(), key=lambda item: -item[1].total()):
        named = [what for what, _ in counts.most_common() if what]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        told = f" ({', '.join(named[:_NAMED])}{more})" if named else ""
        lines.append(f"{counts.total():,}: {kind}{told}")
    return lines


def list_mine(as_json: Json = False) -> None:
    """Your own dataset: its sources, with their licences and the number of their rows."""
    from derisk.data import dataset
    from derisk.data.user_sources import list_user_sources

    columns = ("source", "title", "licence", "shippable", "rows")
    show(list_user_sources(package=dataset.EMBEDDED), as_json, title="Your dataset", columns=columns)


def forget(
    source: Annotated[str, typer.Argument(help="Id of the source (derisk data mine).")],
    as_json: Json = False,
) -> None:
    """Take a source's rows out of your own dataset."""
    from derisk.data import dataset
    from derisk.data.user_sources import forget_source
    from derisk.vocabulary.names import numbered

    count = forget_source(source, package=dataset.EMBEDDED)
    if as_json:
        print_json({"source": source, "rows_removed": count})
    else:
        typer.echo(f"{numbered(count, 'row')} of {source} removed")
