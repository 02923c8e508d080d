"""What every measure has: who, what, when, why; and how its uncertain numbers become certain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from derisk.distributions import Distribution
from derisk.errors import Problem
from derisk.scenario.months import month_number
from derisk.scenario.words import Goods, Month, Text, refuse

Quantile = Callable[[str], float]
"""From the stable key of an uncertain number to a quantile in (0, 1)."""
Numbers = Mapping[str, float]
"""A measure's numbers, each fixed at one value, by field."""


class Measure(BaseModel):
    """Fields that all kinds share; each kind is a final class in a file of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, use_attribute_docstrings=True)

    remedy: ClassVar[bool] = False
    """Whether the kind is one of the four levers rather than a restriction or event."""
    restriction: ClassVar[bool] = False
    """Whether a market may expect it to end before its time: a control or a mishap, no lever, no shift of demand."""
    standing: ClassVar[bool] = False
    """Whether it holds in every month simulated, whatever its dates."""
    one_of: ClassVar[tuple[str, ...]] = ()
    """Keys of which exactly one must be given."""

    kind: str
    """The kind; each final class admits one word."""
    goods: Goods
    """The goods it acts on."""
    announced: Month = ""
    """Month in which it becomes known; the default is `from`."""
    from_month: Month = Field(alias="from")
    """First month in force."""
    until: Month | None = None
    """First month no longer in force; left out, it lasts to the end. Of a restriction called off before it began, the
    month of that, after `announced` and no later than `from`."""
    announced_until: Month | None = None
    """The same month as it was stated when the measure was announced, for restrictions; left out, nobody was told."""
    why: Text
    """Reason or source, in a sentence."""

    _line: int | None = PrivateAttr(default=None)
    _place: str = PrivateAttr(default="")

    @property
    def called_off(self) -> bool:
        """Whether it is a restriction that was announced and given up before it began."""
        return self.restriction and self.until is not None and self.announced < self.until <= self.from_month

    @property
    def line(self) -> int | None:
        """Line of the scenario file on which it begins."""
        return self._line

    @property
    def place(self) -> str:
        """Stable key of the measure, such as `measures[3]`: its place in the scenario as written."""
        return self._place

    def placed(self, place: str, line: int | None) -> Self:
        """The same measure with its place and line."""
        copy = self.model_copy()
        copy._place = place
        copy._line = line
        return copy

    @model_validator(mode="after")
    def _check_months(self) -> Self:
        if not self.announced:
            object.__setattr__(self, "announced", self.from_month)
        if self.announced > self.from_month:
            what = f"announced {self.announced} is later than from {self.from_month}"
            refuse(Problem(what=what, allowed="announced no later than from", key="announced"))
        early = self.until is not None and self.from_month and self.until <= self.from_month
        if early and not self.called_off:
            what = f"until {self.until} is not later than from {self.from_month}"
            allowed = "the first month no longer in force, later than from"
            refuse(Problem(what=what, allowed=allowed, key="until", hint="leave 'until' out to let it last to the end"))
        return self

    @model_validator(mode="after")
    def _check_stated_end(self) -> Self:
        if self.announced_until is None:
            return self
        if not self.restriction:
            what = f"announced_until is given for {self.kind}, whose end is known in any case"
            refuse(Problem(what=what, allowed="restrictions alone", key="announced_until", hint="write 'until' alone"))
        if self.announced_until <= self.from_month:
            what = f"announced_until {self.announced_until} is not later than from {self.from_month}"
            refuse(Problem(what=what, allowed="a month later than from", key="announced_until"))
        return self

    @model_validator(mode="after")
    def _check_one_of(self) -> Self:
        given = [key for key in self.one_of if getattr(self, key) is not None]
        if self.one_of and len(given) != 1:
            listed = " or ".join(f"'{key}'" for key in self.one_of)
            what = f"'{given[0]}' and '{given[1]}' exclude each other" if given else f"none of {listed} is given"
            refuse(Problem(what=what, allowed=f"exactly one of {listed}", key=given[-1] if given else ""))
        return self

    def draw(self, quantile: Quantile) -> dict[str, float]:
        """Every number of the measure, uncertain ones at `quantile(key)`; keys are like `measures[3].share`."""
        numbers: dict[str, float] = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if isinstance(value, Distribution):
                certain = value.certain
                numbers[field] = value.central if certain else value.at(quantile(f"{self.place}.{field}"))
        return numbers

    def first_month(self, numbers: Numbers) -> int:
        """Month number from which it acts: `from`, and for a remedy its lead time later, in whole months."""
        if self.standing:
            return 0
        return month_number(self.from_month) + math.ceil(numbers.get("lead_time_months", 0.0) - 1e-9)

    def months_in_force(self, last_month: int) -> int:
        """Months from `from` to `until`, or to the last month simulated; 1 at least."""
        until = last_month + 1 if self.until is None else month_number(self.until)
        return max(1, until - month_number(self.from_month))

    def acts_in(self, month: int, numbers: Numbers) -> bool:
        """Whether it acts in the month of that number."""
        ended = self.until is not None and month >= month_number(self.until)
        return not ended and month >= self.first_month(numbers)
