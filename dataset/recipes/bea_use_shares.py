"""Shares of each BEA summary industry's value added by use, for the importer of BEA's summary tables."""

from __future__ import annotations

from collections import defaultdict

from row_table import RECIPES, read_table
from value_added import detail_value_added_musd, summary_code

FILE = RECIPES.parent.parent / "src" / "derisk" / "data" / "importers" / "bea_io" / "use_shares.csv"


def text() -> str:
    """The table: detail industries of bea_industry_to_use.csv, weighed by their value added in 2023."""
    value = detail_value_added_musd()
    whole: dict[str, float] = defaultdict(float)
    for code, amount in value.items():
        whole[summary_code(code)] += amount
    parts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for line in read_table(RECIPES / "bea_industry_to_use.csv"):
        code = line["industry"]
        sums = parts[summary_code(code), line["use"]]
        for at, name in enumerate(("share", "low", "high")):
            sums[at] += value[code] * float(line[name]) / whole[summary_code(code)]
    lines = [
        f"{industry},{use}," + ",".join(f"{s:.6f}" for s in sums) for (industry, use), sums in sorted(parts.items())
    ]
    return "industry,use,share,low,high\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Write use_shares.csv beside the importer."""
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.name}: {text().count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main()
