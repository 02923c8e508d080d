"""Made dataset: the sources and the context of the made-up study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from derisk.data.sources import Source


class MadeDataset:
    """Gives the sources of the made study."""

    def sources(self) -> dict[str, Source]:
        """Two sources, one of them with a hostile title and address."""
        return {
            "usgs-mcs-2026": Source("usgs-mcs-2026", "Mineral Commodity Summaries 2026", "U.S. Geological Survey", 2026, "public domain", "https://pubs.usgs.gov/mcs", shippable=True),
            "iea-gcmo-2025": Source("iea-gcmo-2025", "Global Critical Minerals Outlook <2025>", "IEA", 2025, "facts cited", "javascript:alert(1)", shippable=False),
        }  # fmt: skip

    def latest(self, field: tuple[str, ...], *, up_to: int, material: str | list[str]) -> pd.DataFrame:
        """One row about the study's goods, of the first source."""
        return pd.DataFrame({"source": ["usgs-mcs-2026"] if "production" in field and material else []})


CONTEXT: dict[str, Any] = {
    "refiner": "CHN",
    "refining_share": [
        {"material": m, "label": label, "share_2024": now, "share_2030": then, "row_ids": [f"{m}-{i}"]}
        for i, (m, label, now, then) in enumerate(
            [("copper", "Copper", 0.44, 0.47), ("lithium", "Lithium", 0.70, 0.60), ("cobalt", "Cobalt", 0.78, 0.75),
             ("graphite", "Graphite", 0.95, 0.87), ("rare_earths", "Magnet rare earths", 0.91, 0.77)]
        )
    ],
    "coalition_gdp_share": {"share": 0.609, "row_ids": ["gdp-1"]},
    "first_use_share": [{"material": "copper", "label": "Copper", "share": 0.24, "row_ids": ["copper-9"]}, {"material": "graphite", "label": "Graphite", "share": 0.31}],
}  # fmt: skip
