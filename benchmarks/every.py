"""Every benchmark in turn, each in a process of its own, and one table of what they found beside what is aimed at.

Run: `python benchmarks/every.py [--quick]`, or `make bench`. Each writes its own JSON to `benchmarks/results`; the table is
`benchmarks/results/summary.json`. A row whose wall time is far above its processor time was measured on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from clocks import RESULTS, write

FOLDER = Path(__file__).resolve().parent
RUNS: dict[str, tuple[list[str], list[str]]] = {
    # benchmark: its arguments, and those of a quick run
    "market": ([], ["--quick"]),
    "growth": ([], ["--quick"]),
    "peers": ([], ["--quick"]),
    "path": (["--draws", "50", "--json", "{results}/path.json"], ["--json", "{results}/path.json"]),
    "market_robustness": ([], ["--shocks", "60", "--networks", "6", "--conic", "0"]),
}
SOLVES = (
    ("one material touched", "from_base", "a solve from the base, one material of 25 goods touched", "5 ms"),
    ("every good touched", "from_base", "a solve from the base, all 25 goods touched", "5 ms"),
    ("every good touched", "from_month_before", "a solve from the month before", "5 ms"),
    ("every good touched", "gradient", "a gradient by every input", "2 solves"),
    ("every good touched, every pair trades", "from_base", "a solve from the base, every pair trades", "5 ms"),
)
Line = dict[str, Any]


def line(what: str, cpu: float | None, wall: float | None, unit: str, aim: str = "") -> Line:
    """One line of the table."""
    return {"what": what, "processor": cpu, "wall": wall, "unit": unit, "aim": aim}


def market_lines(found: dict[str, Any]) -> list[Line]:
    """Solves, batches on threads, the cold start, and the machine's limit."""
    lines = [
        line(what, found[block][f"{part}_ms"], found[block][f"{part}_wall_ms"], "ms", aim)
        for block, part, what, aim in SOLVES
    ]
    for block in ("batch, one material touched", "batch, every good touched"):
        for threads in (1, 2, 4):
            rates = [found[block][f"{threads}_threads_per_{clock}"] for clock in ("processor_s", "s")]
            lines.append(line(f"{block}, {threads} threads", *rates, "markets/s", "400 on two cores"))
    limit = found["limits, every pair trades"]
    lines.append(line("a look at every link", limit["evaluation_ms"], limit["evaluation_wall_ms"], "ms"))
    lines.append(line("a look over the machine's limit", limit["evaluation_over_its_limit"], None, "times"))
    lines.append(line("a solve over one such look a step", limit["solve_over_one_look_a_step"], None, "times"))
    if cold := found.get("cold start"):
        lines += [
            line(f"first solve, {name} cache", cold[f"{name}_cache_s"], cold[f"{name}_cache_wall_s"], "s")
            for name in ("empty", "full")
        ]
    return lines


def peer_lines(found: dict[str, Any]) -> list[Line]:
    """The others' time, and how many times ours it is."""
    conic, fixed, gravity = found["Clarabel, 20 x 9"], found["fixed point, 50 x 1"], found["gegravity"]
    lines = [
        line("Clarabel, 20 x 9", conic["clarabel_ms"], conic["clarabel_wall_ms"], "ms"),
        line("Clarabel over ours, alone", conic["ratio_alone"], None, "times"),
        line("Clarabel over ours, two threads", conic["ratio_batch"], conic["ratio_batch_wall"], "times", "800 times"),
        line("largest difference, of world output", conic["largest_difference"], None, "", "1e-6"),
        line("fixed point, 50 x 1", fixed["fixed_point_ms"], fixed["fixed_point_wall_ms"], "ms"),
        line("fixed point over ours", fixed["ratio"], None, "times"),
    ]
    if "ratio" in gravity:
        lines.append(line("gegravity over ours, 50 regions", gravity["ratio"], None, "times"))
    else:
        lines.append(line("gegravity, 50 regions, an earlier run", None, gravity["earlier_run_50_regions_s"], "s"))
    return lines


def summary(folder: Path) -> list[Line]:
    """The table, from what the benchmarks have written."""
    found = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in RUNS}
    growth = [
        line(f"{row['regions']} x {row['goods']}, {row['links']:,} links", row["solve_ms"], row["solve_wall_ms"], "ms")
        for row in found["growth"]
    ]
    paths = [line(row["case"], row.get("cpu_s"), row.get("wall_s"), "s") for row in found["path"]]
    shocks = found["market_robustness"]
    solved = line(f"converged of {shocks['shocks']:,} shocks", shocks["converged"], None, "", f"{shocks['shocks']:,}")
    return [*market_lines(found["market"]), *growth, *peer_lines(found["peers"]), *paths, solved]


def printed(number: float | None) -> str:
    """A number of the table, or nothing."""
    return "" if number is None else format(number, ".4g")


def main() -> None:
    """Run all, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    quick = parser.parse_args().quick
    RESULTS.mkdir(exist_ok=True)
    for name, arguments in RUNS.items():
        print(f"== {name}", flush=True)
        chosen = [word.format(results=RESULTS) for word in arguments[quick]]
        subprocess.run([sys.executable, str(FOLDER / f"{name}.py"), *chosen], check=True)
    lines = summary(RESULTS)
    write("summary", lines)
    print(f"\n{'':<56}{'processor':>12}{'wall':>12}  {'unit':<10} aim")
    for row in lines:
        print(
            f"{row['what']:<56}{printed(row['processor']):>12}{printed(row['wall']):>12}  {row['unit']:<10} {row['aim']}"
        )


if __name__ == "__main__":
    main()
