"""Writes docs/replication.md from the comparisons of tests/published: what is printed, and what derisk computes.

python docs/write_replication.py
"""

from __future__ import annotations

import importlib
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "tests" / "published"
PAGE = ROOT / "docs" / "replication.md"
INTRODUCTION = """\
# Replication

Numbers that publications print, beside what derisk computes from the dataset's rows or from the publisher's tables
(`tests/published`). "Within" is the difference that counts as agreement: the printed precision, or a tenth where
inputs are missing. Numbers that do not agree are listed as well, with what is known of why. A figure that derisk takes
over unchanged is no replication and not listed. Where nobody prints a number, an independent recomputation stands in
its place and the second column says so.

<!-- written by docs/write_replication.py: edit the tests, not this page -->
"""


def comparisons() -> list[Comparison]:
    """Every comparison, publication by publication, in the order of the test files."""
    if str(PUBLISHED) not in sys.path:
        sys.path.insert(0, str(PUBLISHED))
    modules = [importlib.import_module(path.stem) for path in sorted(PUBLISHED.glob("test_*.py"))]
    return [found for module in modules if hasattr(module, "compare") for found in module.compare()]


def number(value: float, unit: str) -> str:
    """A number as the page prints it."""
    size = 0.0 if abs(value) < 1e-9 else abs(value)
    text = (
        f"{value:,.0f}" if size >= 1000 else f"{value:.3g}" if size >= 0.001 else "0" if size == 0.0 else f"{value:.1e}"
    )
    return f"{text} {unit}".strip()


def section(title: str, found: list[Comparison]) -> list[str]:
    """A publication's table."""
    lines = []
    for c in found:
        numbers = (number(value, c.unit) for value in (c.printed, c.ours, c.difference, c.tolerance))
        cells = (c.claim, c.where, *numbers, "yes" if c.agrees else "**no**", c.why)
        lines.append(f"| {' | '.join(cells)} |")
    head = [
        "| claimed | where | printed | ours | difference | within | why they differ |",
        "|---|---|---|---|---|---|---|",
    ]
    return [f"## {title}", "", *head, *lines, ""]


def page() -> str:
    """The whole page."""
    found = comparisons()
    agreeing = sum(1 for comparison in found if comparison.agrees)
    parts = [INTRODUCTION, f"{agreeing} of {len(found)} numbers agree.", ""]
    for title, group in groupby(found, key=lambda comparison: comparison.publication):
        parts += section(title, list(group))
    return "\n".join(parts)


if TYPE_CHECKING:
    from comparison import Comparison

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
