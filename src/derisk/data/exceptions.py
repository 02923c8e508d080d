"""Exceptions: known departures from a rule about sets of rows, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from derisk.data.checks import Finding
from derisk.data.rules import SET_RULES
from derisk.data.yaml_reading import as_tuple, read_entries
from derisk.errors import Problem, nearest_word

WORDS: Final = ("field", "material", "stage", "good", "region", "period", "source")
_KEYS: Final = ("rule", *WORDS, "reason")


@dataclass(frozen=True, slots=True)
class Excuse:
    """One line of `exceptions.yml`: the rule, the words of the rows concerned, and why."""

    rule: str
    words: Mapping[str, tuple[str, ...]]
    reason: str
    where: str

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is the departure meant."""
        return finding.rule == self.rule and all(finding.words[name] in words for name, words in self.words.items())

    def as_dict(self) -> dict[str, Any]:
        """The excuse as plain values, for JSON."""
        return {
            "rule": self.rule,
            "words": {name: list(words) for name, words in self.words.items()},
            "reason": self.reason,
            "where": self.where,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Excuse:
        """The excuse of such plain values."""
        words = {name: tuple(words) for name, words in record["words"].items()}
        return cls(record["rule"], words, record["reason"], record["where"])


def read_excuses(folder: Path, *, problems: list[Problem]) -> list[Excuse]:
    """Excuses of `exceptions.yml`, then of `exceptions/*.yml` by name."""
    excuses = []
    rules = tuple(rule.name for rule in SET_RULES)
    for name, entry, line in read_entries(folder, "exceptions", problems=problems):
        where = f"{name}, line {line}"
        if not isinstance(entry, dict) or not entry.get("rule") or not entry.get("reason"):
            problems.append(Problem("an exception needs a rule and a reason", where, ", ".join(_KEYS)))
            continue
        for key in entry:
            if key not in _KEYS:
                problems.append(Problem(f"unknown key '{key}'", where, ", ".join(_KEYS), nearest_word(str(key), _KEYS)))
        if entry["rule"] not in rules:
            problems.append(
                Problem(
                    f"unknown rule '{entry['rule']}'", where, ", ".join(rules), nearest_word(str(entry["rule"]), rules)
                )
            )
        words = {name: as_tuple(entry[name]) for name in WORDS if entry.get(name) is not None}
        excuses.append(Excuse(str(entry["rule"]), words, str(entry["reason"]).strip(), where))
    return excuses
