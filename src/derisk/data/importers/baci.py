"""BACI: CEPII's reconciled bilateral trade, as the publisher packs it and as four carriers store it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.intake.files import foreign
from derisk.data.intake.flows import Statistics, take_flows
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.large_tables import demand_columns, open_lines
from derisk.data.parquet import open_tables
from derisk.data.sources import Source
from derisk.errors import LayoutError

KIND: Final = "baci"
TITLE: Final = "CEPII BACI, reconciled bilateral trade"
FILES: Final = (
    "trade/baci_hs92_geopolrisk/baci_*.parquet",
    "trade/baci_hs17_atlas/baci_*.parquet",
    "trade/**/BACI_HS*_Y*_V*.csv",
)

_NUMBERED: Final = ("t", "i", "j", "k", "v", "q")
_LETTERED: Final = ("year", "exporter", "importer", "hs6", "value_kusd", "qty_t")
_VALUES_ALONE: Final = ("year", "exporter", "importer", "hs6", "value_usd")
_TOP_PARTNERS: Final = ("exporter_iso2", "importer_iso2", "value_usd", "qty_t")
_LAYOUTS: Final = (_NUMBERED, _LETTERED, _VALUES_ALONE)

_NAME: Final = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_(V(\d{4})\d\d[a-z]?)", re.IGNORECASE)
_STORED_RELEASE: Final = "V202601"
_BREAK_YEAR: Final = 2017
"""From which year the top partners are read in HS17, before in HS02."""
_RECONCILED: Final = "BACI: both partners' records reconciled, free on board"


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of a file that one edition of the Harmonized System was used for."""

    edition: str
    release: str
    value: str
    usd_per_unit: float
    quantity: str
    where: str = "true"
    terms: str = _RECONCILED


def read(path: Path) -> Imported:
    """Trade rows of a BACI file: `trade_value` and `trade_gross` by good, exporter and importer.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is no whole table of a known layout.
    """
    intake = Intake(path)
    with open_tables() as connection:
        names = open_lines(connection, path)
        demand_columns(path, names, _LAYOUTS)
        for part in _parts(path, names):
            connection.execute(_flows(part, numbered=set(_NUMBERED) <= set(names)))
            take_flows(connection, intake, _statistics(part))
    return intake.finish()


def _parts(path: Path, names: tuple[str, ...]) -> tuple[_Part, ...]:
    held = set(names)
    if set(_NUMBERED) <= held:
        found = _NAME.search(path.name)
        if found is None:
            raise _unnamed(path)
        return (_Part(found[1].upper(), found[3].upper(), "v", 1000.0, "nullif(trim(q), 'NA')"),)
    if set(_TOP_PARTNERS) <= held:
        older = f"coalesce(TRY_CAST(year AS INTEGER) < {_BREAK_YEAR}, false)"
        terms = f"{_RECONCILED}, the largest partners of each country alone"
        return (
            _Part("HS02", _STORED_RELEASE, "value_usd", 1.0, "qty_t", older, terms),
            _Part("HS17", _STORED_RELEASE, "value_usd", 1.0, "qty_t", f"NOT {older}", terms),
        )
    edition = re.search(r"hs(92|96|02|07|12|17|22)", path.name.lower())
    if edition is None:
        raise _unnamed(path)
    release = "" if edition[1] == "92" else _STORED_RELEASE
    if set(_LETTERED) <= held:
        return (_Part(f"HS{edition[1]}", release, "value_kusd", 1000.0, "qty_t"),)
    return (_Part(f"HS{edition[1]}", release, "value_usd", 1.0, "NULL"),)


def _unnamed(path: Path) -> LayoutError:
    known = "a name like BACI_HS17_Y2024_V202601.csv, or one with hs92 or hs17"
    what = "the file's name does not tell its edition of the Harmonized System"
    return foreign(what, path, known, "keep the publisher's file name")


def _flows(part: _Part, *, numbered: bool) -> str:
    year, exporter, importer, code = ("t", "i", "j", "k") if numbered else ("year", "exporter", "importer", "hs6")
    return f"""CREATE OR REPLACE TEMP TABLE flows AS
               SELECT line, trim({year}) AS year, trim({exporter}) AS exporter, trim({importer}) AS importer,
                      trim({code}) AS hs6, {part.value} AS value, {part.quantity} AS quantity, false AS estimated
               FROM words WHERE {part.where}"""


def _statistics(part: _Part) -> Statistics:
    provisional = int(part.release[1:5]) - 2 if part.release else 2024
    return Statistics(
        source=_source(part),
        edition=part.edition,
        usd_per_unit=part.usd_per_unit,
        tonnes_per_unit=1.0,
        status_of_year=lambda year: "preliminary" if int(year) >= provisional else "reported",
        terms=part.terms,
    )


def _source(part: _Part) -> Source:
    edition = f"HS 19{part.edition[2:]}" if part.edition in ("HS92", "HS96") else f"HS 20{part.edition[2:]}"
    about = f"{edition}, {part.release}" if part.release else f"{edition}, 1995-2024"
    return Source(
        id=f"baci-{part.edition.lower()}-{part.release.lower() or '1995-2024'}",
        title=f"BACI, reconciled bilateral trade, {about}",
        publisher="CEPII",
        year=int(part.release[1:5]) if part.release else 2026,
        licence="Etalab Open Licence 2.0",
        licence_url="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        shippable=True,
        note="The newest year of a release is provisional.",
    )
