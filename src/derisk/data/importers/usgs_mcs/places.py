"""Places: country names as the Summaries print them, with the footnote marks that are glued to them."""

from __future__ import annotations

import re
from typing import Final

from derisk.data.intake.printed import find_region
from derisk.vocabulary.regions import WORLD

_MARKS: Final = re.compile(r"[\s,]*\d+([,\s]+\d+)*$")
_AFTER_NAME: Final = re.compile(r",\s*(concentrate|crude|ore|primary|secondary)$|\s*\([a-z][^)]*\)$")
"""Remarks that follow a name: `Ukraine, concentrate`, `Russia (recoverable)`; a name's own brackets hold a capital."""


def find_place(printed: str) -> str | None:
    """Code of a printed country, `World total` among them; None where the name is unknown."""
    name = _AFTER_NAME.sub("", _MARKS.sub("", printed.strip()))
    if name.casefold().startswith("world total"):
        return WORLD
    code = find_region(name)
    if code is None and name.endswith(("e", "r")):
        code = find_region(_MARKS.sub("", name[:-1]))
    return code


def words_of_total(printed: str) -> str:
    """What a world total says it totals: ` (ilmenite and rutile, rounded)`; empty for countries."""
    name, bracket, words = printed.partition("(")
    return f" ({words}" if bracket and name.strip().casefold() == "world total" else ""


def is_estimated(printed: str) -> bool:
    """Whether the mark of estimates, an `e`, is glued to a name."""
    name = _MARKS.sub("", printed.strip())
    return name.endswith("e") and find_region(name) is None and find_region(name[:-1]) is not None
