"""Path: seconds and memory of months in sequence, every good touched and six, and of whole studies of many draws.

    python benchmarks/path.py [--quick] [--draws-of-six N] [--draws N] [--json FILE]

Each case runs in a process of its own, kernels compiled before the clock starts. Prints a table with what is aimed at,
then the same as JSON. `wall` is the time on the clock, which other processes lengthen; `cpu` is processor time of all
threads, and of the processes that a study starts beside it, whose memory counts too. With `--quick` the studies have few draws, and are compared with no aim.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

MONTHS = 36
HEAD = """
name: every good
base_year: 2024
start: 2025-01
months: 36
measures:
"""
QUOTA = """
  - {kind: export_quota, by: [CHN, COD, CHL, AUS, IDN], to: all, goods: [GOODS], share_of_base: 0.7, from: 2025-02, why: benchmark}
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
"""Five goods named, and lithium concentrate, of which one of them is made."""
WASHINGTON = "washington-2026"
EVERY, ONE_QUOTA = "path, a quota on every good", "path, one quota over every good"
SIX, WASHINGTON_PATH = "path, six goods touched", f"path, {WASHINGTON}"
STUDY_OF_SIX, STUDY = "study, six goods touched", f"study, {WASHINGTON}, both lines"
FULL_DRAWS = {STUDY_OF_SIX: 1000, STUDY: 50}
QUICK_DRAWS = {STUDY_OF_SIX: 16, STUDY: 4}
AIM_S = {EVERY: 4.0, SIX: 0.5, STUDY_OF_SIX: 300.0, STUDY: 180.0}
AIM_GIB = {STUDY_OF_SIX: 2.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """One case; the clock starts after one path has been solved and everything is read."""

    wall_s: float
    cpu_s: float
    memory_gib: float
    """Most that the process ever held, and with it each process beside it."""
    steps: int
    """Newton steps of a path; 0 for a study."""
    failed: int
    """Months that did not converge."""


def path(name: str, threads: int = 2) -> Measured:
    """One path of 36 months of the central case, on the network of the goods it is about, on some threads."""
    from derisk.data import load_dataset
    from derisk.network import build_network
    from derisk.path import months_of, read_slow_rows
    from derisk.scenario import load_scenario, parse_scenario, realise
    from derisk.study.readiness import ready_dataset

    dataset = load_dataset()
    traded = [good for good in build_network(dataset).goods if not good.endswith("_residue")]
    scenario = {
        EVERY: lambda: parse_scenario(HEAD + "".join(QUOTA.replace("GOODS", good) for good in traded)),
        ONE_QUOTA: lambda: parse_scenario(HEAD + QUOTA.replace("GOODS", ", ".join(traded))),
        SIX: lambda: parse_scenario(SIX_GOODS),
        WASHINGTON_PATH: lambda: load_scenario(WASHINGTON).model_copy(update={"months": MONTHS}),
    }[name]()
    assumed = ready_dataset(scenario, dataset)
    network = build_network(assumed, base_year=scenario.base_year)
    rows, realisation = read_slow_rows(assumed, network, months=MONTHS), realise(scenario, network)
    months_of(realisation, rows)
    with _Clock() as clock:
        months = months_of(realisation, rows, threads=threads)
    steps = sum(month.equilibrium.iterations for month in months)
    return clock.measured(steps=steps, failed=sum(not month.equilibrium.converged for month in months))


def study(name: str, draws: int) -> Measured:
    """A whole study of 36 months, from the dataset to the tables and the summary on disk."""
    import derisk
    from derisk.scenario import load_scenario, parse_scenario

    scenario = parse_scenario(SIX_GOODS) if name == STUDY_OF_SIX else load_scenario(WASHINGTON)
    scenario = scenario.model_copy(update={"months": MONTHS})
    derisk.run_study(scenario.model_copy(update={"months": 1}), draws=1)  # compiles, or reads what is compiled
    with tempfile.TemporaryDirectory() as folder:
        with _Clock() as clock:
            done = derisk.run_study(scenario, out=Path(folder) / "study", draws=draws)
        failed = sum(int((~run.status["converged"]).sum()) for run in (done, done.without_remedies) if run is not None)
    return clock.measured(steps=0, failed=failed)


class _Clock:
    """Seconds between entering and leaving."""

    def __enter__(self) -> _Clock:
        self.wall, self.cpu = time.perf_counter(), _processor_s()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall, self.cpu = time.perf_counter() - self.wall, _processor_s() - self.cpu

    def measured(self, *, steps: int, failed: int) -> Measured:
        """What was measured, with the memory of the process so far, and of the largest beside it for each of them."""
        from derisk.ensemble import default_workers

        beside = default_workers() - 1
        own, largest = (resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        gib = (own + beside * largest) / (2**30 if sys.platform == "darwin" else 2**20)
        return Measured(self.wall, self.cpu, gib, steps, failed)


def _processor_s() -> float:
    """Seconds of the processor so far, of this process and of those that it started and that have ended."""
    used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(of.ru_utime + of.ru_stime for of in used)


def in_process_of_its_own(name: str, draws: int) -> dict[str, object]:
    """A case's numbers and aims; a study of fewer draws than its aim speaks of has none."""
    run = subprocess.run([sys.executable, __file__, "--case", name, str(draws)], check=True, stdout=subprocess.PIPE)
    whole = draws >= FULL_DRAWS.get(name, 0)
    aims = {"aim_s": AIM_S.get(name) if whole else None, "aim_gib": AIM_GIB.get(name) if whole else None}
    return {"case": name, "months": MONTHS, "draws": draws or None, **json.loads(run.stdout), **aims}


def line_of(found: dict[str, object]) -> str:
    """A case as a line of the table."""
    aim_s, aim_gib = found["aim_s"], found["aim_gib"]
    aims = [f"<= {aim_s:.4g} s"] if aim_s else []
    aims += [f"<= {aim_gib:g} GiB"] if aim_gib else []
    met = not (aim_s and found["wall_s"] > aim_s) and not (aim_gib and found["memory_gib"] > aim_gib)
    verdict = f"{', '.join(aims)}: {'met' if met else 'missed'}" if aims else ""
    return (
        f"{found['case']:<36} {found['draws'] or '':>5} {found['wall_s']:8.2f} s {found['cpu_s']:8.2f} s "
        f"{found['memory_gib']:6.2f} GiB {found['steps'] or '':>6} {found['failed']:>4}  {verdict}"
    )


def main() -> None:
    """Measure every case and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="studies of few draws")
    parser.add_argument("--draws-of-six", type=int, help="draws of the study of six goods; 0 for none")
    parser.add_argument("--draws", type=int, help=f"draws of the study of {WASHINGTON}; 0 for none")
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    parser.add_argument("--case", nargs=2, metavar=("NAME", "DRAWS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        name, draws = options.case[0], int(options.case[1])
        print(json.dumps(asdict(study(name, draws) if draws else path(name))))
        return
    draws = dict(QUICK_DRAWS if options.quick else FULL_DRAWS)
    wanted = {STUDY_OF_SIX: options.draws_of_six, STUDY: options.draws}
    draws |= {name: count for name, count in wanted.items() if count is not None}
    print(f"{'case':<36} {'draws':>5} {'wall':>10} {'cpu':>10} {'memory':>10} {'steps':>6} fail  aim")
    lines = []
    for name in (EVERY, ONE_QUOTA, SIX, WASHINGTON_PATH, *(name for name, count in draws.items() if count)):
        lines.append(in_process_of_its_own(name, draws.get(name, 0)))
        print(line_of(lines[-1]), flush=True)
    text = json.dumps(lines, indent=1) + "\n"
    if options.json:
        options.json.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
