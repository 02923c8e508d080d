"""Governance-weighted concentration: squared shares of supply, each times how badly its country is governed."""

from __future__ import annotations

from typing import Final

import numpy as np

from derisk.indicators.about import About
from derisk.indicators.concentration import weighted_herfindahl
from derisk.indicators.governance import governance_score
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings, absences
from derisk.indicators.supply import REGIONS
from derisk.vocabulary.regions import WORLD

ABOUT: Final = About(
    name="governance_concentration",
    title="Governance-weighted concentration",
    question="How concentrated is supply in countries that are governed badly?",
    formula="HHI_WGI = sum over countries of s_c^2 g_c,  g_c = 5 - 2 x mean of the six governance indicators",
    unit="none",
    equation="12.4",
    worse="higher",
    needs=("production", "production_share", "governance_voice_and_accountability", "governance_political_stability",
           "governance_government_effectiveness", "governance_regulatory_quality", "governance_rule_of_law",
           "governance_control_of_corruption"),
    source="European Commission (2017), Methodology for establishing the EU list of critical raw materials",
)  # fmt: skip


def measure(ground: Ground) -> Readings:
    """Weighted concentration of each section, with the governance of its year or the newest before."""
    supply, governance = ground.supply, ground.governance
    years = supply.keys["year"]
    score = governance_score(governance.at(years))
    makes = supply.output_t > 0.0
    absent = absences(supply.size, (supply.absent() != "", supply.absent()))
    lacking = governance.missing(years, makes)
    absent = np.where(absent == "", lacking, absent)
    value = np.where(absent == "", weighted_herfindahl(supply.output_t, score, supply.other_t), np.nan)
    every = np.arange(supply.size)
    place = governance.place_of_year(years)
    total = np.where(supply.named_t + supply.other_t > 0.0, supply.named_t + supply.other_t, np.nan)
    shares = np.nan_to_num(supply.output_t) / total[:, None]
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(every, WORLD),
        value=value,
        absent=absent,
        evidence=(supply.evidence(every), governance.evidence(years, makes)),
        components={
            "governance_year": np.where(place >= 0, governance.years[place], 0) if len(governance.years) else place,
            "named_share": supply.named_share,
            "withheld": supply.withheld(),
        },
        told=lambda line: _tell(shares[line], score[line], value[line]),
    )


def _tell(shares: np.ndarray, score: np.ndarray, value: float) -> str:
    made = [place for place in np.argsort(-shares, kind="stable") if shares[place] > 0.0]
    terms = " + ".join(f"{shares[place]:.4f}² × {score[place]:.2f} ({REGIONS[place]})" for place in made)
    return f"HHI_WGI = {terms} = {value:.4f}"
