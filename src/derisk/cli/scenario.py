"""`derisk scenario`: list, show, check and start scenario files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.cli.quotas import list_exports, quota_line, quota_record

if TYPE_CHECKING:
    from derisk.errors import Problem
    from derisk.scenario import Scenario
    from derisk.scenario.bases import QuotaBase

app = typer.Typer(help="Scenario files: the library, the check, a template.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


@app.command("list")
def list_scenarios(as_json: Json = False) -> None:
    """Scenarios of the library, each with the question it answers."""
    from derisk.scenario import library_names, load_scenario

    rows = [_row(load_scenario(name)) for name in library_names()]
    if as_json:
        print_json(rows)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table("scenario", "months", "measures", title="Scenarios", show_lines=True)
    for row in rows:
        kinds = Counter(measure["kind"] for measure in row["measures"])
        table.add_row(
            Text.assemble((row["name"], "bold"), "\n", row["question"]),
            f"{row['months']} from\n{row['start']}",
            "\n".join(f"{count} {kind}" for kind, count in kinds.items()),
        )
    page().print(table)


@app.command("show")
def show_scenario(
    name: Annotated[str, typer.Argument(help="A library name (derisk scenario list) or a scenario file.")],
    resolved: Annotated[bool, typer.Option("--resolved", help="With every default and `extends` written out.")] = False,
    as_json: Json = False,
) -> None:
    """Print a scenario's YAML."""
    from derisk.scenario import load_scenario, scenario_text, scenario_yaml

    text = scenario_yaml(load_scenario(name)) if resolved else scenario_text(name)
    if as_json:
        print_json({"scenario": name, "yaml": text})
    else:
        typer.echo(text, nl=False)


@app.command("check")
def check_scenario(
    file: Annotated[str, typer.Argument(help="Scenario file, or a library name.")],
    as_json: Json = False,
) -> None:
    """Check a scenario: every key, word and number; what each quota is beside the base year; what reaches nothing."""
    from derisk.errors import ScenarioError

    try:
        scenario, warnings, bases = _checked(file)
    except ScenarioError as error:
        if not as_json:
            raise
        print_json(
            {
                "file": file,
                "ok": False,
                "errors": [_error(problem) for problem in error.problems],
                "warnings": [],
                "quotas": [],
            }
        )
        raise typer.Exit(error.exit_code) from None
    if as_json:
        told = [quota_record(base) for base in bases]
        print_json({"file": file, "ok": True, "errors": [], "warnings": list(warnings), "quotas": told})
        return
    for base in bases:
        typer.echo(quota_line(base, scenario.base_year))
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    typer.echo(
        f"{file} is sound: measures {len(scenario.measures)}, months {scenario.months} from {scenario.start}, "
        f"draws {scenario.draws_count}"
    )


@app.command("new")
def new_scenario(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("scenario.yml"),
    as_json: Json = False,
) -> None:
    """Write a commented template to edit; an existing file is never overwritten."""
    from derisk.errors import InputError, Problem
    from derisk.scenario import template_text

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template_text())
    except FileExistsError:
        hint = "name another file, or delete this one first"
        what, allowed = f"'{path}' exists and is left as it is", "a file that does not exist"
        raise InputError(Problem(what=what, where=str(path), allowed=allowed, hint=hint)) from None
    except OSError as error:
        what, allowed = f"cannot write '{path}': {error.strerror}", "a new file in a folder that exists"
        raise InputError(Problem(what=what, where=str(path), allowed=allowed, hint="name another file")) from None
    if as_json:
        print_json({"file": str(path)})
    else:
        typer.echo(f"wrote {path}; edit it, then: derisk scenario check {path}")


app.command("exports")(list_exports)


def _checked(file: str) -> tuple[Scenario, tuple[str, ...], tuple[QuotaBase, ...]]:
    """The scenario, checked against its base year's network too, what reaches nothing there, and what quotas are of."""
    from derisk.data import load_dataset
    from derisk.network import build_network
    from derisk.scenario import load_scenario, realise
    from derisk.scenario.bases import quota_bases
    from derisk.study import ready_dataset

    scenario = load_scenario(file)
    network = build_network(ready_dataset(scenario, load_dataset()), base_year=scenario.base_year)
    return scenario, realise(scenario, network).notes, quota_bases(scenario, network)


def _row(scenario: Scenario) -> dict[str, Any]:
    resolved = scenario.resolved()
    rows: Any = resolved["measures"]
    keys = ("kind", "by", "to", "goods", "from", "until", "why")
    return {
        "name": scenario.name,
        "question": scenario.question,
        "base_year": scenario.base_year,
        "start": scenario.start,
        "months": scenario.months,
        "measures": [{key: row[key] for key in keys if key in row} for row in rows],
    }


def _error(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "key": problem.key,
        "what": problem.what,
        "allowed": problem.allowed,
        "hint": problem.hint,
    }
