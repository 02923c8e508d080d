"""Trends: the tables of the Summaries' first chapter, none of whose figures is of the dataset's kind."""

from __future__ import annotations

from typing import Final

_REPEATED: Final = "repeated from the commodity's own table"
REASONS: Final[dict[str, str]] = {
    "Mine_Production_Metals_mil_dols": "value and employment of the whole mineral industry",
    "GDP_bil_dols": "indices of the whole economy of the United States",
    "State": "value of mineral production of a State of the Union",
    "Nonfuel_Mineral_Economic_Inputs": "value of minerals in the whole economy",
    "Critical Mineral": "main uses in words",
    "Critical_mineral": _REPEATED,
    "Net_Import_Reliance_pct_2022": _REPEATED,
    "Net_Import_Reliance_pct_2023": _REPEATED,
    "Commodity_Count": "number of commodities that a country leads in",
    "PCH_2022_2023": "change of a price between years",
    "Pch_Critical_Minerals_2022_2023": "change of consumption between years",
    "Pch_Critical_Minerals_2019_2023": "change of consumption between years",
    "commodity_category": "value of minerals in the whole economy",
}
"""Why the figures of a table are set aside, by the column that tells the table."""


def find_reason(header: tuple[str, ...]) -> str | None:
    """Why nothing of a table is taken; None where it is no table of the first chapter."""
    return next((reason for column, reason in REASONS.items() if column in header), None)
