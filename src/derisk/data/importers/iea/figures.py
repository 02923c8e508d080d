"""Figures: numbers of the Data Explorer with their words, whatever the file's layout, taken over as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from derisk.data.importers.iea.minerals import (
    AGGREGATES,
    CLEAN_DEMAND,
    SECTORS_WITHOUT_USE,
    SUPPLY,
    TOTAL_DEMAND,
    USE_OF_SECTOR,
    Subject,
)
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number, find_region, find_slip, shorten
from derisk.data.sources import Source
from derisk.vocabulary.regions import OTHER_COUNTRIES, WORLD

TONNES_PER_KILOTONNE: Final = 1000.0
STATED_POLICIES: Final = "STEPS"
_SCENARIOS: Final = ("", STATED_POLICIES, "APS", "NZE")
TOTAL: Final = "Total"
TOTAL_DEMAND_LABEL: Final = "Total demand"
_SUMS: Final = frozenset(
    {"Total clean technologies", "Other uses", "Share of clean technologies in total demand", "Top 3 share"}
)
_FOOTNOTE_CHARACTERS: Final = 60
_SPLIT: Final = "sum or share that other figures give"
_OTHER_SCENARIO: Final = "scenario other than stated policies"
_OTHER_SECTOR: Final = "sector that no use of ours counts"


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell with its words: kilotonnes of a mineral in a year, of a country or a sector."""

    kind: Literal["supply", "demand", "clean"]
    mineral: str
    stage: str
    label: str
    scenario: str
    """Empty for the base year and for the base case of supply."""
    year: str
    cell: object
    line: int
    place: str


def take_figures(intake: Intake, figures: Iterable[Figure], source: Source, *, base_year: str) -> None:
    """Take over supply, demand of the stated policies, and demand of clean technologies; set the rest aside."""
    sectors: dict[tuple[str, str, str], list[tuple[Figure, float]]] = defaultdict(list)
    for figure in figures:
        subject = _subject(intake, figure)
        value_kt = find_number(figure.cell)
        if subject is None or _is_set_aside(intake, figure, value_kt):
            continue
        if value_kt is None or value_kt < 0:
            intake.refuse(figure.line, f"figure '{figure.cell}' is no number ({_words(figure)})", table=_table(figure))
        elif figure.kind == "supply":
            _take_supply(intake, figure, subject, value_kt, source, base_year)
        elif figure.kind == "clean":
            field = "clean_technology_demand"
            _take(intake, [(figure, value_kt)], subject, source, _base_case(field, figure, base_year), use="")
        else:
            use = "" if figure.label == TOTAL_DEMAND_LABEL else USE_OF_SECTOR.get(figure.label)
            same = sectors[figure.mineral, use or "", figure.year]
            if use is None or any(part.label == figure.label for part, _ in same):
                what = f"{'unknown' if use is None else 'repeated'} sector '{figure.label}' ({_words(figure)})"
                amount = value_kt * TONNES_PER_KILOTONNE
                intake.refuse(figure.line, what, amount=amount, table=_table(figure))
            else:
                same.append((figure, value_kt))
    for (mineral, use, _), same in ((key, parts) for key, parts in sectors.items() if parts):
        field = _base_case("demand", same[0][0], base_year)
        _take(intake, same, TOTAL_DEMAND[mineral], source, field, use=use)


def _subject(intake: Intake, figure: Figure) -> Subject | None:
    subject = _subjects(figure).get(figure.mineral)
    if subject is not None and figure.scenario in _SCENARIOS:
        return subject
    meant = find_slip(figure.mineral, _subjects(figure))
    if subject is not None:
        problem = f"unknown scenario '{figure.scenario}' ({_words(figure)})"
    elif meant:
        problem = f"unknown mineral '{figure.mineral}', one letter from '{meant}'"
    elif figure.kind == "supply" and figure.mineral in {mineral for mineral, _ in SUPPLY}:
        problem = f"unknown stage '{figure.stage}' ({_words(figure)})"
    else:
        outside = f"mineral outside the vocabulary: {figure.mineral}"
        intake.set_aside(_SPLIT if figure.mineral in AGGREGATES else outside)
        return None
    amount = (find_number(figure.cell) or 0.0) * TONNES_PER_KILOTONNE
    intake.refuse(figure.line, problem, amount=amount, table=_table(figure))
    return None


def _subjects(figure: Figure) -> Mapping[str, Subject]:
    """Minerals of ours in the table, and at the stage, of a figure."""
    if figure.kind == "supply":
        return {mineral: subject for (mineral, stage), subject in SUPPLY.items() if stage == figure.stage}
    return CLEAN_DEMAND if figure.kind == "clean" else TOTAL_DEMAND


def _is_set_aside(intake: Intake, figure: Figure, value_kt: float | None) -> bool:
    reason = ""
    if figure.scenario not in ("", STATED_POLICIES):
        reason = _OTHER_SCENARIO
    elif figure.label in _SUMS:
        reason = _SPLIT
    elif figure.kind == "demand" and figure.label in SECTORS_WITHOUT_USE:
        reason = _OTHER_SECTOR
    elif figure.cell is None and len(figure.label) > _FOOTNOTE_CHARACTERS:
        reason = "footnote listed as a country"
    elif figure.cell is None and value_kt is None:
        reason = "blank cell: nothing printed"
    if reason:
        intake.set_aside(reason)
    return bool(reason)


def _take_supply(
    intake: Intake, figure: Figure, subject: Subject, value_kt: float, source: Source, base_year: str
) -> None:
    region = {TOTAL: WORLD, "Rest of world": OTHER_COUNTRIES}.get(figure.label) or find_region(figure.label)
    if region is None:
        what = f"unknown country '{figure.label}' ({_words(figure)})"
        intake.refuse(figure.line, what, amount=value_kt * TONNES_PER_KILOTONNE, table=_table(figure))
        return
    field = _base_case("production", figure, base_year)
    _take(intake, [(figure, value_kt)], subject, source, field, use="", region=region)


def _take(
    intake: Intake,
    parts: list[tuple[Figure, float]],
    subject: Subject,
    source: Source,
    field: str,
    *,
    use: str,
    region: str = WORLD,
) -> None:
    first = parts[0][0]
    value_kt = sum(value for _, value in parts)
    notes = [f"printed {shorten(value_kt)} kt"]
    if field.endswith("_base_case"):
        notes.append("base case of announced projects" if first.kind == "supply" else "stated policies")
    if len(parts) > 1:
        notes.append("sum of " + " + ".join(figure.label for figure, _ in parts))
    intake.take(
        first.line,
        source=source,
        field=field,
        material=subject.material,
        stage=subject.stage,
        good=subject.good,
        basis=subject.basis,
        region=region,
        use=use,
        period=first.year,
        value=value_kt * TONNES_PER_KILOTONNE * subject.basis_ratio,
        unit="t/year",
        status="estimated" if subject.basis_ratio == 1.0 else "derived",
        locator=first.place,
        note="; ".join(note for note in (*notes, subject.note) if note),
        table=_table(first),
    )


def _base_case(field: str, figure: Figure, base_year: str) -> str:
    return field if figure.year == base_year else f"{field}_base_case"


def _table(figure: Figure) -> str:
    return f"{figure.kind} {figure.mineral} {figure.stage}".strip()


def _words(figure: Figure) -> str:
    return ", ".join(word for word in (figure.kind, figure.mineral, figure.stage, figure.label, figure.year) if word)
