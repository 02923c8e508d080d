"""How the time of a solve grows with regions and goods: a table, JSON and the curve of docs/benchmarks.md.

Run: `python benchmarks/growth.py [--quick]`. Writes `benchmarks/results/growth.json` and, unless quick, the picture.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

import numpy as np
from clocks import draw_shock, median, milliseconds, taken, write

from derisk.market import Market, Shock
from derisk.market.synthetic import synthetic_network

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "market-growth.svg"
MATERIALS = ("chain", "single", "joint", "pair", "by_product")
"""Materials in turn, 14 goods a round."""
SIZES = ((10, 4), (20, 5), (50, 5), (50, 10), (100, 10), (150, 15), (230, 22))
"""Regions and materials; the largest has 60 goods."""
SMALL = ((5, 3), (10, 3))
DENSITY = 0.2
"""Share of pairs that trade."""
SHOCKS = 5


def growth(sizes: tuple[tuple[int, int], ...]) -> list[dict[str, float]]:
    """Median of a solve from the base, every good touched, over regions and goods."""
    rows = []
    for regions, chains in sizes:
        names = tuple(MATERIALS[k % len(MATERIALS)] for k in range(chains))
        arrays = synthetic_network(1, regions=regions, families=names, density=DENSITY)
        market, build = taken(lambda arrays=arrays: Market(**arrays))
        shocks = [draw_shock(arrays, seed) for seed in range(SHOCKS)]
        market.solve(shocks[0])
        solved = [taken(lambda market=market, shock=shock: market.solve(shock)) for shock in shocks]
        answers, seconds = [answer for answer, _ in solved], median([seconds for _, seconds in solved])
        steps = statistics.median(answer.iterations for answer in answers)
        passes = market.links * steps / len(market.pieces(market.checked(Shock())))
        rows.append(
            {
                "regions": regions,
                "goods": market.goods,
                "links": market.links,
                **milliseconds("build", build),
                **milliseconds("solve", seconds),
                "newton_steps": steps,
                "ns_per_link_and_step": 1e9 * seconds.cpu / passes,
                "converged": float(all(answer.converged for answer in answers)),
            }
        )
    return rows


def draw_growth(rows: list[dict[str, float]]) -> str:
    """The growth curve: time of a solve over links, both on logarithmic scales."""
    width, height, left, right, top, bottom = 720, 430, 80, 48, 84, 58
    xs, ys = np.log10([r["links"] for r in rows]), np.log10([r["solve_ms"] for r in rows])
    low_x, high_x = np.floor(xs.min()), np.ceil(xs.max())
    low_y, high_y = np.floor(ys.min()), np.ceil(ys.max())

    def at(x: float, y: float) -> tuple[float, float]:
        across = left + (x - low_x) / (high_x - low_x) * (width - left - right)
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
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{width - right}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{_spoken(10.0**tick)}</text>')
    points = [at(x, y) for x, y in zip(xs, ys, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f5f8b" stroke-width="2.5"/>')
    for (x, y), row in zip(points, rows, strict=True):
        label = f"{row['regions']:.0f} × {row['goods']:.0f}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5f8b"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y - 8:.1f}" text-anchor="end">{label}</text>')
    across = "trade links (at each point: regions × goods)"
    parts.append(f'<text x="{(left + width - right) / 2:.0f}" y="{height - 14}" text-anchor="middle">{across}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _spoken(milliseconds: float) -> str:
    """A time as people say it."""
    if milliseconds < 1.0:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if milliseconds < 1000.0 else f"{milliseconds / 1000.0:.2g} s"


def main() -> None:
    """Print the table, write it as JSON, draw the curve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, no picture")
    quick = parser.parse_args().quick
    rows = growth(SMALL if quick else SIZES)
    print("  ".join(f"{name:>20}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{value:>20.4g}" for value in row.values()))
    write("growth", rows)
    if not quick:
        PICTURE.write_text(draw_growth(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
