"""Command line: `derisk`, its commands and its exit codes."""

from __future__ import annotations

import io
import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code is the error's own (0 fine, 2 usage, 3 to 7 as in `errors`)."""
    for pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(pool, "1")  # draws already fill the cores; set before NumPy loads
    from derisk.cli.app import run_command_line

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a letter that the terminal lacks is no reason to stop
    sys.exit(run_command_line(sys.argv[1:] if arguments is None else arguments))
