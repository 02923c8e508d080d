"""Settlement: each printed figure becomes a row, is refused, or is set aside with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from derisk.data.fields import FIELDS
from derisk.data.importers.usgs_mcs.figures import Figure
from derisk.data.importers.usgs_mcs.meanings import (
    OUTSIDE,
    Meaning,
    find_chapter,
    find_chapter_meant,
    find_defect,
    find_meaning,
    find_unit,
)
from derisk.data.importers.usgs_mcs.places import find_place
from derisk.data.importers.usgs_mcs.values import Reading, read_value
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import shorten
from derisk.data.sources import Source

_DIMENSION: Final = {"price": "price", "net_import_reliance": "share", "import_source_share": "share"}
_UNIT: Final = {
    "price": "USD/t",
    "reserves": "t",
    "stock": "t",
    "net_import_reliance": "share",
    "import_source_share": "share",
}
_NO_FIGURE: Final = {
    "blank": "cell without a figure",
    "elsewhere": "counted in another figure of the table",
    "word": "a word in place of a figure",
}
UNITED_STATES: Final = "USA"


@dataclass(frozen=True, slots=True)
class _Part:
    """One understood figure, in the dataset's unit, with the place of its row."""

    figure: Figure
    meaning: Meaning
    reading: Reading
    region: str
    partner: str
    factor: float
    unit_words: str
    remark: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        m = self.meaning
        return (m.material, m.stage, m.good, self.region, self.partner, self.figure.period, m.field)


def settle(intake: Intake, figures: Iterable[Figure], *, source: Source) -> None:
    """Give every figure its one fate.

    Figures of one key add up where `statistics.csv` says so; a stated total goes before such a sum, and a world
    table before the salient statistics; what is stated again is set aside.
    """
    parts: dict[tuple[str, ...], list[_Part]] = defaultdict(list)
    for figure in figures:
        part = _understand(intake, figure)
        if part is not None:
            parts[part.key].append(part)
    for stated in parts.values():
        same = _refuse_repeated(intake, stated)
        same.sort(key=lambda p: (p.meaning.adds_up, p.figure.table != "world", p.reading.number is None))
        first = same[0]
        if first.meaning.adds_up:
            _take_sum(intake, [p for p in same if p.figure.table == first.figure.table], source)
            again = [p for p in same if p.figure.table != first.figure.table]
        else:
            _take(intake, first, source)
            again = same[1:]
        if again:
            intake.set_aside("stated again by another statistic of the file", len(again))


def _refuse_repeated(intake: Intake, parts: list[_Part]) -> list[_Part]:
    """Parts without those whose very statistic and place stand in an earlier line."""
    first_line: dict[tuple[str, ...], int] = {}
    kept = []
    for part in parts:
        figure = part.figure
        words = (figure.table, figure.statistic, figure.place)
        if words in first_line:
            what = f"stated twice: {', '.join(words[1:])}, {figure.period}, as in line {first_line[words]}"
            amount = None if part.reading.number is None else part.reading.number * part.factor
            intake.refuse(figure.line, what, amount=amount, table=_table(part.meaning))
        else:
            first_line[words] = figure.line
            kept.append(part)
    return kept


def _table(meaning: Meaning) -> str:
    return f"{meaning.field} {meaning.good or meaning.material}"


def _understand(intake: Intake, figure: Figure) -> _Part | None:
    if not figure.printed.strip():
        intake.set_aside(_NO_FIGURE["blank"])
        return None
    chapter = find_chapter(figure.chapter)
    if chapter is None:
        meant = find_chapter_meant(figure.chapter)
        if meant:
            intake.refuse(figure.line, f"unknown commodity '{figure.chapter}', one letter from '{meant}'")
        else:
            intake.set_aside(OUTSIDE + figure.chapter)
        return None
    defect = find_defect(chapter, figure)
    if defect is not None and not defect.unit:
        intake.set_aside(f"known defect: {defect.reason}")
        return None
    meaning = find_meaning(chapter, figure.table, figure.statistic)
    if meaning is None:
        what = f"statistic not understood: {chapter}, {figure.table}, {figure.statistic}"
        intake.refuse(figure.line, what, table=f"{figure.table} {chapter}")
        return None
    if not meaning.field:
        intake.set_aside(meaning.note)
        return None
    unit_word = meaning.unit or (defect.unit if defect is not None else figure.unit)
    return _read(intake, figure, meaning, unit_word=unit_word, remark=defect.reason if defect is not None else "")


def _read(intake: Intake, figure: Figure, meaning: Meaning, *, unit_word: str, remark: str) -> _Part | None:
    reading, place, unit = read_value(figure.printed), find_place(figure.place), find_unit(unit_word)
    if reading is not None and reading.kind in _NO_FIGURE:
        intake.set_aside(_NO_FIGURE[reading.kind])
        return None
    about = f"{figure.chapter}, {figure.statistic}, {figure.place}, {figure.period}"
    amount = None if reading is None or unit is None or reading.number is None else reading.number * unit.factor
    if reading is None:
        what = f"'{figure.printed}' is no number and no word of the publisher ({about})"
    elif place is None:
        what = f"unknown country '{figure.place}' ({about})"
    elif (reading.number or 0.0) < 0 and FIELDS[meaning.field].minimum == 0:
        what = f"'{figure.printed}' is below 0 ({about})"
    elif unit is None or unit.dimension != _DIMENSION.get(meaning.field, "mass"):
        what = f"unit '{unit_word}' does not fit {meaning.field} ({about})"
    else:
        region, partner = meaning.region or place, ""
        if figure.table == "import sources":
            region, partner = UNITED_STATES, place
        return _Part(figure, meaning, reading, region, partner, unit.factor * meaning.factor, unit.words, remark)
    intake.refuse(figure.line, what, amount=amount, table=_table(meaning))
    return None


def _status(part: _Part) -> str:
    kind = part.reading.kind
    if kind == "withheld":
        return "withheld"
    if kind in ("at_least", "at_most", "net_exporter"):
        return "bound"
    if part.meaning.status:
        return part.meaning.status
    if kind == "range" and not part.reading.estimated:
        return "bound"
    return "estimated" if part.figure.estimated or part.reading.estimated else "reported"


def _range(part: _Part, value: float | None) -> tuple[float | None, float | None]:
    """Low and high of a row; shares are bounded by themselves."""
    reading = part.reading
    if reading.low is not None and reading.high is not None:
        return reading.low * part.factor, reading.high * part.factor
    if value is None or _UNIT.get(part.meaning.field) != "share":
        return None, None
    return {"at_least": (value, 1.0), "at_most": (0.0, value)}.get(reading.kind, (None, None))


def _take(intake: Intake, part: _Part, source: Source) -> None:
    number = 0.0 if part.reading.kind == "net_exporter" else part.reading.number
    value = None if number is None else _rounded(number * part.factor)
    low, high = _range(part, value)
    notes = (part.meaning.note, _printed(part), part.reading.remark, part.remark, *part.figure.remarks)
    _row(intake, part, source, value=value, low=low, high=high, status=_status(part), notes=notes)


def _take_sum(intake: Intake, parts: list[_Part], source: Source) -> None:
    if len(parts) == 1:
        return _take(intake, parts[0], source)
    numbers = [part for part in parts if part.reading.number is not None]
    statuses = {_status(part) for part in parts}
    if not numbers:
        value, status = None, "withheld"
    else:
        value = _rounded(sum((part.reading.number or 0.0) * part.factor for part in numbers))
        status = "bound" if statuses & {"withheld", "bound"} else "derived"
    printed = " + ".join(part.figure.printed for part in parts)
    rule = f"sum of {printed} {parts[0].unit_words}"
    remarks = dict.fromkeys(remark for part in parts for remark in (part.remark, *part.figure.remarks))
    _row(intake, parts[0], source, value=value, status=status, notes=(parts[0].meaning.note, rule, *remarks))
    return None


def _row(
    intake: Intake,
    part: _Part,
    source: Source,
    *,
    value: float | None,
    status: str,
    notes: Iterable[str],
    low: float | None = None,
    high: float | None = None,
) -> None:
    meaning, figure = part.meaning, part.figure
    intake.take(
        figure.line,
        source=source,
        field=meaning.field,
        good=meaning.good,
        material=meaning.material,
        stage=meaning.stage,
        basis=meaning.basis if _UNIT.get(meaning.field) != "share" else "",
        region=part.region,
        partner=part.partner,
        period=figure.period,
        value=value,
        low=low,
        high=high,
        unit=_UNIT.get(meaning.field, "t/year"),
        status=status,
        locator=figure.locator,
        note="; ".join(note for note in dict.fromkeys(notes) if note),
    )


def _printed(part: _Part) -> str:
    if part.factor == 1.0 and part.reading.kind == "number":
        return ""
    if part.reading.number is None:
        return ""
    return f"printed {part.figure.printed} {part.unit_words}"


def _rounded(value: float) -> float:
    """Ten significant digits, so that a conversion leaves no dust."""
    return float(shorten(value))
