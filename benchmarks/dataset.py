"""Times of the dataset: opening in a fresh process, queries, lineage, the build, an import, an export."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

REPEATS = 5
OPENING = """
import time
start = time.perf_counter()
from derisk.data import load_dataset
dataset = load_dataset()
opened = time.perf_counter()
dataset.observations(field="trade", material="copper")
print(opened - start, time.perf_counter() - opened)
"""


def median_seconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median wall time of an action."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def opening_seconds() -> dict[str, float]:
    """A fresh process: imports and opening together, and the first query after it."""
    told = []
    for _ in range(REPEATS):
        run = subprocess.run([sys.executable, "-c", OPENING], check=True, capture_output=True, text=True)
        told.append([float(word) for word in run.stdout.split()])
    opened, first = (statistics.median(times) for times in zip(*told, strict=True))
    return {"open, imports and all": opened, "first query, pandas and texts loaded": first}


def query_seconds() -> dict[str, float]:
    """Queries on an open dataset."""
    from derisk.data import load_dataset
    from derisk.network.figures import read_figures

    dataset = load_dataset()
    dataset.rows(material="copper")
    return {
        "one material, one year": median_seconds(
            lambda: dataset.observations(field="trade", material="copper", period=2023)
        ),
        "one material, every year": median_seconds(lambda: dataset.observations(field="trade", material="copper")),
        "newest row of each key": median_seconds(lambda: dataset.latest("trade", up_to=2024)),
        "why": median_seconds(lambda: dataset.why("copper", "refining", "CHN", "2024")),
        "figures of a network": median_seconds(lambda: read_figures(dataset, base_year=2024)),
    }


def whole_seconds(folder: Path) -> dict[str, float]:
    """Build, export and import of the whole dataset, once each; the import merges and chooses anew."""
    from derisk.data import load_dataset
    from derisk.data.build import build_dataset
    from derisk.data.exports.export import export_dataset
    from derisk.data.importing import import_file

    source = Path(__file__).resolve().parents[1] / "dataset"
    dataset = load_dataset()
    package = folder / "rows.parquet"
    return {
        "build": median_seconds(lambda: build_dataset(source, folder / "built"), 1),
        "export as parquet": median_seconds(lambda: export_dataset(dataset, package, form="parquet"), 1),
        "import of that": median_seconds(lambda: import_file("derisk", package, user=folder / "user"), 1),
    }


def publisher_seconds(kind: str, file: Path, folder: Path) -> dict[str, float]:
    """Import of a publisher's file into an empty dataset of the user's."""
    from derisk.data.importing import import_file

    return {f"import {kind} {file.name}": median_seconds(lambda: import_file(kind, file, user=folder / "publisher"), 1)}


def main() -> None:
    """Print a table, then the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publication", nargs=2, metavar=("KIND", "FILE"), help="a publisher's file to import as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DERISK_DATA"] = str(Path(scratch) / "empty")
        from derisk.data import load_dataset

        rows = int(load_dataset().manifest["rows"])
        seconds = opening_seconds() | query_seconds() | whole_seconds(Path(scratch))
        if options.publication:
            kind, file = options.publication
            seconds |= publisher_seconds(kind, Path(file), Path(scratch))
    print(f"{rows} rows")
    for name, value in seconds.items():
        print(f"{name:<48} {value:9.4f} s")
    print(json.dumps({"rows": rows, "seconds": seconds}))


if __name__ == "__main__":
    main()
