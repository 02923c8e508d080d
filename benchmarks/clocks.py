"""Clocks and shocks that the benchmarks share: processor time beside wall time, and one way to draw a shock.

On a machine with other work only processor seconds mean anything; where they and the wall agree, it was quiet.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derisk.market import Shock

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Seconds:
    """What a piece of work took: of the processor, all threads together, and on the wall."""

    cpu: float
    wall: float


def taken(work: Callable[[], Any]) -> tuple[Any, Seconds]:
    """What a piece of work returns, and what it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    return answer, Seconds(time.process_time() - cpu, time.perf_counter() - wall)


def median(several: list[Seconds]) -> Seconds:
    """Median of either clock by itself."""
    return Seconds(statistics.median(one.cpu for one in several), statistics.median(one.wall for one in several))


def median_taken(work: Callable[[], Any], repeats: int) -> Seconds:
    """Median of several calls, after one that is not counted."""
    work()
    return median([taken(work)[1] for _ in range(repeats)])


def milliseconds(name: str, seconds: Seconds, share: float = 1.0) -> dict[str, float]:
    """Both clocks as two entries of a table, of a share of the work."""
    return {f"{name}_ms": 1e3 * seconds.cpu * share, f"{name}_wall_ms": 1e3 * seconds.wall * share}


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


def show(title: str, numbers: dict[str, Any]) -> None:
    """One block of a table."""
    print(title)
    for name, value in numbers.items():
        print(f"  {name:<30} {format(value, '.4g') if isinstance(value, (int, float)) else value}")


def write(name: str, result: object) -> None:
    """A result as JSON in the folder of results."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
