"""Beliefs: the moments a month looks ahead to, which measures act at each, and how probable each is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from derisk.market import Moment
from derisk.path.known import Known, Later
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
AGEING: Final = ("export_ban", "outage", "transit_block")
"""Kinds of which most are over in months: what has stood for a year, or was told a year ahead, is of another sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What markets believe about measures in general."""

    hazard_per_month: Mapping[str, float]
    """Chance that a restriction in force ends in a month, by kind of measure; of those that age, of a fresh one."""
    credibility_share: float
    """Chance that an announced restriction takes effect on its date, and that it ends on the date then stated."""
    discount_ratio_per_month: float
    """What a dollar is worth a month earlier."""
    ageing_months: float = math.inf
    """Months after which a ban or a mishap is half as likely to end in a month as a fresh one."""

    def hazard(self, kind: str, age_months: int) -> float:
        """Chance that a restriction which was announced so long ago ends in a month (equation 7.6a)."""
        fresh = self.hazard_per_month[kind]
        return fresh / (1.0 + max(age_months, 0) / self.ageing_months) if kind in AGEING else fresh


def beliefs_of(parameters: Parameters) -> Beliefs:
    """The beliefs that a draw's parameters state."""
    return Beliefs(
        hazard_per_month={kind: getattr(parameters, f"hazard_{kind}_per_month") for kind in EASING},
        credibility_share=parameters.announcement_credibility_share,
        ageing_months=parameters.ageing_months,
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

    def middle(self, moment: int) -> float:
        """Number of the month in the middle of a moment; between two months it is a half."""
        return self.start[moment] + 0.5 * (self.moments[moment].months - 1.0)

    @property
    def stays_chance(self) -> float:
        """Chance that the chain is gone through to its end."""
        return math.prod(self.moments[moment].probability for moment in self.staying)


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
        acting=tuple(known.acting(leaf.restrictions, range(leaf.start, leaf.start + leaf.months)) for leaf in grown),
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
    stays = math.prod(
        _staying_chance([beliefs.hazard(known.kind(place), month - known.told(place)) for place in before.restrictions])
        for month in range(before.start, before.start + before.months)
    )
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


def _staying_chance(hazards: Sequence[float]) -> float:
    """Chance that restrictions stay for a month more (equation 7.7): one less the mean of their hazards."""
    if not hazards:
        return 1.0
    return 1.0 - math.fsum(hazards) / len(hazards)
