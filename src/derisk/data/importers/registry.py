"""Registry: the kinds of publishers' files that `derisk data import` knows, each read by a module of its own."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, cast

from derisk.errors import InputError, unknown_word

if TYPE_CHECKING:
    from derisk.data.intake.intake import Imported

_MODULES: Final = (
    "usgs_mcs", "usgs_myb", "bgs", "wmd", "iea", "baci", "comtrade", "wgi", "world_bank", "pink_sheet", "imf_prices",
    "eu_crm", "bea_io",
)  # fmt: skip
OWN_TABLES: Final = "derisk"
"""The kind of tables that derisk itself exported."""
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {name.replace("_", "-"): f"derisk.data.importers.{name}" for name in _MODULES}
    | {OWN_TABLES: "derisk.data.importers.own_tables"}
)
"""Module of each kind, loaded when first used."""


class Importer(Protocol):
    """What the module of a kind offers."""

    KIND: str
    TITLE: str
    FILES: tuple[str, ...]

    @staticmethod
    def read(path: Path) -> Imported:
        """What became of every figure of a file."""


def find_importer(kind: str) -> Importer:
    """The importer of a kind.

    Raises:
        InputError: there is no such kind; names those there are.
    """
    if kind not in KINDS:
        problem = unknown_word("kind of file", kind, tuple(KINDS), where="derisk data import KIND FILE")
        raise InputError(problem)
    return cast(Importer, importlib.import_module(KINDS[kind]))


def list_importers() -> list[dict[str, str]]:
    """Every kind with the publication it reads."""
    return [{"kind": kind, "title": find_importer(kind).TITLE} for kind in KINDS]
