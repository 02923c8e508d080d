"""IMF prices: monthly or yearly commodity prices of the Primary Commodity Price System, by mineral."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.intake.files import OTHER_KIND, Line, foreign, read_csv, truncated
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.printed import find_number, shorten
from derisk.data.sources import Source
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import WORLD

KIND: Final = "imf-prices"
TITLE: Final = "IMF Primary Commodity Price System"
FILES: Final = ("production/imf_rubilamb/imf_crm_prices_*.csv",)

_MONTHLY: Final = ("mineral", "date", "data_transformation", "obs_value")
_YEARLY: Final = ("mineral", "year", "total_value_usd", "avg_price_usd")
_LAST: Final = "Nickel"
_YEAR: Final = re.compile(r"\d{4}")
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_UNSTATED: Final = "incoterm=unstated; vat=unstated; export_rebate=none"
_LME: Final = "incoterm=ex LME warehouse; vat=excluded; export_rebate=none"


@dataclass(frozen=True, slots=True)
class _Series:
    """A mineral of the file: the good it prices, the status of its figures and what they are."""

    good: str
    status: str
    about: str


_SERIES: Final[Mapping[str, _Series]] = {
    "Copper": _Series("refined_copper", "reported", f"{_LME}; grade A cathode"),
    "Nickel": _Series("refined_nickel", "reported", f"{_LME}; melting grade"),
    "Cobalt": _Series("refined_cobalt", "reported", f"{_UNSTATED}; cobalt metal"),
    "Manganese": _Series("refined_manganese", "reported", f"{_UNSTATED}; electrolytic manganese metal (PMANGELE)"),
    "Lithium": _Series(
        "lithium_chemical",
        "bound",
        f"{_UNSTATED}; lithium metal over 5.323 t LCE per t Li; metal is made from the chemicals, which cost less",
    ),
}


def read(path: Path) -> Imported:
    """Prices of the vocabulary's goods in USD per tonne of their price basis.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is neither of the two layouts, or damaged.
    """
    lines = read_csv(path, encoding="utf-8", columns=("mineral",))
    columns = next((known for known in (_MONTHLY, _YEARLY) if set(known) <= set(lines[0].cells)), None)
    if columns is None:
        what = f"unknown header '{','.join(lines[0].cells)[:120]}'"
        raise foreign(what, f"{path}, line 1", f"{','.join(_MONTHLY)}; {','.join(_YEARLY)}", OTHER_KIND)
    period = columns[1]
    _demand_last_series(lines, period, path)
    intake = Intake(path)
    source = _source(max(line[period] for line in lines)[:4], path)
    for line in lines:
        if columns == _MONTHLY:
            _take_month(intake, line, source)
        else:
            _take_year(intake, line, source)
    return intake.finish()


def _demand_last_series(lines: Sequence[Line], period: str, path: Path) -> None:
    """The prices of the last mineral, by the alphabet, go to the file's newest period.

    Raises:
        TruncatedFileError: they end earlier, or are missing.
    """
    newest = max(line[period] for line in lines)
    prices = (line for line in lines if line["mineral"] == _LAST and line.cells.get("data_transformation") != "INDEX")
    if newest not in {line[period] for line in prices}:
        raise truncated(f"no price of {_LAST}, the last mineral, in {newest}: the file is cut", path)


def _take_month(intake: Intake, line: Line, source: Source) -> None:
    kind = line["data_transformation"]
    if kind == "INDEX":
        intake.set_aside("index number: follows from the price")
    elif kind != "USD":
        intake.refuse(
            line.number, f"unknown unit '{kind}'", amount=find_number(line["obs_value"]), table=line["mineral"]
        )
    else:
        _take(intake, line, line["date"], _MONTH, line["obs_value"], source)


def _take_year(intake: Intake, line: Line, source: Source) -> None:
    intake.set_aside("value of world imports, from another publisher", bool(line["total_value_usd"]))
    _take(intake, line, line["year"], _YEAR, line["avg_price_usd"], source)


def _take(intake: Intake, line: Line, period: str, form: re.Pattern[str], text: str, source: Source) -> None:
    mineral, price = line["mineral"], find_number(text)
    series = _SERIES.get(mineral)
    wrong = (
        f"unknown mineral '{mineral}'"
        if series is None
        else f"'{period}' is not a period"
        if not form.fullmatch(period)
        else f"{mineral} {period}: '{text}' is not a price"
        if price is None or price <= 0
        else ""
    )
    if wrong or series is None or price is None:
        intake.refuse(line.number, wrong, amount=price, table=mineral)
        return
    good = GOODS[series.good]
    printed = f"; printed {shorten(price)} USD per tonne of metal" if good.price_mass_ratio != 1 else ""
    intake.take(
        line.number,
        source=source,
        field="price",
        good=series.good,
        region=WORLD,
        period=period,
        value=price / good.price_mass_ratio,
        unit="USD/t",
        status=series.status,
        locator=f"{mineral}, USD, {period}",
        note=series.about + printed,
        table=mineral,
    )


def _source(year: str, path: Path) -> Source:
    if not _YEAR.fullmatch(year):
        raise foreign(f"'{year}' is not a year", path, "2024 or 2024-05")
    return Source(
        id="imf-primary-commodity-prices",
        title="Primary Commodity Price System",
        publisher="International Monetary Fund",
        year=int(year),
        licence="IMF terms: free with attribution, no licence to redistribute",
        licence_url="https://www.imf.org/external/terms.htm",
        url="https://www.imf.org/en/Research/commodity-prices",
        shippable=False,
    )
