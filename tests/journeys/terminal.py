"""The command line in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def derisk(*arguments: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run derisk with arguments; `check` is the exit code expected."""
    run = subprocess.run([sys.executable, "-m", "derisk", *arguments], capture_output=True, text=True, timeout=600)
    if check is not None:
        assert run.returncode == check, run.stdout + run.stderr
    return run
