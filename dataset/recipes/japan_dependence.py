"""Japan's dependence: the part of its imports of rare earths that China ships, year by year, from trade rows."""

from __future__ import annotations

from collections import defaultdict

from row_table import DATASET, observation, read_table, write_observations

TRADE = DATASET / "observations" / "rare_earths" / "trade_history.csv"
YEARS = range(2008, 2025)


def imports_t() -> dict[str, dict[str, float]]:
    """Gross tonnes of compounds and metals that Japan took, by year and origin."""
    taken: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in read_table(TRADE):
        if row["partner"] == "JPN" and row["field"] == "trade_gross" and not row["good"] and row["value"]:
            taken[row["period"]][row["region"]] += float(row["value"])
    return taken


def rows() -> list[dict[str, str]]:
    """One row a year."""
    taken = imports_t()
    return [
        observation(
            material="rare_earths",
            stage="refining",
            region="JPN",
            partner="CHN",
            period=str(year),
            field="import_source_share",
            value=taken[str(year)]["CHN"] / sum(taken[str(year)].values()),
            unit="share",
            basis="none",
            status="derived",
            source="derisk-derivations",
            locator="rule in the note",
            note=f"{taken[str(year)]['CHN']:,.0f} t of {sum(taken[str(year)].values()):,.0f} t, gross, of the trade_gross rows of the year "
            "(BACI, HS 280530, 284610, 284690); what others made of Chinese feed counts as theirs, magnets are not in it",
        )
        for year in YEARS
    ]


if __name__ == "__main__":
    write_observations("rare_earths", "japan_dependence", rows())
