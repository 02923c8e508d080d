"""`derisk run` and `derisk brief`: a study on disk, a summary on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from derisk.cli.summary_view import print_summary


def run_scenario(
    scenario: str, *, out: str, draws: int | None, seed: int | None, workers: int | None, as_json: bool
) -> None:
    """Run a scenario with a progress bar, write its brief, print what it found."""
    progress_console = Console(stderr=True)
    with _progress_bar(progress_console) as bar:
        task = bar.add_task("reading scenario and dataset", total=None)
        from derisk.brief import write_brief
        from derisk.data import load_dataset
        from derisk.scenario import load_scenario
        from derisk.study import run_study

        loaded, dataset = load_scenario(scenario), load_dataset()
        bar.update(task, description="balancing the base year")

        def show(done: int, wanted: int) -> None:
            bar.update(task, description="solving draws", completed=done, total=wanted)

        study = run_study(loaded, dataset=dataset, out=out, draws=draws, seed=seed, workers=workers, progress=show)
        bar.update(task, description="writing the brief")
        brief = write_brief(study, dataset=dataset)
    if as_json:
        print(json.dumps(study.summary | {"study": str(study.folder)}, indent=1, ensure_ascii=False))
        return
    console = Console()
    print_summary(study.summary, console)
    console.print(f"Study [dim]{study.folder}[/dim]", highlight=False)
    sys.stdout.write(f"{brief}\n")


def brief_study(study: str, *, out: str | None, as_json: bool) -> None:
    """Write the brief of a finished study again and print its path."""
    from derisk.brief import write_brief
    from derisk.data import load_dataset
    from derisk.study import Study

    path = write_brief(Study.open(study), dataset=load_dataset(), out=Path(out) if out else None)
    print(json.dumps({"brief": str(path)}) if as_json else path)


def _progress_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
