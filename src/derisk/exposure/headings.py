"""Headings: which column of a purchase list a heading names, and in what unit or scale its cells are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from derisk.errors import LayoutError, Problem, name_some, nearest_word
from derisk.exposure.amounts import CURRENCIES, TONNES

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "item": (
        "item", "component", "description", "article", "item name", "article name", "part name", "product name",
        "item description", "article description", "part description", "product description", "material description",
        "goods description", "description of goods", "commodity", "designation", "bezeichnung", "benennung", "artikel",
        "artikelbezeichnung", "materialbezeichnung", "materialkurztext", "teilebezeichnung", "kurztext",
    ),
    "part": (
        "part", "part no", "part number", "article no", "article number", "item no", "item number", "sku",
        "materialnummer", "teilenummer", "artikelnummer", "sachnummer", "material nr", "teile nr", "artikel nr",
    ),
    "material": ("material", "material name", "substance", "element", "werkstoff", "rohstoff"),
    "good": ("good",),
    "customs_code": (
        "hs code", "hs", "hs6", "customs code", "tariff code", "cn code", "hts", "hts code", "zolltarifnummer",
        "warennummer", "zolltarif nr", "kn code",
    ),
    "quantity": (
        "quantity", "qty", "amount", "mass", "weight", "net weight", "volume", "demand", "consumption", "tonnage",
        "menge", "jahresmenge", "bedarf", "jahresbedarf", "verbrauch", "gewicht", "nettogewicht",
    ),
    "unit": ("unit", "uom", "unit of measure", "quantity unit", "einheit", "mengeneinheit", "me", "basismengeneinheit"),
    "value_usd": (
        "value usd", "value", "spend", "spend usd", "cost", "cost usd", "amount usd", "purchase value", "total value",
        "total spend", "total cost", "wert", "einkaufswert", "einkaufsvolumen", "bestellwert", "ausgaben",
    ),
    "currency": ("currency", "currency code", "value currency", "spend currency", "währung"),
    "supplier_country": (
        "supplier country", "country", "origin", "country of origin", "vendor country", "country of supplier",
        "lieferland", "lieferantenland", "herkunftsland", "ursprungsland", "herkunft", "land",
    ),
    "revenue_usd": (
        "revenue usd", "revenue at stake", "revenue at stake usd", "sales usd", "revenue", "umsatz",
        "gefährdeter umsatz", "umsatz gefährdet",
    ),
}  # fmt: skip
"""Columns and the headings they go by; letter case, `_`, `-`, brackets, years and words for a year do not matter."""

_IF_NO_OTHER: Final = {
    "supplier": "supplier_country", "source": "supplier_country", "product": "item", "lieferant": "supplier_country",
    "produkt": "item",
}  # fmt: skip
"""Headings of many meanings name the column where no surer one does: beside `country`, `supplier` is a firm."""
_SAYS_NOTHING: Final = ("annual", "yearly", "per year", "a year", "per annum", "pa", "p a", "in", "pro jahr")
_SCALES: Final = {
    "m": "m", "mn": "m", "musd": "m", "million": "m", "millions": "m", "k": "k", "kusd": "k", "thousand": "k",
    "thousands": "k", "000": "k", "bn": "bn", "billion": "bn", "mio": "m", "tsd": "k", "mrd": "bn", "meur": "m",
    "teur": "k", "keur": "k",
}  # fmt: skip
"""Words of a heading of money that say how large its numbers are, as `amounts.dollars` writes them."""
_CURRENCY_WORDS: Final = {code.casefold(): code for code in CURRENCIES} | dict.fromkeys(("meur", "teur", "keur"), "EUR")
"""Words of a heading of money that name another currency than US dollars."""
_MONEY: Final[tuple[str, ...]] = ("value_usd", "revenue_usd")
_NAMING: Final[tuple[str, ...]] = ("item", "part", "material", "good", "customs_code")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the heading line of a list says."""

    place: dict[str, int]
    """Where each column stands, counted from 0."""
    unit: str = ""
    """Unit of mass in the heading of the quantity, '' without one."""
    scale: dict[str, str] = field(default_factory=dict)
    """`k`, `m` or `bn` of each column of money whose heading holds one, and its currency where that is not USD."""
    passed_over: tuple[Problem, ...] = ()
    """Headings whose cells are not read, each once, with what they may have been meant to be."""


def read_headings(heading: list[str], *, where: str) -> Columns:
    """The columns that a heading line names.

    Raises:
        LayoutError: no heading names what is bought, none gives its amount, or two mean the same column.
    """
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for at, word in enumerate(heading):
        column = _column_of(word)
        if column and column in found:
            what = f"'{heading[found[column]]}' and '{word}' both mean {column}"
            problems.append(Problem(what, where, "each column once", "rename or drop one of the two"))
        elif column:
            found[column] = at
    for at, word in enumerate(heading):
        found.setdefault(_IF_NO_OTHER.get(_plain(word), ""), at)
    found.pop("", None)
    if not problems:
        problems = _absent(heading, found, where=where)
    if problems:
        raise LayoutError(*problems)
    money = {column: heading[found[column]] for column in _MONEY if column in found}
    scale = {
        column: said for column, word in money.items() if (said := f"{_scale_of(word)} {_currency_of(word)}".strip())
    }
    unit = _unit_of(heading[found["quantity"]]) if "quantity" in found else ""
    return Columns(found, unit, scale, _passed_over(heading, found, where=where))


def _absent(heading: list[str], found: dict[str, int], *, where: str) -> list[Problem]:
    """Whether nothing says what is bought, and whether nothing says how much: both at once."""
    wanted = (("no column says what is bought", _NAMING), ("no column says how much", ("quantity", "value_usd")))
    return [
        Problem(what, where, _spellings(columns), _seen(heading, found))
        for what, columns in wanted
        if not any(column in found for column in columns)
    ]


def _spellings(columns: tuple[str, ...]) -> str:
    """Columns, each with a heading or two that it goes by."""
    spelt = ((HEADINGS[column][0], ", ".join(HEADINGS[column][1:4])) for column in columns)
    return "; ".join(f"{first} ({others})" if others else first for first, others in spelt)


def _seen(heading: list[str], found: dict[str, int]) -> str:
    """What the heading line holds, and what its unknown words may have been meant to be."""
    near = [f"'{word}': {hint}" for word in _unread(heading, found) if (hint := _nearest_heading(word, found))]
    every = "all headings: docs/reference/commands.md, Exposure"
    return "; ".join([f"the heading line holds {name_some(heading, shown=12)}", *near, every])


def _passed_over(heading: list[str], found: dict[str, int], *, where: str) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    for word in _unread(heading, found):
        surer = found.get(_IF_NO_OTHER.get(_plain(word), ""))
        if surer is None:
            what, hint = f"heading '{word}' names no column", _nearest_heading(word, found)
        else:
            what, hint = f"heading '{word}' is not read", f"'{heading[surer]}' is"
        problems.append(Problem(what, where, hint=hint))
    return tuple(problems)


def _unread(heading: list[str], found: dict[str, int]) -> list[str]:
    read = set(found.values())
    return list(dict.fromkeys(word for at, word in enumerate(heading) if word and at not in read))


def _nearest_heading(word: str, found: dict[str, int]) -> str:
    missing = [known for column, words in HEADINGS.items() if column not in found for known in words]
    return nearest_word(_plain(word), missing)


def _column_of(word: str) -> str:
    plain = _plain(word)
    column = next((column for column, words in HEADINGS.items() if plain in words), "")
    if column:
        return column
    if _unit_of(word):
        return "quantity"
    if not _scale_of(word) and not _currency_of(word) and "usd" not in plain.split():
        return ""
    return next((column for column in _MONEY if _unscaled(plain) in HEADINGS[column]), "")


def _unit_of(word: str) -> str:
    """The unit of mass that the heading of a quantity ends with, as in `Quantity (kg)`; '' without one."""
    plain = _plain(word)
    return next((u for u in TONNES if any(plain == f"{quantity} {u}" for quantity in HEADINGS["quantity"])), "")


def _scale_of(word: str) -> str:
    """`k`, `m` or `bn` where the heading of money says so, as in `Spend (MUSD)` or `Value, USD million`."""
    return next((_SCALES[part] for part in _plain(word).split() if part in _SCALES), "")


def _currency_of(word: str) -> str:
    """The currency that the heading of money names, as in `Value (EUR)` or `Wert T€`; '' for none and for dollars."""
    return next((_CURRENCY_WORDS[part] for part in _plain(word).split() if part in _CURRENCY_WORDS), "")


def _unscaled(plain: str) -> str:
    """A heading of money without its scale and its currency: `spend usd m` is `spend`."""
    return " ".join(part for part in plain.split() if part not in (*_SCALES, *_CURRENCY_WORDS, "usd"))


def _plain(word: str) -> str:
    """A heading in small letters, without signs, words for a year, years and `in`."""
    money = word.casefold().replace("us$", " usd ").replace("$", " usd ")
    money = money.replace("t€", " teur ").replace("m€", " meur ").replace("€", " eur ").replace("£", " gbp ")
    words = "".join(letter if letter.isalnum() else " " for letter in money).split()
    bare = " ".join(part for part in words if not (len(part) == 4 and part.isdigit() and part[:2] in ("19", "20")))
    for words_alone in _SAYS_NOTHING:
        bare = f" {bare} ".replace(f" {words_alone} ", " ").strip()
    return " ".join(bare.split())
