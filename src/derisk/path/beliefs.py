"""Beliefs: the moments a month looks ahead to, which measures act at each, and how probable each is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from derisk.market import Moment
from derisk.path.parameters import Parameters
from derisk.path.practice import KNOWN
from derisk.scenario import Acting
from derisk.scenario.words import ALL
from derisk.vocabulary.regions import BLOCS

STAYING_MONTHS: Final = (1, 1, 1, 2, 3, 4)
"""Lengths of the moments of the chain in which what acts stays: a year, coarser towards its end [months]."""
EASED_MONTHS: Final = 3
"""Length of a moment in which controls have eased: long enough to fill stores again [months]."""
EASING: Final = (
    "export_ban",
    "export_licence",
    "export_quota",
    "export_tax",
    "import_tariff",
    "sanction",
    "transit_block",
    "outage",
    "dumping",
)
"""Kinds of restriction, each with a hazard of its own among the parameters."""
CONTROLS: Final = ("export_ban", "export_quota", "export_licence", "export_tax")
"""Kinds of which one may take the place of another: a stop of exports that becomes a quota."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What markets believe about measures in general."""

    hazard_per_month: Mapping[str, float]
    """Chance that a restriction in force ends in a month, by kind of measure."""
    credibility_share: float
    """Chance that an announced restriction takes effect on its date, and that it ends on the date then stated."""
    discount_ratio_per_month: float
    """What a dollar is worth a month earlier."""


def beliefs_of(parameters: Parameters) -> Beliefs:
    """The beliefs that a draw's parameters state."""
    return Beliefs(
        hazard_per_month={kind: getattr(parameters, f"hazard_{kind}_per_month") for kind in EASING},
        credibility_share=parameters.announcement_credibility_share,
        discount_ratio_per_month=(1.0 + parameters.discount_share_per_year) ** (-1.0 / 12.0),
    )


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one month expects: a tree of moments, the first of which happens."""

    moments: tuple[Moment, ...]
    acting: tuple[tuple[frozenset[str], ...], ...]
    """(moment, month of it) keys of the measures that act; restrictions are the same in all months of a moment."""
    start: tuple[int, ...]
    """(moment,) number of its first month."""
    staying: tuple[int, ...]
    """Moments of the chain in which what acts stays, in order."""
    coming: frozenset[str] = frozenset()
    """Keys of restrictions that begin along the chain and renew none of their kind."""
    later: Later | None = None
    """What has been announced for the time after the chain; None: nothing."""

    @property
    def stays_chance(self) -> float:
        """Chance that the chain is gone through to its end."""
        return math.prod(self.moments[moment].probability for moment in self.staying)


class Later(NamedTuple):
    """Restrictions that are announced and begin after the chain."""

    first: int
    """Number of the month in which the first of them begins."""
    last: int
    """Number of the month in which the last of them begins."""
    acting: frozenset[str]
    """Keys of all measures that act then, so far as is known."""


def expect(measures: Sequence[Acting], month: int, beliefs: Beliefs) -> Expectation:
    """The tree of a month (equations 7.6 to 7.9 of docs/theory/path.md).

    Known are the measures announced by the month. A restriction in force stays along the chain, as nobody knows when
    it ends, unless an announced one replaces it; from each moment of the chain a branch leads to a moment in which all
    restrictions have eased. An announced restriction takes effect on its date with the announcement's credibility, and
    ends with the same on the date stated with it; else branches lead to a moment without it. Remedies and changes of
    demand keep to their dates.

    Args:
        measures: the measures of a realised scenario.
        month: number of the month that happens.
        beliefs: chances and the discount.
    """
    known = Known(tuple(measure for measure in measures if measure.announced <= month), month)
    grown = [_Grown(-1, 1.0, STAYING_MONTHS[0], month, known.restrictions(month))]
    staying = [0]
    middle = month
    for step in range(1, len(STAYING_MONTHS)):
        before, length = grown[staying[-1]], STAYING_MONTHS[step]
        start = before.start + before.months
        since, middle = middle, start + length // 2
        leaves, left = _leaves(known, beliefs, before, since, middle)
        grown += [_Grown(staying[-1], chance, EASED_MONTHS, start, eased) for eased, chance in leaves.items()]
        grown.append(_Grown(staying[-1], left, length, start, known.restrictions(middle)))
        staying.append(len(grown) - 1)
    return Expectation(
        moments=tuple(Moment(leaf.parent, float(leaf.months), leaf.chance) for leaf in grown),
        acting=tuple(known.acting(leaf) for leaf in grown),
        start=tuple(leaf.start for leaf in grown),
        staying=tuple(staying),
        coming=frozenset(place for place in grown[-1].restrictions - grown[0].restrictions if known.is_news(place)),
        later=known.later(middle),
    )


def _leaves(
    known: Known, beliefs: Beliefs, before: _Grown, since: int, middle: int
) -> tuple[dict[frozenset[str], float], float]:
    """Chances of the branches off a moment of the chain by what still acts in them, and that of the chain going on.

    Args:
        known: the measures known.
        beliefs: chances.
        before: the moment they leave.
        since: its middle month.
        middle: middle month of the chain's next moment.
    """
    there = known.restrictions(middle)
    newly = frozenset(place for place in there - before.restrictions if not known.renews(place))
    ending = frozenset(place for place in there & before.restrictions if known.ends_by_word(place, since, middle))
    stays = _staying_chance([known.kind(place) for place in before.restrictions], beliefs) ** before.months
    effective = beliefs.credibility_share if newly else 1.0
    kept_word = beliefs.credibility_share if ending else 0.0
    leaves: dict[frozenset[str], float] = {}
    for chance, restrictions in (
        (1.0 - stays, frozenset[str]()),
        (stays * (1.0 - effective), there - newly),
        (stays * effective * kept_word, there - ending),
    ):
        if chance > 0.0:
            leaves[restrictions] = leaves.get(restrictions, 0.0) + chance
    return leaves, stays * effective * (1.0 - kept_word)


class _Grown(NamedTuple):
    """A moment of the tree and the restrictions that act in it."""

    parent: int
    chance: float
    months: int
    start: int
    restrictions: frozenset[str]


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

    def acting(self, grown: _Grown) -> tuple[frozenset[str], ...]:
        """Keys of the measures that act in each month of a moment; exports are known of no month ahead."""
        others = [measure for measure in self.measures if not measure.restriction]
        lasting = [measure for measure in others if measure.kind != KNOWN]
        return tuple(
            grown.restrictions
            | frozenset(one.place for one in (lasting if month > self.now else others) if one.acts_in(month))
            for month in range(grown.start, grown.start + grown.months)
        )

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
    if new.place == old.place:  # one called off in its first month ends where it would have begun
        return False
    controls = new.kind in CONTROLS and old.kind in CONTROLS and new.towards == old.towards
    renews = new.kind == old.kind and _meet(new.towards, old.towards)
    touch = old.actors <= new.actors and bool(new.goods & old.goods or new.goods == old.goods)
    return new.restriction and (renews or controls) and touch and new.first == old.until


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether words of `to` have a region in common, blocs by their members."""
    if ALL in one | other:
        return True
    regions = [{region for word in words for region in BLOCS.get(word, (word,))} for words in (one, other)]
    return not regions[0].isdisjoint(regions[1])


def _staying_chance(kinds: Sequence[str], beliefs: Beliefs) -> float:
    """Chance that restrictions stay for a month more (equation 7.7): one less the mean of their hazards."""
    if not kinds:
        return 1.0
    return 1.0 - math.fsum(beliefs.hazard_per_month[kind] for kind in kinds) / len(kinds)
