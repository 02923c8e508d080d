"""Wall time of a whole study, cold (empty compile cache) and warm, and where a draw's time goes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run_seconds(scenario: str, draws: int, cache: Path) -> float:
    """Wall time of `derisk run` with the compile cache in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "derisk", "run", scenario, "--out", folder, "--draws", str(draws)],
            check=True,
            capture_output=True,
            env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        )
        return time.perf_counter() - start


def stage_seconds(scenario: str) -> dict[str, float]:
    """Seconds of each stage of one draw, compiled."""
    from derisk.data import load_dataset
    from derisk.ensemble import quantiles_of_draw
    from derisk.network import build_network
    from derisk.path import market_of, solve_months
    from derisk.scenario import load_scenario, realise
    from derisk.study.tables import tables_of_draw

    loaded, dataset = load_scenario(scenario), load_dataset()
    stages: dict[str, float] = {}
    for draw in (1, 2):  # the second is timed: the first compiles
        quantile = quantiles_of_draw(seed=loaded.seed, draw=draw)
        marks = [time.perf_counter()]
        network = build_network(dataset, base_year=loaded.base_year, quantile=quantile)
        marks.append(time.perf_counter())
        realisation = realise(loaded, network, quantile=quantile)
        marks.append(time.perf_counter())
        market = market_of(realisation)
        marks.append(time.perf_counter())
        months = solve_months(market, realisation, loaded.month_labels())
        marks.append(time.perf_counter())
        tables_of_draw(draw, realisation, months)
        marks.append(time.perf_counter())
        names = ("balance", "realise", "set up market", "solve months", "tables")
        stages = {name: later - earlier for name, earlier, later in zip(names, marks, marks[1:], strict=False)}
    return stages


def main() -> None:
    """Print a table, then the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="washington-2026")
    parser.add_argument("--draws", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        result = {
            "cold_s": run_seconds(options.scenario, options.draws, Path(cache)),
            "warm_s": run_seconds(options.scenario, options.draws, Path(cache)),
        }
    stages = stage_seconds(options.scenario)
    for name, value in {**result, **stages}.items():
        print(f"{name:<14} {value:8.3f} s")
    print(json.dumps(result | {"stages": stages}))


if __name__ == "__main__":
    main()
