"""Spellings: the ids that people's words for regions, goods and materials stand for, told as hints; files take ids alone."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Final, Literal

from derisk.errors import InputError, Problem, name_some, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, family
from derisk.vocabulary.regions import BLOCS, BY_TWO_LETTERS, COUNTRIES, WORLD, country_code

Kind = Literal["region", "good", "material"]

LISTINGS: Final[dict[str, str]] = {
    "region": "derisk data regions",
    "good": "derisk data goods",
    "material": "derisk data materials",
    "use": "derisk data uses",
}
"""The command that lists the words of each kind."""
_VOCABULARY: Final[dict[str, Kind]] = {
    "region": "region", "partner": "region", "country": "region", "good": "good", "material": "material",
}  # fmt: skip
_CUSTOMS_CODE: Final = re.compile(r"(?:hs ?)?(\d{4})[. ]?(\d{0,2})\d*")
_ALIKE: Final = 0.75
_BY_CAPITAL: Final = {"COD": "Kinshasa", "COG": "Brazzaville"}
"""The two countries that one name stands for."""


def unknown_id(kind: str, word: str, known: Sequence[str], *, where: str = "") -> Problem:
    """Problem for a word outside a vocabulary: the ids it stands for, else the nearest word, as hint.

    Args:
        kind: what the word should be: `region`, `partner`, `country`, `good`, `material`, or any other noun.
        word: as written.
        known: ids that may stand there.
        where: place of the word.
    """
    vocabulary = _VOCABULARY.get(kind)
    listing = LISTINGS.get(vocabulary or kind, "")
    problem = unknown_word(kind, word, known, where=where, listing=listing)
    if vocabulary is None:
        return problem
    meant = ids_meant(vocabulary, word, known)
    near = () if meant else ids_near(vocabulary, word, known)
    first = meant or near
    if vocabulary == "region" and not first and problem.hint == "":
        first = tuple(bloc for bloc in ("all", *BLOCS) if bloc in known)
    allowed = name_some([*first, *(i for i in known if i not in first)], where=listing, shown=max(6, len(first)))
    return replace(
        problem,
        allowed=allowed if first else problem.allowed,
        hint=f"write {one_of(meant)}" if meant else f"did you mean {one_of(near)}?" if near else problem.hint,
    )


def ids_meant(kind: Kind, word: str, known: Collection[str]) -> tuple[str, ...]:
    """Ids among `known` that a word stands for, by spelling, name or customs code; () for a word of no meaning.

    A region's name stands for the first known of its ids, `Congo` for two countries.
    """
    ids = _spelt(kind).get(_plain(word)) or _by_rule(kind, word)
    found = tuple(i for i in ids if i in known)
    return found if kind != "region" or set(found) == set(_BY_CAPITAL) else found[:1]


def region_meant(word: str, known: Collection[str]) -> str:
    """The id among `known` that a word is, or that a country's code of two letters, name or spelling stands for.

    '' where none is meant, or two are; words for groups of countries, such as `Europe`, are left to hints.
    """
    for code in (word, BY_TWO_LETTERS.get(word.strip().upper(), "")):
        if code in known:
            return code
    meant = ids_meant("region", word, known)
    return meant[0] if len(meant) == 1 and (meant[0] in COUNTRIES or meant[0] == WORLD) else ""


def ids_near(kind: Kind, word: str, known: Collection[str]) -> tuple[str, ...]:
    """Ids among `known` whose spelling is most like a word, likely misspelt; () where none is."""
    near = difflib.get_close_matches(_plain(word), _spelt(kind), n=1, cutoff=_ALIKE)
    found = tuple(i for i in _spelt(kind)[near[0]] if i in known) if near else ()
    return found if kind != "region" else found[:1]


def one_of(ids: Sequence[str]) -> str:
    """`'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`; both Congos with their capitals."""
    quoted = [f"'{i}'" + (f" ({_BY_CAPITAL[i]})" if len(ids) > 1 and i in _BY_CAPITAL else "") for i in ids]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


@cache
def _spelt(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Ids by plain spelling: those of `spellings.csv`, then labels and, for a material's name, its goods."""
    spelt: dict[str, tuple[str, ...]] = {}
    for spelling, ids in (*_listed(kind), *_labels(kind)):
        spelt.setdefault(_plain(spelling), ids)
    return spelt


def _listed(kind: Kind) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = resources.files("derisk.vocabulary").joinpath("spellings.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["kind"] == kind:
            for spelling in row["spellings"].split("; "):
                yield spelling, tuple(row["meant"].split("; "))


def _labels(kind: Kind) -> Iterator[tuple[str, tuple[str, ...]]]:
    if kind == "region":
        for country in COUNTRIES.values():
            yield from ((word, (country.iso3,)) for word in (country.iso3, country.name, *country.aliases))
        yield from ((bloc, (bloc,)) for bloc in BLOCS)
    elif kind == "good":
        for good in GOODS.values():
            yield from ((word, (good.good,)) for word in (good.good, good.label))
        for material, label in MATERIALS.items():
            yield from ((word, _goods_of(material)) for word in (material, label))
    elif kind == "material":
        for material, label in MATERIALS.items():
            yield from ((word, (material,)) for word in (material, label))
        for good in GOODS.values():
            yield from ((word, (family(good.material),)) for word in (good.good, good.label))


def _goods_of(material: str) -> tuple[str, ...]:
    return tuple(g.good for g in GOODS.values() if g.material == material and g.traded and not g.quote_of)


def _by_rule(kind: Kind, word: str) -> tuple[str, ...]:
    """A country by its code of two letters or its name as some publisher prints it, or the goods of a customs code."""
    if kind == "region":
        if (code := word.strip().upper()) in BY_TWO_LETTERS:
            return (BY_TWO_LETTERS[code],)
        try:
            return (country_code(word),)
        except InputError:
            return ()
    digits = _CUSTOMS_CODE.fullmatch(word.strip().casefold())
    if kind == "good" and digits is not None:
        stem = f"{digits[1]}.{digits[2]}" if digits[2] else f"{digits[1]}."
        return tuple(g.good for g in GOODS.values() if any(c.startswith(stem) for c in g.hs_codes) and not g.quote_of)
    return ()


def _plain(word: str) -> str:
    """Letters and digits alone, in lower case, words parted by one blank, without a plural's s."""
    words = re.sub(r"[^\w]+|_", " ", word.casefold()).split()
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words)
