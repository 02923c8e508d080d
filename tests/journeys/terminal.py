"""The command line: in a process of its own, as people start it, and in this one, where its start is not the question."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys

from derisk.cli.app import run_command_line


def derisk(*arguments: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run derisk with arguments in a process of its own; `check` is the exit code expected."""
    run = subprocess.run([sys.executable, "-m", "derisk", *arguments], capture_output=True, text=True, timeout=600)
    if check is not None:
        assert run.returncode == check, run.stdout + run.stderr
    return run


def derisk_here(*arguments: str, check: int = 0) -> subprocess.CompletedProcess[str]:
    """The same in this process: exit code and what is printed, without two seconds of imports."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command_line(list(arguments))
    assert code == check, out.getvalue() + err.getvalue()
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())
