"""Measures: the table of who does what to whom, read from the study's resolved scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from markupsafe import Markup, escape
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import NO_BREAK
from derisk.scenario.measures import KINDS, REMEDY_KINDS
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.names import good_label, in_sentence, month_label, region_label, use_label
from derisk.vocabulary.processes import PROCESSES

MOST_GOODS_NAMED: Final = 3
LEVERS: Final = frozenset(REMEDY_KINDS)
"""Kinds of measure that answer a restriction."""
RESTRAINTS: Final = frozenset(kind for kind, entry in KINDS.items() if entry.model.restriction)
"""Kinds by which someone, or something, holds supply or trade back."""

_PLAIN_KEYS: Final = {
    "kind",
    "by",
    "to",
    "goods",
    "uses",
    "from",
    "until",
    "announced",
    "announced_until",
    "why",
    "through",
    "of",
}
_SHAPES: Final = {"beta"}
"""Distributions whose numbers are shapes, not values."""
_UNITS: Final = {
    "t_per_year": "t a year",
    "_usd_per_t": "USD/t",
    "usd_per_t": "USD/t",
    "_musd": "million USD",
    "_months": "months",
    "_t": "t",
}
_PHRASES: Final = {
    "share_of_base": "{} of the base year’s trade",
    "covered_share": "{} of the trade needs it",
    "approval_share": "{} of requests approved",
    "delay_months": "first approvals after {}",
    "leak_share": "{} leaks through",
    "price_cut_share": "offered cheaper by {} of the base price",
    "release_price_ratio": "sold from {} times the base price on",
    "ceiling_price_ratio": "bought up to {} times the base price",
    "unit_cost_ratio": "unit cost {} times the base price",
    "intensity_cut_share": "{} of the material saved",
    "lead_time_months": "ready after {}",
    "collection_share": "{} collected",
    "recovery_share": "{} of that recovered",
    "share_of_capital_cost": "{} of the capital cost",
    "ratio": "{} times what is wanted in the base year",
}
"""What a term means, where its key alone would not say it."""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure as a reader sees it; every cell is markup with its lineage."""

    kind: Markup
    by: Markup
    to: Markup
    goods: Markup
    terms: list[Markup]
    since: Markup
    until: Markup
    why: Markup
    is_lever: bool


def read_measures(scenario_text: str) -> list[dict[str, Any]]:
    """Measures of a resolved scenario as plain mappings; none where the text is no scenario."""
    try:
        document = YAML(typ="safe", pure=True).load(StringIO(scenario_text))
    except YAMLError:
        return []
    measures = document.get("measures") if isinstance(document, Mapping) else None
    return [dict(measure) for measure in measures or [] if isinstance(measure, Mapping)]


def restrictors(measures: list[dict[str, Any]]) -> list[str]:
    """Regions that restrict, in order of first mention."""
    seen = [word for m in measures if m.get("kind") in RESTRAINTS for word in _listed(m.get("by", m.get("through")))]
    return list(dict.fromkeys(word for word in seen if word not in ("all", "coalition")))


def restricted_materials(measures: list[dict[str, Any]], *, by: str) -> set[str]:
    """Materials whose goods a region restricts, element groups under their family."""
    own = [m for m in measures if m.get("kind") in RESTRAINTS and by in _listed(m.get("by", m.get("through")))]
    return {family(GOODS[good].material) for m in own for good in map(str, _listed(m.get("goods"))) if good in GOODS}


def touched_goods(measures: list[dict[str, Any]]) -> list[str]:
    """Goods that the measures name, the levers' among them, in order of first mention."""
    return list(dict.fromkeys(str(good) for m in measures for good in _listed(m.get("goods"))))


def controlled_materials(measures: list[dict[str, Any]]) -> list[str]:
    """Materials, families for element groups, whose goods a restriction or a shock names, in order of first mention."""
    own = [str(good) for m in measures if m.get("kind") not in LEVERS for good in _listed(m.get("goods"))]
    return list(dict.fromkeys(family(GOODS[good].material) for good in own if good in GOODS))


def names_coalition(measures: list[dict[str, Any]]) -> bool:
    """Whether a measure names the coalition, so that a reader has to be told who that is."""
    return any("coalition" in _listed(m.get(key)) for m in measures for key in ("by", "to", "through"))


def measure_rows(measures: list[dict[str, Any]], ledger: Ledger) -> list[MeasureRow]:
    """The measures as rows of the brief's table, each cell under `scenario: measures[i].key`."""
    return [_row(index, measure, ledger) for index, measure in enumerate(measures)]


def lever_words(measures: list[dict[str, Any]], ledger: Ledger) -> Markup:
    """The sentence that names the levers, kind by kind; empty where there are none."""
    goods_of_kind: dict[str, list[str]] = {}
    for measure in measures:
        if measure.get("kind") in LEVERS:
            goods = goods_of_kind.setdefault(str(measure["kind"]), [])
            named = (in_sentence(good_label(word)) for word in _listed(measure.get("goods")))
            goods.extend(word for word in named if word not in goods)
    parts = [f"{in_sentence(kind_label(kind))} ({_some(goods)})" for kind, goods in goods_of_kind.items()]
    if not parts:
        return Markup("")
    words = ledger.words("; ".join(parts), {"scenario": "measures", "rule": "as the scenario states it"})
    return Markup(" They are {}.").format(words)


def _some(goods: list[str]) -> str:
    """The first goods, and how many more."""
    if len(goods) <= MOST_GOODS_NAMED + 1:
        return ", ".join(goods)
    return f"{', '.join(goods[:MOST_GOODS_NAMED])} and {len(goods) - MOST_GOODS_NAMED} more"


def _row(index: int, measure: dict[str, Any], ledger: Ledger) -> MeasureRow:
    def cell(key: str, text: str) -> Markup:
        if not any(character.isdigit() for character in text):
            return escape(text)
        return ledger.words(text, {"scenario": f"measures[{index}].{key}", "rule": "as the scenario states it"})

    kind, who = str(measure.get("kind", "")), "by" if "by" in measure else "through"
    return MeasureRow(
        kind=cell("kind", kind_label(kind)),
        by=cell(who, _regions(measure.get(who))),
        to=cell("to", _regions(measure.get("to")) or ("all" if _has_other_side(kind) else "")),
        goods=cell("goods", _goods_words(measure) or "all"),
        terms=[
            cell(key, _phrase(key, value_words(value, key=key, unit=_unit_of(key)))) for key, value in _terms(measure)
        ],
        since=cell("from", month_label(str(measure.get("from") or "start"))),
        until=cell("until", month_label(str(measure.get("until") or "end"))),
        why=cell("why", str(measure.get("why", "")).replace("`", "")),
        is_lever=kind in LEVERS,
    )


def _regions(words: Any) -> str:
    return ", ".join(region_label(word) for word in _listed(words))


def _has_other_side(kind: str) -> bool:
    """Whether a measure of a kind is against someone, all where it names nobody."""
    entry = KINDS.get(kind)
    return kind not in LEVERS and (entry is None or "to" in entry.model.model_fields)


def _goods_words(measure: dict[str, Any]) -> str:
    goods = ", ".join(good_label(word) for word in _listed(measure.get("goods")))
    uses = ", ".join(in_sentence(use_label(word)) for word in _listed(measure.get("uses")))
    return f"{goods} in {uses}" if uses else goods


def _phrase(key: str, value: str) -> str:
    return _PHRASES[key].format(value) if key in _PHRASES else f"{_key_words(key)} {value}"


def kind_label(kind: str) -> str:
    """`export_licence` as `Export licence`."""
    text = kind.replace("_", " ")
    return text[:1].upper() + text[1:]


def value_words(value: Any, *, key: str = "", unit: str = "") -> str:
    """A term's value with its unit: a number, a share as per cent, a word, or a distribution's name and numbers."""
    if not isinstance(value, Mapping):
        return _plain_words(value, key=key) + unit
    name, arguments = next(iter(value.items()), ("", []))
    if isinstance(arguments, Mapping):
        of = value_words(list(arguments.get("values") or []), key=key)
        weights = ", ".join(value_words(part) for part in arguments.get("weights") or [])
        return f"one of {of}{unit}" + (f" (weights {weights})" if weights else "")
    words = [value_words(part, key="" if name in _SHAPES else key) for part in _listed(arguments)]
    if name == "triangular" and len(words) == 3:
        return f"{words[0]} to {words[2]}{unit}, likeliest {words[1]}"
    if name == "uniform" and len(words) == 2:
        return f"{words[0]} to {words[1]}{unit}"
    return f"{name} ({', '.join(words)}){unit}"


def _plain_words(value: Any, *, key: str) -> str:
    if isinstance(value, list | tuple):
        words = [value_words(part, key=key) for part in value]
        return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    if key == "process" and str(value) in PROCESSES:
        return in_sentence(PROCESSES[str(value)].label)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if key == "probability" or "share" in key.split("_"):
        return f"{100.0 * float(value):.6g}{NO_BREAK}%"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _terms(measure: dict[str, Any]) -> list[tuple[str, Any]]:
    terms = [(key, value) for key, value in measure.items() if key not in _PLAIN_KEYS and value is not None]
    told = measure.get("announced")
    if told and told != measure.get("from"):
        terms.append(("announced", month_label(str(told))))
    return terms


def _key_words(key: str) -> str:
    for suffix in _UNITS:
        if key.endswith(suffix):
            key = key.removesuffix(suffix)
            break
    return key.strip("_").replace("_", " ") or "price"


def _unit_of(key: str) -> str:
    for suffix, unit in _UNITS.items():
        if key.endswith(suffix):
            return f"\N{NO-BREAK SPACE}{unit}"
    return ""


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
