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
    places: tuple[frozenset[str], ...]
    """(moment,) keys of the measures that act in it."""
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
    starts = [month + sum(STAYING_MONTHS[:step]) for step in range(len(STAYING_MONTHS))]
    acting = [known.acting(start + length // 2) for start, length in zip(starts, STAYING_MONTHS, strict=True)]
    grown = [_Leaf(Moment(-1, float(STAYING_MONTHS[0]), 1.0), acting[0], month)]
    staying = [0]
    for step in range(1, len(starts)):
        here, there, start = acting[step - 1], acting[step], starts[step]
        newly = known.restrictions(there) - here
        stays = _staying_chance([known.kind(place) for place in known.restrictions(here)], beliefs)
        stays **= STAYING_MONTHS[step - 1]
        effective = beliefs.credibility_share if newly else 1.0
        eased = known.acting(start + EASED_MONTHS // 2)
        for probability, places in (
            (1.0 - stays, eased - known.restrictions(eased)),
            (stays * (1.0 - effective), eased - newly),
        ):
            if probability > 0.0:
                grown.append(_Leaf(Moment(staying[-1], float(EASED_MONTHS), probability), places, start))
        grown.append(_Leaf(Moment(staying[-1], float(STAYING_MONTHS[step]), stays * effective), there, start))
        staying.append(len(grown) - 1)
    return Expectation(
        moments=tuple(leaf.moment for leaf in grown),
        places=tuple(leaf.places for leaf in grown),
        start=tuple(leaf.start for leaf in grown),
        staying=tuple(staying),
    )


class _Leaf(NamedTuple):
    moment: Moment
    places: frozenset[str]
    start: int


@dataclass(frozen=True, slots=True)
class Known:
    """The measures announced by a month, as that month sees them."""

    measures: tuple[Acting, ...]
    now: int

    def acting(self, then: int) -> frozenset[str]:
        """Keys of the measures expected to act in a month, restrictions staying."""
        return frozenset(measure.place for measure in self.measures if self._acts(measure, then))

    def restrictions(self, places: frozenset[str]) -> frozenset[str]:
        """Those of some measures that are restrictions."""
        return places & frozenset(measure.place for measure in self.measures if measure.restriction)

    def kind(self, place: str) -> str:
        """Kind of a measure."""
        return next(measure.kind for measure in self.measures if measure.place == place)

    def _acts(self, measure: Acting, then: int) -> bool:
        ends = measure.until
        if measure.restriction and ends is not None and ends > self.now and not self._replaced(measure):
            ends = None
        return measure.first <= then and (ends is None or then < ends)

    def _replaced(self, measure: Acting) -> bool:
        """Whether an announced restriction of the same kind begins in the month in which this one ends."""
        return any(
            other.restriction and other.kind == measure.kind and other.first == measure.until for other in self.measures
        )


def _staying_chance(kinds: Sequence[str], beliefs: Beliefs) -> float:
    """Chance that restrictions stay for a month more (equation 7.7): one less the mean of their hazards."""
    if not kinds:
        return 1.0
    return 1.0 - sum(beliefs.hazard_per_month[kind] for kind in kinds) / len(kinds)
