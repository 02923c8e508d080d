"""Known: the measures announced by a month, as that month sees them: what acts when, what renews or ends what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from derisk.path.practice import KNOWN_EXPORTS
from derisk.scenario import Acting
from derisk.scenario.measures import CONTROL_KINDS
from derisk.scenario.words import ALL
from derisk.vocabulary.regions import BLOCS


class Later(NamedTuple):
    """Restrictions that are announced and begin after the chain."""

    first: int
    """Number of the month in which the first of them begins."""
    last: int
    """Number of the month in which the last of them begins."""
    acting: frozenset[str]
    """Keys of all measures that act then, so far as is known."""


@dataclass(frozen=True, slots=True)
class Known:
    """The measures announced by a month, as that month sees them."""

    measures: tuple[Acting, ...]
    now: int

    def restrictions(self, then: int) -> frozenset[str]:
        """Keys of the restrictions expected to act in a month if all stay."""
        return frozenset(
            measure.place
            for measure in self.measures
            if measure.restriction and measure.first <= then and not self._over(measure, then)
        )

    def acting(self, restrictions: frozenset[str], months: range) -> tuple[frozenset[str], ...]:
        """Keys of the measures that act in each month beside some restrictions; exports are known of no month ahead."""
        others = [measure for measure in self.measures if not measure.restriction]
        lasting = [measure for measure in others if measure.kind != KNOWN_EXPORTS]
        sets = []
        for month in months:
            beside = lasting if month > self.now else others
            sets.append(restrictions | {one.place for one in beside if one.acts_in(month)})
        return tuple(sets)

    def later(self, since: int) -> Later | None:
        """What begins after a month and renews nothing of its kind."""
        yet = [one for one in self.measures if one.restriction and one.first > since and self.is_news(one.place)]
        if not yet:
            return None
        begins = [one.first for one in yet]
        others = frozenset(one.place for one in self.measures if not one.restriction and one.acts_in(max(begins)))
        return Later(min(begins), max(begins), self.restrictions(max(begins)) | others)

    def kind(self, place: str) -> str:
        """Kind of a measure."""
        return self._measure(place).kind

    def told(self, place: str) -> int:
        """Number of the month in which a restriction was told of, or what it goes on with: a longer ban is not new."""
        measure = self._measure(place)
        old = [other for other in self.measures if measure.kind == other.kind and _replaces(measure, other)]
        before = (self.told(other.place) for other in old if other.first < measure.first)
        return min(before, default=measure.announced)

    def renews(self, place: str) -> bool:
        """Whether a restriction takes the place of another that ends as it begins."""
        measure = self._measure(place)
        return any(_replaces(measure, other) for other in self.measures)

    def is_news(self, place: str) -> bool:
        """Whether a restriction is more than the renewal of one of its kind: a ban after a tax is."""
        measure = self._measure(place)
        return not any(measure.kind == other.kind and _replaces(measure, other) for other in self.measures)

    def ends_by_word(self, place: str, since: int, then: int) -> bool:
        """Whether the end stated with a restriction lies after one month and no later than another."""
        stated = self._measure(place).stated_until
        return stated is not None and since < stated <= then

    def _measure(self, place: str) -> Acting:
        return next(measure for measure in self.measures if measure.place == place)

    def _over(self, measure: Acting, then: int) -> bool:
        """Whether a restriction is known to have ended by a month: it ended, or another is known to replace it."""
        if measure.until is None or then < measure.until:
            return False
        return measure.until <= self.now or any(_replaces(other, measure) for other in self.measures)


def _replaces(new: Acting, old: Acting) -> bool:
    """Whether a restriction takes the place of another: of its kind or both controls, of one actor and good.

    One of another kind must be aimed at the same regions: a quota for all is no end of a ban on one buyer. One of its
    own kind must share some of them: a ban on Japan is no renewal of one on the United States.
    """
    if new.first != old.until or new.place == old.place:  # one called off in its first month ends where it would begin
        return False
    controls = new.kind in CONTROL_KINDS and old.kind in CONTROL_KINDS and new.towards == old.towards
    renews = new.kind == old.kind and _meet(new.towards, old.towards)
    touch = old.actors <= new.actors and bool(new.goods & old.goods or new.goods == old.goods)
    return new.restriction and (renews or controls) and touch


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether words of `to` have a region in common, blocs by their members."""
    if ALL in one | other:
        return True
    regions = [{region for word in words for region in BLOCS.get(word, (word,))} for words in (one, other)]
    return not regions[0].isdisjoint(regions[1])
