"""What a market costs: one solve, a batch on threads, a gradient, a cold start, and how far that is from the machine's limit.

Run: `python benchmarks/market.py [--quick]`. Prints tables and writes `benchmarks/results/market.json`. Milliseconds are
of the processor; those on the wall stand beside them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np
from clocks import draw_shock, median, median_taken, milliseconds, show, taken, write

from derisk.market import Equilibrium, Market, Shock
from derisk.market.potential import look
from derisk.market.restrict import restrict
from derisk.market.synthetic import synthetic_network

MATERIALS = ("chain", "joint", "pair", "chain", "by_product", "chain", "joint", "single")
"""Eight materials, 25 goods."""
DATASET_DENSITY = 0.2
"""Share of pairs that trade; the dataset's own network of 45 regions and 21 goods has 310 links a good."""
LINK_ARRAYS = 10
"""Arrays of links that one look at a market passes over."""


def next_month(shock: Shock, seed: int) -> Shock:
    """The same measures a month on: caps a tenth tighter, demand two in a hundred up or down."""
    ratio = np.asarray(shock.demand_ratio)
    noise = 1.0 + 0.02 * np.random.default_rng(seed).standard_normal(ratio.size) * (ratio != 1.0)
    return Shock(
        flow_cap_t=0.9 * np.asarray(shock.flow_cap_t), capacity_ratio=shock.capacity_ratio, demand_ratio=ratio * noise
    )


def solves(arrays: dict[str, Any], *, goods: tuple[int, ...] | None, count: int) -> dict[str, float]:
    """Medians of one solve from the base, one from the month before, and one gradient of an outcome to every input."""
    market = Market(**arrays)
    shocks = [draw_shock(arrays, seed, goods=goods) for seed in range(count)]
    market.solve(shocks[0])
    cold, warm, back, steps, ratio = [], [], [], [], []
    for seed, shock in enumerate(shocks):
        month, seconds = taken(lambda shock=shock: market.solve(shock))
        cold.append(seconds)
        after = next_month(shock, seed)
        answer, seconds = taken(lambda after=after, month=month: market.solve(after, start=month))
        warm.append(seconds)
        steps.append(answer.iterations)
        outcome = {"use": np.isin(arrays["use_good"], range(market.goods) if goods is None else goods).astype(float)}
        if seed == 0:
            answer.gradient(outcome)
        back.append(taken(lambda answer=answer, outcome=outcome: answer.gradient(outcome))[1])
        ratio.append(back[-1].cpu / cold[-1].cpu)
        if not (month.converged and answer.converged):
            raise SystemExit(f"shock {seed} has not converged: {month.reason}{answer.reason}")
    return {
        "links": market.links,
        **milliseconds("from_base", median(cold)),
        **milliseconds("from_month_before", median(warm)),
        **milliseconds("gradient", median(back)),
        "gradient_over_solve": statistics.median(ratio),
        "newton_steps": statistics.median(steps),
    }


def batches(arrays: dict[str, Any], *, goods: tuple[int, ...] | None, count: int) -> dict[str, float]:
    """Markets a second, and a second of processor time, in a batch by number of threads; the numbers are the same."""
    market = Market(**arrays)
    shocks = [draw_shock(arrays, seed, goods=goods) for seed in range(count)]
    rates: dict[str, float] = {}
    first: list[Equilibrium] = []
    market.solve(shocks[0])
    for threads in (1, 2, 4):
        answers, seconds = taken(lambda threads=threads: market.solve_batch(shocks, threads=threads))
        rates[f"{threads}_threads_per_s"] = count / seconds.wall
        rates[f"{threads}_threads_per_processor_s"] = count / seconds.cpu
        first = first or answers
        if not all(np.array_equal(one.flow, two.flow) for one, two in zip(first, answers, strict=True)):
            raise SystemExit("the numbers depend on the threads")
    return rates


def free_cores() -> float:
    """How much faster two plain processes are than one after the other: 2 where two cores are free, 1 where one is."""
    command = [sys.executable, "-c", "x = 0\nfor i in range(20_000_000): x += i"]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    alone = time.perf_counter() - start
    start = time.perf_counter()
    for process in [subprocess.Popen(command) for _ in range(2)]:
        process.wait()
    return 2.0 * alone / (time.perf_counter() - start)


def limits(arrays: dict[str, Any]) -> dict[str, float]:
    """What one solve asks of the machine, and what a core here gives: powers, bytes, and how far off both it is.

    The limit of a look at every link is the longer of its powers in NumPy and its bytes at the speed of a copy; that of
    a solve is one such look a Newton step and material.
    """
    market = Market(**arrays)
    shock = draw_shock(arrays, 0)
    answer, checked = market.solve(shock), market.checked(shock)
    pieces = market.pieces(checked)
    parts = [restrict(piece, checked) for piece in pieces]

    def evaluate() -> None:
        for piece, part in zip(pieces, parts, strict=True):
            look(piece.component, part.terms, piece.component.node_price)

    each = median_taken(evaluate, 30)
    whole = median_taken(lambda: market.solve(shock), 10)
    numbers = np.exp(np.random.default_rng(0).uniform(-1.0, 1.0, market.links))
    libm = median_taken(lambda: np.exp(3.1 * np.log(numbers)), 30).cpu
    big = np.ones(4_000_000)
    target = np.empty_like(big)
    copy = median_taken(lambda: np.copyto(target, big), 10).cpu
    moved = 8 * LINK_ARRAYS * market.links
    powers = market.links + market.uses
    floor = max(powers * libm / market.links, moved * copy / (16.0 * big.size))
    return {
        "links": market.links,
        "powers_per_evaluation": powers,
        **milliseconds("evaluation", each),
        "evaluation_ns_per_link": 1e9 * each.cpu / market.links,
        "numpy_exp_log_ns": 1e9 * libm / market.links,
        "powers_ms_in_numpy": 1e3 * powers * libm / market.links,
        "bytes_per_evaluation": moved,
        "copy_bytes_per_s": 16.0 * big.size / copy,
        "bytes_ms_at_copy_speed": 1e3 * moved * copy / (16.0 * big.size),
        "evaluation_over_its_limit": each.cpu / floor,
        **milliseconds("solve", whole),
        "newton_steps": answer.iterations,
        "solve_over_one_look_a_step": whole.cpu / (floor * answer.iterations / len(pieces)),
    }


def cold_start() -> dict[str, float]:
    """First solve of a process, with an empty compile cache and with a full one."""
    code = (
        "import time; t = time.perf_counter(); c = time.process_time();"
        "from derisk.market import Market, Shock; from derisk.market.synthetic import synthetic_network;"
        "m = Market(**synthetic_network(1, regions=5, families=('chain',)));"
        "m.solve(Shock(demand_ratio=[1.1] * m.uses)); print(time.process_time() - c, time.perf_counter() - t)"
    )
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        told = []
        for _ in range(2):
            run = subprocess.run(
                [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True, env=environment
            )
            told.append([float(word) for word in run.stdout.split()])
    (empty, empty_wall), (full, full_wall) = told
    return {
        "empty_cache_s": empty,
        "empty_cache_wall_s": empty_wall,
        "full_cache_s": full,
        "full_cache_wall_s": full_wall,
    }


def main() -> None:
    """Print the tables and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats, no cold start")
    quick = parser.parse_args().quick
    regions, count = (12, 3) if quick else (50, 25)
    sparse = synthetic_network(1, regions=regions, families=MATERIALS, density=DATASET_DENSITY)
    dense = synthetic_network(1, regions=regions, families=MATERIALS)
    result: dict[str, Any] = {
        "machine": {"processors": os.cpu_count() or 0, "free_cores": free_cores()},
        "one material touched": solves(sparse, goods=(0, 1, 2), count=count),
        "every good touched": solves(sparse, goods=None, count=count),
        "every good touched, every pair trades": solves(dense, goods=None, count=count),
        "batch, one material touched": batches(sparse, goods=(0, 1, 2), count=20 if quick else 1000),
        "batch, every good touched": batches(sparse, goods=None, count=10 if quick else 200),
        "limits, every pair trades": limits(dense),
    }
    if not quick:
        result["cold start"] = cold_start()
    for title, numbers in result.items():
        show(title, numbers)
    write("market", result)


if __name__ == "__main__":
    main()
