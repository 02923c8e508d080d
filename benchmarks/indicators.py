"""Time and memory of GeoPolRisk over everything: the shipped dataset in a fresh process, and a dense world in arrays.

python benchmarks/indicators.py
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time

REPEATS = 5
REGIONS, GOODS, YEARS, SHIPMENTS = 216, 60, 30, 2_000_000
SHIPPED, DENSE = "shipped dataset, cold", "every region, good and year, in arrays"


def shipped() -> int:
    """Scores of every importer, good and year of the shipped dataset; how many lines."""
    from derisk.data import load_dataset
    from derisk.indicators import Ground, measure

    return measure(Ground(load_dataset()), "geopolrisk").size


def dense() -> int:
    """Scores of a world where every region imports every good in every year; how many."""
    import numpy as np

    from derisk.indicators.concentration import herfindahl
    from derisk.indicators.geopolrisk import instability, score

    draw = np.random.default_rng(12)
    sections = GOODS * YEARS
    made = draw.lognormal(size=(sections, REGIONS)) * (draw.random((sections, REGIONS)) < 0.1)
    stability = draw.normal(0.0, 1.0, size=(sections, REGIONS))
    section, origin, importer = (draw.integers(0, n, SHIPMENTS) for n in (sections, REGIONS, REGIONS))
    quantity = draw.lognormal(size=SHIPMENTS)
    cell = section * REGIONS + importer
    imports = np.bincount(cell, quantity, minlength=sections * REGIONS).reshape(sections, REGIONS)
    risk = instability(stability)[section, origin]
    risky = np.bincount(cell, quantity * risk, minlength=sections * REGIONS).reshape(sections, REGIONS)
    return int(score(herfindahl(made)[:, None], risky, imports, made).size)


def run(name: str) -> dict[str, float]:
    """One measurement, in a process of its own."""
    start = time.perf_counter()
    lines = {SHIPPED: shipped, DENSE: dense}[name]()
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": time.perf_counter() - start, "memory_gib": kib / 2**20, "lines": lines}


def main() -> None:
    """Print a table, then the same as JSON."""
    found = {}
    for name in (SHIPPED, DENSE):
        runs = [
            json.loads(subprocess.run([sys.executable, __file__, name], check=True, capture_output=True).stdout)
            for _ in range(REPEATS)
        ]
        found[name] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    for name, measured in found.items():
        taken = f"{measured['seconds']:6.2f} s {measured['memory_gib']:6.2f} GiB"
        print(f"{name:<40} {taken} {measured['lines']:10,.0f} lines")
    print(json.dumps(found))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run(sys.argv[1])))
    else:
        main()
