"""Reading: what one observed number of a case is in the tables of a study, in a few typed words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from derisk.scenario.months import month_label, month_number

EXPORTS: Final = "exports"
IMPORTS: Final = "imports"
PRICE: Final = "price"
PRICE_GAP: Final = "price_gap"

KINDS: Final[dict[str, str]] = {
    EXPORTS: "tonnes that leave `origin` for `destination`, by month of departure",
    IMPORTS: "the same tonnes by month of arrival",
    PRICE: "delivered price at `destination`, weighted by base tonnes from `origin`",
    PRICE_GAP: "that price over the delivered price at home in `origin`",
}
"""What a reading can be of; each a ratio to the base year."""

STATISTICS: Final[dict[str, str]] = {
    "mean": "mean over the months",
    "highest": "highest of the months",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Months from `first` to `last`, both included."""

    first: str
    last: str

    def labels(self) -> tuple[str, ...]:
        """The months, as `YYYY-MM`."""
        return tuple(month_label(number) for number in range(month_number(self.first), month_number(self.last) + 1))

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A ratio that a study answers: of what, where, in which months over which."""

    kind: str
    """One of `KINDS`."""
    goods: tuple[str, ...]
    """Tonnes of several goods are added; a price is of one good."""
    origin: tuple[str, ...]
    """Countries, blocs or `all`."""
    destination: tuple[str, ...]
    """Countries, blocs or `all`; deliveries at home count only where origin and destination are one and the same."""
    months: Span
    over: Span | None
    """What the months are compared with; None is the base year."""
    statistic: str
    """One of `STATISTICS`, taken over `months`; over `over` it is the mean."""

    @property
    def course(self) -> tuple[object, ...]:
        """What two readings share that differ in their months alone: they are points of one curve."""
        return (self.kind, self.goods, self.origin, self.destination, self.over)

    @property
    def of_tonnes(self) -> bool:
        """Whether tonnes are read; prices otherwise."""
        return self.kind in (EXPORTS, IMPORTS)
