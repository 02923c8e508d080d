"""Beliefs: the moments a month looks ahead to, which measures act at each, and how probable each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from derisk.market import Moment
from derisk.path.parameters import Parameters
from derisk.scenario import Acting

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What markets believe about measures in general."""

    hazard_per_month: Mapping[str, float]
    """Chance that a restriction in force ends in a month, by kind of measure."""
    credibility_share: float
    """Chance that an announced restriction takes effect on its date."""
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


def expect(measures: Sequence[Acting], month: int, beliefs: Beliefs) -> Expectation:
    """The tree of a month (equations 7.6 to 7.9 of docs/theory/path.md).

    Known are the measures announced by the month. A restriction in force stays along the chain, as nobody knows when
    it ends, unless an announced one of its kind replaces it; from each moment of the chain a branch leads to a moment
    in which all restrictions have eased. An announced restriction takes effect on its date with the announcement's
    credibility; else a branch leads to a moment without it. Remedies and changes of demand keep to their dates.

    Args:
        measures: the measures of a realised scenario.
        month: number of the month that happens.
        beliefs: chances and the discount.
    """
    known = Known(tuple(measure for measure in measures if measure.announced <= month), month)
    grown = [_Grown(-1, 1.0, STAYING_MONTHS[0], month, known.restrictions(month))]
    staying = [0]
    for step in range(1, len(STAYING_MONTHS)):
        before, length = grown[staying[-1]], STAYING_MONTHS[step]
        start = before.start + before.months
        there = known.restrictions(start + length // 2)
        newly = frozenset(place for place in there - before.restrictions if not known.renews(place))
        stays = _staying_chance([known.kind(place) for place in before.restrictions], beliefs) ** before.months
        effective = beliefs.credibility_share if newly else 1.0
        for chance, restrictions in ((1.0 - stays, frozenset()), (stays * (1.0 - effective), there - newly)):
            if chance > 0.0:
                grown.append(_Grown(staying[-1], chance, EASED_MONTHS, start, restrictions))
        grown.append(_Grown(staying[-1], stays * effective, length, start, there))
        staying.append(len(grown) - 1)
    return Expectation(
        moments=tuple(Moment(leaf.parent, float(leaf.months), leaf.chance) for leaf in grown),
        acting=tuple(known.acting(leaf) for leaf in grown),
        start=tuple(leaf.start for leaf in grown),
        staying=tuple(staying),
    )


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
        """Keys of the measures that act in each month of a moment."""
        others = [measure for measure in self.measures if not measure.restriction]
        return tuple(
            grown.restrictions | frozenset(measure.place for measure in others if measure.acts_in(month))
            for month in range(grown.start, grown.start + grown.months)
        )

    def kind(self, place: str) -> str:
        """Kind of a measure."""
        return self._measure(place).kind

    def renews(self, place: str) -> bool:
        """Whether a restriction takes the place of another of its kind that ends as it begins."""
        measure = self._measure(place)
        return any(
            other.restriction and other.kind == measure.kind and other.until == measure.first for other in self.measures
        )

    def _measure(self, place: str) -> Acting:
        return next(measure for measure in self.measures if measure.place == place)

    def _over(self, measure: Acting, then: int) -> bool:
        """Whether a restriction is known to have ended by a month: it ended, or another is known to replace it."""
        if measure.until is None or then < measure.until:
            return False
        return measure.until <= self.now or any(
            other.restriction and other.kind == measure.kind and other.first == measure.until for other in self.measures
        )


def _staying_chance(kinds: Sequence[str], beliefs: Beliefs) -> float:
    """Chance that restrictions stay for a month more (equation 7.7): one less the mean of their hazards."""
    if not kinds:
        return 1.0
    return 1.0 - sum(beliefs.hazard_per_month[kind] for kind in kinds) / len(kinds)
