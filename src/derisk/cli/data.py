"""`derisk data`: what the dataset holds, where each figure comes from, and whether its rows are lawful."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derisk.cli.json_output import print_json

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(help="The reference dataset: its words, tables, lineage and checks.", no_args_is_help=True)

_PAGE_WIDTH = 160

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("goods")
def list_goods(as_json: Json = False) -> None:
    """Goods: what is traded, with mass basis, price basis and customs codes."""
    from derisk.data.tables import goods

    _show(
        goods(),
        as_json,
        title="Goods",
        columns=("good", "label", "material", "stage", "basis", "price_basis", "hs_codes", "traded"),
    )


@app.command("materials")
def list_materials(as_json: Json = False) -> None:
    """Materials, each with its goods."""
    from derisk.data.tables import materials

    _show(materials(), as_json, title="Materials")


@app.command("regions")
def list_regions(as_json: Json = False) -> None:
    """Countries, special regions and blocs."""
    from derisk.data.tables import regions

    _show(regions(), as_json, title="Regions and blocs", columns=("region", "name", "kind", "blocs", "members"))


@app.command("uses")
def list_uses(as_json: Json = False) -> None:
    """End-use sectors."""
    from derisk.data.tables import uses

    _show(uses(), as_json, title="Uses")


@app.command("sources")
def list_sources(as_json: Json = False) -> None:
    """Publications the rows were read from, with their licences."""
    from derisk.data import load_dataset
    from derisk.data.tables import sources

    _show(
        sources(load_dataset()),
        as_json,
        title="Sources",
        columns=("id", "title", "publisher", "year", "licence", "rows"),
    )


@app.command("projects")
def list_projects(as_json: Json = False) -> None:
    """Projects: mines, refineries and plants, planned or running."""
    from derisk.data import load_dataset
    from derisk.data.dataset import plain_records

    columns = (
        "project_id",
        "project",
        "country",
        "good",
        "capacity_t_per_year",
        "capital_cost_musd",
        "expected_start",
        "status",
    )
    _show(plain_records(load_dataset().projects()), as_json, title="Projects", columns=columns)


@app.command("events")
def list_events(as_json: Json = False) -> None:
    """Acts of governments: restrictions and their dates."""
    from derisk.data import load_dataset
    from derisk.data.dataset import plain_records

    _show(plain_records(load_dataset().events()), as_json, title="Events", hidden=("source", "locator", "note", "url"))


@app.command("table")
def show_table(
    name: Annotated[str, typer.Argument(help="production, capacity, reserves, prices, trade, demand, end_use, …")],
    material: Annotated[str | None, typer.Option(help="Only this material.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this year or month.")] = None,
    as_json: Json = False,
) -> None:
    """Chosen rows of one table."""
    from derisk.data import load_dataset
    from derisk.data.tables import table

    rows = table(load_dataset(), name, material=material, period=period)
    _show(rows, as_json, title=name, hidden=("locator", "note", "row_id", "basis"))


@app.command("why")
def explain_figure(
    material: str,
    stage: str,
    region: str,
    period: str,
    field: Annotated[str, typer.Option(help="What the number is.")] = "production",
    good: Annotated[str | None, typer.Option(help="Which good, where a stage has several.")] = None,
    partner: Annotated[str | None, typer.Option(help="The importer, for trade.")] = None,
    use: Annotated[str | None, typer.Option(help="The end use, where rows have one.")] = None,
    as_json: Json = False,
) -> None:
    """Where one figure comes from, and which others were not chosen."""
    from derisk.data import load_dataset

    answer = load_dataset().why(material, stage, region, period, field, good, partner=partner, use=use)
    if as_json:
        print_json(answer)
    else:
        _print_lineage(answer)


@app.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A dataset as people edit it; by default the one derisk carries.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try every rule on the dataset; exit 4 if a row breaks one."""
    from derisk.data.examination import examine, examine_built
    from derisk.errors import DatasetError

    source = folder or _checkout_dataset()
    examination = examine_built() if source is None else examine(source)
    if as_json:
        print_json(examination.as_json())
        if examination.problems:
            raise typer.Exit(DatasetError.exit_code)
        return
    if examination.problems:
        raise DatasetError(*examination.problems)
    for problem, reason in examination.excused:
        typer.echo(f"excused  {problem.where}: {problem.what}\n         {reason}")
    typer.echo(
        f"{examination.rows} rows obey {examination.rules} rules; {len(examination.excused)} departures are excused."
    )


def _checkout_dataset() -> Path | None:
    """The dataset folder beside the sources, in a checkout."""
    folder = Path(__file__).resolve().parents[3] / "dataset"
    return folder if (folder / "observations").is_dir() else None


def _show(
    records: Sequence[dict[str, Any]],
    as_json: bool,
    *,
    title: str,
    columns: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> None:
    if as_json:
        print_json(list(records))
        return
    _print_table(records, title=title, columns=columns, hidden=hidden)


def _print_table(
    records: Sequence[dict[str, Any]], *, title: str, columns: Sequence[str], hidden: Sequence[str]
) -> None:
    from rich import box
    from rich.table import Table

    console = _console()
    if not records:
        console.print(f"{title}: no rows yet")
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
            table.add_column(name, justify="right" if number else "left", overflow="fold")
    for record in records:
        table.add_row(*(_cell(record.get(name)) for name in told if name not in same))
    console.print(title, style="bold")
    if same:
        console.print(", ".join(f"{name} {_cell(records[0][name])}" for name in same), style="dim", highlight=False)
    console.print(table)
    console.print(f"{len(records)} rows", style="dim")


def _console() -> Console:
    """The terminal, or a wide page where output goes to a file or another program."""
    import sys

    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=_PAGE_WIDTH)


def _print_lineage(answer: dict[str, Any]) -> None:
    from rich.text import Text

    console = _console()
    about = answer["good"] or answer["material"]
    label = f"{answer['field']} of {about}, {answer['stage']}, {answer['region']}, {answer['period']}"
    unit = answer["unit"] if answer["basis"] == "none" else f"{answer['unit']} {answer['basis'].replace('_', ' ')}"
    console.print(Text(label))
    console.print(Text(f"{_cell(answer['value']) or answer['status']} {unit}", style="bold"))
    spread = f", {_cell(answer['low'])} to {_cell(answer['high'])}" if answer["low"] is not None else ""
    lines = {
        "status": answer["status"] + spread,
        "source": f"{answer['source']['title']} ({answer['source']['licence']})",
        "url": answer["source"]["url"],
        "locator": answer["locator"],
        "note": answer["note"],
        "correction": answer["correction"],
        "choice": answer["choice"],
        "row": answer["row"],
        "other goods": ", ".join(answer["other_goods"]) + (" (--good)" if answer["other_goods"] else ""),
    }
    for name, text in lines.items():
        if text:
            console.print(Text.assemble((f"{name:<12}", "dim"), text))
    for rival in answer["alternatives"]:
        console.print(
            Text.assemble(
                ("not chosen  ", "dim"), f"{_cell(rival['value']) or 'withheld'}  {rival['source']}: {rival['why_not']}"
            )
        )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"
    return str(value)
