"""Mapping: what each line buys, by a good, a customs code or words; what is in doubt stays beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from derisk.data.customs import CUSTOMS_CODES, EDITIONS, meaning
from derisk.errors import InputError, Problem, nearest_word
from derisk.exposure.amounts import dollars, tonnes
from derisk.exposure.reading import PurchaseLine
from derisk.vocabulary.goods import GOODS, MATERIALS, members
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.regions import COUNTRIES, country_code
from derisk.vocabulary.spellings import ids_meant, one_of, region_meant, unknown_id

MAPPED: Final = "mapped"
PARTLY: Final = "partly mapped"
UNMAPPED: Final = "not mapped"
FATES: Final = (MAPPED, PARTLY, UNMAPPED)
"""`mapped`: good, amount and supplier are known. `partly mapped`: the good is, an amount or the supplier is not."""
_SUMS: Final = ("total", "totals", "sum", "subtotal", "sub total", "grand total")
_NO_COUNTRY: Final = ("", "na", "n/a", "-", "?", "unknown", "various")
"""Cells that name none: `NA`, Namibia's code, says far more often that nothing is known."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One purchase and what became of it."""

    line: int
    item: str
    good: str
    """The good bought, '' where none was found."""
    quantity_t: float | None
    """Yearly tonnes in the good's basis."""
    value_usd: float | None
    """Yearly value."""
    supplier: str
    """Country, '' where unknown."""
    revenue_usd: float | None
    """Yearly sales that stop without the item, where the list says so."""
    fate: str
    doubts: tuple[str, ...]
    """What could not be understood, and what was taken for granted, in sentences."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    good: str
    content_share: float
    """Tonnes of the good's basis in a tonne bought."""
    told_by: str


class _Doubts:
    """What a line leaves open; `failed` counts what is missing, a remark alone is none."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.failed = False

    def miss(self, problem: Problem, column: str) -> None:
        hint = f" ({problem.hint})" if problem.hint else ""
        self.words.append(f"{column}: {problem.what}{hint}")
        self.failed = True

    def remark(self, sentence: str) -> None:
        self.words.append(sentence)


def map_purchases(
    lines: Sequence[PurchaseLine], *, price_usd_per_t: dict[str, float], usd_per: Mapping[str, float] | None = None
) -> list[Mapped]:
    """Every line with its good, amount, supplier and fate, in order; none is dropped.

    Where quantity or value is missing, the good's price gives it, and the line says so.

    Args:
        lines: those of the list that `read_purchases` returns.
        price_usd_per_t: price of each good in its basis.
        usd_per: US dollars for one unit of other currencies, by their codes; without one a value is in doubt.
    """
    return [_map(line, price_usd_per_t, usd_per or {}) for line in lines]


def _map(line: PurchaseLine, price_usd_per_t: dict[str, float], usd_per: Mapping[str, float]) -> Mapped:
    if _plain(_name(line)) in _SUMS:
        said = ("a sum of other lines, counted nowhere",)
        return Mapped(line.number, _name(line), "", None, None, "", None, UNMAPPED, said)
    doubts = _Doubts()
    supplier = _supplier(line, doubts)
    found = _meaning(line, supplier, doubts)
    quantity = _read(line, "quantity", doubts, usd_per)
    value = _read(line, "value_usd", doubts, usd_per)
    revenue = _read(line, "revenue_usd", doubts, usd_per)
    if found is None:
        return Mapped(line.number, _name(line), "", quantity, value, supplier, revenue, UNMAPPED, tuple(doubts.words))
    if quantity is not None:
        quantity *= found.content_share
    price = price_usd_per_t.get(found.good)
    if value is None and quantity is not None and price:
        value = quantity * price
        doubts.remark(f"value: quantity times the price of {found.good}")
    elif quantity is None and value is not None and price:
        quantity = value / price
        doubts.remark(f"quantity: value over the price of {found.good}")
    elif value is not None and quantity is not None and price and quantity > 0.0:
        ratio = value / (quantity * price)
        if not 0.05 <= ratio <= 20.0:
            doubts.miss(Problem(f"value is {ratio:.3g} times quantity x price", hint="check the unit"), "amount")
    if value is None and quantity is not None:
        doubts.remark(f"value: {found.good} has no price; state the value, without which no loss is reckoned")
    if value is None and quantity is None and not doubts.failed:
        doubts.miss(Problem("neither quantity nor value"), "amount")
    fate = PARTLY if doubts.failed else MAPPED
    return Mapped(line.number, _name(line), found.good, quantity, value, supplier, revenue, fate, tuple(doubts.words))


def _plain(words: str) -> str:
    return " ".join(re.sub(r"\W+", " ", words.casefold()).split())


def _name(line: PurchaseLine) -> str:
    return line["item"] or line["part"] or line["good"] or line["material"] or line["customs_code"]


def _read(line: PurchaseLine, column: str, doubts: _Doubts, usd_per: Mapping[str, float]) -> float | None:
    text = line[column]
    if not text:
        return None
    try:
        if column == "quantity":
            return tonnes(text, line["unit"], decimal=line.decimal)
        return dollars(f"{text} {line['currency'].upper()}".strip(), decimal=line.decimal, usd_per=usd_per)
    except InputError as error:
        doubts.miss(error.problems[0], column)
        return None


def _supplier(line: PurchaseLine, doubts: _Doubts) -> str:
    text = line["supplier_country"]
    if text.casefold() in _NO_COUNTRY:
        doubts.miss(Problem("no supplier country"), "supplier")
        return ""
    try:
        return country_named(text, where="")
    except InputError as error:
        doubts.miss(error.problems[0], "supplier")
        return ""


def country_named(text: str, *, where: str) -> str:
    """ISO alpha-3 code of a country by name, spelling or code of three or two letters.

    Raises:
        InputError: no country is called so, or two are.
    """
    if code := region_meant(text, COUNTRIES):
        return code
    shared = ids_meant("region", text, COUNTRIES)
    if shared:
        what, hint = f"'{text}' is the name of two countries", f"write {one_of(shared)}"
        raise InputError(Problem(what, where, "one country (derisk data regions)", hint))
    return country_code(text, where=where)


def _meaning(line: PurchaseLine, supplier: str, doubts: _Doubts) -> _Meaning | None:
    """The first way of naming the good that succeeds; a customs code that says otherwise is remarked on."""
    by_words = _by_good(line["good"], doubts) or _by_words(f"{line['item']} {line['part']} {line['material']}")
    if by_words and not by_words.good:
        doubts.miss(Problem("a mixture of several goods", hint=by_words.told_by), "good")
        return None
    by_code = _by_customs_code(line["customs_code"], supplier, doubts, named=by_words.good if by_words else "")
    found = by_words or by_code
    if by_words and by_code and by_words.good != by_code.good:
        says = f"the words say {by_words.good}, code {line['customs_code']} says {by_code.good}"
        doubts.miss(Problem(says, hint="the words were taken"), "good")
    if found is None:
        found = _by_material(line["material"] or line["item"] or line["part"], doubts)
    return found


def _by_good(text: str, doubts: _Doubts) -> _Meaning | None:
    word = text.strip().casefold().replace(" ", "_")
    if not word:
        return None
    if word in GOODS:
        return _Meaning(word, 1.0, "good")
    doubts.miss(Problem(f"no good '{text}'", hint=unknown_id("good", word, tuple(GOODS)).hint), "good")
    return None


def _by_customs_code(text: str, supplier: str, doubts: _Doubts, *, named: str) -> _Meaning | None:
    """The good of a code; of one that holds several nothing is said where the words name one of those."""
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    if len(digits) < 6:
        doubts.miss(Problem(f"'{text}' is no customs code", hint="six digits or more"), "customs code")
        return None
    found = meaning(digits[:6], edition=EDITIONS[-1], exporter=supplier)
    if found is None or found.role == "outside":
        doubts.remark(f"customs code {digits[:6]}: no good of the vocabulary")
        return None
    if found.role == "main" and found.content_share is not None:
        return _Meaning(found.good, found.content_share, "customs code")
    goods = sorted({code.good for code in CUSTOMS_CODES if code.hs6 == digits[:6] and code.good})
    holds = ", ".join(goods) or found.material
    if not named:
        doubts.remark(f"customs code {digits[:6]}: holds several goods ({holds}); name the good")
    elif named not in goods and GOODS[named].material not in members(found.material):
        doubts.remark(f"customs code {digits[:6]}: holds {holds}, not {named}")
    return None


@cache
def _words() -> tuple[tuple[re.Pattern[str], _Meaning], ...]:
    """Patterns of `words.csv`, the longest first, so that `germanium dioxide` is found before `germanium`."""
    text = resources.files("derisk.exposure").joinpath("words.csv").read_text(encoding="utf-8")
    listed = [
        (word.strip(), _Meaning(row["good"], float(row["content_share"] or 0.0), row["reason"]))
        for row in csv.DictReader(text.splitlines())
        for word in row["words"].split(";")
    ]
    listed += [(good.label.casefold(), _Meaning(good.good, 1.0, "words")) for good in GOODS.values()]
    listed.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)"), told) for word, told in listed)


def _by_words(text: str) -> _Meaning | None:
    plain = " ".join(text.casefold().split())
    return next((told for pattern, told in _words() if pattern.search(plain)), None)


def _good_hint(words: str) -> str:
    """The goods that words stand for, as a hint; empty where they stand for none."""
    meant = ids_meant("good", words, market_goods())
    return f"write {one_of(meant)} as the good" if meant else ""


def _by_material(text: str, doubts: _Doubts) -> _Meaning | None:
    """The one good of a material, where it has one alone; otherwise the material is known and the good is not."""
    plain = " ".join(text.casefold().split())
    labels = {label.casefold(): material for material, label in MATERIALS.items()}
    labels |= {material.replace("_", " "): material for material in MATERIALS}
    material = next((m for word, m in labels.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain)), None)
    if material is None:
        what = f"nothing known in '{text}'" if text else "nothing says what is bought"
        doubts.miss(Problem(what, hint=_good_hint(plain) or nearest_word(plain, tuple(labels))), "good")
        return None
    group = members(material)
    goods = [good.good for good in GOODS.values() if good.material in group and good.traded and not good.quote_of]
    if len(goods) == 1:
        return _Meaning(goods[0], 1.0, "material")
    doubts.miss(Problem(f"{material} is several goods", hint=f"name one of {', '.join(goods)}"), "good")
    return None
