"""`derisk backtest`: episodes of the past beside what the program says of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.cli.progress import compile_with_notice, progress_bar
from derisk.errors import InputError, Problem, unknown_word

if TYPE_CHECKING:
    from derisk.backtest import CaseResult, Forecast


def run_cases(
    case: str | None,
    *,
    mode: str,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    table: str | None,
    volumes: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Run one case or all with a progress bar, print forecasts beside observations, draw a picture of each case."""
    with progress_bar(Console(stderr=True)) as bar:
        task = bar.add_task("reading the cases", total=None)
        from derisk.backtest import MODES, find_case, load_cases, load_volumes, run_backtest
        from derisk.backtest.figure import write_pictures
        from derisk.backtest.report import rows_of

        if mode not in MODES:
            raise InputError(unknown_word("mode", mode, tuple(MODES), where="--mode"))
        cases = load_cases(table)
        cases = (find_case(cases, case),) if case else cases
        known = load_volumes(volumes) if volumes or not table else ()
        folder = None if out is None else _folder(out)

        def show(name: str, done: int, wanted: int) -> None:
            bar.update(task, description=f"case {name}", completed=done, total=wanted)

        compile_with_notice(bar, task)
        results = run_backtest(
            cases, known, mode=mode, draws=draws, seed=seed, workers=workers, out=folder, progress=show
        )
        pictures = [] if folder is None else write_pictures(results, folder)
    for result in results:
        if result.failure:
            print(f"{result.case.name}: {result.failure}", file=sys.stderr)
    if as_json:
        print_json(rows_of(results))
    else:
        _print_results(results, mode=mode)
        for picture in pictures:
            sys.stdout.write(f"{picture}\n")


def list_cases(file: str | None, *, as_json: bool) -> None:
    """Print the cases there are, each with its scenario and how many numbers were observed."""
    from derisk.backtest import load_cases
    from derisk.scenario import load_scenario

    rows = [
        {
            "case": case.name,
            "scenario": str(case.scenario),
            "observations": len(case.observations),
            "question": load_scenario(case.scenario).question,
        }
        for case in load_cases(file)
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("case", "scenario", "observed numbers", "question", box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row.values()))
    page().print(table)


def _folder(out: str) -> Path:
    """The folder for studies and pictures, made where it is missing.

    Raises:
        InputError: it names a file, or cannot be made.
    """
    path = Path(out) if out and "\0" not in out else None
    allowed, hint = "a folder, or one to be made", "name one: --out studies/backtest"
    if path is None or (path.exists() and not path.is_dir()):
        raise InputError(Problem(f"{out!r} is no folder", where="--out", allowed=allowed, hint=hint))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _print_results(results: Sequence[CaseResult], *, mode: str) -> None:
    from derisk.backtest import score
    from derisk.backtest.report import lines_of

    console = page()
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for name in ("case", "what was observed"):
        table.add_column(name, overflow="fold")
    for name in ("month", "observed", "median", "80 %", "log error", "direction"):
        table.add_column(name, justify="left" if name == "direction" else "right", no_wrap=True)
    for result in results:
        for forecast in result.forecasts:
            table.add_row(*_cells(forecast))
    console.print(table)
    scores = score(forecast for result in results for forecast in result.forecasts)
    for line in lines_of(scores, mode=mode):
        words = f"  wanted {line.wanted}: {'met' if line.reached else 'missed'}" if line.wanted else ""
        verdict = Text(words, "green" if line.reached else "red")
        console.print(Text.assemble((f"{line.name:<31}", "dim"), line.value) + verdict)
    cases = "1 case" if len(results) == 1 else f"{len(results)} cases"
    console.print(Text(f"{scores.rows} numbers of {cases} scored, {mode}; all are ratios", style="dim"))


def _cells(forecast: Forecast) -> tuple[Text, ...]:
    from derisk.vocabulary.names import month_label

    right = {True: Text("right", "green"), False: Text("wrong", "red"), None: Text("", "dim")}
    error = forecast.log_error
    interval = "" if forecast.low is None else f"{_ratio(forecast.low)} to {_ratio(forecast.high)}"
    return (
        Text(forecast.case),
        Text(forecast.metric),
        Text(month_label(forecast.month), "dim"),
        Text(_ratio(forecast.observed), "bold"),
        Text(_ratio(forecast.predicted)),
        Text(interval, "dim"),
        Text("input", "dim") if not forecast.scored else Text("" if error is None else f"{error:+.2f}"),
        right[forecast.direction_right],
    )


def _ratio(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}" if abs(value) >= 0.0005 else "0"
