"""Narrow: what a wide drawing says, on a phone: rows as a list with bars, other drawings as one that is less wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from derisk.brief.numbers import Number

Shown = Number | Markup | str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is about, how long its bar is, and its values under the headings."""

    name: Markup | str
    detail: str
    values: tuple[Shown, ...]
    bar_share: float | None = None
    """Part of the width that the bar takes, 0 to 1; no bar where None."""
    is_gain: bool = False
    """Whether the bar is drawn in the colour of what is gained or saved."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one title, their values under headings of their own."""

    title: str
    headings: tuple[Markup | str, ...]
    lines: tuple[Line, ...]


def bar_shares(values: Sequence[float]) -> list[float]:
    """Each value over the largest, for bars that start at nothing; 0 for all where none is above nothing."""
    largest = max((value for value in values if value == value), default=0.0)
    return [min(max(value / largest, 0.0), 1.0) if largest > 0.0 and value == value else 0.0 for value in values]


def narrow_list(groups: Sequence[Group]) -> Markup:
    """The groups as tables of two lines a row: name and bar, then the values."""
    return Markup("").join(_table(group) for group in groups if group.lines)


def narrow_drawing(drawing: Markup) -> Markup:
    """A drawing that is as wide as a phone."""
    return Markup('<div class="narrow">{}</div>').format(drawing)


def _table(group: Group) -> Markup:
    headings = Markup("").join(Markup('<th scope="col">{}</th>').format(words) for words in group.headings)
    head = Markup('<thead><tr><th scope="col">{}</th>{}</tr></thead>').format(group.title, headings)
    body = Markup("").join(_row(line) for line in group.lines)
    return Markup('<table class="narrow">{}<tbody>{}</tbody></table>').format(head, body)


def _row(line: Line) -> Markup:
    detail = Markup("<span>{}</span>").format(line.detail) if line.detail else Markup("")
    share, tone = line.bar_share, Markup(' class="gain"') if line.is_gain else ""
    bar = Markup("") if share is None else Markup('<i{} style="width:{}%"></i>').format(tone, f"{100.0 * share:.0f}")
    cells = Markup("").join(Markup("<td>{}</td>").format(value) for value in line.values)
    return Markup('<tr><th scope="row"><strong>{}</strong> {}{}</th>{}</tr>').format(line.name, detail, bar, cells)
