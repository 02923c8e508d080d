"""Top-3 share: what part of the world's output its three largest suppliers make."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings
from derisk.indicators.supply import REGIONS
from derisk.vocabulary.regions import WORLD

Floats = NDArray[np.float64]
SUPPLIERS: Final = 3
ABOUT: Final = About(
    name="top_share",
    title="Share of the three largest suppliers",
    question="What part of the world's output do its three largest suppliers make?",
    formula="T3 = (output_1 + output_2 + output_3) / (named + other), the three largest",
    unit="share",
    equation="12.2",
    worse="higher",
    needs=("production", "production_share"),
    source="International Energy Agency (2025), Global Critical Minerals Outlook",
)


def top_share(output_t: Floats, other_t: Floats | float = 0.0, *, suppliers: int = SUPPLIERS) -> Floats:
    """Share of the largest suppliers in the total [share].

    Equation (12.2) of docs/theory/indicators.md. Suppliers not named count in the total alone.

    Args:
        output_t: what each named supplier makes, NaN where withheld, (..., region) [t].
        other_t: what the others make together, (...) [t].
        suppliers: how many of the largest are summed.

    Returns:
        Share, (...); NaN where nothing is made.
    """
    made = np.nan_to_num(np.asarray(output_t, dtype=np.float64), nan=0.0)
    total = made.sum(axis=-1) + other_t
    largest = np.sort(made, axis=-1)[..., -suppliers:].sum(axis=-1)
    return np.divide(largest, total, out=np.full(np.shape(largest), np.nan), where=total > 0.0)


def measure(ground: Ground) -> Readings:
    """Share of the three largest suppliers of each section, and who they are."""
    supply = ground.supply
    absent = supply.absent()
    made = np.nan_to_num(supply.output_t)
    value = np.where(absent == "", top_share(made, supply.other_t), np.nan)
    order = np.argsort(-made, axis=1, kind="stable")[:, :SUPPLIERS]
    total = np.where(supply.named_t + supply.other_t > 0.0, supply.named_t + supply.other_t, np.nan)
    shares = np.take_along_axis(made, order, axis=1) / total[:, None]
    names = np.array(REGIONS, dtype=object)[order]
    every = np.arange(supply.size)
    named = ["; ".join(name for name, share in zip(line, part) if share > 0.0) for line, part in zip(names, shares)]
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(every, WORLD),
        value=value,
        absent=absent,
        evidence=(supply.evidence(every),),
        components={
            "largest": np.array(named, dtype=object),
            "largest_share": shares[:, 0] if supply.size else np.zeros(0),
            "named_share": supply.named_share,
            "withheld": supply.withheld(),
        },
        told=lambda line: _tell(names[line], shares[line], value[line]),
    )


def _tell(names: np.ndarray, shares: np.ndarray, value: float) -> str:
    terms = " + ".join(f"{share:.4f} ({name})" for name, share in zip(names, shares) if share > 0.0)
    return f"T3 = {terms} = {value:.4f}"
