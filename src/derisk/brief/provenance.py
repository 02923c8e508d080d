"""Provenance: imprint, sources, what balancing changed, and how sure the result is."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, percent, significant, tonnes
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import good_label, in_sentence, region_label, use_label

CHANGES = 8
CHANGES_OF_A_GOOD = 2


def imprint(
    manifest: Mapping[str, Any], summary: Mapping[str, Any], ledger: Ledger
) -> list[tuple[str, Markup | Number]]:
    """What one needs to make the same brief again: versions, hashes, seed, draws."""
    rows: list[tuple[str, Markup | Number]] = []
    for label, key in (
        ("derisk", "derisk_version"),
        ("dataset", "dataset_version"),
        ("dataset hash", "dataset_hash"),
        ("scenario hash", "scenario_hash"),
        ("seed", "seed"),
    ):
        if manifest.get(key) not in (None, ""):
            shown = str(manifest[key])
            rows.append((label, ledger.words(shown[:12] if "hash" in label else shown, {"manifest": key})))
    rows.append(("draws", ledger.number(float(summary["draws"]), count, {"summary": "draws"})))
    return rows


def source_rows(source_ids: Iterable[str], dataset: Any, ledger: Ledger) -> list[dict[str, Any]]:
    """Sources as the brief lists them, by id alone without a dataset; only web addresses become links."""
    known: Mapping[str, Any] = dataset.sources() if dataset is not None else {}
    rows = []
    for source_id in source_ids:
        source = known.get(source_id)
        lineage = {"source": str(source_id)}
        url = str(_part(source, "url") or "")
        rows.append(
            {
                "title": ledger.words(_part(source, "title") or source_id, lineage),
                "publisher": ledger.words(_part(source, "publisher") or "", lineage),
                "year": ledger.words(_part(source, "year") or "", lineage),
                "licence": ledger.words(_capital(str(_part(source, "licence") or "")), lineage),
                "url": url if url.startswith(("https://", "http://")) else "",
            }
        )
    return rows


def chosen_changes(changes: Iterable[Any] | None, goods: Iterable[str]) -> list[Any]:
    """The largest changes to figures of the goods, a few of each; of any goods where there are none of these."""
    every, wanted = list(changes or []), set(goods)
    kept: list[Any] = []
    for change in [change for change in every if _part(change, "good") in wanted] or every:
        of_good = sum(_part(other, "good") == _part(change, "good") for other in kept)
        if len(kept) < CHANGES and of_good < CHANGES_OF_A_GOOD:
            kept.append(change)
    return kept


def change_rows(changes: Iterable[Any] | None, ledger: Ledger) -> list[dict[str, Any]]:
    """Changes that balancing made to reported figures, as they come (largest first)."""
    rows = []
    for change in changes or []:
        parts = {key: str(_part(change, key) or "") for key in ("kind", "good", "region", "partner", "use", "status")}
        where = {
            "document": "balance.json",
            "filter": ", ".join(f"{k}={v}" for k, v in parts.items() if v),
            "ask": _ask(parts["kind"], parts["good"]),
        }
        place = region_label(parts["region"]) + (f" to {region_label(parts['partner'])}" if parts["partner"] else "")
        place += f", {in_sentence(use_label(parts['use']))}" if parts["use"] else ""
        reported, balanced = (
            float(_part(change, "reported_t_per_year") or 0.0),
            float(_part(change, "balanced_t_per_year") or 0.0),
        )
        rows.append(
            {
                "what": f"{parts['kind'].capitalize()} of {in_sentence(good_label(parts['good']))}",
                "place": place,
                "status": parts["status"],
                "reported": ledger.number(reported, tonnes, {**where, "rule": "as reported, a year"}),
                "balanced": ledger.number(balanced, tonnes, {**where, "rule": "after balancing, a year"}),
            }
        )
    return rows


def _ask(kind: str, good: str) -> str:
    """The command that lists the dataset's rows behind a reported figure."""
    table = {"production": "production", "recycling": "recycling", "trade": "trade", "use": "demand"}.get(kind)
    return f"derisk data table {table} --material {GOODS[good].material}" if table and good in GOODS else ""


def table_checksums(manifest: Mapping[str, Any], ledger: Ledger) -> list[tuple[Markup, Markup]]:
    """Each table with the start of its part's SHA-256, or of the SHA-256 over its parts' checksums."""
    rows = []
    for table, parts in sorted((manifest.get("tables") or {}).items()):
        sums = [str(part["sha256"]) for _, part in sorted(parts.items())]
        if sums:
            shown = sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()
            lineage = {
                "manifest": f"tables.{table}",
                "rule": "SHA-256 of the part, or of the checksums of its parts in order of name",
            }
            rows.append((ledger.words(table, lineage), ledger.words(shown[:12], lineage)))
    return rows


def assumed_share(summary: Mapping[str, Any], ledger: Ledger) -> Number | None:
    """Share of the loss in sectors whose value added is assumed, where the study states it and there is a loss."""
    value, lost = summary.get("assumed_share"), summary.get("value_added_lost_musd") or {}
    if not isinstance(value, int | float) or not math.isfinite(value) or not lost.get("mean"):
        return None
    rule = "share of the value added at risk that falls in sectors whose value added has the status assumed"
    return ledger.number(value, percent, {"summary": "assumed_share", "rule": rule})


def imbalance(summary: Mapping[str, Any], ledger: Ledger) -> Number | None:
    """The worst mass imbalance of any good, region and month, relative."""
    value = summary.get("worst_imbalance")
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    rule = "largest difference between tonnes in and tonnes out, over the sum of their sizes"
    return ledger.number(value, _power, {"summary": "worst_imbalance", "rule": rule})


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _power(value: float) -> str:
    if value == 0.0 or value >= 1e-3:
        return significant(value, 2)
    mantissa, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa} × 10{raised}"


def _part(record: Any, key: str) -> Any:
    return record.get(key) if isinstance(record, Mapping) else getattr(record, key, None)
