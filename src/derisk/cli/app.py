"""The application: commands under one name, and errors as people and programs read them."""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import replace
from itertools import takewhile
from typing import Annotated

import typer

from derisk.cli.data import app as data_app
from derisk.cli.indicators import app as indicators_app
from derisk.cli.json_output import print_json
from derisk.cli.scenario import app as scenario_app
from derisk.errors import DeriskError, InputError, Problem, UsageError
from derisk.version import __version__

_GROUPS = ("data", "indicators", "scenario")
"""Words that have commands below them."""
_INTERRUPTED = 130
_TRACEBACK = "DERISK_TRACEBACK"
_LONGEST = 300

app = typer.Typer(
    name="derisk",
    help="The open instrument for critical-minerals supply chains: what a restriction does, to whom, in which month, "
    "and what remedies save.",
    epilog="Start with: derisk run washington-2026 --out studies/washington-2026\n\n"
    "Exit codes: 0 fine; 1 a fault of derisk; 2 the command line is wrong; 3 a scenario, word, file or folder is wrong;"
    " 4 the dataset is damaged or has no such row; 5 no equilibrium, or figures that cannot be reconciled;"
    " 7 a study folder cannot be read; 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(scenario_app, name="scenario")
app.add_typer(data_app, name="data")
app.add_typer(indicators_app, name="indicators")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"derisk {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Commands share the options --json (one JSON document on standard output) and --help."""


@app.command("run")
def _run(
    scenario: Annotated[str, typer.Argument(help="A library name (derisk scenario list) or a scenario file.")],
    out: Annotated[str, typer.Option("--out", help="Study folder to write, or to complete.")],
    draws: Annotated[
        int | None, typer.Option("--draws", help="Number of draws; the scenario's own if left out.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the draws; the scenario's own if left out.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Draws solved at once; as many as cores if left out.")
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Add which assumptions move the answer most, the first ten solved again."),
    ] = False,
    attribution: Annotated[
        int | None,
        typer.Option(
            "--attribution",
            metavar="DRAWS",
            help="Divide the loss among the measures on so many draws; says first how many paths it solves.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json's content on standard output.")] = False,
) -> None:
    """Run a scenario: write its study folder and its brief."""
    from derisk.cli.run import ASSUMPTIONS, run_scenario

    resolved = ASSUMPTIONS if sensitivity else None
    run_scenario(
        scenario,
        out=out,
        draws=draws,
        seed=seed,
        workers=workers,
        sensitivity=resolved,
        attribution=attribution,
        as_json=as_json,
    )


@app.command("exposure")
def _exposure(
    purchases: Annotated[
        str,
        typer.Argument(
            help=(
                "Purchase list or bill of materials of a year, CSV or XLSX: a heading line, then what is bought "
                "(description, part, good or hs code), how much (quantity and unit, or value usd), supplier country."
            )
        ),
    ],
    study: Annotated[str | None, typer.Option("--study", help="Study folder whose scenario is applied.")] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Scenario to run and apply, in place of a study.")
    ] = None,
    draws: Annotated[int | None, typer.Option("--draws", help="Draws of --scenario; its own if left out.")] = None,
    buyer: Annotated[str, typer.Option("--buyer", help="Country in which the company buys.")] = "USA",
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate", metavar="CODE=USD", help="US dollars for one unit of a currency: EUR=1.08; again for others."
        ),
    ] = None,
    out: Annotated[str | None, typer.Option("--out", help="CSV file for every line's fate and exposure.")] = None,
    picture: Annotated[str | None, typer.Option("--picture", help="SVG file of the purchases that lose most.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines shown; --json and --out hold all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What a scenario does to a company's purchases, line by line; what cannot be mapped is shown by value."""
    from derisk.cli.exposure import show_exposure

    show_exposure(
        purchases,
        study=study,
        scenario=scenario,
        draws=draws,
        buyer=buyer,
        rates=rate or [],
        out=out,
        picture=picture,
        limit=limit,
        as_json=as_json,
    )


@app.command("backtest")
def _backtest(
    case: Annotated[
        str | None, typer.Argument(help="One case, by its name or its scenario's (--list); all if left out.")
    ] = None,
    mode: Annotated[
        str,
        typer.Option("--mode", help="from-text: tonnes and prices are forecast; given-volume: tonnes are input."),
    ] = "from-text",
    draws: Annotated[int | None, typer.Option("--draws", help="Draws of each case; 20 if left out.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed; each scenario's own if left out.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Draws solved at once; as many as cores if left out.")
    ] = None,
    cases: Annotated[str | None, typer.Option("--cases", help="Your own table of cases, CSV.")] = None,
    volumes: Annotated[str | None, typer.Option("--volumes", help="Your own table of tonnes that went, CSV.")] = None,
    out: Annotated[str | None, typer.Option("--out", help="Folder for a picture and the study of each case.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print the cases there are, and run none.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one row an observation as JSON.")] = False,
) -> None:
    """Past episodes: what was observed, what derisk says of it, and how far off it is."""
    from derisk.cli.backtest import list_cases, run_cases

    if listed:
        list_cases(cases, as_json=as_json)
        return
    run_cases(
        case,
        mode=mode,
        draws=draws,
        seed=seed,
        workers=workers,
        table=cases,
        volumes=volumes,
        out=out,
        as_json=as_json,
    )


@app.command("brief")
def _brief(
    study: Annotated[str, typer.Argument(help="Study folder written by `derisk run`.")],
    out: Annotated[
        str | None, typer.Option("--out", help="File to write; brief.html in the study folder if left out.")
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option("--parts", help="Folder for its figures as SVG, its tables as CSV and what it cites as BibTeX."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths as JSON.")] = False,
) -> None:
    """Write the brief of a finished study again, and its figures, tables and citations apart."""
    from derisk.cli.run import brief_study

    brief_study(study, out=out, parts=parts, as_json=as_json)


@app.command("compare")
def _compare(
    studies: Annotated[list[str], typer.Argument(help="Study folders; the others are held against the first.")],
    region: Annotated[
        str | None,
        typer.Option("--region", help="A country: its losses, prices and shortages; the world's if left out."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Finished studies side by side, in the world or in one country; of one seed, draw by draw."""
    from derisk.cli.compare import compare

    compare(studies, region=region, as_json=as_json)


def run_command_line(arguments: list[str]) -> int:
    """Run one command line and return its exit code; errors are printed in four parts, never as tracebacks."""
    as_json = "--json" in arguments
    try:
        result = app(args=arguments, prog_name="derisk", standalone_mode=False)
        sys.stdout.flush()  # a reader that has left is noticed here, not when the interpreter ends
        if result == _INTERRUPTED:  # what newer parsers make of a keyboard's interrupt
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except DeriskError as error:
        return _report(_completed(error, arguments), as_json=as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit:  # Rich, when the reader of a pipe has left
        return 0
    except OSError as error:
        return _report(_file_error(error), as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted; the same command completes what is there", file=sys.stderr)
        return _INTERRUPTED
    except Exception as error:
        if usage := _usage_error(error):
            return _report(usage, as_json=as_json)
        if os.environ.get(_TRACEBACK):
            raise
        return _report(_unforeseen(error), as_json=as_json)


def _completed(error: DeriskError, arguments: list[str]) -> DeriskError:
    """The same error, its problems with the command as place and its help as hint where they name none."""
    words = list(takewhile(lambda word: not word.startswith("-"), arguments))
    command = " ".join(["derisk", *words[: 2 if words[:1] and words[0] in _GROUPS else 1]])
    problems = [
        replace(problem, where=problem.where or command, hint=problem.hint or f"{command} --help")
        for problem in error.problems
    ]
    return type(error)(*problems)


def _usage_error(error: Exception) -> UsageError | None:
    """The parser's own complaints (unknown option, missing argument) as a usage error."""
    format_message = getattr(error, "format_message", None)
    if format_message is None:
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "derisk"
    allowed = context.get_usage() if context else "derisk COMMAND"
    return UsageError(Problem(format_message(), where=command, allowed=allowed, hint=f"{command} --help"))


def _file_error(error: OSError) -> InputError:
    """The system's refusal to read or write a file."""
    return InputError(
        Problem(
            f"cannot read or write: {error.strerror or error}",
            where=str(error.filename or "standard output"),
            allowed="a path that can be read and written, on a disk with room",
            hint="free the path, or name another",
        )
    )


def _unforeseen(error: Exception) -> DeriskError:
    """An error that derisk did not raise on purpose: a fault of its own, reported in four parts as any other."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "derisk" in frame.filename), frames[-1])
    return DeriskError(
        Problem(
            f"a fault of derisk: {type(error).__name__}: {str(error)[:_LONGEST]}",
            where=f"{last.filename}, line {last.lineno}",
            allowed="no input should cause this",
            hint=f"report it with the traceback that {_TRACEBACK}=1 shows",
        )
    )


def _report(error: DeriskError, *, as_json: bool) -> int:
    if as_json:
        print_json(error.as_json())
    else:
        print(error.text(), file=sys.stderr)
    return error.exit_code
