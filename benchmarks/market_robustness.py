"""Ten thousand random shocks: which converge, which do not and why, and whether any answer marked converged is wrong.

Every answer marked converged is certified again, from its prices and quantities alone; a sample of small markets is
also solved by a conic solver. Run: `python benchmarks/market_robustness.py [--shocks N] [--conic N]`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from derisk.market import Market, Shock
from derisk.market.synthetic import synthetic_network

FAMILIES = (
    ("chain",),
    ("joint",),
    ("by_product", "pair"),
    ("chain", "single", "by_product"),
    ("joint", "pair"),
    ("chain", "joint", "single"),
)
MEASURES = ("ban", "cap", "quota", "quota over goods", "tax", "subsidy", "outage", "demand", "cut off", "every plant")
RESULTS = Path(__file__).resolve().parent / "results"


def draw_measures(arrays: dict[str, Any], rng: np.random.Generator) -> tuple[Shock, tuple[str, ...]]:
    """One to six measures at once on any good by any region, each of a severity between 0 and 1."""
    links, processes, uses = arrays["origin"].size, arrays["base_output_t"].size, arrays["base_use_t"].size
    goods, regions = arrays["trade_elasticity"].size, 1 + int(arrays["destination"].max())
    good_of, flow = arrays["good"], arrays["base_flow_t"]
    price = arrays["base_price_usd_per_t"][good_of]
    cap, wedge = np.full(links, np.inf), np.zeros(links)
    capacity, ratio = np.ones(processes), np.ones(uses)
    quotas: list[tuple[float, Any]] = []
    kinds = tuple(rng.choice(MEASURES, int(rng.integers(1, 7))))
    for kind in kinds:
        severity = float(rng.choice([rng.random(), rng.random(), 0.0, 1.0]))
        good = int(rng.integers(goods))
        shipped = np.bincount(arrays["origin"], flow * (good_of == good), regions)
        region = int(np.argsort(-shipped)[int(rng.integers(min(3, regions)))])
        exports = (arrays["origin"] == region) & (arrays["destination"] != region)
        own = exports & (good_of == good)
        left = 1.0 - severity
        if kind == "ban":
            cap[own] = 0.0
        elif kind == "cap":
            cap[own] = np.minimum(cap[own], left * flow[own])
        elif kind in ("quota", "quota over goods"):
            member = np.flatnonzero(own if kind == "quota" else exports)
            if member.size:
                quotas.append((left * float(flow[member].sum()), member))
        elif kind == "tax":
            wedge[own] += 10.0 * severity * price[own]
        elif kind == "subsidy":
            wedge[own] -= 0.9 * severity * price[own]
        elif kind == "outage":
            capacity[arrays["process_region"] == region] *= left
        elif kind == "demand":
            ratio[arrays["use_good"] == good] *= 1.0 + 9.0 * severity if rng.random() < 0.5 else left
        elif kind == "cut off":
            closed = (arrays["destination"] == region) & (arrays["origin"] != region) & (good_of == good)
            cap[closed] = np.minimum(cap[closed], left * flow[closed])
        else:
            capacity *= rng.uniform(left, 1.0 + severity, processes)
    more: dict[str, Any] = {}
    if quotas:
        more = {
            "quota_t": np.array([tonnes for tonnes, _ in quotas]),
            "quota_index": np.concatenate([np.full(m.size, k) for k, (_, m) in enumerate(quotas)]),
            "quota_link": np.concatenate([m for _, m in quotas]),
        }
    shock = Shock(flow_cap_t=cap, wedge_usd_per_t=wedge, capacity_ratio=capacity, demand_ratio=ratio, **more)
    return shock, kinds


@dataclass
class Tally:
    """What came out."""

    solved: int = 0
    converged: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    by_measure: Counter[str] = field(default_factory=Counter)
    failed_by_measure: Counter[str] = field(default_factory=Counter)
    worst: dict[str, float] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)


def run(shocks: int, networks: int) -> Tally:
    """Solve and certify; every answer is looked at twice."""
    tally = Tally()
    for number in range(networks):
        regions = 4 + number % 21
        arrays = synthetic_network(number, regions=regions, families=FAMILIES[number % len(FAMILIES)])
        market = Market(**arrays)
        for trial in range(shocks // networks):
            shock, kinds = draw_measures(arrays, np.random.default_rng([number, trial]))
            answer = market.solve(shock)
            certificate = market.certify(shock, answer)
            tally.solved += 1
            tally.steps.append(answer.iterations)
            tally.by_measure.update(set(kinds))
            name = f"network {number}, shock {trial} ({', '.join(kinds)})"
            if not answer.converged:
                tally.failed.append(f"{name}: {answer.reason}")
                tally.failed_by_measure.update(set(kinds))
                continue
            tally.converged += 1
            for part in ("imbalance", "complementarity", "gradient", "duality_gap"):
                tally.worst[part] = max(tally.worst.get(part, 0.0), getattr(certificate, part))
            if not certificate.holds:
                tally.wrong.append(f"{name}: {certificate}")
    return tally


def conic_differences(count: int) -> list[float]:
    """Largest difference from the conic solver's quantities, relative to world output, on small markets."""
    import market_primal

    differences = []
    for number in range(count):
        arrays = synthetic_network(5000 + number, regions=3, families=FAMILIES[number % 2], latent_share=1e-3)
        rng = np.random.default_rng(number)
        uses = arrays["base_use_t"].size
        world = np.bincount(arrays["good"], arrays["base_flow_t"], arrays["trade_elasticity"].size)
        arrays["trade_elasticity"] = rng.integers(2, 5, world.size).astype(float)
        arrays["demand_elasticity"] = 1.0 / rng.integers(2, 5, uses)
        arrays["base_price_usd_per_t"] = 1e6 / np.maximum(world, 1.0)
        value = rng.uniform(1.5, 6.0, uses)
        arrays["value_in_use_usd_per_t"] = arrays["base_price_usd_per_t"][arrays["use_good"]] * value
        market = Market(**arrays)
        shock, _ = draw_measures(arrays, rng)
        ours = market.solve(shock)
        if not ours.converged:
            continue
        net, problem = market.network, market_primal.state_primal(market, shock)
        main = np.argmax(net.process_good_matrix == 1.0, axis=1)
        tries = []
        for rescaled in (False, True):
            try:
                theirs = problem.solve(rescaled=rescaled)[:3]
            except market_primal.cp.SolverError:
                continue
            goods = net.link_good, main, net.use_good
            pairs = zip((ours.flow, ours.production, ours.use), theirs, goods, strict=True)
            tries.append(max(float(np.max(np.abs(mine - other) / world[good])) for mine, other, good in pairs))
        differences.append(min(tries, default=float("nan")))
    return differences


def main() -> None:
    """Print the table, every exception with its reason, and write the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shocks", type=int, default=10_000)
    parser.add_argument("--networks", type=int, default=50)
    parser.add_argument("--conic", type=int, default=40)
    options = parser.parse_args()
    start = time.perf_counter()
    tally = run(options.shocks, options.networks)
    seconds = time.perf_counter() - start
    print(f"shocks {tally.solved}, converged {tally.converged}, not converged {len(tally.failed)}")
    print(f"marked converged without a certificate: {len(tally.wrong)}")
    print(f"Newton steps: median {np.median(tally.steps):.0f}, most {max(tally.steps)}; {seconds:.0f} s")
    for part, value in tally.worst.items():
        print(f"  worst {part.replace('_', ' '):<16} {value:.1e}")
    print(f"{'measure':<18}{'shocks':>8}{'failed':>8}")
    for kind in MEASURES:
        print(f"{kind:<18}{tally.by_measure[kind]:>8}{tally.failed_by_measure[kind]:>8}")
    for line in tally.wrong + tally.failed:
        print(line)
    differences = conic_differences(options.conic) if options.conic else []
    if differences:
        share = float(np.mean(np.array(differences) < 1e-6))
        print(f"against the conic solver: {len(differences)} markets, median {np.nanmedian(differences):.1e},", end=" ")
        print(f"largest {np.nanmax(differences):.1e}, below 1e-6 in {share:.0%}")
    RESULTS.mkdir(exist_ok=True)
    result = {
        "shocks": tally.solved,
        "converged": tally.converged,
        "wrong": tally.wrong,
        "failed": tally.failed,
        "worst": tally.worst,
        "steps_median": float(np.median(tally.steps)),
        "steps_most": max(tally.steps),
        "conic_differences": differences,
        "seconds": seconds,
    }
    (RESULTS / "market_robustness.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
