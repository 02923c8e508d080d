"""Price level of the United States, 2008-2024: gross domestic product in current over chained dollars of 2017."""

from __future__ import annotations

from row_table import observation, write_observations

CURRENT_AND_CHAINED_BUSD = {
    2008: (14769.9, 16781.5), 2009: (14478.1, 16349.1), 2010: (15049.0, 16789.8), 2011: (15599.7, 17052.4),
    2012: (16254.0, 17442.8), 2013: (16880.7, 17812.2), 2014: (17608.1, 18261.7), 2015: (18295.0, 18799.6),
    2016: (18804.9, 19141.7), 2017: (19612.1, 19612.1), 2018: (20656.5, 20193.9), 2019: (21540.0, 20715.7),
    2020: (21354.1, 20267.6), 2021: (23681.2, 21494.8), 2022: (26006.9, 22034.8),
}  # fmt: skip
"""Bureau of Economic Analysis, National Income and Product Accounts, tables 1.1.5 and 1.1.6 [bn USD]."""
RECALLED = {2023: 1.223, 2024: 1.252}


def main() -> None:
    """Write observations/economy/price_level.csv."""
    same = {"region": "USA", "field": "price_level", "unit": "ratio", "basis": "none"}
    rows = [
        observation(
            **same,
            period=year,
            value=round(current / chained, 4),
            status="derived",
            source="bea-national-accounts",
            locator=f"tables 1.1.5 and 1.1.6, gross domestic product, {year}",
            note=f"{current} bn USD over {chained} bn USD of 2017",
        )
        for year, (current, chained) in CURRENT_AND_CHAINED_BUSD.items()
    ]
    rows += [
        observation(
            **same,
            period=year,
            value=value,
            status="assumed",
            low=round(0.99 * value, 4),
            high=round(1.01 * value, 4),
            source="derisk-assumptions",
            locator="recipes/price_level.py",
            note="recalled from the accounts' later editions, whose tables were not read; 3.6 % in 2023 and 2.4 % in 2024",
        )
        for year, value in RECALLED.items()
    ]
    write_observations("economy", "price_level", rows)


if __name__ == "__main__":
    main()
