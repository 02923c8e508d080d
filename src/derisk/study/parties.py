"""Parties: the measures among which a loss is divided, each alone where they are few, by kind where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from derisk.losses.attribution import sets_by_shapley, sets_in_order
from derisk.scenario import Scenario
from derisk.scenario.measure import Measure
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.names import good_label, in_sentence, listed, material_label, region_in_sentence

MOST_BY_SHAPLEY: Final = 6
"""Parties up to which every set of them is solved; of more, each is added in the scenario's order."""

_NAMED: Final = 3
"""Words of a label; of more two and the number of the rest."""


@dataclass(frozen=True, slots=True)
class Party:
    """One measure, or several that act together, as one cause of the loss."""

    label: str
    places: tuple[str, ...]
    """Keys of its measures, such as `measures[3]`."""


@dataclass(frozen=True, slots=True)
class Side:
    """One question of attribution: who causes the loss without levers, or who saves what of it."""

    name: str
    """`controls` or `levers`."""
    parties: tuple[Party, ...]
    scenario: Scenario
    """The scenario with every party of the side."""

    @property
    def rule(self) -> str:
        """`shapley` or `marginal order`."""
        return "shapley" if len(self.parties) <= MOST_BY_SHAPLEY else "marginal order"

    @property
    def sets(self) -> tuple[frozenset[int], ...]:
        """The sets of parties to solve."""
        count = len(self.parties)
        return sets_by_shapley(count) if self.rule == "shapley" else sets_in_order(range(count))

    def with_parties(self, chosen: frozenset[int]) -> Scenario:
        """The scenario with these parties alone; other measures stay, and all keep their keys, and so their draws."""
        gone = {place for at, party in enumerate(self.parties) if at not in chosen for place in party.places}
        kept = tuple(measure for measure in self.scenario.measures if measure.place not in gone)
        return self.scenario.model_copy(update={"measures": kept})


def sides_of(scenario: Scenario) -> tuple[Side, ...]:
    """The sides of a scenario that have parties: its controls without levers, then its levers with every control."""
    controls = [measure for measure in scenario.measures if not measure.remedy]
    levers = [measure for measure in scenario.measures if measure.remedy]
    sides = (
        Side("controls", parties_of(controls), scenario.without_remedies()),
        Side("levers", parties_of(levers), scenario),
    )
    return tuple(side for side in sides if side.parties)


def parties_of(measures: Sequence[Measure]) -> tuple[Party, ...]:
    """Each measure for itself, or, of more than six, those of one kind together, controls by material as well."""
    if len(measures) <= MOST_BY_SHAPLEY:
        return tuple(Party(_label(measure), (measure.place,)) for measure in measures)
    groups: dict[tuple[str, ...], list[Measure]] = {}
    for measure in measures:
        materials = () if measure.remedy else _materials(measure)
        groups.setdefault((measure.kind, *materials), []).append(measure)
    return tuple(
        Party(_group_label(kind, materials), tuple(measure.place for measure in members))
        for (kind, *materials), members in groups.items()
    )


def _materials(measure: Measure) -> tuple[str, ...]:
    return tuple(dict.fromkeys(family(GOODS[good].material) for good in measure.goods if good in GOODS))


def _label(measure: Measure) -> str:
    who = [region_in_sentence(str(word)) for word in getattr(measure, "by", ())]
    goods = [in_sentence(good_label(good)) for good in measure.goods]
    return f"{_kind(measure.kind)}, {_listed(goods)}" + (f", by {_listed(who)}" if who else "")


def _group_label(kind: str, materials: Sequence[str]) -> str:
    return ", ".join(
        [_kind(kind), *([_listed([in_sentence(material_label(m)) for m in materials])] if materials else [])]
    )


def _kind(kind: str) -> str:
    words = kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def _listed(words: Sequence[str]) -> str:
    return listed(words, most=_NAMED if len(words) <= _NAMED else _NAMED - 1)
