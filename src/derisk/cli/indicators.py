"""`derisk indicators`: how concentrated, unstable and scarce supply is, ranked, drawn and explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derisk.cli.json_output import print_json
from derisk.cli.output_file import output_file
from derisk.cli.page import page
from derisk.cli.region_option import region_id

if TYPE_CHECKING:
    from derisk.errors import Problem
    from derisk.indicators import StudyLosses

app = typer.Typer(help="Indicators of supply risk: ranked, drawn, explained.", invoke_without_command=True)

_SHOWN = 20

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Stage = Annotated[str | None, typer.Option(help="Only this stage: mining, refining, component.")]
Good = Annotated[str | None, typer.Option(help="Only this good.")]
Region = Annotated[str | None, typer.Option(help="Only this country, WLD (world), EUU (EU), or a bloc's countries.")]
Folders = Annotated[list[Path] | None, typer.Option("--study", help="A study whose losses count; may be repeated.")]
Chances = Annotated[
    list[float] | None, typer.Option("--probability", help="Chance a year that the study's scenario begins, in order.")
]


@app.callback()
def show_indicators(
    context: typer.Context,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator (derisk indicators list).")] = None,
    material: Annotated[str | None, typer.Option(help="Only this material, element groups included.")] = None,
    stage: Stage = None,
    good: Good = None,
    region: Region = None,
    year: Annotated[str | None, typer.Option(help="A year, or `all`; the newest with a value if left out.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the lines into this SVG file.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines shown of each indicator; --json prints all.")] = _SHOWN,
    study: Folders = None,
    probability: Chances = None,
    as_json: Json = False,
) -> None:
    """Indicators, worst first; a value that cannot be made says what is missing."""
    if context.invoked_subcommand is not None:
        _refuse_words_before(context)
        return
    if picture is not None:
        output_file(picture, option="--picture", ending=".svg", hint="name one: --picture concentration.svg")
    from derisk.data import load_dataset
    from derisk.errors import DatasetError
    from derisk.indicators import Wanted, compute_indicators

    wanted = Wanted(indicator, material, stage, good, region_id(region), *_year(year))
    lines = compute_indicators(load_dataset(), wanted, studies=_read_studies(study, probability))
    if not lines:
        raise DatasetError(_nothing_fits(indicator, studies=bool(study)))
    if picture is not None:
        _draw(lines, picture)
    if as_json:
        print_json(_ranked(lines))
    else:
        _print_lines(_ranked(lines), limit=limit)


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """Indicators: the question each answers, formula, unit."""
    from derisk.indicators import list_indicators

    listed = list_indicators()
    if as_json:
        print_json(listed)
        return
    from rich.text import Text

    console = page()
    for about in listed:
        unit = "" if about["unit"] == "none" else f" [{about['unit']}]"
        console.print(Text.assemble((about["indicator"], "bold"), f"  {about['question']}"))
        console.print(Text(f"    {about['formula']}{unit}; {about['worse']} is worse"))


@app.command("explain")
def explain_indicator(
    indicator: Annotated[str, typer.Argument(help="An indicator (derisk indicators list).")],
    material: Annotated[str, typer.Argument(help="A material (derisk data materials); - for all together.")],
    stage: Stage = None,
    good: Good = None,
    region: Region = None,
    year: Annotated[int | None, typer.Option(help="The year; the newest with a value if left out.")] = None,
    study: Folders = None,
    probability: Chances = None,
    as_json: Json = False,
) -> None:
    """One value: its formula with the numbers put in, and the row behind each number."""
    from derisk.data import load_dataset
    from derisk.indicators import Wanted, explain, find_indicator

    find_indicator(indicator)
    wanted = Wanted(indicator, None if material == "-" else material, stage, good, region_id(region), year)
    answer = explain(load_dataset(), wanted, studies=_read_studies(study, probability))
    if as_json:
        print_json(answer)
    else:
        _print_explanation(answer)


def _refuse_words_before(context: typer.Context) -> None:
    """Options that stand before `list` or `explain` would be passed over.

    Raises:
        UsageError: there is one.
    """
    from derisk.errors import Problem, UsageError

    sources = {name: context.get_parameter_source(name) for name in context.params}
    given = [name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if given:
        command = f"derisk indicators {context.invoked_subcommand}"
        word = "--json" if given[0] == "as_json" else f"--{given[0]}"
        what = f"{word} stands before {context.invoked_subcommand}, where it says nothing"
        raise UsageError(Problem(what, command, "options of a command after its name", f"{command} --help"))


def _nothing_fits(indicator: str | None, *, studies: bool) -> Problem:
    """Why no line is left: an indicator of studies without a study, or words that exclude each other."""
    from derisk.errors import Problem
    from derisk.indicators import CATALOGUE, needs_study

    if indicator is not None and "studies" in CATALOGUE[indicator].needs and not studies:
        return needs_study(indicator)
    return Problem("no indicator fits these words", "dataset", hint="leave one of the words out")


def _year(text: str | None) -> tuple[int | None, bool]:
    """The year asked for, and whether every year is."""
    from derisk.errors import InputError, Problem

    if text is None or text == "all":
        return None, text == "all"
    if not text.isdecimal():
        raise InputError(Problem(f"year '{text}' is no year", allowed="a year, or `all`", hint="--year 2024"))
    return int(text), False


def _read_studies(folders: Sequence[Path] | None, chances: Sequence[float] | None) -> list[StudyLosses]:
    from derisk.errors import InputError, Problem

    if len(folders or ()) != len(chances or ()):
        what = f"{len(folders or ())} times --study and {len(chances or ())} times --probability"
        raise InputError(Problem(what, allowed="a probability for each study", hint="--study DIR --probability 0.05"))
    if not folders:
        return []
    from derisk.indicators import read_study_losses
    from derisk.study import Study

    studies = [Study.open(folder) for folder in folders]
    return [
        read_study_losses(
            str(study.summary["scenario"]),
            study.losses,
            draws=int(study.summary["converged_draws"]),
            base_year=int(study.summary["base_year"]),
            probability_per_year=chance,
        )
        for study, chance in zip(studies, chances or ())
    ]


def _draw(lines: Sequence[dict[str, Any]], picture: Path) -> None:
    from derisk.indicators.picture import draw_indicators

    picture.write_text(draw_indicators(lines), encoding="utf-8")
    typer.echo(f"{picture} written", err=True)


def _ranked(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Indicator by indicator, worst first, absent values last."""
    from derisk.indicators import CATALOGUE

    places = {name: place for place, name in enumerate(CATALOGUE)}

    def badness(line: dict[str, Any]) -> tuple[int, bool, float, str, str, int]:
        value = line["value"]
        sign = -1.0 if CATALOGUE[line["indicator"]].worse == "higher" else 1.0
        ranked = 0.0 if value is None else sign * value
        return places[line["indicator"]], value is None, ranked, line["good"], line["region"], line["year"]

    return sorted(lines, key=badness)


def _print_lines(lines: Sequence[dict[str, Any]], *, limit: int) -> None:
    from itertools import groupby

    from rich import box
    from rich.table import Table
    from rich.text import Text

    from derisk.indicators import CATALOGUE

    console = page()
    for name, group in groupby(lines, key=lambda line: str(line["indicator"])):
        found = list(group)
        about = CATALOGUE[name]
        unit = "" if about.unit == "none" else f" [{about.unit}]"
        console.print(Text.assemble((about.title, "bold"), f"{unit}  {about.question}"))
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
        for column in ("", "good", "stage", "region", "year"):
            table.add_column(column)
        table.add_column("value", justify="right")
        for column in ("status", "source"):
            table.add_column(column, overflow="fold")
        for rank, line in enumerate(found[:limit], start=1):
            value = line["absent"] if line["value"] is None else f"{line['value']:.4g}"
            about_what = line["good"] or line["material"]
            words = (
                about_what,
                line["stage"],
                line["region"],
                str(line["year"]),
                value,
                line["status"],
                line["source"],
            )
            table.add_row(str(rank), *(Text(word) for word in words))
        console.print(table)
        absent = sum(1 for line in found if line["value"] is None)
        counted = f"{len(found)} line{'' if len(found) == 1 else 's'}"
        missing = f", {absent} without a value (--json names what is missing)" if absent else ""
        console.print(f"{counted}{missing}\n", style="dim")


def _print_explanation(answer: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console = page()
    about = ", ".join(filter(None, (answer["good"] or answer["material"], answer["region"], str(answer["year"]))))
    console.print(Text.assemble((answer["title"], "bold"), f" of {about}"))
    console.print(Text(answer["question"]))
    lines = {
        "formula": f"{answer['formula']}   ({answer['equation']})",
        "put in": answer["told"],
        "unit": "" if answer["unit"] == "none" else answer["unit"],
        "status": answer["status"],
        "method": answer["method"],
    }
    for name, text in lines.items():
        if text:
            console.print(Text.assemble((f"{name:<9}", "dim"), text))
    columns = ("field", "good", "region", "partner", "use", "period", "value", "unit", "source", "locator")
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    told = [name for name in columns if any(row.get(name) not in (None, "") for row in answer["rows"])]
    for name in told:
        table.add_column(name, justify="right" if name == "value" else "left", overflow="fold")
    for row in answer["rows"]:
        table.add_row(*(Text(_cell(row.get(name))) for name in told))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "withheld"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
