"""Lent: what later years lend to a base year that has no figure of its own, as the brief states it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, percent, significant
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import good_label, in_sentence, region_label

MOST_LINES: Final = 8
_SHARE: Final = (
    "Of the value of this study’s goods as made in {year}, {share} rests on tonnes or prices of later years, because "
    "no row of the year or before states them; "
)
_ONE: Final = _SHARE + "{figures} figure is lent or moved. It carries a wider range."
_SEVERAL: Final = (
    _SHARE + "{figures} figures are lent or moved, shares, coefficients and elasticities among them. "
    "Each carries a wider range."
)
_FIELDS: Final[Mapping[str, str]] = {
    "production": "Output of {}",
    "price": "Price of {}",
    "trade": "Trade in {}",
    "recycled_production": "Scrap in {}",
    "secondary_production": "Scrap beside {}",
    "residue_supply": "Residue: {}",
}


def lent_part(summary: Mapping[str, Any], goods: Collection[str], ledger: Ledger) -> dict[str, Any] | None:
    """Share, count and lines about the goods that measures name; nothing where every figure is of the year or older.

    Args:
        summary: of a study; reads `borrowed` and `base_year`.
        goods: ids of the goods, all where none is lent anything.
        ledger: takes the lineage of each number.
    """
    borrowed = summary.get("borrowed")
    if not borrowed:
        return None
    base_year = int(summary["base_year"])
    later = [line for line in borrowed["lines"] if int(line["year"]) > base_year]
    if not later and not borrowed["share"]:
        return None
    shown = [line for line in later if line["subject"] in goods]
    lineage = {
        "summary": "borrowed",
        "rule": "value of output whose tonnes or price a later year lends, over the value of all output",
    }
    year = ledger.words(base_year, {"summary": "base_year"})
    share = ledger.number(float(borrowed["share"]), percent, lineage)
    figures = int(borrowed["figures"])
    lent = ledger.number(float(figures), count, {"summary": "borrowed.figures"})
    return {
        "words": Markup(_ONE if figures == 1 else _SEVERAL).format(share=share, year=year, figures=lent),
        "lines": [_line(line, ledger) for line in shown[:MOST_LINES]],
    }


def _line(line: Mapping[str, Any], ledger: Ledger) -> dict[str, Any]:
    good = str(line["subject"])
    label = in_sentence(good_label(good)) if good in GOODS else good
    where = {"summary": "borrowed.lines", "filter": f"field={line['field']}, subject={good}, year={line['year']}"}
    return {
        "what": _FIELDS.get(str(line["field"]), "{}").format(label),
        "year": ledger.words(line["year"], where),
        "ratio": _ratios(float(line["least_ratio"]), float(line["greatest_ratio"]), where, ledger),
        "rule": ledger.words(str(line["rule"]).replace("_", " "), where),
        "left_out": _places(line["left_out"]),
    }


def _ratios(least: float, greatest: float, where: Mapping[str, Any], ledger: Ledger) -> Number | Markup:
    def two(value: float) -> str:
        return significant(value, 2)

    if math.isclose(least, greatest, rel_tol=0.01):
        return ledger.number(greatest, two, {**where, "rule": "times the other year's figure"})
    rule = "least and greatest multiple of the other year's figures"
    return ledger.words(f"{two(least)} to {two(greatest)}", {**where, "rule": rule})


def _places(codes: Sequence[str]) -> str:
    return ", ".join(region_label(code) for code in codes) if codes else ""
