"""Render: a study as one self-contained HTML document, every number with its lineage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from derisk.brief.bearing import bearing_first
from derisk.brief.context import context_of
from derisk.brief.figure import Figure
from derisk.brief.figures.attribution import draw_attribution
from derisk.brief.figures.draw_spread import draw_draw_spread
from derisk.brief.figures.economy import draw_economy
from derisk.brief.figures.flow_map import draw_flow_map
from derisk.brief.figures.levers import draw_levers, worse_words
from derisk.brief.figures.mine_to_use import MATERIALS, SMALLEST_LOSS_SHARE, draw_mine_to_use
from derisk.brief.figures.months import draw_months
from derisk.brief.figures.prices import draw_prices
from derisk.brief.figures.refiner_shares import draw_refiner_shares
from derisk.brief.figures.shortfalls import draw_shortfalls
from derisk.brief.figures.tornado import draw_tornado
from derisk.brief.figures.value_at_risk import draw_value_at_risk
from derisk.brief.headline import key_numbers, saved_words
from derisk.brief.ledger import Ledger, LedgerWithoutRemedies
from derisk.brief.lent import lent_part
from derisk.brief.measures import (
    controlled_materials,
    lever_words,
    measure_rows,
    names_coalition,
    read_measures,
    restricted_materials,
    restrictors,
    touched_goods,
)
from derisk.brief.method import NOT_MODELLED, method_lines
from derisk.brief.numbers import count, percent_tenth, unbroken
from derisk.brief.provenance import (
    assumed_share,
    change_rows,
    chosen_changes,
    imbalance,
    imprint,
    source_rows,
    table_checksums,
)
from derisk.brief.subject import Studied, failure_words, flow_sums, hardest_hit
from derisk.vocabulary.names import (
    good_label,
    in_sentence,
    material_label,
    month_in_sentence,
    region_label,
    scenario_label,
)

BRIEF_FILE = "brief.html"
_LONGEST_FOOTER = 70
COALITION = "The coalition: the G7, the EU, Australia, India, South Korea and Mexico."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief: a heading, a leading sentence, and figures."""

    anchor: str
    heading: str
    lede: Markup
    figures: tuple[Figure, ...]


def render_brief(study: Studied, *, dataset: Any = None, context: Mapping[str, Any] | None = None) -> str:
    """The brief of a study as HTML text; the same study gives the same text.

    Args:
        study: a finished study: its summary, manifest, scenario text and tables.
        dataset: reference dataset; gives the sources their titles, years and licences.
        context: facts beside the study, those of the dataset when None, each printed where present: `refining_share`
            (rows of material, share_2024, share_2030, row_ids), `refiner` (region), `coalition_gdp_share` (share,
            row_ids) and `first_use_share` (rows of good or label, share, row_ids), and notes on them. Where a refiner
            is named, only studies in which it restricts one of these materials print them.
    """
    if context is None:
        context = context_of(dataset) if dataset is not None else {}
    ledger, facts = Ledger(), dict(context)
    summary = study.summary
    bearing, others = bearing_first(summary.get("sources") or [], study.prices["good"].unique(), dataset)
    measures = read_measures(study.scenario_text)
    rows = measure_rows(measures, ledger)
    parts: dict[str, Any] = {
        "title": ledger.words(scenario_label(str(summary["scenario"])), {"summary": "scenario"}),
        "title_id": ledger.record({"summary": "scenario"}),
        "plain_title": scenario_label(str(summary["scenario"])),
        "footer": _footer(scenario_label(str(summary["scenario"]))),
        "question": ledger.words(summary["question"], {"summary": "question"}),
        "answer": ledger.words(
            unbroken(str(summary["answer"])), {"summary": "answer", "rule": "written from the numbers below"}
        ),
        "coalition": COALITION if names_coalition(measures) else "",
        "span": ledger.words(_span(summary), {"summary": "base_year, start, months"}),
        "imprint": imprint(study.manifest, summary, ledger),
        "key_numbers": key_numbers(summary, ledger, failures=failure_words(study)),
        "sections": list(_sections(study, ledger, measures)),
        "refiner": _refiner_part(facts, measures, ledger),
        "spread": draw_draw_spread(study, ledger) if summary["converged_draws"] else None,
        "assumed": assumed_share(summary, ledger),
        "imbalance": imbalance(summary, ledger),
        "changes": change_rows(chosen_changes(study.balance_changes, touched_goods(measures)), ledger),
        "lent": lent_part(summary, touched_goods(measures), ledger),
        "not_modelled": NOT_MODELLED,
        "measures": rows,
        "sources": source_rows(bearing, dataset, ledger),
        "other_sources": source_rows(others, dataset, ledger),
        "other_count": ledger.number(
            float(len(others)), count, {"summary": "sources", "rule": "sources without a row about these goods"}
        ),
        "method": method_lines(ledger),
        "tables": table_checksums(study.manifest, ledger),
    }
    return (
        _environment()
        .get_template("brief.html.j2")
        .render(**parts, appendix=ledger.appendix(), ledger=Markup(ledger.as_json()))
    )


def drawn_figures(study: Studied) -> tuple[Figure, ...]:
    """The drawings of a study's brief, in its order."""
    ledger = Ledger()
    drawn = [
        figure for section in _sections(study, ledger, read_measures(study.scenario_text)) for figure in section.figures
    ]
    spread = draw_draw_spread(study, ledger) if study.summary["converged_draws"] else None
    return (*drawn, *([spread] if spread is not None else []))


def write_brief(
    study: Studied, *, dataset: Any = None, context: Mapping[str, Any] | None = None, out: Path | None = None
) -> Path:
    """Write the brief into the study folder (or to `out`) and return its path."""
    path = out if out is not None else study.folder / BRIEF_FILE
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(render_brief(study, dataset=dataset, context=context), encoding="utf-8", newline="\n")
    temporary.replace(path)
    return path


def _environment() -> Environment:
    loader = PackageLoader("derisk.brief", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _footer(title: str) -> str:
    """The title as the foot of a printed page: of a string of a style sheet, letters and digits alone are safe."""
    plain = " ".join("".join(c if c.isalnum() or c in " .,()-" else " " for c in title).split())
    return f"{plain[:_LONGEST_FOOTER]}: a derisk brief"


def _span(summary: Mapping[str, Any]) -> str:
    months = int(summary["months"])
    start = month_in_sentence(str(summary["start"]))
    return f"{months} month{'' if months == 1 else 's'} from {start}, against the year {summary['base_year']}"


def _sections(study: Studied, ledger: Ledger, measures: list[dict[str, Any]]) -> Iterator[Section]:
    """The figures of the controls alone, without the levers, and between them what the levers change."""
    whole, without = study, study.without_remedies
    if not whole.summary["converged_draws"]:
        return
    run = ""
    if whole.summary.get("without_remedies"):
        run = "With the levers" if without is None else "Without the levers"
    if without is not None:
        study = without
    ledger_of_run = ledger if without is None else LedgerWithoutRemedies(ledger)
    yield from (_of_run(section, run) for section in _first_sections(study, ledger_of_run, measures))
    levers = draw_levers(whole, ledger)
    if levers is not None:
        words = saved_words(whole.summary, ledger) + lever_words(measures, ledger) + worse_words(whole)
        yield Section("levers", levers.title, words, (levers,))
    divided = draw_attribution(whole, ledger)
    if divided is not None:
        yield Section(divided.anchor, divided.title, divided.lede, (divided,))
    yield from (_of_run(section, run) for section in _last_sections(study, ledger_of_run, measures))


def _of_run(section: Section, run: str) -> Section:
    """The section, its leading sentence marked with the run that it shows, where there are two."""
    if not run:
        return section
    lede = Markup('<span class="run">{}.</span> {}').format(run, Markup(section.lede))
    return replace(section, lede=lede)


def _first_sections(study: Studied, ledger: Ledger, measures: list[dict[str, Any]]) -> Iterator[Section]:
    controlled = controlled_materials(measures)
    for figure in (
        draw_shortfalls(study, ledger),
        draw_prices(study, ledger),
        draw_value_at_risk(study, ledger, materials=controlled),
        draw_economy(study, ledger),
    ):
        if figure is not None:
            yield Section(figure.anchor, figure.title, figure.lede, (figure,))


def _last_sections(study: Studied, ledger: Ledger, measures: list[dict[str, Any]]) -> Iterator[Section]:
    if not study.summary["converged_draws"]:
        return
    acting = restrictors(measures)
    materials = [
        name
        for i, (name, share) in enumerate(hardest_hit(study))
        if i == 0 or (i < MATERIALS and share >= SMALLEST_LOSS_SHARE)
    ]
    flows = flow_sums(study)
    drawn = [draw_mine_to_use(flows, ledger, material=name, restrictors=acting) for name in materials]
    sankeys = tuple(figure for figure in drawn if figure is not None)
    if sankeys:
        hardest = Markup("Most value added is at risk for want of {}.").format(
            in_sentence(material_label(materials[0]))
        )
        yield Section("mine-to-use", "From mine to use", hardest, sankeys)
    last = (
        draw_flow_map(study, flows, ledger, restrictors=acting),
        draw_months(study, ledger),
        draw_tornado(study, ledger),
    )
    for figure in last:
        if figure is not None:
            yield Section(figure.anchor, figure.title, figure.lede, (figure,))


def _refiner_part(facts: Mapping[str, Any], measures: list[dict[str, Any]], ledger: Ledger) -> dict[str, Any] | None:
    """The dominant refiner's shares, and the coalition's weight beside them; None where the study is not about them."""
    rows = list(facts.get("refining_share") or [])
    refiner = facts.get("refiner")
    if refiner and not {str(row.get("material")) for row in rows} & restricted_materials(measures, by=str(refiner)):
        return None
    figure = draw_refiner_shares(rows, ledger, note=str(facts.get("refining_note") or ""))
    weights, uses = [], facts.get("first_use_share") or []
    gdp = facts.get("coalition_gdp_share")
    if isinstance(gdp, Mapping):
        year = gdp.get("year")
        weights.append(_weight(f"World GDP{f' in {year}' if year else ''}, a proxy for demand", gdp, "gdp", ledger))
    for row in uses:
        named = str(row.get("label") or good_label(str(row.get("good", ""))))
        assumed = ", assumed" if row.get("is_assumed") else ""
        weights.append(_weight(f"First use of {in_sentence(named)}{assumed}", row, named, ledger))
    if figure is None and not weights:
        return None
    note = str(facts.get("weight_note") or "")
    if uses and all(row.get("is_assumed") for row in uses):
        note += " Its shares by country are assumed: orders of magnitude, recalled."
    return {
        "figure": figure,
        "weights": weights,
        "name": region_label(str(refiner)) if refiner else "",
        "note": ledger.words(note.strip(), {"context": "coalition_gdp_share, first_use_share"}),
    }


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
