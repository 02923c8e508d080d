"""U.S. Geological Survey (2026), Mineral Commodity Summaries: concentration from the world tables, and reliance.

HHI x 10,000 of 2024 and 2025 as recomputed from the data release by others, "other countries" dropped; net import reliance of the
United States as the chapters print it [% of apparent consumption].
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from comparison import Comparison, ground, name, shipped_dataset

from derisk.indicators import measure, net_import_reliance
from derisk.indicators.concentration import herfindahl

PUBLICATION = "U.S. Geological Survey 2026, Mineral Commodity Summaries"
SOURCE = "usgs-mcs-2026"
HHI_2025_2024 = {
    "copper_concentrate": (1036, 1062), "refined_copper": (2537, 2240), "lithium_concentrate": (2047, 2346),
    "cobalt_intermediate": (5554, 5766), "nickel_ore": (4594, 4048), "natural_graphite": (6447, 6765),
    "rare_earth_concentrate": (5072, 5192), "gallium": (9804, 9789), "magnesium": (7736, 7769),
    "tungsten_concentrate": (6234, 6777), "niobium_concentrate": (8709, 8578), "antimony_concentrate": (2582, 2645),
    "manganese_ore": (2248, 2382), "tantalum_concentrate": (3319, 3141), "vanadium_concentrate": (5623, 5428),
    "bismuth": (7453, 7462), "indium": (5181, 5181), "platinum_concentrate": (5324, 5226),
    "palladium_concentrate": (3311, 3267),
}  # fmt: skip
RELIANCE_PCT = {
    "antimony": (86, 91), "bismuth": (90, 92), "refined_cobalt": (74, 79), "refined_copper": (45, 57),
    "fluorspar": (100, 100), "gallium": (100, 100), "natural_graphite": (100, 100), "indium": (100, 100),
    "refined_nickel": (43, 41), "platinum": (85, 89), "vanadium": (46, 41),
}  # fmt: skip
TELLURIUM_2025_2024 = (6761, 6550)
WITHIN = 1.0
"""Printed without decimals."""
RELIANCE_WITHIN = 5.0
WHY_RELIANCE = "the survey counts stocks, scrap and every form; we count one good's primary output and customs code"
WHY_RELIANCE_OF = {
    "antimony": "the survey counts what smelters win from scrap as home supply, some 3,500 t a year; we count primary metal",
    "bismuth": "the survey counts 80 t won from scrap of 830 t used as home supply; we count primary metal",
    "tantalum": "the survey counts all forms and no home mine; ours is metal, which plants at home make of imported ore",
    "titanium_concentrate": "the survey rounds output and use to 100,000 t and withholds the rest",
    "vanadium": "the survey counts what is won from ash, residues and catalysts as home supply; we count primary output",
}
"""Goods whose reliance differs from the survey's, and by what."""
SPLIT_2024 = ("copper_concentrate", "refined_copper", "cobalt_intermediate")
"""Goods whose other countries of 2024 the dataset splits by country: the survey's own row for them is not held."""
WITHIN_SPLIT = 20.0
"""What the rounding of a world total of three digits does."""


@lru_cache(maxsize=1)
def tables() -> dict[tuple[str, str], dict[str, float]]:
    """The survey's own rows of output, chosen or not, by good and year, then by region; withheld rows left out."""
    rows = shipped_dataset().rows(field="production")
    rows = rows[(rows["source"] == SOURCE).to_numpy(dtype=bool) & rows["value"].notna().to_numpy(dtype=bool)]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for good, year, region, value in zip(rows["good"], rows["period"], rows["region"], rows["value"]):
        found.setdefault((good, year), {})[region] = value
    return found


def concentration(good: str, year: str, *, without: tuple[str, ...] = ()) -> float:
    """HHI x 10,000 of the survey's table; its other countries, where no row holds them, from its world total."""
    made = {region: value for region, value in tables()[good, year].items() if region not in without}
    named = np.array([value for region, value in made.items() if region not in ("WLD", "OTH")])
    other = made.get("OTH", made["WLD"] - named.sum() if good in SPLIT_2024 and year == "2024" else 0.0)
    return 1e4 * float(herfindahl(named, other))


def concentration_comparisons() -> list[Comparison]:
    found = []
    for good, pair in HHI_2025_2024.items():
        for year, printed in zip(("2025", "2024"), pair):
            split = good in SPLIT_2024 and year == "2024"
            why = "other countries are the rounded world total less the named" if split else "rounding"
            within = WITHIN_SPLIT if split else WITHIN
            claim, ours = f"HHI x 10,000 of {good}, {year}", concentration(good, year)
            found.append(
                Comparison(
                    PUBLICATION, f"recomputed from the world table, {year}", claim, printed, ours, within, "", why
                )
            )
    for year, printed in zip(("2025", "2024"), TELLURIUM_2025_2024):
        why = "the recomputation leaves Sweden out, which the table names; without it ours is the same"
        claim, ours = f"HHI x 10,000 of tellurium, {year}", concentration("tellurium", year)
        found.append(
            Comparison(PUBLICATION, f"recomputed from the world table, {year}", claim, printed, ours, WITHIN, "", why)
        )
    return found


def reliance_comparisons() -> list[Comparison]:
    found = measure(ground(), "net_import_reliance")
    of_usa = found.keys["region"] == "USA"
    comparisons = []
    for good, pair in RELIANCE_PCT.items():
        for year, printed in zip((2024, 2025), pair):
            (line,) = np.flatnonzero(of_usa & (found.keys["good"] == good) & (found.keys["year"] == year))
            comparisons.append(
                Comparison(
                    PUBLICATION, "salient statistics", f"net import reliance of the United States, {good}, {year}",
                    printed, 100 * float(found.value[line]), 0.5, "%", "the survey's own figure, at its stage",
                )
            )  # fmt: skip
    return comparisons


def computed_reliance_comparisons() -> list[Comparison]:
    """Our reliance of the United States from output and customs wherever the survey prints one; bounds left out."""
    ours, survey = net_import_reliance.measure(ground()), net_import_reliance.measure_published(ground())
    words = ("good", "region", "year")
    exact = survey.at(survey.statuses() != "bound")
    printed = dict(zip(zip(*(exact.keys[word].tolist() for word in words)), exact.value.tolist()))
    status = ours.statuses()
    found = []
    for line, key in enumerate(zip(*(ours.keys[word].tolist() for word in words))):
        if key in printed and key[1] == "USA" and status[line] not in ("", "bound"):
            claim = f"net import reliance of the United States from output and customs, {key[0]}, {key[2]}"
            pair = 100 * printed[key], 100 * float(ours.value[line])
            found.append(
                Comparison(
                    PUBLICATION,
                    "salient statistics",
                    claim,
                    *pair,
                    RELIANCE_WITHIN,
                    "%",
                    WHY_RELIANCE_OF.get(key[0], WHY_RELIANCE),
                )
            )
    return found


def compare() -> list[Comparison]:
    return [*concentration_comparisons(), *computed_reliance_comparisons()]


@pytest.mark.parametrize("comparison", [c for c in concentration_comparisons() if "tellurium" not in c.claim], ids=name)
def test_concentration_of_the_world_tables(comparison):
    assert comparison.agrees


@pytest.mark.parametrize(("year", "printed"), [("2025", 6761), ("2024", 6550)])
def test_tellurium_without_sweden_is_the_recomputed_figure(year, printed):
    assert concentration("tellurium", year, without=("SWE",)) == pytest.approx(printed, abs=2)


@pytest.mark.parametrize("comparison", reliance_comparisons(), ids=name)
def test_reliance_stands_at_the_stage_the_survey_means(comparison):
    assert comparison.agrees


def test_refined_copper_from_output_and_trade_is_near_the_survey():
    found = [c for c in computed_reliance_comparisons() if "refined_copper" in c.claim]
    assert len(found) >= 5
    assert [c.claim for c in found if not c.agrees] == []
