"""Figure: one chosen row of the dataset, as its own year states it or as another year lends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Key = tuple[str, str, str, str]

BORROWED: Final = "borrowed"
"""Status of a figure that another year lends, whatever its row's own status."""

FLOW_FIELDS: Final = (
    "production",
    "recycled_production",
    "secondary_production",
    "trade",
    "capacity",
    "residue_supply",
    "price",
    "demand",
)
"""Fields of a year: for each good the newest year up to the base year counts, whole; else the first after lends."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One chosen row of the dataset."""

    row_id: str
    field: str
    material: str
    stage: str
    good: str
    region: str
    partner: str
    use: str
    period: str
    value: float
    low: float | None
    high: float | None
    status: str
    source: str
    ratio: float = 1.0
    """What the row's own value was multiplied by, where it was moved to another year."""

    @property
    def key(self) -> Key:
        """What the row is about, its field and year apart."""
        return (self.good, self.region, self.partner, self.use)

    @property
    def subject(self) -> str:
        """Its good, or its material where it is about no one good."""
        return self.good or self.material

    @property
    def year(self) -> int:
        """The row's own year; 0 where it has none."""
        return int(self.period) if self.period else 0

    def words(self) -> str:
        """The row as an error message names it."""
        about = " ".join(word for word in (self.subject, self.region, self.partner, self.use) if word)
        return f"{self.field} {about} {self.period} = {self.value:g} ({self.status}, {self.source}, row {self.row_id})"
