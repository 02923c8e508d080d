"""HHI: how concentrated the world's supply of a good is, by the Herfindahl-Hirschman index."""

from __future__ import annotations

from typing import Final

import numpy as np

from derisk.indicators.about import About
from derisk.indicators.concentration import DEFAULT_OTHER, herfindahl
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings
from derisk.indicators.supply import REGIONS
from derisk.vocabulary.regions import WORLD

ABOUT: Final = About(
    name="hhi",
    title="Concentration of supply (HHI)",
    question="How concentrated is the world's supply of the good at this stage?",
    formula="HHI = sum over countries of s_c^2,  s_c = output_c / (named + other)",
    unit="none",
    equation="12.1",
    worse="higher",
    needs=("production", "production_share"),
    source="Hirschman (1964), American Economic Review 54, 761",
)


def measure(ground: Ground, *, other: str = DEFAULT_OTHER) -> Readings:
    """Concentration of each section; suppliers not named are treated as `other` says (see `herfindahl`)."""
    supply = ground.supply
    absent = supply.absent()
    value = np.where(absent == "", herfindahl(supply.output_t, supply.other_t, other=other), np.nan)
    every = np.arange(supply.size)
    total = supply.named_t + supply.other_t
    shares = np.nan_to_num(supply.output_t) / np.where(total > 0.0, total, np.nan)[:, None]
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(every, WORLD),
        value=value,
        absent=absent,
        evidence=(supply.evidence(every),),
        components={
            "named_share": supply.named_share,
            "other_share": np.divide(supply.other_t, total, out=np.zeros(supply.size), where=total > 0.0),
            "other_treated_as": np.full(supply.size, other, dtype=object),
            "withheld": supply.withheld(),
        },
        told=lambda line: _tell(shares[line], value[line]),
    )


def _tell(shares: np.ndarray, value: float) -> str:
    made = [place for place in np.argsort(-shares, kind="stable") if shares[place] > 0.0]
    terms = " + ".join(f"{shares[place]:.4f}² ({REGIONS[place]})" for place in made)
    return f"HHI = {terms} = {value:.4f}"
