"""Value added of the United States by use, 2008-2023: BEA detail industries of 2017 carried to each year and mapped to uses."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from row_table import PUBLISHER_FILES, RECIPES, USES, observation, read_table, write_observations

BEA = PUBLISHER_FILES / "trade" / "us_io"
YEAR = "2023"
YEARS = tuple(str(year) for year in range(2008, 2024))


def summary_code(industry: str) -> str:
    """BEA summary industry of a detail industry among construction and manufacturing."""
    if industry.startswith("23"):
        return "23"
    if industry.startswith("336"):
        return "3361MV" if industry[:4] in ("3361", "3362", "3363") else "3364OT"
    return industry[:3]


def table(name: str) -> list[list[str]]:
    """Lines of a BEA table."""
    with (BEA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def detail_value_added_musd(year: str = YEAR) -> dict[str, float]:
    """Value added by detail industry in a year [million USD].

    2017 value added at producer prices times the growth of gross output, scaled so that the detail
    industries of each summary industry sum to its published value added.
    """
    use = table("BEA_Detail_Use_SUT_2017_17sch.csv")
    row_2017 = next(line for line in use if line[0] == "VAPRO")
    output = table("BEA_Detail_GrossOutput_IO_17sch.csv")
    then, now = output[0].index("2017"), output[0].index(year)
    growth = {line[0]: float(line[now]) / float(line[then]) for line in output[1:] if float(line[then]) > 0}
    carried = {
        code: float(text) * growth[code]
        for code, text in zip(use[0][1:], row_2017[1:], strict=True)
        if code in growth and (code.startswith("23") or code[:2] in ("32", "33"))
    }
    published = table("useeior_Summary_ValueAdded_IO_17sch.csv")
    column = published[0].index(year)
    target = {line[0]: float(line[column]) for line in published[1:]}
    sums: dict[str, float] = {}
    for code, value in carried.items():
        sums[summary_code(code)] = sums.get(summary_code(code), 0.0) + value
    return {code: value * target[summary_code(code)] / sums[summary_code(code)] for code, value in carried.items()}


def rows_of(year: str) -> Iterator[dict[str, str]]:
    """A row for each use."""
    value, mapping = detail_value_added_musd(year), read_table(RECIPES / "bea_industry_to_use.csv")
    shares: dict[str, float] = {}
    for line in mapping:
        shares[line["industry"]] = shares.get(line["industry"], 0.0) + float(line["share"])
    over = [code for code, share in shares.items() if share > 1 + 1e-9 or code not in value]
    if over:
        raise ValueError(f"industries counted more than once or unknown to BEA: {over}; mend bea_industry_to_use.csv")
    for use in USES:
        lines = [line for line in mapping if line["use"] == use]
        central, low, high = (
            sum(value[line["industry"]] * float(line[key]) for line in lines) for key in ("share", "low", "high")
        )
        largest = sorted(lines, key=lambda line: -value[line["industry"]] * float(line["share"]))[:4]
        yield observation(
            region="USA",
            use=use,
            period=year,
            field="value_added",
            value=f"{central:.0f}",
            unit="musd/year",
            basis="none",
            status="derived",
            low=f"{0.95 * low:.0f}",
            high=f"{1.05 * high:.0f}",
            source="bea-input-output-2023",
            locator=f"Value added by industry {year}, summary; Use table 2017, detail, VAPRO; Gross output by detail industry",
            note=f"{len(lines)} industries of recipes/bea_industry_to_use.csv; detail 2017 x output growth, scaled to summary {year}; largest: "
            + ", ".join(f"{line['name']} {value[line['industry']] * float(line['share']):.0f}" for line in largest),
        )


def main() -> None:
    """Write observations/economy/value_added.csv, the newest year first."""
    write_observations("economy", "value_added", [row for year in reversed(YEARS) for row in rows_of(year)])


if __name__ == "__main__":
    main()
