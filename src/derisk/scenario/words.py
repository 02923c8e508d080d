"""Words and numbers a scenario file may hold, as types that check themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Final, NoReturn

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from derisk.distributions import Distribution, parse_number
from derisk.errors import InputError, Problem, nearest_word
from derisk.scenario.months import is_month, month_meant, nearest_month
from derisk.vocabulary.goods import GOODS, MATERIALS, family
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.regions import BLOCS, COUNTRIES, REST_OF_EU, REST_OF_WORLD
from derisk.vocabulary.routes import TRANSIT_COUNTRIES
from derisk.vocabulary.spellings import ids_meant, one_of, unknown_id
from derisk.vocabulary.uses import USES

ALL: Final = "all"
REGION_WORDS: Final = (ALL, *BLOCS, REST_OF_EU, REST_OF_WORLD, *COUNTRIES)
"""Every word that `by` and `to` may hold."""
_PERCENT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


def refuse(problem: Problem) -> NoReturn:
    """Raise `problem` in the form that pydantic collects."""
    context = {"what": problem.what, "allowed": problem.allowed, "hint": problem.hint, "key": problem.key}
    raise PydanticCustomError("problem", "{what}", context)


def _as_list(value: object) -> object:
    if value is None:
        refuse(Problem(what="nothing is given", allowed="one word, or a list of words"))
    return value if isinstance(value, list | tuple) else [value]


def _known(kind: str, words: Iterable[str]) -> Callable[[object], str]:
    known = tuple(words)

    def check(word: object) -> str:
        text = str(word)
        if text in known:
            return text
        refuse(unknown_id(kind, text, known))

    return check


_check_region_word = _known("region", REGION_WORDS)


def check_region(word: object) -> str:
    """A region's id or a bloc; for a name in words the hint is its id."""
    text = str(word)
    if text in REGION_WORDS:
        return text
    meant = ids_meant("region", text, REGION_WORDS)
    if not meant:
        return _check_region_word(word)
    hint = f"write {one_of(meant)}"
    refuse(Problem(what=f"'{text}' is no region's code", allowed="codes as in derisk data regions", hint=hint))


def check_transit(word: object) -> str:
    """A country that some route passes through."""
    text = str(word)
    if text in TRANSIT_COUNTRIES:
        return text
    meant = ids_meant("region", text, TRANSIT_COUNTRIES)
    hint = f"write {one_of(meant)}" if meant else nearest_word(text, TRANSIT_COUNTRIES)
    what = f"no route that is known passes through '{text}'"
    refuse(Problem(what=what, allowed=", ".join(TRANSIT_COUNTRIES), hint=hint))


def _no_repeats(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        repeated = next(word for word in words if words.count(word) > 1)
        refuse(Problem(what=f"'{repeated}' stands twice", allowed="each word once"))
    return words


def check_traded_good(word: object) -> str:
    """A traded good's id; of a material the hint names the goods, and what has no market is refused as such."""
    text, listing, markets = str(word), "derisk data goods", market_goods()
    if text in markets or (text not in GOODS and text not in MATERIALS):
        return _known("good", markets)(text)
    if text in GOODS and not GOODS[text].traded:
        refuse(Problem(what=f"'{text}' never crosses a border", allowed=f"traded goods ({listing})"))
    sold = [good for good in markets if text in (GOODS[good].material, family(GOODS[good].material))]
    if sold:
        hint = "write " + " or ".join(f"'{good}'" for good in sold)
        refuse(Problem(what=f"'{text}' is a material, not a good", allowed=f"goods ({listing})", hint=hint))
    whole = GOODS[text].quote_of if text in GOODS else ""
    hint = f"write '{whole}', of which it is a part" if whole else "docs/limits.md says why"
    what = f"'{text}' has figures in the dataset, but no market"
    refuse(Problem(what=what, allowed=", ".join(markets), hint=hint))


def check_use(word: object) -> str:
    """An end-use sector's id; all of them are meant where the key is left out."""
    if word == ALL:
        hint = "leave 'uses' out for all of them"
        refuse(Problem(what="'all' is no use", allowed="uses (derisk data uses)", hint=hint))
    return _known("use", USES)(word)


def check_month(value: object) -> str:
    """A month label."""
    if isinstance(value, str) and is_month(value):
        return value
    nearest, meant = nearest_month(str(value)), month_meant(str(value))
    hint = f"write '{meant}'" if meant else ""
    if nearest:
        hint = f"write '{nearest}', whose first day is the nearest: months are whole"
    refuse(Problem(what=f"'{value}' is not a month", allowed="a month as YYYY-MM, for example 2025-04", hint=hint))


def _parse(value: object) -> Distribution:
    try:
        return parse_number(value)
    except InputError as error:
        percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        hint = f"write {float(percent[1]) / 100:g}" if percent else error.problems[0].hint
        refuse(replace(error.problems[0], hint=hint))


def _within(low: float, high: float, says: str) -> Callable[[Distribution], Distribution]:
    def check(number: Distribution) -> Distribution:
        if low <= number.low and number.high <= high:
            return number
        if number.certain:
            what = f"{number.central:g} is out of range"
        else:
            what = f"the distribution reaches from {number.low:g} to {number.high:g}, out of range"
        percent = high <= _LARGEST_PRICE_RATIO and high < number.central <= 100.0 * high
        hint = f"write {number.central / 100:g} for {number.central:g} %" if percent else ""
        if not number.certain and percent:
            hint = f"write shares, such as {number.high / 100:g} for {number.high:g} %"
        refuse(Problem(what=what, allowed=says, hint=hint))

    return check


def _below_one(number: Distribution) -> Distribution:
    if number.high >= 1.0:
        refuse(Problem(what=f"a share of {number.high:g} leaves nothing", allowed="a share from 0 to below 1"))
    return number


_TINY: Final = 5e-324
_LARGEST: Final = 1e12
"""Tonnes, dollars and dollars a tonne above this are a slip of the key: none comes near it."""
_LARGEST_RATE: Final = 3.0
"""Duties above this, three times the price, are per cent typed as a number."""
_LARGEST_PRICE_RATIO: Final = 100.0
_LARGEST_RATIO: Final = 10.0
"""Ratios to the base year above this are per cent typed as a number."""

Number = Annotated[Distribution, BeforeValidator(_parse), PlainSerializer(lambda number: number.plain())]
Share = Annotated[Number, AfterValidator(_within(0.0, 1.0, "a share from 0 to 1"))]
Ratio = Annotated[Number, AfterValidator(_within(0.0, _LARGEST_RATIO, "a ratio from 0 to 10: 0.5 is half"))]
NotNegative = Annotated[Number, AfterValidator(_within(0.0, _LARGEST, "a number of 0 or more, up to 1e12"))]
Positive = Annotated[Number, AfterValidator(_within(_TINY, _LARGEST, "a number above 0, up to 1e12"))]
ShareBelowOne = Annotated[Share, AfterValidator(_below_one)]
Rate = Annotated[Number, AfterValidator(_within(0.0, _LARGEST_RATE, "a rate from 0 to 3: 0.25 is 25 %"))]
PriceRatio = Annotated[Number, AfterValidator(_within(_TINY, _LARGEST_PRICE_RATIO, "a ratio above 0, up to 100"))]
DelayMonths = Annotated[Number, AfterValidator(_within(0.0, 60.0, "months, from 0 to 60"))]
LeadMonths = Annotated[Number, AfterValidator(_within(0.0, 600.0, "months, from 0 to 600"))]

Month = Annotated[str, BeforeValidator(check_month)]
Good = Annotated[str, BeforeValidator(check_traded_good)]
Use = Annotated[str, BeforeValidator(check_use)]
Transit = Annotated[str, BeforeValidator(check_transit)]
Region = Annotated[str, BeforeValidator(check_region)]
Answering = Annotated[str, BeforeValidator(_known("side of the market", ("demand", "supply", "trade")))]

_words = (BeforeValidator(_as_list), Field(min_length=1), AfterValidator(_no_repeats))
TransitCountries = Annotated[tuple[Transit, ...], *_words]
Regions = Annotated[tuple[Region, ...], *_words]
Goods = Annotated[tuple[Good, ...], *_words]
Uses = Annotated[tuple[Use, ...], *_words]


def _filled(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        refuse(Problem(what="the text is empty", allowed="a sentence"))
    return stripped


Text = Annotated[str, AfterValidator(_filled)]
