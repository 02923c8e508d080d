"""What a market costs: one solve, a batch, a gradient, growth with size, a cold start, and the same from its peers.

Run: `python benchmarks/market.py [--quick]`. Peers solve the same problem in the same run; only ratios within one run
mean anything on a shared machine. Prints tables, writes `benchmarks/results/market.json` and the growth curve.
"""

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
from typing import Any

import numpy as np

from derisk.market import Equilibrium, Market, Shock
from derisk.market.potential import look
from derisk.market.restrict import restrict
from derisk.market.synthetic import synthetic_network

RESULTS = Path(__file__).resolve().parent / "results"
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "market-growth.svg"
MATERIALS = ("chain", "joint", "pair", "chain", "by_product", "chain", "joint", "single")
"""Eight materials, 25 goods."""
DATASET_DENSITY = 0.2
"""Share of pairs that trade; the dataset's own network of 45 regions and 21 goods has 310 links a good."""


def median_seconds(work: Callable[[], Any], repeats: int, clock: Callable[[], float] = time.thread_time) -> float:
    """Median of one call, after one that is not counted; processor time of this thread, or another clock's."""
    work()
    seconds = []
    for _ in range(repeats):
        start = clock()
        work()
        seconds.append(clock() - start)
    return statistics.median(seconds)


def draw_shock(arrays: dict[str, Any], seed: int, *, goods: tuple[int, ...] | None = None) -> Shock:
    """Exports of a large producer cut by up to all, a tenth of plants hit, demand noisy, in some goods or in all."""
    rng = np.random.default_rng(seed)
    flow, good_of = arrays["base_flow_t"], arrays["good"]
    touched = range(arrays["trade_elasticity"].size) if goods is None else goods
    cap = np.full(flow.size, np.inf)
    for good in touched:
        shipped = np.bincount(arrays["origin"], flow * (good_of == good))
        top = int(np.argsort(-shipped)[rng.integers(3)])
        exports = (good_of == good) & (arrays["origin"] == top) & (arrays["destination"] != top)
        cap[exports] = flow[exports] * rng.uniform(0.0, 1.0)
    makes = (arrays["process_good_matrix"][:, list(touched)] > 0.0).any(axis=1)
    hit = makes & (rng.random(makes.size) < 0.1)
    used = np.isin(arrays["use_good"], list(touched))
    return Shock(
        flow_cap_t=cap,
        capacity_ratio=np.where(hit, rng.uniform(0.0, 1.0, makes.size), 1.0),
        demand_ratio=np.where(used, np.exp(0.05 * rng.standard_normal(used.size)), 1.0),
    )


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
        start = time.thread_time()
        month = market.solve(shock)
        cold.append(time.thread_time() - start)
        after = next_month(shock, seed)
        start = time.thread_time()
        answer = market.solve(after, start=month)
        warm.append(time.thread_time() - start)
        steps.append(answer.iterations)
        outcome = {"use": np.isin(arrays["use_good"], range(market.goods) if goods is None else goods).astype(float)}
        if seed == 0:
            answer.gradient(outcome)
        start = time.thread_time()
        answer.gradient(outcome)
        back.append(time.thread_time() - start)
        ratio.append(back[-1] / cold[-1])
        if not (month.converged and answer.converged):
            raise SystemExit(f"shock {seed} has not converged: {month.reason}{answer.reason}")
    return {
        "links": market.links,
        "from_base_ms": 1e3 * statistics.median(cold),
        "from_month_before_ms": 1e3 * statistics.median(warm),
        "gradient_ms": 1e3 * statistics.median(back),
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
        start, worked = time.perf_counter(), time.process_time()
        answers = market.solve_batch(shocks, threads=threads)
        rates[f"{threads}_threads_per_s"] = count / (time.perf_counter() - start)
        rates[f"{threads}_threads_per_processor_s"] = count / (time.process_time() - worked)
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


def against_conic(count: int) -> dict[str, float]:
    """Clarabel's own seconds (statement in CVXPY left out) over ours, on the same markets, 20 regions and 9 goods."""
    import market_primal

    arrays = synthetic_network(3, regions=20, families=("chain", "joint", "single"), latent_share=1e-3)
    rng = np.random.default_rng(3)
    world = np.bincount(arrays["good"], arrays["base_flow_t"], arrays["trade_elasticity"].size)
    arrays["base_price_usd_per_t"] = 1e6 / np.maximum(world, 1.0) * 1.2 ** np.arange(world.size)
    uses = arrays["base_use_t"].size
    arrays["demand_elasticity"] = 1.0 / rng.integers(2, 5, uses)
    arrays["trade_elasticity"] = rng.integers(2, 5, world.size).astype(float)
    price = arrays["base_price_usd_per_t"][arrays["use_good"]]
    arrays["value_in_use_usd_per_t"] = price * rng.uniform(1.5, 6.0, uses)
    market = Market(**arrays)
    shocks = [draw_shock(arrays, seed) for seed in range(count)]
    net, theirs, differences = market.network, [], []
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    for shock in shocks:
        ours = market.solve(shock)
        flow, production, use, seconds = market_primal.state_primal(market, shock).solve(tolerance=1e-12)
        theirs.append(seconds)
        pairs = ((ours.flow, flow, net.link_good), (ours.production, production, main), (ours.use, use, net.use_good))
        differences.append(max(float(np.max(np.abs(a - b) / world[g])) for a, b, g in pairs))
    many = [shocks[k % count] for k in range(200)]
    batch = median_seconds(lambda: market.solve_batch(many, threads=2), 3, time.perf_counter) / len(many)
    alone = median_seconds(lambda: [market.solve(shock) for shock in shocks], 5, time.perf_counter) / count
    return {
        "links": market.links,
        "clarabel_s": statistics.median(theirs),
        "alone_ms": 1e3 * alone,
        "batch_ms": 1e3 * batch,
        "ratio_alone": statistics.median(theirs) / alone,
        "ratio_batch": statistics.median(theirs) / batch,
        "largest_difference": max(differences),
    }


def against_fixed_point() -> dict[str, float]:
    """A NumPy fixed point on what it can state: one good, free links, output and use fixed: prices by scaling alone.

    With elasticity `b` the same for all and a wedge as a factor this is iterative proportional fitting; here flows are
    additive in the gap, so the fixed point takes damped steps of excess over slope, price by price.
    """
    arrays = synthetic_network(5, regions=50, families=("single",))
    market = Market(**arrays)
    shock = draw_shock(arrays, 1)
    ours = market.solve(shock)
    (piece,) = market.pieces(market.checked(shock))
    part = restrict(market.network, piece, market.checked(shock))
    component = piece.component

    def fixed_point() -> tuple[int, float]:
        price = component.node_price.copy()
        natural = component.node_throughput_t / component.node_price
        residual = 1.0
        step = 0
        while residual >= 1e-8 and step < 20_000:
            step += 1
            _, state = look(component, part.terms, price)
            residual = float(np.max(np.abs(state.gradient) / (component.node_throughput_t + state.gross)))
            slope = np.bincount(component.link_tail, state.flow_slope, price.size)
            slope += np.bincount(component.link_head, state.flow_slope, price.size)
            change = -state.gradient / (slope + natural * 0.1)
            price += np.clip(0.7 * change, -0.3 * price, 0.3 * price)
        return step, residual

    fixed_point()
    start = time.thread_time()
    steps, residual = fixed_point()
    theirs = time.thread_time() - start
    mine = median_seconds(lambda: market.solve(shock), 15)
    return {
        "ours_ms": 1e3 * mine,
        "fixed_point_ms": 1e3 * theirs,
        "fixed_point_steps": steps,
        "fixed_point_residual": residual,
        "ours_residual": ours.residual,
        "ratio": theirs / mine,
    }


GEGRAVITY = """
import sys, time
import numpy as np, pandas as pd
from gegravity import BaselineData, CostCoeffs, OneSectorGE
n = int(sys.argv[1])
rng = np.random.default_rng(1)
names = [f"C{i:03d}" for i in range(n)]
size, distance = rng.lognormal(0.0, 1.0, n), np.exp(rng.uniform(0.0, 2.0, (n, n)))
trade = np.outer(size, size) / distance * np.exp(0.3 * rng.standard_normal((n, n)))
pairs = [(i, j) for i in range(n) for j in range(n)]
spent, sold = trade.sum(axis=0), trade.sum(axis=1)
rows = [(names[i], names[j], "1", trade[i, j], spent[j], sold[i], np.log(distance[i, j]), 0.0) for i, j in pairs]
data = pd.DataFrame(rows, columns=["exporter", "importer", "year", "trade", "E", "Y", "distance", "tax"])
base = BaselineData(data, trade_var_name="trade", expend_var_name="E", output_var_name="Y")
table = pd.DataFrame({"name": ["distance", "tax"], "value": [-1.0, -4.0], "error": [0.1, 0.1]})
costs = CostCoeffs(table, identifier_col="name", coeff_col="value", stderr_col="error")
model = OneSectorGE(base, year="1", reference_importer=names[0], expend_var_name="E", output_var_name="Y", sigma=5,
                    cost_variables=["distance", "tax"], cost_coeff_values=costs, quiet=True)
model.build_baseline()
other = data.copy()
other.loc[(other["exporter"] == names[1]) & (other["importer"] != names[1]), "tax"] = 0.2
model.define_experiment(other)
start = time.perf_counter()
model.simulate()
print(time.perf_counter() - start)
"""


def against_gegravity() -> dict[str, Any]:
    """A tax on one exporter among 50 regions: gegravity's `simulate`, and one good here.

    Another model (one sector of value, general equilibrium): the sizes are alike, the questions are not. It runs in the
    environment whose interpreter `GEGRAVITY_PYTHON` names, and is no dependency.
    """
    python = os.environ.get("GEGRAVITY_PYTHON")
    if python is None:
        return {"skipped": "GEGRAVITY_PYTHON names no interpreter with gegravity"}
    run = subprocess.run([python, "-W", "ignore", "-c", GEGRAVITY, "50"], capture_output=True, text=True)
    if run.returncode != 0:
        return {"skipped": run.stderr.strip().splitlines()[-1]}
    theirs = float(run.stdout.split()[-1])
    arrays = synthetic_network(5, regions=50, families=("single",))
    market = Market(**arrays)
    exports = (arrays["origin"] == arrays["origin"][0]) & (arrays["destination"] != arrays["origin"][0])
    shock = Shock(wedge_usd_per_t=np.where(exports, 0.2 * arrays["base_price_usd_per_t"][0], 0.0))
    mine = median_seconds(lambda: market.solve(shock), 15, time.perf_counter)
    return {"gegravity_s": theirs, "ours_ms": 1e3 * mine, "ratio": theirs / mine}


def growth(sizes: list[tuple[int, int]]) -> list[dict[str, float]]:
    """Median of a solve from the base, every good touched, over regions and goods."""
    rows = []
    for regions, chains in sizes:
        names = tuple(("chain", "joint", "pair", "single", "by_product")[k % 5] for k in range(chains))
        arrays = synthetic_network(1, regions=regions, families=names, density=DATASET_DENSITY)
        start = time.perf_counter()
        market = Market(**arrays)
        build = time.perf_counter() - start
        answers = [market.solve(draw_shock(arrays, seed)) for seed in range(3)]
        seconds = median_seconds(lambda m=market, a=arrays: m.solve(draw_shock(a, 0)), 3)
        drawing = median_seconds(lambda a=arrays: draw_shock(a, 0), 3)
        steps = statistics.median(answer.iterations for answer in answers)
        passes = market.links * steps / len(market.pieces(market.checked(Shock())))
        rows.append(
            {
                "regions": regions,
                "goods": market.goods,
                "links": market.links,
                "build_ms": 1e3 * build,
                "solve_ms": 1e3 * (seconds - drawing),
                "newton_steps": steps,
                "ns_per_link_and_step": 1e9 * (seconds - drawing) / passes,
                "converged": float(all(answer.converged for answer in answers)),
            }
        )
    return rows


def limits(arrays: dict[str, Any]) -> dict[str, float]:
    """What one solve asks of the machine, and what a core here gives: powers, bytes, and sweeps over links."""
    market = Market(**arrays)
    shock = market.checked(draw_shock(arrays, 0))
    pieces = market.pieces(shock)
    parts = [restrict(market.network, piece, shock) for piece in pieces]

    def evaluate() -> None:
        for piece, part in zip(pieces, parts, strict=True):
            look(piece.component, part.terms, piece.component.node_price)

    each = median_seconds(evaluate, 30)
    numbers = np.exp(np.random.default_rng(0).uniform(-1.0, 1.0, market.links))
    libm = median_seconds(lambda: np.exp(3.1 * np.log(numbers)), 30)
    big = np.ones(4_000_000)
    target = np.empty_like(big)
    copy = median_seconds(lambda: np.copyto(target, big), 10)
    link_arrays = 10
    return {
        "links": market.links,
        "powers_per_evaluation": market.links + market.uses,
        "evaluation_ms": 1e3 * each,
        "evaluation_ns_per_link": 1e9 * each / market.links,
        "numpy_exp_log_ns": 1e9 * libm / market.links,
        "bytes_per_evaluation": 8 * link_arrays * market.links,
        "copy_bytes_per_s": 16.0 * big.size / copy,
        "bytes_ms_at_copy_speed": 1e3 * 8 * link_arrays * market.links / (16.0 * big.size / copy),
    }


def cold_start() -> dict[str, float]:
    """First solve of a process, with an empty compile cache and with a full one."""
    code = (
        "import time; t = time.perf_counter();"
        "from derisk.market import Market, Shock; from derisk.market.synthetic import synthetic_network;"
        "m = Market(**synthetic_network(1, regions=5, families=('chain',)));"
        "m.solve(Shock(demand_ratio=[1.1] * m.uses)); print(time.perf_counter() - t)"
    )
    with tempfile.TemporaryDirectory() as cache:
        seconds = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code],
                    check=True,
                    capture_output=True,
                    text=True,
                    env=os.environ | {"NUMBA_CACHE_DIR": cache},
                ).stdout
            )
            for _ in range(2)
        ]
    return {"empty_cache_s": seconds[0], "full_cache_s": seconds[1]}


def draw_growth(rows: list[dict[str, float]]) -> str:
    """The growth curve: time of a solve over links, both on logarithmic scales."""
    width, height, left, top, bottom = 720, 430, 80, 84, 58
    xs, ys = np.log10([r["links"] for r in rows]), np.log10([r["solve_ms"] for r in rows])
    low_x, high_x = np.floor(xs.min()), np.ceil(xs.max())
    low_y, high_y = np.floor(ys.min()), np.ceil(ys.max())

    def at(x: float, y: float) -> tuple[float, float]:
        across = left + (x - low_x) / (high_x - low_x) * (width - left - 30)
        return across, height - bottom - (y - low_y) / (high_y - low_y) * (height - bottom - top)

    largest = rows[-1]
    title = f"{largest['regions']:.0f} economies and {largest['goods']:.0f} goods: {_spoken(largest['solve_ms'])}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="13" fill="#333">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="24" y="32" font-size="19" font-weight="bold" fill="#111">{title}</text>',
        '<text x="24" y="54">Time to find one equilibrium from the base year, every good under shock, one core</text>',
    ]
    for tick in range(int(low_x), int(high_x) + 1):
        x, y = at(tick, low_y)
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">{10**tick:,}</text>')
    for tick in range(int(low_y), int(high_y) + 1):
        x, y = at(low_x, tick)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{width - 30}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{_spoken(10.0**tick)}</text>')
    points = [at(x, y) for x, y in zip(xs, ys, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f5f8b" stroke-width="2.5"/>')
    for (x, y), row in zip(points, rows, strict=True):
        label = f"{row['regions']:.0f} × {row['goods']:.0f}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5f8b"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y - 8:.1f}" text-anchor="end">{label}</text>')
    across = "trade links (at each point: regions × goods)"
    parts.append(f'<text x="{(left + width - 30) / 2:.0f}" y="{height - 14}" text-anchor="middle">{across}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _spoken(milliseconds: float) -> str:
    """A time as people say it."""
    if milliseconds < 1.0:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if milliseconds < 1000.0 else f"{milliseconds / 1000.0:.2g} s"


def show(title: str, numbers: dict[str, Any]) -> None:
    """One block of the table."""
    print(title)
    for name, value in numbers.items():
        print(f"  {name:<26} {value if isinstance(value, str) else format(value, '.4g')}")


def main() -> None:
    """Print the tables and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats, no picture")
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
        "against Clarabel, 20 x 9": against_conic(1 if quick else 7),
        "against a fixed point, 50 x 1": against_fixed_point(),
        "against gegravity": against_gegravity(),
        "limits, every pair trades": limits(dense),
    }
    if not quick:
        result["cold start"] = cold_start()
    for title, numbers in result.items():
        show(title, numbers)
    sizes = [(5, 3), (10, 3)] if quick else [(10, 4), (20, 5), (50, 5), (50, 10), (100, 10), (150, 15), (230, 21)]
    rows = growth(sizes)
    print("  ".join(f"{name:>20}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{value:>20.4g}" for value in row.values()))
    result["growth"] = rows
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "market.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if not quick:
        PICTURE.write_text(draw_growth(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
