"""Progress: the bar of long work, on standard error, and nothing where nobody watches."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def progress_bar(console: Console) -> Progress:
    """A bar that leaves no trace once the work is done."""
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


def compile_with_notice(bar: Progress, task: TaskID) -> None:
    """Compile the solver where this machine has not yet, and say so; call it when all that was asked is checked."""
    from derisk.market.first_run import compile_kernels, needs_compiling

    if needs_compiling():
        bar.update(task, description="compiling the solver, once on this machine (about a minute)")
        compile_kernels()
