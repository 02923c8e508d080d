"""The scenario: one question, its horizon, its measures, its uncertainty."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from derisk.errors import Problem
from derisk.network.figures import FLOW_FIELDS, STANDING_FIELDS
from derisk.scenario.measures import AnyMeasure
from derisk.scenario.months import month_label, month_number, months_from
from derisk.scenario.words import Month, Number, Text, refuse
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.spellings import unknown_id
from derisk.vocabulary.uses import USES

_CONFIG: Final = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, use_attribute_docstrings=True)

FIELDS: Final = tuple(field for field in (*FLOW_FIELDS, *STANDING_FIELDS) if field != "trade")
"""Fields of the dataset that an `assume` row may replace."""


class Draws(BaseModel):
    """How many realisations of the uncertain numbers, and from which seed."""

    model_config = _CONFIG

    count: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 50
    """Number of draws."""
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    """Seed of the draws: the same seed gives the same numbers."""


def _one_of(kind: str, words: tuple[str, ...]) -> Any:
    def check(word: object) -> str:
        if str(word) not in words:
            refuse(unknown_id(kind, str(word), words))
        return str(word)

    return BeforeValidator(check)


class Assumption(BaseModel):
    """A user's own figure in place of the dataset's."""

    model_config = _CONFIG

    field: Annotated[str, _one_of("field", FIELDS)]
    """Field of the dataset."""
    good: Annotated[str, _one_of("good", tuple(GOODS))] = ""
    """Good, where the field has one."""
    region: Annotated[str, _one_of("region", (*COUNTRIES, *SPECIAL_REGIONS))] = ""
    """Country or region, where the field has one."""
    use: Annotated[str, _one_of("use", tuple(USES))] = ""
    """Use, where the field has one."""
    value: Number
    """The figure, in the field's unit."""
    why: Text
    """Reason or source."""
    _line: int | None = PrivateAttr(default=None)

    @property
    def line(self) -> int | None:
        """Line of the scenario file."""
        return self._line

    def placed(self, line: int | None) -> Self:
        """The same row with its line."""
        copy = self.model_copy()
        copy._line = line
        return copy


def _check_name(name: str) -> str:
    if len(name) > 200 or not name.isprintable():
        refuse(Problem(what="the name is too long or holds unprintable letters", allowed="up to 200 printable letters"))
    return name


class Scenario(BaseModel):
    """A scenario as a file states it, defaults filled in."""

    model_config = _CONFIG

    name: Annotated[Text, AfterValidator(_check_name)]
    """What the scenario is called."""
    question: str = ""
    """The question it answers."""
    base_year: Annotated[int, Field(ge=2000, le=2100, strict=True)] = 2024
    """Year of the network that the measures act on."""
    start: Month = ""
    """First month simulated."""
    months: Annotated[int, Field(ge=1, le=600, strict=True)]
    """Number of months simulated."""
    draws: Draws = Draws()
    """Draws of the uncertain numbers."""
    measures: tuple[AnyMeasure, ...]
    """What actors do; may be empty."""
    assumptions: tuple[Assumption, ...] = Field(default=(), alias="assume")
    """Figures that replace the dataset's."""
    _file: str = PrivateAttr(default="")
    _base_year_line: int | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _fill(self) -> Self:
        if not self.start:
            known = [measure.announced for measure in self.measures if measure.announced]
            object.__setattr__(self, "start", min(known) if known else f"{self.base_year + 1}-01")
        placed = tuple(m if m.place else m.placed(f"measures[{step}]", None) for step, m in enumerate(self.measures))
        object.__setattr__(self, "measures", placed)
        return self

    @property
    def file(self) -> str:
        """Name of the file that states it, as messages print it."""
        return self._file

    @property
    def base_year_line(self) -> int | None:
        """Line of the file that states the base year."""
        return self._base_year_line

    def read_from(self, file: str, *, base_year_line: int | None) -> Self:
        """The same scenario with the name of its file and the line of its base year."""
        copy = self.model_copy()
        copy._file, copy._base_year_line = file, base_year_line
        return copy

    @property
    def draws_count(self) -> int:
        """Number of draws."""
        return self.draws.count

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return self.draws.seed

    @property
    def end(self) -> str:
        """First month no longer simulated."""
        return month_label(month_number(self.start) + self.months)

    @property
    def has_remedies(self) -> bool:
        """Whether any measure is a lever."""
        return any(measure.remedy for measure in self.measures)

    def month_labels(self) -> tuple[str, ...]:
        """The months simulated, as `YYYY-MM`."""
        return months_from(self.start, self.months)

    def without_remedies(self) -> Scenario:
        """The same scenario without levers; the other measures keep their keys, and so their draws."""
        kept = tuple(measure for measure in self.measures if not measure.remedy)
        return self.model_copy(update={"measures": kept})

    def resolved(self) -> dict[str, object]:
        """The scenario as plain data with every default written out; it loads to the same scenario."""
        plain = self.model_dump(mode="python", by_alias=True, exclude_none=True)
        plain["measures"] = [_plain_row(row) for row in plain["measures"]]
        plain["assume"] = [_plain_row(row) for row in plain["assume"]]
        if not plain["assume"]:
            del plain["assume"]
        return plain


_FIRST_KEYS: Final = ("kind", "by", "to", "process", "goods", "uses", "announced", "from", "until", "announced_until")


def _plain_row(row: dict[str, object]) -> dict[str, object]:
    """Who, what and when first, the reason last; tuples as lists, empty words left out."""
    middle = [key for key in row if key not in (*_FIRST_KEYS, "why")]
    keys = [*(key for key in _FIRST_KEYS if key in row), *middle, "why"]
    plain = {key: row[key] for key in keys}
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in plain.items() if value not in ("", {})
    }
