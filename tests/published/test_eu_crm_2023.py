"""European Commission (2023), Study on the Critical Raw Materials for the EU: supply risk and economic importance.

Annex 4 prints SR and EI to one decimal. Supply shares with trade parameters, and end-use shares with value added, are the
study's tables; import reliance and substitution indices are not among them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache

import numpy as np
import pytest
from comparison import PUBLISHER_FILES, Comparison, ground, name, needs_files, shipped_dataset

from derisk.indicators import measure
from derisk.indicators.eu_economic_importance import economic_importance
from derisk.indicators.eu_supply_risk import supply_risk

PUBLICATION = "European Commission 2023, Study on the Critical Raw Materials for the EU"
SUPPLY_RISK = {"gallium": 3.9, "niobium": 4.4, "natural_graphite": 1.8, "tungsten": 1.2, "magnesium": 4.1}
"""Annex 4, SR 2023, by good at the stage compared."""
WITHIN_SHARE = 0.10
HALF_A_DIGIT = 0.05
PLATINUM_GROUP = "platinum_group_metals"
"""Printed as the mean of five metals, of which the dataset holds three."""
WHY = "no substitution index of 2023 is among the tables: 1 is taken; reliance is one less members' part of sourcing"
DIFFERING = {
    "copper": "0.1 stands for 0.05 to 0.15, met by a net reliance up to 0.15; ours, members' part of sourcing, is 0.57",
    "fluorspar": "met by a net reliance of 0.27 to 0.45; ours is 0.64, that of 2017 is 0.70: not explained",
    "germanium": "the tables repeat the world's shares as the Union's sourcing: no reliance gives less than 3.8",
    "indium": "met by a net reliance up to 0.08, as in 2017 (0); ours, members' part of sourcing, is 0.29",
    "nickel": "0.5 stands for 0.45 to 0.55, met by a net reliance up to 0.42; ours is 0.76, that of 2017 is 0.59",
    "tellurium": "0.3 stands for 0.25 to 0.35, met by a net reliance up to 0.07; ours, members' part of sourcing, is 0.42",
}
"""Materials whose line in `derisk indicators` lies further than a tenth from Annex 4, and what is known of it."""
SCORES = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2023_dimension_CRMsOverTime.csv"
USES = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2023_fact_MaterialUseShares.csv"
INDICES = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2017_criticality_tables_3_18_19.csv"
PARTS = ("world_concentration", "eu_concentration", "import_reliance_share", "recycling_share")


def risk_line(good: str) -> tuple[float, list[float]]:
    """Value of a good's line and the parts it is made of."""
    found = measure(ground(), "eu_supply_risk")
    (line,) = np.flatnonzero(found.keys["good"] == good)
    return float(found.value[line]), [float(found.components[part][line]) for part in PARTS]


def raw_share_comparisons() -> list[Comparison]:
    """Five materials named before anything was computed."""
    return [
        Comparison(
            PUBLICATION, "Annex 4, SR 2023", f"supply risk of {good} from raw shares, index 1",
            printed, float(supply_risk(*map(np.asarray, risk_line(good)[1]), 1.0)), WITHIN_SHARE * printed, "", WHY,
        )
        for good, printed in SUPPLY_RISK.items()
    ]  # fmt: skip


def shipped_comparisons() -> dict[str, Comparison]:
    """Every material with one score in Annex 4, at its riskier stage, against the lines of `derisk indicators`."""
    printed = shipped_dataset().observations(field="supply_risk", period="2023", region="EUU", good="")
    found = measure(ground(), "eu_supply_risk")
    comparisons = {}
    for material, score in zip(printed["material"], printed["value"].tolist()):
        of_material = (found.keys["material"] == material) & ~np.isnan(found.value)
        if not of_material.any() or material == PLATINUM_GROUP:
            continue
        line = int(np.argmax(np.where(of_material, found.value, -np.inf)))
        claim = f"supply risk of {material} at its riskier stage, {found.keys['good'][line]}, index of 2017"
        why = DIFFERING.get(material, "the substitution index is that of 2017")
        ours, within = float(found.value[line]), max(WITHIN_SHARE * score, HALF_A_DIGIT)
        comparisons[material] = Comparison(PUBLICATION, "Annex 4, SR 2023", claim, score, ours, within, "", why)
    return comparisons


@lru_cache(maxsize=1)
def implied_substitution() -> dict[str, float]:
    """Printed EI over the one computed with a substitution index of 1, by material."""
    with SCORES.open(encoding="utf-8") as file:
        printed = {line["Material"]: line["EI"] for line in csv.DictReader(file) if line["Year"] == "2023"}
    uses: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with USES.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            share = line["Share"].strip().rstrip("%").lstrip("<>")
            if share and line["VA in million €"]:
                uses[line["Material"]].append((float(share) / 100, float(line["VA in million €"])))
    top = max(added for pairs in uses.values() for _, added in pairs)
    return {
        material: float(printed[material])
        / float(economic_importance(*np.array(pairs).T, 1.0, largest_value_added_musd=top))
        for material, pairs in uses.items()
        if printed.get(material, "-") not in ("-", "")
    }


IMPORTANCE_DIFFERING = {"Aggregates", "Copper", "Iron ore", "Selenium", "Limestone", "Talc"}
"""Materials whose recomputed importance lies further than a tenth from the printed one; copper's use shares in the table are
known to be wrong, of the others the index of 2017 need not be that of 2023."""


@lru_cache(maxsize=1)
def importance_ratios() -> dict[str, float]:
    """Economic importance of 2023 from use shares, value added and the index of 2017, over the printed one."""
    with INDICES.open(encoding="utf-8") as file:
        index = {_stem(line["material"]): line["SI_EI"] for line in csv.DictReader(file)}
    return {
        material: float(index[_stem(material)]) / implied
        for material, implied in implied_substitution().items()
        if index.get(_stem(material))
    }


def _stem(material: str) -> str:
    return material.strip().lower().rstrip("s")


def compare() -> list[Comparison]:
    found = [*raw_share_comparisons(), *shipped_comparisons().values()]
    if not USES.is_file():
        return found
    index, ratios = implied_substitution(), importance_ratios()
    off = float(np.median(np.abs(np.array(list(ratios.values())) - 1.0)))
    few = f"{len(IMPORTANCE_DIFFERING)} of {len(ratios)} lie further than a tenth off, copper by half: its use shares in the table are wrong"
    why = "an index of 1 means nothing can replace the material; the study's indices lie a little below"
    return [
        *found,
        Comparison(
            PUBLICATION, "Annex 4, EI 2023", f"economic importance of {len(ratios)} materials, index of 2017, median relative difference",
            0.0, 100.0 * off, 100.0 * WITHIN_SHARE, "%", few,
        ),
        Comparison(
            PUBLICATION, "recomputed from EI 2023 and end-use shares", f"substitution index implied by EI, median of {len(index)}",
            0.95, float(np.median(list(index.values()))), 0.02, "", why,
        ),
        *(
            Comparison(
                PUBLICATION, "recomputed from EI 2023 and end-use shares", f"the same, {material}", 0.945, index[material], 0.045,
                "", "recomputed values are known to lie in 0.92-0.97, EI is printed to one decimal",
            )
            for material in ("Cobalt", "Gallium", "Antimony", "Tungsten")
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("comparison", raw_share_comparisons(), ids=name)
def test_supply_risk_is_within_a_tenth_of_the_printed_one(comparison):
    assert comparison.agrees


def test_shipped_lines_differ_from_the_printed_scores_only_where_this_is_written_down():
    found = shipped_comparisons()
    assert len(found) >= 20
    assert {material for material, comparison in found.items() if not comparison.agrees} == set(DIFFERING)


@pytest.mark.parametrize(
    ("good", "printed"), [("copper_concentrate", 0.1), ("indium", 0.6), ("refined_nickel", 0.5), ("tellurium", 0.3)]
)
def test_differing_lines_agree_at_a_net_reliance_of_nothing(good, printed):
    """A Union that sells as much as it buys has none; sourcing shares, which stand in for it, cannot say so."""
    world, union, _, recycled = risk_line(good)[1]
    found = measure(ground(), "eu_supply_risk")
    (line,) = np.flatnonzero(found.keys["good"] == good)
    index = float(found.components["substitution_index"][line])
    at_none = float(supply_risk(*map(np.asarray, (world, union, 0.0, recycled)), index))
    assert at_none == pytest.approx(printed, abs=HALF_A_DIGIT)


def test_germanium_has_the_worlds_shares_as_the_unions():
    world, union, _, recycled = risk_line("germanium")[1]
    assert world == pytest.approx(union, rel=0.01)
    lowest = min(
        float(supply_risk(*map(np.asarray, (world, union, reliance, recycled)), 1.0)) for reliance in (0.0, 1.0)
    )
    assert lowest > 3.8


@needs_files
def test_economic_importance_implies_plausible_substitution_indices():
    index = np.array(list(implied_substitution().values()))
    assert np.median(index) == pytest.approx(0.95, abs=0.02)
    assert np.mean((index >= 0.80) & (index <= 1.03)) >= 0.85


@needs_files
def test_importance_with_the_index_of_2017_is_near_the_printed_one():
    ratios = importance_ratios()
    assert len(ratios) >= 30
    assert {material for material, ratio in ratios.items() if abs(ratio - 1.0) > WITHIN_SHARE} == IMPORTANCE_DIFFERING


@needs_files
@pytest.mark.parametrize("material", ["Cobalt", "Gallium", "Antimony", "Tungsten"])
def test_economic_importance_of_single_materials(material):
    assert 0.90 <= implied_substitution()[material] <= 0.99


@needs_files
def test_the_scale_is_that_of_machinery():
    with USES.open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["VA in million €"]]
    largest = max(lines, key=lambda line: float(line["VA in million €"]))
    assert largest["NACE sector"].startswith("C28")
    assert float(largest["VA in million €"]) == pytest.approx(204_200, rel=0.001)
