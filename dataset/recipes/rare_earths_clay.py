"""Ionic clay: the part of each country's rare-earth ore that is leached from clay, by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from supply_rows import ASSUMED, DERIVED, Maker, Row

ORE = Maker("rare_earths", "mining", "rare_earth_concentrate", "oxide")
FILINGS = "press-and-filings"


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a country's mined oxide that comes from clay, from a year on."""

    value: float
    low: float | None
    high: float | None
    note: str
    status: str = "assumed"
    source: str = ASSUMED
    locator: str = "reason in the note"


def _of_quota(clay_t: float, whole_t: float, locator: str, note: str, *, low: float = 0.6, high: float = 1.1) -> Share:
    share = clay_t / whole_t
    words = f"quota of clay over the whole, {clay_t:,.0f} / {whole_t:,.0f} t; {note}"
    return Share(share, low * share, high * share, words, "derived", FILINGS, locator)


_SHUT = "range below it, since southern mines stood still where their quotas ran on"
_BEYOND = "range above it, since clay was mined beyond quotas and without licence"
_UNPUBLISHED = "the clay quota of 2018 and 2021, recalled to be that of this year too"
_METAL_2011 = "SMM, April 2011, https://news.metal.com/newscontent/100017506/china-sets-2011-rare-earth-output-quota-at-93800-tonnes-/"
_CHINA_DAILY = "China Daily, 7 January 2013, http://europe.chinadaily.com.cn/business/2013-01/07/content_16093142.htm"
_IBTIMES = "International Business Times, 2014, http://au.ibtimes.com/china-rare-earths-increases-2014-mining-quotas-light-rare-earths-1344560"
_GLOBAL_TIMES = "Global Times, 21 March 2019, http://www.globaltimes.cn/content/1142893.shtml"
_ZHOUKAN = "notice of the Ministry of Natural Resources, 2021, http://zhoukan.cc/redian/2021/1009/43018.html"
_BLUE_2023 = "Project Blue, https://theprojectbluegroup.com/blue/news-analysis/707/icymi:-china-announces-%E2%80%98third-batch%E2%80%99-rare-earth-mining-and-smelting-quota"
_BLUE_2024 = "Project Blue, February 2024, https://projectblue.com/blue/news-analysis/757/china-increases-total-rare-earth-production-quota-by-12.5precent-in-h1-2024-"
_SOUTH_2005 = (
    "southern clay gave some 26,000 t in 2005 (a survey of the southern industry, https://360docs.net/doc/9210687176.html) of "
    "119,000 t mined (recalled), 22 %; 26 to 29 % of 2008 and 2009 is recalled; the clay quota of the time, about 10,000 t, is the least"
)
_BEFORE_2012 = (
    "output ran above the quotas by a tenth to a third; how much of that was clay is not known: from the clay quota alone "
    "(12,200 of 89,200 t in 2010, http://m.sinotf.com/News/index/id/49806.html; 13,400 of 93,800 t in 2011, SMM, April 2011) to a third of all"
)

CHINA: dict[str, Share] = {
    "2008": Share(0.24, 0.08, 0.35, _SOUTH_2005),
    "2010": Share(0.21, 0.11, 0.33, _BEFORE_2012),
    "2011": Share(0.20, 0.13, 0.33, _BEFORE_2012),
    "2012": _of_quota(
        17_900, 93_800, _CHINA_DAILY, f"first batch of 2013, half the quota of 2012, 8,950 of 46,900 t; {_BEYOND}", low=0.8, high=1.7
    ),
    "2014": _of_quota(17_900, 105_000, _IBTIMES, _BEYOND, low=0.8, high=1.7),
    "2018": _of_quota(
        19_150, 120_000, _GLOBAL_TIMES, f"first batch of 2019, half the quota of 2018, 9,575 of 60,000 t; {_SHUT}"
    ),
    "2019": _of_quota(19_150, 132_000, _GLOBAL_TIMES, f"{_UNPUBLISHED}; {_SHUT}"),
    "2020": _of_quota(19_150, 140_000, _ZHOUKAN, f"{_UNPUBLISHED}; {_SHUT}"),
    "2021": _of_quota(19_150, 168_000, _ZHOUKAN, f"148,850 t of rock and 19,150 t of clay; {_SHUT}"),
    "2022": _of_quota(19_150, 210_000, _BLUE_2023, f"19.1 thousand t in 2023, as in the year before; {_SHUT}"),
    "2023": _of_quota(19_150, 255_000, _BLUE_2023, f"19.1 thousand t, 235.85 thousand t of rock; {_SHUT}"),
    "2024": _of_quota(19_150, 270_000, _BLUE_2024, f"10,140 t in the first half; 19,150 t in the year recalled; {_SHUT}"),
}  # fmt: skip
"""China; a year that is not named is as the last one before it."""

_CLAY_ALONE = "its ore is leached from clay"
ELSEWHERE: dict[tuple[str, str], Share] = {
    ("", "2008"): Share(0.0, 0.0, 0.0, "rock and sand, unless a row of the country says otherwise"),
    ("MMR", "2008"): Share(1.0, 1.0, 1.0, f"{_CLAY_ALONE} of Kachin and Shan and crosses to China (Project Blue, 2024, https://projectblue.com/blue/opinion-pieces/1042/myanmarese-production-of-rare-earths-continues-to-be-impacted-by-heavy-rainfall-)"),
    ("THA", "2008"): Share(1.0, 1.0, 1.0, "what China counts as Thailand's is taken for carbonate of clay, most of it from beyond its border; recalled"),
    ("VNM", "2008"): Share(1.0, 1.0, 1.0, "what reaches the market is taken for clay; Dong Pao, of rock, never ran for long; recalled"),
    ("MYS", "2008"): Share(0.0, 0.0, 0.0, "monazite of tin sands"),
    ("MYS", "2022"): Share(1.0, 1.0, 1.0, f"{_CLAY_ALONE} at Kenering in Perak since 2022; recalled"),
    ("BRA", "2008"): Share(0.0, 0.0, 0.0, "monazite of sands and of old stocks"),
    ("BRA", "2024"): Share(1.0, 1.0, 1.0, f"{_CLAY_ALONE} at Serra Verde, which began in 2024 and is the only producer (mining.com, https://www.mining.com/web/brazils-only-rare-earth-producer-offers-us-stake-option-for-loan-deal)"),
}  # fmt: skip
"""The others, from the year named on; where no row stands, the one for every country."""


def clay_share(country: str, year: str) -> float:
    """The part of a country's mined oxide that is clay's in a year."""
    known = CHINA if country == "CHN" else {y: share for (c, y), share in ELSEWHERE.items() if c == country}
    past = [y for y in known if y <= year]
    return known[max(past)].value if past else ELSEWHERE["", "2008"].value


def clay_shares() -> Iterator[Row]:
    """Rows of `clay_share` of mined oxide."""
    named = {("CHN", year): share for year, share in CHINA.items()} | ELSEWHERE
    for (country, year), share in sorted(named.items()):
        yield ORE.row(
            "clay_share", country, share.value, period=year, unit="share", basis="none", status=share.status,
            low=share.low, high=share.high, source=share.source, locator=share.locator, note=share.note,
        )  # fmt: skip


def separated_share(maker: Maker, country: str, year: str, clay_t: float, whole_t: float, note: str) -> Row:
    """A row of `clay_share` of a country's separated oxide."""
    share = clay_t / whole_t
    return maker.row(
        "clay_share", country, share, period=year, unit="share", basis="none", status="derived", source=DERIVED, locator="rule in the note",
        low=share if share in (0.0, 1.0) else 0.7 * share, high=share if share in (0.0, 1.0) else min(1.3 * share, 1.0), note=note,
    )  # fmt: skip
