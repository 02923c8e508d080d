"""Sections: the figures of a study in their order, the controls alone apart from what the levers change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.figures.attribution import draw_attribution
from derisk.brief.figures.draw_spread import draw_draw_spread
from derisk.brief.figures.economy import draw_economy
from derisk.brief.figures.flow_map import draw_flow_map
from derisk.brief.figures.levers import draw_levers, worse_words
from derisk.brief.figures.mine_to_use import MATERIALS, SMALLEST_LOSS_SHARE, draw_mine_to_use
from derisk.brief.figures.months import draw_months
from derisk.brief.figures.plants import draw_plants
from derisk.brief.figures.prices import draw_prices
from derisk.brief.figures.shortfalls import draw_shortfalls
from derisk.brief.figures.tornado import draw_tornado
from derisk.brief.figures.value_at_risk import draw_value_at_risk
from derisk.brief.headline import saved_words
from derisk.brief.ledger import Ledger, LedgerWithoutRemedies
from derisk.brief.measures import controlled_materials, lever_words, read_measures, restrictors
from derisk.brief.subject import Studied, flow_sums, hardest_hit
from derisk.vocabulary.names import in_sentence, material_label


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief: a heading, a leading sentence, and figures."""

    anchor: str
    heading: str
    lede: Markup
    figures: tuple[Figure, ...]


def study_sections(study: Studied, ledger: Ledger, measures: list[dict[str, Any]]) -> Iterator[Section]:
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
    plants = draw_plants(whole, ledger)
    if plants is not None:
        yield Section(plants.anchor, plants.title, plants.lede, (plants,))
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


def drawn_figures(study: Studied) -> tuple[Figure, ...]:
    """The drawings of a study's brief, in its order."""
    ledger = Ledger()
    drawn = [
        figure
        for section in study_sections(study, ledger, read_measures(study.scenario_text))
        for figure in section.figures
    ]
    spread = draw_draw_spread(study, ledger) if study.summary["converged_draws"] else None
    return (*drawn, *([spread] if spread is not None else []))
