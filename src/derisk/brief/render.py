"""Render: a study as one self-contained HTML document, every number with its lineage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from derisk.brief.bearing import bearing_first
from derisk.brief.context import context_of
from derisk.brief.figures.draw_spread import draw_draw_spread
from derisk.brief.headline import key_numbers
from derisk.brief.ledger import Ledger
from derisk.brief.lent import lent_part
from derisk.brief.measures import (
    measure_rows,
    names_coalition,
    read_measures,
    touched_goods,
)
from derisk.brief.method import NOT_MODELLED, method_lines
from derisk.brief.numbers import count, unbroken
from derisk.brief.provenance import (
    assumed_share,
    change_rows,
    chosen_changes,
    imbalance,
    imprint,
    source_rows,
    table_checksums,
)
from derisk.brief.refiner import refiner_part
from derisk.brief.sections import study_sections
from derisk.brief.subject import Studied, failure_words
from derisk.study.dearest import RULE
from derisk.vocabulary.names import month_in_sentence, scenario_label

BRIEF_FILE = "brief.html"
_LONGEST_FOOTER = 70
COALITION = "The coalition: the G7, the EU, Australia, India, South Korea and Mexico."


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
    ledger, measures = Ledger(), read_measures(study.scenario_text)
    parts = {
        **_head(study, measures, ledger),
        "sections": list(study_sections(study, ledger, measures)),
        "refiner": refiner_part(context, measures, ledger),
        **_sureness(study, touched_goods(measures), ledger),
        "measures": measure_rows(measures, ledger),
        "method": method_lines(ledger),
        **_sources(study, dataset, ledger),
        "tables": table_checksums(study.manifest, ledger),
    }
    whole = {**parts, "appendix": ledger.appendix(), "ledger": Markup(ledger.as_json())}
    return _environment().get_template("brief.html.j2").render(**whole)


def _head(study: Studied, measures: list[dict[str, Any]], ledger: Ledger) -> dict[str, Any]:
    """Title, question, answer, key numbers and imprint."""
    summary, name = study.summary, scenario_label(str(study.summary["scenario"]))
    answer = {"summary": "answer", "rule": f"written from the numbers below; the price told is that of {RULE}"}
    return {
        "title": ledger.words(name, {"summary": "scenario"}),
        "title_id": ledger.record({"summary": "scenario"}),
        "plain_title": name,
        "footer": _footer(name),
        "question": ledger.words(summary["question"], {"summary": "question"}),
        "answer": ledger.words(unbroken(str(summary["answer"])), answer),
        "coalition": COALITION if names_coalition(measures) else "",
        "span": ledger.words(_span(summary), {"summary": "base_year, start, months"}),
        "imprint": imprint(study.manifest, summary, ledger),
        "key_numbers": key_numbers(summary, ledger, failures=failure_words(study)),
    }


def _sureness(study: Studied, goods: list[str], ledger: Ledger) -> dict[str, Any]:
    """What the numbers rest on, how far draws differ, and what balancing changed."""
    summary = study.summary
    return {
        "assumed": assumed_share(summary, ledger),
        "imbalance": imbalance(summary, ledger),
        "spread": draw_draw_spread(study, ledger) if summary["converged_draws"] else None,
        "lent": lent_part(summary, goods, ledger),
        "not_modelled": NOT_MODELLED,
        "changes": change_rows(chosen_changes(study.balance_changes, goods), ledger),
    }


def _sources(study: Studied, dataset: Any, ledger: Ledger) -> dict[str, Any]:
    """The sources with rows about the study's goods, and the others."""
    bearing, others = bearing_first(study.summary.get("sources") or [], study.prices["good"].unique(), dataset)
    rest = {"summary": "sources", "rule": "sources without a row about these goods"}
    return {
        "sources": source_rows(bearing, dataset, ledger),
        "other_sources": source_rows(others, dataset, ledger),
        "other_count": ledger.number(float(len(others)), count, rest),
    }


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
