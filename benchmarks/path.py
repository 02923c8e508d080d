"""Path: seconds for months in sequence, every good touched and six, and for whole studies.

    python benchmarks/path.py [--draws N] [--json FILE]

Prints a table. `cpu` is processor time of the thread that solves, warm: kernels compiled, one path solved before.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import derisk
from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path import months_of, read_slow_rows
from derisk.scenario import load_scenario, parse_scenario, realise

MONTHS = 36
EVERY_GOOD = """
name: every good
base_year: 2024
start: 2025-01
months: 36
measures:
  - {kind: export_quota, by: [CHN, COD, CHL, AUS, IDN], to: all, goods: GOODS, share_of_base: 0.7, from: 2025-02, why: benchmark}
"""
SIX_GOODS = """
name: six goods
base_year: 2024
start: 2025-01
months: 36
measures:
  - {kind: export_licence, by: CHN, to: all, goods: [gallium, germanium, natural_graphite, battery_anode, lithium_chemical],
     delay_months: 2, approval_share: 0.6, from: 2025-02, why: benchmark}
"""


def paths() -> list[dict[str, object]]:
    """Wall and processor seconds of single paths."""
    dataset = load_dataset()
    network = build_network(dataset)
    rows = read_slow_rows(dataset, network, months=MONTHS)
    traded = [good for good in network.goods if not good.endswith("_residue")]
    texts = {
        "every good touched": parse_scenario(EVERY_GOOD.replace("GOODS", f"[{', '.join(traded)}]")),
        "six goods touched": parse_scenario(SIX_GOODS),
        "washington-2026": load_scenario("washington-2026").model_copy(update={"months": MONTHS}),
    }
    lines = []
    for name, scenario in texts.items():
        realisation = realise(scenario, network)
        months_of(realisation, rows)
        wall, cpu = time.perf_counter(), time.thread_time()
        months = months_of(realisation, rows)
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        steps = sum(month.equilibrium.iterations for month in months)
        failed = sum(not month.equilibrium.converged for month in months)
        lines.append({"case": name, "months": MONTHS, "cpu_s": cpu, "wall_s": wall, "steps": steps, "failed": failed})
    return lines


def study(draws: int) -> dict[str, object]:
    """Wall seconds of washington-2026 over 36 months, with and without remedies, written to disk."""
    scenario = load_scenario("washington-2026").model_copy(update={"months": MONTHS})
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        done = derisk.run_study(scenario, out=Path(folder) / "study", draws=draws)
        seconds = time.perf_counter() - start
        failed = int((~done.status["converged"]).sum() + (~done.without_remedies.status["converged"]).sum())
    return {"case": f"study, {draws} draws, two lines", "months": MONTHS, "wall_s": seconds, "failed": failed}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=0, help="draws of a whole study; 0 for none")
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    options = parser.parse_args()
    lines = paths()
    if options.draws:
        lines.append(study(options.draws))
    for line in lines:
        print(
            "  ".join(f"{key} {value:.2f}" if isinstance(value, float) else f"{value}" for key, value in line.items())
        )
    if options.json:
        options.json.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
