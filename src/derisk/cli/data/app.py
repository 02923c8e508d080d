"""Commands of `derisk data`, under one name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import typer

from derisk.cli.data import check, coverage, diff, exports, imports, listings, table, why

app = typer.Typer(
    help="The reference dataset: its words, tables, lineage and checks; your own rows in, its tables out.",
    no_args_is_help=True,
)
_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    **listings.COMMANDS,
    "table": table.show_table,
    "why": why.explain_figure,
    "check": check.check_rules,
    "coverage": coverage.show_coverage,
    "import": imports.import_publication,
    "mine": imports.list_mine,
    "forget": imports.forget,
    "export": exports.export_tables,
    "diff": diff.compare_releases,
}
for name, command in _COMMANDS.items():
    app.command(name)(command)
