"""Plants by word: the kinds that make a good, and which of a network's processes a word names."""

from __future__ import annotations

from typing import Final

from derisk.errors import Problem, nearest_word
from derisk.scenario.words import refuse
from derisk.vocabulary.processes import PROCESSES, SCRAP_PREFIX

_NOT_PRIMARY: Final = (SCRAP_PREFIX, "host_")


def plant_kinds(good: str) -> tuple[str, ...]:
    """Kinds of plant that make a good, as main or joint product, primary ones only."""
    return tuple(
        process.kind
        for process in PROCESSES.values()
        if good in (process.main, *process.joint) and not process.kind.startswith(_NOT_PRIMARY)
    )


def check_kind(process: str, goods: tuple[str, ...]) -> None:
    """Refuse a word that is no kind of plant making one of the goods."""
    kinds = tuple(dict.fromkeys(kind for good in goods for kind in plant_kinds(good)))
    if process not in kinds:
        what = f"'{process}' is no kind of plant that makes {', '.join(goods)}"
        refuse(Problem(what=what, allowed=", ".join(kinds), key="process", hint=nearest_word(process, kinds)))
