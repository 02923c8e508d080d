"""The one exception tree: what, where, what is allowed, what to do.

DeriskError                    1   a fault of derisk itself
├── UsageError                 2   the command line is wrong
├── InputError                 3   an input (a folder, an option's value) is wrong
│   ├── ScenarioError          3   a scenario file, or a word in it, is wrong
│   ├── ShapeError             3   an array does not match the network's
│   ├── LayoutError            3   a publisher's file is not laid out as its importer knows it
│   ├── EncodingError          3   a publisher's file is in another encoding than the publisher's
│   ├── TruncatedFileError     3   a publisher's file is empty, cut or damaged
│   └── RefusedRowsError       3   figures of a publisher's file could not be understood
├── DatasetError               4   the reference dataset is damaged, or lacks the row asked for
├── BalanceError               5   reported figures cannot be reconciled
├── EquilibriumError           5   no draw of a study reached equilibrium
└── StudyError                 7   a study folder cannot be read
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in the four parts every message has."""

    what: str
    where: str = ""
    allowed: str = ""
    hint: str = ""
    line: int | None = None
    key: str = ""

    def lines(self) -> list[str]:
        """The problem as the indented lines printed under its error class."""
        parts = [("at  ", self.where), ("know", self.allowed), ("hint", self.hint)]
        return [self.what, *(f"  {label} {text}" for label, text in parts if text)]


class DeriskError(Exception):
    """Base of every error derisk raises on purpose; carries all problems found at once."""

    exit_code = 1
    http_status = 500

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            Problem(what=problem) if isinstance(problem, str) else problem for problem in problems
        )
        super().__init__(self.text())

    def text(self) -> str:
        """The full message, one block for each problem."""
        name = type(self).__name__
        return "\n".join(f"{name}: " + "\n".join(problem.lines()) for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """The error as `--json` prints it: the first problem, and how many there are."""
        first = self.problems[0]
        return {
            "error": {
                "class": type(self).__name__,
                "what": first.what,
                "where": first.where,
                "allowed": first.allowed,
                "hint": first.hint,
                "exit_code": self.exit_code,
                "problems": [
                    {"what": p.what, "where": p.where, "allowed": p.allowed, "hint": p.hint} for p in self.problems
                ],
            }
        }


class UsageError(DeriskError):
    """The command line is wrong."""

    exit_code = 2
    http_status = 400


class InputError(DeriskError):
    """An input other than a scenario file is wrong: a folder, an option's value, an unknown word."""

    exit_code = 3
    http_status = 422


class ScenarioError(InputError):
    """A scenario file is wrong; the problems carry file and line."""


class ShapeError(InputError):
    """An array does not match the network it is used with."""


class LayoutError(InputError):
    """A publisher's file lacks a column, sheet or key its importer needs, or holds lines of another shape."""


class EncodingError(InputError):
    """A publisher's file is in another encoding than the publisher writes."""


class TruncatedFileError(InputError):
    """A publisher's file is empty, cut or damaged."""


class RefusedRowsError(InputError):
    """Figures of a publisher's file could not be understood; the problems name each line."""


class DatasetError(DeriskError):
    """The reference dataset is damaged, or has no row for what was asked."""

    exit_code = 4
    http_status = 404


class BalanceError(DeriskError):
    """Reported figures cannot be reconciled."""

    exit_code = 5
    http_status = 500


class EquilibriumError(DeriskError):
    """No draw of a study reached equilibrium."""

    exit_code = 5
    http_status = 500


class StudyError(DeriskError):
    """A study folder cannot be read."""

    exit_code = 7
    http_status = 404


_SHORTEST_BEGINNING = 3


def nearest_word(word: str, known: Iterable[str]) -> str:
    """Hint that names the known word nearest to `word`, whatever its letters' case, or nothing.

    A word that is like no whole one may be a part or the beginning of one alone: `quota` of `export_quota`.
    """
    spelt = {each.lower(): each for each in known}
    matches = difflib.get_close_matches(word.lower(), list(spelt), n=5, cutoff=0.6) or _with_part(word.lower(), spelt)
    if not matches:
        return ""

    def likeness(match: str) -> tuple[float, bool]:
        return difflib.SequenceMatcher(None, word.lower(), match).ratio(), match[:1] == word[:1].lower()

    return f"did you mean '{spelt[max(matches, key=likeness)]}'?"


def _with_part(part: str, words: Iterable[str]) -> list[str]:
    """The one word that has a part like this, or begins with it; none where several do."""
    found = [
        word
        for word in words
        if ("_" in word and difflib.get_close_matches(part, word.split("_"), n=1, cutoff=0.8))
        or (len(part) >= _SHORTEST_BEGINNING and word.startswith(part))
    ]
    return found if len(found) == 1 else []


def name_some(known: Sequence[str], *, where: str = "", shown: int = 6) -> str:
    """The first known words and how many more there are, for the `know` line."""
    listed = ", ".join(f"'{word}'" for word in known[:shown])
    rest = len(known) - shown
    tail = f" and {rest} more" if rest > 0 else ""
    return f"{listed}{tail}" + (f" ({where})" if where else "")


def unknown_word(kind: str, word: str, known: Sequence[str], *, where: str = "", listing: str = "") -> Problem:
    """Problem for a word outside a vocabulary, with the nearest known word as hint."""
    ordered = sorted(known, key=lambda k: -difflib.SequenceMatcher(None, k.lower(), word.lower()).ratio())
    return Problem(
        what=f"unknown {kind} '{word}'",
        where=where,
        allowed=name_some(ordered, where=listing),
        hint=nearest_word(word, known),
    )
