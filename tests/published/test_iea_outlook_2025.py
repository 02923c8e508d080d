"""International Energy Agency (2025), Global Critical Minerals Outlook: top three refiners, and N-1.

The agency's topic page gives the mean share of the three largest refining countries of copper, lithium, nickel, cobalt, graphite
and rare earths as 86 % in 2024. N-1: supply left without the largest supplier over demand left without it.
"""

from __future__ import annotations

import numpy as np
import pytest
from comparison import Comparison, ground

from derisk.indicators import measure
from derisk.indicators.n_minus_1 import n_minus_1

PUBLICATION = "International Energy Agency 2025, Global Critical Minerals Outlook"
REFINED = (
    ("copper", "refined_copper"), ("lithium", "lithium_chemical"), ("nickel", "refined_nickel"),
    ("cobalt", "refined_cobalt"), ("graphite", "battery_anode"), ("rare_earths", ""),
)  # fmt: skip
LARGEST = {"copper": "CHN", "lithium": "CHN", "nickel": "IDN", "cobalt": "CHN", "graphite": "CHN", "rare_earths": "CHN"}
TOP_THREE_2024 = 0.86
TOLERANCE = 0.01


def top_three(material: str, good: str) -> tuple[float, str]:
    """Share of the three largest refiners in 2024, and who is first."""
    found = measure(ground(), "top_share")
    keys = found.keys
    of_good = (keys["material"] == material) & (keys["good"] == good) & (keys["stage"] == "refining")
    (line,) = np.flatnonzero(of_good & (keys["year"] == 2024))
    return float(found.value[line]), str(found.components["largest"][line]).split("; ")[0]


def average() -> float:
    return float(np.mean([top_three(*refined)[0] for refined in REFINED]))


def compare() -> list[Comparison]:
    why = "magnet rare earths stand for rare earths; battery-grade for graphite; smaller refiners from other sources"
    claim = "share of the three largest refiners, mean of six minerals, 2024"
    return [
        Comparison(PUBLICATION, "topic page on critical minerals", claim, TOP_THREE_2024, average(), TOLERANCE, "", why)
    ]


def test_three_refiners_hold_86_percent_on_average():
    assert average() == pytest.approx(TOP_THREE_2024, abs=TOLERANCE)


@pytest.mark.parametrize(("material", "good"), REFINED)
def test_the_largest_refiner_is_the_one_named(material, good):
    assert top_three(material, good)[1] == LARGEST[material]


def test_n_minus_1_removes_supply_and_demand_of_the_largest_supplier():
    # 100 supplied, 60 of it by the largest; 90 demanded, 50 of it by the largest: 40 left for 40.
    assert float(n_minus_1(*map(np.asarray, (100.0, 60.0, 90.0, 50.0)))) == pytest.approx(1.0, abs=1e-12)


def test_copper_is_nearly_covered_because_its_largest_refiner_is_its_largest_user():
    found = measure(ground(), "n_minus_1")
    value = {good: float(v) for good, v in zip(found.keys["good"].tolist(), found.value.tolist())}
    assert value["refined_copper"] > 0.85
    assert value["battery_anode"] < 0.3
