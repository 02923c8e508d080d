"""First use: each country's share of world end use of a good, printed or judged; EU members by GDP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gdp import EU27, gdp_usd
from row_table import RECIPES, observation, read_table


@dataclass(frozen=True, slots=True)
class Share:
    """A country's share of world first use, computed from published figures."""

    value: float
    source: str
    locator: str
    note: str


def first_use_shares(published: Mapping[str, Mapping[str, Share]]) -> list[dict[str, str]]:
    """Each country's share of world end use of a good; EU members by GDP 2023 unless the table lists them.

    Args:
        published: good -> country -> share that stands beside the judged ones.
    Raises:
        ValueError: the shares of a good miss 1.
    """
    gdp = gdp_usd("2023")
    rows: list[dict[str, str]] = []
    lines = read_table(RECIPES / "demand_share_assumed.csv")
    for good in dict.fromkeys(line["good"] for line in lines):
        own = published.get(good, {})
        judged = judged_shares([line for line in lines if line["good"] == good], gdp)
        gap = 1.0 - sum(share for share, _ in judged.values()) - sum(share.value for share in own.values())
        if abs(gap) > (5e-3 if own else 2e-5):
            raise ValueError(f"demand shares of {good} miss 1 by {gap}; mend demand_share_assumed.csv")
        judged["OTH"] = (round(judged["OTH"][0] + gap, 6), judged["OTH"][1])
        rows += [_published_row(good, region, share) for region, share in own.items()]
        rows += [judged_row(good, region, share, reason) for region, (share, reason) in judged.items()]
    return rows


def judged_shares(
    lines: list[dict[str, str]], gdp: Mapping[str, float], *, year: str = "2023"
) -> dict[str, tuple[float, str]]:
    """Share and reason by country, the EU's split among the members not listed."""
    listed = {line["region"] for line in lines}
    members = [country for country in EU27 if country not in listed]
    whole = "EU total" if len(members) == len(EU27) else "total of the other EU members"
    shares: dict[str, tuple[float, str]] = {}
    for line in lines:
        if line["region"] == "EU27":
            for country in members:
                shares[country] = (
                    round(float(line["value"]) * gdp[country] / sum(gdp[member] for member in members), 6),
                    f"{whole} {line['value']} split by GDP {year}; {line['reason']}",
                )
        else:
            shares[line["region"]] = (float(line["value"]), line["reason"])
    return shares


def judged_row(
    good: str, region: str, share: float, reason: str, *, period: str = "2024", table: str = "demand_share_assumed.csv"
) -> dict[str, str]:
    """A judged share as a row, with 30 % either way."""
    return observation(
        good,
        region=region,
        period=period,
        field="demand_share",
        value=share,
        unit="share",
        basis="none",
        status="assumed",
        low=share * 0.7,
        high=min(1.0, share * 1.3),
        source="derisk-assumptions",
        locator=f"recipes/{table}, {good}",
        note=reason,
    )


def _published_row(good: str, region: str, share: Share) -> dict[str, str]:
    return observation(
        good,
        region=region,
        period="2024",
        field="demand_share",
        value=share.value,
        unit="share",
        basis="none",
        status="derived",
        low=round(share.value * 0.8, 6),
        high=round(share.value * 1.2, 6),
        source=share.source,
        locator=share.locator,
        note=share.note,
    )
