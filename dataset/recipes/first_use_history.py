"""First use before 2024: each country's share of world end use of rare-earth oxides and magnets in 2010, 2015 and 2020.

    python dataset/recipes/first_use_history.py

The large users of 2010 are judged in demand_share_2010_assumed.csv, the others have their share of 2024; what is left is the
other countries'. In 2015 and 2020 every share lies evenly between those of 2010 and 2024.
"""

from __future__ import annotations

from collections.abc import Mapping

from first_use import judged_row, judged_shares
from gdp import gdp_usd
from row_table import RECIPES, read_table, write_by_material

TABLE = "demand_share_2010_assumed.csv"
YEARS = (2010, 2015, 2020)
FIRST, LAST = 2010, 2024


def shares(good: str, lines: list[dict[str, str]], newest: list[dict[str, str]], year: int) -> list[dict[str, str]]:
    """Lines of judged shares of a year, the other countries' being what the named leave."""
    weight = (year - FIRST) / (LAST - FIRST)
    then = _by_region(lines, good)
    now = _by_region(newest, good)
    between = [
        {
            "good": good,
            "region": region,
            "value": str(
                round((1 - weight) * float(then.get(region, line)["value"]) + weight * float(line["value"]), 6)
            ),
            "reason": then.get(region, line)["reason"]
            + ("" if year == FIRST else f"; evenly between {FIRST} and {LAST}"),
        }
        for region, line in now.items()
        if region != "OTH"
    ]
    rest = 1.0 - sum(float(line["value"]) for line in between)
    return [
        *between,
        {"good": good, "region": "OTH", "value": str(round(rest, 6)), "reason": "what the named countries leave"},
    ]


def _by_region(lines: list[dict[str, str]], good: str) -> Mapping[str, dict[str, str]]:
    return {line["region"]: line for line in lines if line["good"] == good}


def main() -> None:
    """Write observations/<material>/first_use_history.csv."""
    lines, newest = read_table(RECIPES / TABLE), read_table(RECIPES / "demand_share_assumed.csv")
    rows = []
    for good in dict.fromkeys(line["good"] for line in lines):
        for year in YEARS:
            judged = judged_shares(shares(good, lines, newest, year), gdp_usd(str(year)), year=str(year))
            gap = 1.0 - sum(share for share, _ in judged.values())
            judged["OTH"] = (round(judged["OTH"][0] + gap, 6), judged["OTH"][1])
            rows += [
                judged_row(good, region, share, reason, period=str(year), table=TABLE)
                for region, (share, reason) in judged.items()
            ]
    write_by_material("first_use_history", rows)


if __name__ == "__main__":
    main()
