"""Publication: the Yearbook's rare-earth tables and Data Series 140 as sources, and how a mined tonne is taken."""

from __future__ import annotations

from typing import Final

from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import shorten
from derisk.data.sources import Source

_PUBLISHER: Final = "U.S. Geological Survey"
_LICENCE: Final = "Public domain (United States Government work)"
YEARBOOK: Final = Source(
    id="usgs-myb-2022-rare-earths",
    title="Minerals Yearbook 2022, Rare Earths, advance tables",
    publisher=_PUBLISHER,
    year=2024,
    licence=_LICENCE,
    url="https://www.usgs.gov/centers/national-minerals-information-center/rare-earths-statistics-and-information",
    shippable=True,
)
HISTORY: Final = Source(
    id="usgs-ds140-rare-earths-2020",
    title="Historical statistics for mineral commodities in the United States, Data Series 140: rare earths to 2020",
    publisher=_PUBLISHER,
    year=2023,
    licence=_LICENCE,
    url="https://www.usgs.gov/media/files/rare-earths-historical-statistics-data-series-140",
    shippable=True,
)

CONCENTRATE: Final = "rare_earth_concentrate"
ABOUT_TABLES: Final = (
    "the Yearbook's workbook of rare-earth tables, the workbook of Data Series 140, or their tidy copies"
)


def take_mined(
    intake: Intake, line: int, *, source: Source, region: str, year: str, value: float, status: str, locator: str
) -> None:
    intake.take(
        line,
        source=source,
        field="production",
        good=CONCENTRATE,
        region=region,
        period=year,
        value=value,
        unit="t/year",
        status=status,
        locator=locator,
        note=f"printed {shorten(value)} t",
    )
