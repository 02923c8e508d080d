"""Regions on the command line: a country's name or code of two letters in place of its id."""

from __future__ import annotations

from typing import overload


@overload
def region_id(word: str, *, blocs: bool = True) -> str: ...
@overload
def region_id(word: None, *, blocs: bool = True) -> None: ...
def region_id(word: str | None, *, blocs: bool = True) -> str | None:
    """Id of the country that a word names, else the word as it stands: an id, or one for its reader to refuse."""
    from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS
    from derisk.vocabulary.spellings import region_meant

    if word is None:
        return None
    return region_meant(word, {**COUNTRIES, **SPECIAL_REGIONS, **(BLOCS if blocs else {})}) or word
