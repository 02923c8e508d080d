"""`derisk run` and `derisk brief`: a study on disk, a summary on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from derisk.cli.json_output import print_json
from derisk.cli.output_file import output_file
from derisk.cli.progress import compile_with_notice, progress_bar
from derisk.cli.summary_view import print_summary
from derisk.errors import InputError, Problem

ASSUMPTIONS = 10
"""How many assumptions `--sensitivity` solves again at both ends of their range."""


def run_scenario(
    scenario: str,
    *,
    out: str,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    sensitivity: int | None,
    attribution: int | None,
    as_json: bool,
) -> None:
    """Run a scenario with a progress bar, write its brief, print what it found."""
    progress_console = Console(stderr=True)
    with progress_bar(progress_console) as bar:
        task = bar.add_task("reading scenario and dataset", total=None)
        from derisk.brief import write_brief
        from derisk.data import load_dataset
        from derisk.scenario import load_scenario
        from derisk.study import describe_solves, run_study

        loaded, dataset = load_scenario(scenario), load_dataset()
        compile_with_notice(bar, task)
        bar.update(task, description="balancing the base year")

        def show(done: int, wanted: int) -> None:
            last = "varying the assumptions" if sensitivity and done == wanted else "solving draws"
            bar.update(task, description=last, completed=done, total=wanted)

        def show_attribution(done: int, wanted: int) -> None:
            bar.update(task, description="dividing the loss", completed=done, total=wanted)

        if attribution is not None and attribution > 0:
            progress_console.print(describe_solves(loaded, draws=attribution), highlight=False)
        study = run_study(
            loaded,
            dataset=dataset,
            out=out,
            draws=draws,
            seed=seed,
            workers=workers,
            sensitivity=sensitivity,
            attribution=attribution,
            progress=show,
            attribution_progress=show_attribution,
        )
        bar.update(task, description="writing the brief")
        brief = write_brief(study, dataset=dataset)
    if as_json:
        print_json(study.summary | {"study": str(study.folder)})
        return
    console = Console()
    print_summary(study.summary, console)
    console.print(Text.assemble("Study ", (str(study.folder), "dim")))
    console.print(Text(f"One country's part of it: derisk compare {study.folder} --region COUNTRY", style="dim"))
    sys.stdout.write(f"{brief}\n")


def brief_study(study: str, *, out: str | None, parts: str | None, as_json: bool) -> None:
    """Write the brief of a finished study again, and its parts where they are asked for, and print their paths."""
    from derisk.brief import write_brief, write_parts
    from derisk.data import load_dataset
    from derisk.study import Study

    path = None if out is None else _brief_file(out)
    opened, dataset = Study.open(study), load_dataset()
    brief = write_brief(opened, dataset=dataset, out=path)
    written = () if parts is None else write_parts(opened, _parts_folder(parts), dataset=dataset)
    if as_json:
        print_json({"brief": str(brief), "parts": [str(part) for part in written]})
    else:
        sys.stdout.write("".join(f"{part}\n" for part in (*written, brief)))


def _parts_folder(parts: str) -> Path:
    """The folder to write the parts of a brief to.

    Raises:
        InputError: it is a file, or cannot be made.
    """
    path = Path(parts)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError):
        allowed, hint = "a folder, new or not", "name one: --parts figures"
        raise InputError(Problem(f"{parts!r} cannot be made a folder", "--parts", allowed, hint)) from None
    return path


def _brief_file(out: str) -> Path:
    """The file to write a brief to; a PDF is made of it by a browser.

    Raises:
        InputError: it is empty, a folder, in a folder that does not exist, or no web page.
    """
    hint = "name one: --out brief.html"
    if out.lower().endswith(".pdf"):
        hint = "write brief.html, open it in a browser and print it: it is laid out for paper"
    return output_file(out, option="--out", ending=".html", hint=hint)
