"""Comtrade: customs records as countries report them to the United Nations, imports and exports apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from derisk.data.intake.files import foreign
from derisk.data.intake.flows import Statistics, take_flows
from derisk.data.intake.intake import Imported, Intake
from derisk.data.intake.large_tables import demand_columns, open_lines
from derisk.data.parquet import open_tables
from derisk.data.sources import Source

KIND: Final = "comtrade"
TITLE: Final = "UN Comtrade, trade as reported by customs"
FILES: Final = (
    "trade/comtrade_ev_battery/comtrade_*.parquet",
    "trade/comtrade_nickel/*.csv.gz",
    "trade/baci_hs17_atlas/comtrade_*.csv.gz",
)

_PUBLISHERS: Final = ("reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue", "netWgt")
_SHORT: Final = ("reporter", "partner", "cmd", "flow", "value", "netwgt")

IMPORTS: Final = "M"
EXPORTS: Final = "X"
_TERMS: Final = {
    IMPORTS: "Comtrade: the importer's record, cost, insurance and freight",
    EXPORTS: "Comtrade: the exporter's record, free on board",
}
_WORDS: Final = {IMPORTS: "imports", EXPORTS: "exports"}
RE_TRADE: Final = "re-exports and re-imports, which exports and imports count already"
PART_OF_TOTAL: Final = "part of a flow whose total stands in another line, or that line again"
_RE_TRADE_WORDS: Final = ("RX", "RM", "DX", "FM", "MIP", "MOP", "XIP", "XOP")


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns that hold what is read."""

    year: str
    reporter: str
    partner: str
    code: str
    flow: str
    value: str
    weight: str
    weight_estimated: str


def read(path: Path) -> Imported:
    """Trade rows of a Comtrade table; each flow's largest line is its total, the others are parts of it.

    Raises:
        LayoutError, EncodingError, TruncatedFileError: the file is no whole table of a known layout.
    """
    intake = Intake(path)
    with open_tables() as connection:
        names = open_lines(connection, path)
        demand_columns(path, names, (_PUBLISHERS, _SHORT))
        connection.execute(_records(_layout(path, names)))
        _set_apart(connection, intake)
        for flow in (IMPORTS, EXPORTS):
            connection.execute(_flows(flow))
            if connection.execute("SELECT 1 FROM flows LIMIT 1").fetchone():
                take_flows(connection, intake, _statistics(connection, flow))
    return intake.finish()


def _layout(path: Path, names: tuple[str, ...]) -> _Layout:
    if set(_PUBLISHERS) <= set(names):
        year = next((name for name in ("refYear", "period") if name in names), "")
        if not year:
            raise foreign("no column 'refYear' or 'period'", path, "one of the two")
        estimated = "isNetWgtEstimated = 'true'" if "isNetWgtEstimated" in names else "false"
        return _Layout(year, "reporterCode", "partnerCode", "cmdCode", "flowCode", "primaryValue", "netWgt", estimated)
    named = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", path.name)
    if "year" not in names and named is None:
        what, hint = "no column 'year', and no year in the file's name", "keep the publisher's file name"
        raise foreign(what, path, "a name such as comtrade_2024.csv.gz", hint)
    year = "year" if "year" in names else f"'{named[0] if named else ''}'"
    return _Layout(year, "reporter", "partner", "cmd", "flow", "value", "netwgt", "false")


def _records(layout: _Layout) -> str:
    """Every line, and its place among the lines of its flow, the largest first."""
    return f"""CREATE OR REPLACE TEMP TABLE records AS
        SELECT *, row_number() OVER (PARTITION BY year, reporter, partner, hs6, flow
                                     ORDER BY TRY_CAST(value AS DOUBLE) DESC NULLS FIRST,
                                              TRY_CAST(weight AS DOUBLE) DESC NULLS LAST, line) AS place
        FROM (SELECT line, trim({layout.year}) AS year, trim({layout.reporter}) AS reporter,
                     trim({layout.partner}) AS partner, trim({layout.code}) AS hs6, trim({layout.flow}) AS flow,
                     {layout.value} AS value, {layout.weight} AS weight, {layout.weight_estimated} AS estimated
              FROM words)"""


def _set_apart(connection: duckdb.DuckDBPyConnection, intake: Intake) -> None:
    """Refuse unknown flows, set aside re-exports and the parts of totals."""
    known = (IMPORTS, EXPORTS, *_RE_TRADE_WORDS)
    unknown = (
        "SELECT line, flow, TRY_CAST(value AS DOUBLE), hs6 FROM records WHERE NOT list_contains(?, flow) ORDER BY line"
    )
    for line, flow, amount, hs6 in connection.execute(unknown, [list(known)]).fetchall():
        intake.refuse(line, f"unknown flow '{flow}'", amount=amount, table=f"HS {hs6}")
    counted = "SELECT count(*) + count(weight) FROM records WHERE "
    for reason, which in (
        (RE_TRADE, f"flow IN {_RE_TRADE_WORDS}"),
        (PART_OF_TOTAL, f"place > 1 AND flow IN {(IMPORTS, EXPORTS)} AND TRY_CAST(value AS DOUBLE) IS NOT NULL"),
    ):
        found = connection.execute(counted + which).fetchone()
        intake.set_aside(reason, found[0] if found else 0)


def _flows(flow: str) -> str:
    exporter, importer = ("partner", "reporter") if flow == IMPORTS else ("reporter", "partner")
    return f"""CREATE OR REPLACE TEMP TABLE flows AS
               SELECT line, year, {exporter} AS exporter, {importer} AS importer, hs6,
                      value, weight AS quantity, estimated
               FROM records WHERE flow = '{flow}' AND (place = 1 OR TRY_CAST(value AS DOUBLE) IS NULL)"""


def _statistics(connection: duckdb.DuckDBPyConnection, flow: str) -> Statistics:
    return Statistics(
        source=_source(connection, flow),
        edition="HS17",
        usd_per_unit=1.0,
        tonnes_per_unit=0.001,
        status_of_year=lambda _: "reported",
        terms=_TERMS[flow],
    )


def _source(connection: duckdb.DuckDBPyConnection, flow: str) -> Source:
    """One publication for each span of years and flow: two collections may state the same flow differently."""
    found = connection.execute("SELECT min(year), max(year) FROM records WHERE regexp_full_match(year, '[0-9]{4}')")
    first, last = found.fetchone() or ("", "")
    years = first if first == last else f"{first}-{last}"
    return Source(
        id=f"comtrade-{years}-{_WORDS[flow]}",
        title=f"UN Comtrade, {_WORDS[flow]} as reported, {years}",
        publisher="United Nations Statistics Division",
        year=int(last or 2024),
        licence="UN Comtrade terms of use: no re-dissemination in bulk",
        licence_url="https://comtradeplus.un.org/",
        url="https://comtradeplus.un.org/",
        shippable=False,
        note="Values in current USD; weights in kilograms, those estimated by the United Nations marked so where told.",
    )
