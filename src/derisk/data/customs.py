"""Customs codes: which good each code of the Harmonized System is, how much of it a gross tonne holds, and what else.

One line of `customs_codes.csv` says what a code means for one good; docs/data/trade.md names the rules T1, T2, ...
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Final

from derisk.errors import InputError, Problem
from derisk.vocabulary.goods import GOODS

EDITIONS: Final[tuple[str, ...]] = ("HS92", "HS96", "HS02", "HS07", "HS12", "HS17", "HS22")
"""Editions of the Harmonized System, oldest first."""

ROLES: Final[tuple[str, ...]] = ("main", "basket", "outside", "part")
"""What a line says of its code.

`main`: its trade is this good's. `basket`: its trade is the material's, no good's alone. `outside`: its trade is
nobody's here. `part`: the good is in the code, in a share nobody states.
"""


@dataclass(frozen=True, slots=True)
class CustomsCode:
    """What one code means for one good, for some exporters or for all others."""

    hs6: str
    editions: tuple[str, ...]
    material: str
    good: str
    role: str
    exporters: tuple[str, ...]
    """Countries the line is about; empty: every country no other line of the code names."""
    content_share: float | None
    """Tonnes of the good, in its basis, per gross tonne; None where the code is not apportioned."""
    low: float | None
    high: float | None
    also_contains: str
    rule: str
    status: str
    source: str
    locator: str
    note: str

    @property
    def applies(self) -> bool:
        """Whether the line decides what becomes of the code's trade."""
        return self.role != "part"


def _editions(text: str) -> tuple[str, ...]:
    first, last = text.split("-")
    return EDITIONS[EDITIONS.index(first) : EDITIONS.index(last) + 1]


def _share(text: str) -> float | None:
    return float(text) if text else None


def _read() -> tuple[CustomsCode, ...]:
    text = resources.files("derisk.data").joinpath("customs_codes.csv").read_text(encoding="utf-8")
    same = ("hs6", "good", "role", "also_contains", "rule", "status", "source", "locator", "note")
    return tuple(
        CustomsCode(
            editions=_editions(line["hs_edition"]),
            exporters=tuple(word for word in line["exporters"].split("; ") if word),
            content_share=_share(line["content_share"]),
            low=_share(line["low"]),
            high=_share(line["high"]),
            material=GOODS[line["good"]].material if line["good"] else line["material"],
            **{name: line[name] for name in same},
        )
        for line in csv.DictReader(text.splitlines())
    )


CUSTOMS_CODES: Final[tuple[CustomsCode, ...]] = _read()
"""Every line of `customs_codes.csv`."""


def listed_lines(*, material: str | None = None, good: str | None = None) -> list[dict[str, object]]:
    """Lines as plain values, for `derisk data table customs_codes`."""
    from dataclasses import asdict

    from derisk.vocabulary.goods import members

    wanted = None if material is None else members(material)
    return [
        {name: "; ".join(word) if isinstance(word, tuple) else word for name, word in asdict(line).items()}
        for line in CUSTOMS_CODES
        if (wanted is None or line.material in wanted) and good in (None, line.good)
    ]


def lines_of_edition(edition: str) -> tuple[CustomsCode, ...]:
    """Lines that decide what becomes of a code's trade, in one edition.

    Raises:
        InputError: no such edition.
    """
    if edition not in EDITIONS:
        raise InputError(Problem(f"unknown edition '{edition}' of the Harmonized System", allowed=", ".join(EDITIONS)))
    return tuple(line for line in CUSTOMS_CODES if line.applies and edition in line.editions)


def meaning(hs6: str, *, edition: str, exporter: str) -> CustomsCode | None:
    """The line that decides a flow: one that names its exporter before one for all others; None: unlisted code."""
    lines = [line for line in lines_of_edition(edition) if line.hs6 == hs6]
    named = [line for line in lines if exporter in line.exporters]
    return next(iter([*named, *(line for line in lines if not line.exporters)]), None)


def codes_of_good(good: str, *, edition: str) -> tuple[str, ...]:
    """Codes whose trade is the good's, sorted; for some exporters alone where the code's lines say so."""
    return tuple(sorted({line.hs6 for line in lines_of_edition(edition) if line.role == "main" and line.good == good}))


def listed_codes(edition: str) -> frozenset[str]:
    """Codes of an edition that the table knows, whatever their fate."""
    return frozenset(line.hs6 for line in CUSTOMS_CODES if edition in line.editions)
