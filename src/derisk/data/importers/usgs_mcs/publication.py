"""Publication: the editions of the Summaries as sources."""

from __future__ import annotations

from typing import Final

from derisk.data.sources import Source

PUBLISHER: Final = "U.S. Geological Survey"
LICENCE: Final = "Public domain (United States Government work)"
_URLS: Final = {
    2022: "https://doi.org/10.5066/P9KKMCP4",
    2023: "https://doi.org/10.5066/P9WCYUI6",
    2024: "https://doi.org/10.5066/P144BA54",
    2025: "https://doi.org/10.5066/P13XCP3R",
}


def edition_source(edition: int) -> Source:
    """One edition's data release."""
    return Source(
        id=f"usgs-mcs-{edition}",
        title=f"Mineral Commodity Summaries {edition}, data release",
        publisher=PUBLISHER,
        year=edition,
        licence=LICENCE,
        licence_url="https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits",
        url=_URLS.get(edition, f"https://pubs.usgs.gov/periodicals/mcs{edition}/"),
        shippable=True,
    )
