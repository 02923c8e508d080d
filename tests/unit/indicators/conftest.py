"""A dataset of a few dozen rows: one refined metal in two years, its trade, governance, reserves and uses."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pytest

from derisk.data.fields import fields_of

COLUMNS = ("row_id", "material", "stage", "good", "region", "partner", "use", "period", "field", "value")
COLUMNS += ("unit", "basis", "status", "low", "high", "source", "locator", "note")
TIN = {"material": "tin", "stage": "refining", "good": "refined_tin"}
ORE = {"material": "tin", "stage": "mining", "good": "tin_concentrate"}


class SmallDataset:
    """Rows that answer `observations` as the reference dataset does."""

    def __init__(self, rows: Iterable[dict[str, object]]) -> None:
        self.table = pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows], columns=list(COLUMNS))
        self.table["value"] = pd.to_numeric(self.table["value"].replace("", None))
        self.table["row_id"] = [f"row {number}" for number in range(len(self.table))]

    def observations(self, *, field: str | Iterable[str], **words: str | Iterable[str] | None) -> pd.DataFrame:
        fields = (field,) if isinstance(field, str) else tuple(field)
        found = self.table[self.table["field"].isin(fields)]
        for column, word in words.items():
            if word is not None:
                found = found[found[column].isin((word,) if isinstance(word, str) else tuple(word))]
        return found.reset_index(drop=True)


def row(field: str, value: object, words: dict[str, str] | None = None, **others: str) -> dict[str, object]:
    standard = {"field": field, "value": value, "period": "2022", "unit": "t/year", "status": "reported"}
    return {**standard, "source": "agency-2025", **(words or {}), **others}


def supply_rows() -> list[dict[str, object]]:
    """World output 100: China 60, Indonesia 30, 10 of others; and a year without a world total."""
    made = {"CHN": 60, "IDN": 30, "OTH": 10, "WLD": 100}
    return [
        *(row("production", value, TIN, region=region) for region, value in made.items()),
        row("production", 5, TIN, region="CHN", period="2019"),
        *(row("production", value, ORE, region=region) for region, value in {"CHN": 40, "AUS": 10, "WLD": 50}.items()),
    ]


def trade_rows() -> list[dict[str, object]]:
    """Germany takes tin from China and Indonesia, Indonesia from China; France takes from Germany."""
    flows = {("CHN", "DEU"): 8, ("IDN", "DEU"): 2, ("CHN", "IDN"): 10, ("DEU", "FRA"): 4, ("IDN", "CHN"): 5}
    return [
        row("trade", value, TIN, region=origin, partner=importer, source="customs")
        for (origin, importer), value in flows.items()
    ]


def governance_rows() -> list[dict[str, object]]:
    estimates = {"CHN": -0.5, "IDN": 0.0, "DEU": 1.5, "FRA": 1.0}
    return [
        row(field, value, region=region, period="2021", unit="estimate", source="bank")
        for region, value in estimates.items()
        for field in fields_of("governance")
    ]


def other_rows() -> list[dict[str, object]]:
    return [
        row("reserves", 1000, ORE, region="CHN", unit="t"),
        row("reserves", 4000, ORE, region="WLD", unit="t"),
        row("reserves", 70, ORE, region="PER", unit="t"),
        row("price", 20_000, TIN, region="WLD", unit="USD/t", period="2021"),
        row("price", 30_000, TIN, region="WLD", unit="USD/t"),
        row("by_product_share", 0.04, ORE, unit="share", status="assumed"),
        row("demand_share", 0.5, TIN, region="CHN", unit="share", status="assumed"),
        row("demand_share", 0.5, TIN, region="OTH", unit="share", status="assumed"),
        row("end_use_share", 0.75, TIN, region="WLD", use="electronics", unit="share"),
        row("end_use_share", 0.25, TIN, region="WLD", use="other", unit="share"),
        row("value_added", 100, region="USA", use="electronics", unit="musd/year"),
        row("value_added", 200, region="USA", use="other", unit="musd/year"),
        row("substitution_index_importance", 0.9, {"material": "tin"}, unit="share", period="2017"),
        row("substitution_index_risk", 0.8, {"material": "tin"}, unit="share", period="2017"),
        row("eol_recycling_input_rate", 0.25, {"material": "tin"}, unit="share", period="2017"),
        row("gdp", 4e12, region="DEU", unit="USD/year", period="2021"),
    ]


def european_rows() -> list[dict[str, object]]:
    """Shares of 2020: China 0.8, Indonesia 0.2 in the world; the Union takes 0.5 from China and makes 0.5."""
    world, europe = {"CHN": 0.8, "IDN": 0.2}, {"CHN": 0.5, "DEU": 0.5}
    rows = [row("production_share", v, TIN, region=r, period="2020", unit="share") for r, v in world.items()]
    rows += [
        row("import_source_share", v, TIN, region="EUU", partner=r, period="2020", unit="share")
        for r, v in europe.items()
    ]
    rows += [row("trade_parameter", 1.1, TIN, region=r, period="2020", unit="ratio") for r in world]
    rows += [
        row("trade_parameter", t, TIN, region=r, partner="EUU", period="2020", unit="ratio")
        for r, t in {"CHN": 1.1, "DEU": 0.8}.items()
    ]
    return rows + [{**line, "period": "2020"} for line in governance_rows()]


@pytest.fixture
def rows() -> list[dict[str, object]]:
    """Every row of the small dataset, a list of its own."""
    return [*supply_rows(), *trade_rows(), *governance_rows(), *other_rows(), *european_rows()]


@pytest.fixture
def small() -> type[SmallDataset]:
    """A dataset of the rows it is given."""
    return SmallDataset
