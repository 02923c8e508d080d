"""Regions on the command line: a country's name or code of two letters in place of its id."""

from __future__ import annotations

from typing import overload


@overload
def region_id(word: str, *, blocs: bool = True) -> str: ...
@overload
def region_id(word: None, *, blocs: bool = True) -> None: ...
def region_id(word: str | None, *, blocs: bool = True) -> str | None:
    """Id of the country, or of the world, that a word names; any other word as it stands, for its reader to judge."""
    from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS
    from derisk.vocabulary.spellings import region_meant

    if word is None:
        return None
    return region_meant(word, {**COUNTRIES, **SPECIAL_REGIONS, **(BLOCS if blocs else {})}) or word
