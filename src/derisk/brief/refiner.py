"""Refiner: the dominant refiner's shares, and the coalition's weight beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derisk.brief.figures.refiner_shares import draw_refiner_shares
from derisk.brief.ledger import Ledger
from derisk.brief.measures import restricted_materials
from derisk.brief.numbers import percent_tenth
from derisk.vocabulary.names import good_label, in_sentence, region_label


def refiner_part(facts: Mapping[str, Any], measures: list[dict[str, Any]], ledger: Ledger) -> dict[str, Any] | None:
    """What the section prints; None where the study is not about the refiner's goods, or nothing is known.

    Args:
        facts: as `context_of` returns them.
        measures: of the scenario.
        ledger: takes the lineage of each number.
    """
    rows = list(facts.get("refining_share") or [])
    refiner = facts.get("refiner")
    if refiner and not {str(row.get("material")) for row in rows} & restricted_materials(measures, by=str(refiner)):
        return None
    figure = draw_refiner_shares(rows, ledger, note=str(facts.get("refining_note") or ""))
    weights = _weights(facts, ledger)
    if figure is None and not weights:
        return None
    return {
        "figure": figure,
        "weights": weights,
        "name": region_label(str(refiner)) if refiner else "",
        "note": ledger.words(_note(facts), {"context": "coalition_gdp_share, first_use_share"}),
    }


def _weights(facts: Mapping[str, Any], ledger: Ledger) -> list[dict[str, Any]]:
    """The coalition's share of world output, and of the first use of each good."""
    weights, gdp = [], facts.get("coalition_gdp_share")
    if isinstance(gdp, Mapping):
        year = gdp.get("year")
        weights.append(_weight(f"World GDP{f' in {year}' if year else ''}, a proxy for demand", gdp, "gdp", ledger))
    for row in facts.get("first_use_share") or []:
        named = str(row.get("label") or good_label(str(row.get("good", ""))))
        assumed = ", assumed" if row.get("is_assumed") else ""
        weights.append(_weight(f"First use of {in_sentence(named)}{assumed}", row, named, ledger))
    return weights


def _note(facts: Mapping[str, Any]) -> str:
    note, uses = str(facts.get("weight_note") or ""), facts.get("first_use_share") or []
    if uses and all(row.get("is_assumed") for row in uses):
        note += " Its shares by country are assumed: orders of magnitude, recalled."
    return note.strip()


def _weight(label: str, row: Mapping[str, Any], named: str, ledger: Ledger) -> dict[str, Any]:
    lineage = {
        "row_ids": row.get("row_ids"),
        "context": "coalition",
        "filter": named,
        "rule": "sum over the members of the coalition, over the world",
        "ask": row.get("ask"),
    }
    return {
        "number": ledger.number(float(row["share"]), percent_tenth, lineage),
        "label": ledger.words(label, lineage),
    }
