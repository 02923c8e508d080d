"""The same markets solved by others: CVXPY with Clarabel, a fixed point by damped price steps, and gegravity's nearest question.

Run: `python benchmarks/peers.py [--quick]`. Peers solve the same problem to the same accuracy in the same run. Prints
tables and writes `benchmarks/results/peers.json`.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
from typing import Any

import numpy as np
from clocks import Seconds, draw_shock, median, median_taken, milliseconds, show, taken, write

from derisk.market import Market, Shock
from derisk.market.potential import look
from derisk.market.restrict import restrict
from derisk.market.synthetic import synthetic_network


def against_conic(count: int) -> dict[str, float]:
    """Clarabel's own seconds (statement in CVXPY left out) over ours, on the same markets, 20 regions and 9 goods.

    Clarabel reports seconds on the wall; its share of the processor is taken to be that of the whole call. A batch on two
    threads is compared by both clocks: by the wall it has the second core, and means something on a quiet machine only.
    """
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
    net, theirs, whole, differences = market.network, [], [], []
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    for shock in shocks:
        ours = market.solve(shock)
        problem = market_primal.state_primal(market, shock)
        (flow, production, use, told), seconds = taken(lambda problem=problem: problem.solve(tolerance=1e-12))
        whole.append(seconds)
        theirs.append(Seconds(told * min(seconds.cpu / seconds.wall, 1.0), told))
        pairs = ((ours.flow, flow, net.link_good), (ours.production, production, main), (ours.use, use, net.use_good))
        differences.append(max(float(np.max(np.abs(a - b) / world[g])) for a, b, g in pairs))
    many = [shocks[k % count] for k in range(200)]
    gc.collect()  # what stating the problems left behind is no part of a solve
    batch = median_taken(lambda: market.solve_batch(many, threads=2), 9)
    alone = median_taken(lambda: [market.solve(shock) for shock in shocks], 5)
    conic = median(theirs)
    return {
        "links": market.links,
        **milliseconds("clarabel", conic),
        **milliseconds("statement_and_clarabel", median(whole)),
        **milliseconds("alone", alone, 1.0 / count),
        **milliseconds("batch", batch, 1.0 / len(many)),
        "ratio_alone": conic.cpu * count / alone.cpu,
        "ratio_batch": conic.cpu * len(many) / batch.cpu,
        "ratio_batch_wall": conic.wall * len(many) / batch.wall,
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
    part = restrict(piece, market.checked(shock))
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
    (steps, residual), theirs = taken(fixed_point)
    mine = median_taken(lambda: market.solve(shock), 15)
    return {
        **milliseconds("ours", mine),
        **milliseconds("fixed_point", theirs),
        "fixed_point_steps": steps,
        "fixed_point_residual": residual,
        "ours_residual": ours.residual,
        "ratio": theirs.cpu / mine.cpu,
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
start, worked = time.perf_counter(), time.process_time()
model.simulate()
print(time.process_time() - worked, time.perf_counter() - start)
"""


GEGRAVITY_BEFORE = {
    "earlier_run_50_regions_s": 2.7,
    "earlier_run_60_regions_s": 2.06,
    "earlier_run_200_regions_s": 40.9,
}
"""Seconds of `simulate` on the wall in earlier runs, gegravity 0.3: told where it cannot be run, and no part of a ratio."""


def against_gegravity() -> dict[str, Any]:
    """A tax on one exporter among 50 regions: gegravity's `simulate`, and one good here.

    Another model (one sector of value, general equilibrium): the sizes are alike, the questions are not. It runs in the
    environment whose interpreter `GEGRAVITY_PYTHON` names, and is no dependency.
    """
    python = os.environ.get("GEGRAVITY_PYTHON")
    if python is None:
        return {"skipped": "GEGRAVITY_PYTHON names no interpreter with gegravity", **GEGRAVITY_BEFORE}
    run = subprocess.run([python, "-W", "ignore", "-c", GEGRAVITY, "50"], capture_output=True, text=True)
    if run.returncode != 0:
        return {"skipped": run.stderr.strip().splitlines()[-1], **GEGRAVITY_BEFORE}
    theirs = Seconds(*map(float, run.stdout.split()[-2:]))
    arrays = synthetic_network(5, regions=50, families=("single",))
    market = Market(**arrays)
    exports = (arrays["origin"] == arrays["origin"][0]) & (arrays["destination"] != arrays["origin"][0])
    shock = Shock(wedge_usd_per_t=np.where(exports, 0.2 * arrays["base_price_usd_per_t"][0], 0.0))
    mine = median_taken(lambda: market.solve(shock), 15)
    return {**milliseconds("gegravity", theirs), **milliseconds("ours", mine), "ratio": theirs.cpu / mine.cpu}


def main() -> None:
    """Print the tables and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one market for the conic solver")
    quick = parser.parse_args().quick
    result: dict[str, Any] = {
        "Clarabel, 20 x 9": against_conic(1 if quick else 7),
        "fixed point, 50 x 1": against_fixed_point(),
        "gegravity": against_gegravity(),
    }
    for title, numbers in result.items():
        show(title, numbers)
    write("peers", result)


if __name__ == "__main__":
    main()
