"""Median time of `derisk --help` and `import derisk`, beside an empty Python in the same run."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

REPEATS = 7
COMMANDS = {
    "empty python": [sys.executable, "-c", "pass"],
    "import derisk": [sys.executable, "-c", "import derisk"],
    "derisk --help": [sys.executable, "-m", "derisk", "--help"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a table, then the same as JSON."""
    medians = {name: statistics.median(seconds(command) for _ in range(REPEATS)) for name, command in COMMANDS.items()}
    floor = medians["empty python"]
    for name, median in medians.items():
        print(f"{name:<16} {median:6.3f} s   {median / floor:5.1f} x empty python")
    print(json.dumps(medians))


if __name__ == "__main__":
    main()
