"""Comparison: a number that a publication prints beside the one derisk computes, and why they differ."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from derisk.data import load_dataset
from derisk.data.build import EMBEDDED
from derisk.data.dataset import Dataset
from derisk.indicators import Ground

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[3] / "shared" / "data")
)
NO_FILES = "no publishers' files here; set DERISK_PUBLISHER_FILES"
needs_files = pytest.mark.skipif(not PUBLISHER_FILES.is_dir(), reason=NO_FILES)


@dataclass(frozen=True)
class Comparison:
    """One claim of a publication."""

    publication: str
    where: str
    """Table, page or figure."""
    claim: str
    printed: float
    ours: float
    tolerance: float
    """How far ours may lie from the printed number, in its unit."""
    unit: str = ""
    why: str = ""

    @property
    def difference(self) -> float:
        """Ours less the printed number."""
        return self.ours - self.printed

    @property
    def agrees(self) -> bool:
        """Whether ours lies within the tolerance."""
        return abs(self.difference) <= self.tolerance


def name(comparison: Comparison) -> str:
    """How a test calls it."""
    return comparison.claim


@lru_cache(maxsize=1)
def shipped_dataset() -> Dataset:
    """The dataset the package carries, without a user's own rows."""
    return load_dataset(EMBEDDED)


@lru_cache(maxsize=1)
def ground() -> Ground:
    """The same as arrays."""
    return Ground(shipped_dataset())
