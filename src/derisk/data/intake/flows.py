"""Flows: lines of customs statistics given to goods by the customs codes, summed, and taken over as trade rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import duckdb

from derisk.data.customs import CUSTOMS_CODES, CustomsCode, lines_of_edition, listed_codes
from derisk.data.intake.customs_countries import customs_country
from derisk.data.intake.intake import Intake
from derisk.data.sources import Source
from derisk.errors import InputError

UNLISTED: Final = "customs code outside the vocabulary"
SEVERAL: Final = "customs code of several goods, none of them the main one"
BACK_HOME: Final = "shipped by a country to itself"
NO_QUANTITY: Final = "no quantity printed, or 0 beside a value"

_TABLES: Final = """
CREATE OR REPLACE TEMP TABLE country (word VARCHAR, iso3 VARCHAR, why VARCHAR, unknown VARCHAR);
CREATE OR REPLACE TEMP TABLE code (hs6 VARCHAR, exporter VARCHAR, good VARCHAR, material VARCHAR, why VARCHAR);
"""

_JUDGED: Final = """
CREATE OR REPLACE TEMP TABLE judged AS
WITH numbered AS (
    SELECT f.*, TRY_CAST(f.value AS DOUBLE) AS amount, NULLIF(TRIM(f.quantity), '') AS weight_text,
           TRY_CAST(f.quantity AS DOUBLE) AS weight,
           e.iso3 AS origin, e.why AS origin_why, e.unknown AS origin_unknown,
           i.iso3 AS destination, i.why AS destination_why, i.unknown AS destination_unknown
    FROM flows f LEFT JOIN country e ON e.word = f.exporter LEFT JOIN country i ON i.word = f.importer
)
SELECT n.*, coalesce(named.good, everyone.good) AS good, coalesce(named.material, everyone.material) AS material,
       CASE
           WHEN NOT regexp_full_match(coalesce(n.year, ''), '(19|20)[0-9]{2}') THEN format('no year: ''{}''', n.year)
           WHEN NOT regexp_full_match(coalesce(n.hs6, ''), '[0-9]{2,6}') THEN format('no customs code: ''{}''', n.hs6)
           WHEN n.amount IS NULL OR NOT isfinite(n.amount) OR n.amount < 0
               THEN format('no value: ''{}''', coalesce(n.value, ''))
           WHEN n.weight_text IS NOT NULL AND (n.weight IS NULL OR NOT isfinite(n.weight) OR n.weight < 0)
               THEN format('no quantity: ''{}''', n.quantity)
           WHEN coalesce(named.why, everyone.why) = ''
               THEN coalesce(n.origin_unknown, n.destination_unknown)
       END AS refusal,
       CASE
           WHEN coalesce(named.hs6, everyone.hs6) IS NULL THEN coalesce(several.why, $unlisted)
           WHEN coalesce(named.why, everyone.why) <> '' THEN coalesce(named.why, everyone.why)
           WHEN n.origin_why <> '' THEN n.origin_why
           WHEN n.destination_why <> '' THEN n.destination_why
           WHEN n.origin = n.destination THEN $back_home
       END AS reason
FROM numbered n
    LEFT JOIN code named ON named.hs6 = n.hs6 AND named.exporter = n.origin AND n.origin <> ''
    LEFT JOIN code everyone ON everyone.hs6 = n.hs6 AND everyone.exporter = ''
    LEFT JOIN several ON several.hs6 = n.hs6
"""

_SUMS: Final = """
SELECT year, good, material, origin, destination, min(line), sum(amount), sum(nullif(weight, 0)),
       list_sort(list(DISTINCT hs6)), list_sort(list(DISTINCT hs6) FILTER (weight > 0)), bool_or(estimated)
FROM judged WHERE refusal IS NULL AND reason IS NULL
GROUP BY ALL ORDER BY good, material, year, origin, destination
"""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How a table `flows` (line year exporter importer hs6 value quantity estimated) is to be read."""

    source: Source
    edition: str
    usd_per_unit: float
    """Of the column `value`."""
    tonnes_per_unit: float
    """Of the column `quantity`."""
    status_of_year: Callable[[str], str]
    terms: str
    """What the values are, for every row's note."""


def take_flows(connection: duckdb.DuckDBPyConnection, intake: Intake, statistics: Statistics) -> None:
    """Give each line of table `flows` its fate: summed into rows by good, pair and year, refused, or set aside.

    A line holds two figures, a value and a quantity; a line without a quantity counts one figure as set aside.
    """
    judge_flows(connection, edition=statistics.edition)
    _refuse(connection, intake, statistics)
    _set_aside(connection, intake)
    for line in connection.execute(_SUMS).fetchall():
        _take(intake, statistics, *line)


def judge_flows(connection: duckdb.DuckDBPyConnection, *, edition: str) -> None:
    """Make table `judged` of table `flows`: good or material, origin, destination, amount, weight, refusal, reason."""
    connection.execute(_TABLES)
    _fill_countries(connection)
    _fill_codes(connection, edition)
    connection.execute(_JUDGED, {"unlisted": UNLISTED, "back_home": BACK_HOME})


def _fill_countries(connection: duckdb.DuckDBPyConnection) -> None:
    words = connection.execute("SELECT exporter FROM flows UNION SELECT importer FROM flows").fetchall()
    known: list[tuple[str, str, str, str | None]] = []
    for (word,) in words:
        try:
            known.append((word, *customs_country(word or ""), None))
        except InputError:
            known.append((word, "", "", f"unknown country '{word}'"))
    connection.executemany("INSERT INTO country VALUES (?, ?, ?, ?)", known)


def _fill_codes(connection: duckdb.DuckDBPyConnection, edition: str) -> None:
    lines = lines_of_edition(edition)
    decided = {line.hs6 for line in lines}
    several = [(code, f"{SEVERAL}: {code}") for code in sorted(listed_codes(edition) - decided)]
    codes = [
        (line.hs6, exporter, line.good, line.material, _why_outside(line) if line.role == "outside" else "")
        for line in lines
        for exporter in (line.exporters or ("",))
    ]
    connection.executemany("INSERT INTO code VALUES (?, ?, ?, ?, ?)", codes)
    connection.execute("CREATE OR REPLACE TEMP TABLE several (hs6 VARCHAR, why VARCHAR)")
    if several:
        connection.executemany("INSERT INTO several VALUES (?, ?)", several)


def _why_outside(line: CustomsCode) -> str:
    return f"{UNLISTED}: {line.hs6}, {line.also_contains}"


def _refuse(connection: duckdb.DuckDBPyConnection, intake: Intake, statistics: Statistics) -> None:
    refused = connection.execute(
        "SELECT line, refusal, hs6, amount FROM judged WHERE refusal IS NOT NULL ORDER BY line"
    ).fetchall()
    for line, what, hs6, amount in refused:
        usd = None if amount is None else amount * statistics.usd_per_unit
        intake.refuse(line, what, amount=usd, table=f"HS {hs6}")


def _set_aside(connection: duckdb.DuckDBPyConnection, intake: Intake) -> None:
    counted = """SELECT reason, count(*) + count(weight) FROM judged
                 WHERE refusal IS NULL AND reason IS NOT NULL GROUP BY reason ORDER BY reason"""
    for reason, figures in connection.execute(counted).fetchall():
        intake.set_aside(reason, figures)
    missing = "SELECT count(*) FROM judged WHERE refusal IS NULL AND reason IS NULL AND coalesce(weight, 0) = 0"
    found = connection.execute(missing).fetchone()
    intake.set_aside(NO_QUANTITY, found[0] if found else 0)


def _also_contains() -> dict[tuple[str, str], str]:
    return {(line.hs6, line.good): line.also_contains for line in CUSTOMS_CODES if line.also_contains}


_BASKETS: Final = _also_contains()


def _take(
    intake: Intake,
    statistics: Statistics,
    year: str,
    good: str,
    material: str,
    origin: str,
    destination: str,
    line: int,
    amount: float,
    weight: float | None,
    codes: list[str],
    weighed: list[str] | None,
    estimated: bool | None,
) -> None:
    status = statistics.status_of_year(year)
    baskets = "; ".join(f"{code} also holds {_BASKETS[code, good]}" for code in codes if (code, good) in _BASKETS)
    note = f"{statistics.terms}; {baskets}" if baskets else statistics.terms
    take = partial(
        intake.take,
        line,
        source=statistics.source,
        good=good,
        material=material,
        region=origin,
        partner=destination,
        period=year,
        locator=f"{statistics.edition} {' and '.join(codes)}, {year}, {origin} to {destination}",
    )
    usd, table = amount * statistics.usd_per_unit, f"HS {codes[0]}"
    take(field="trade_value", value=usd, unit="USD/year", status=status, note=note, table=table)
    if weight is None or not weighed:
        return
    gross_t = weight * statistics.tonnes_per_unit
    status = "estimated" if estimated else status
    note = note if weighed == codes else f"{note}; weight of {' and '.join(weighed)} alone"
    table = f"{table} gross"
    take(field="trade_gross", value=gross_t, unit="t/year", basis="gross", status=status, note=note, table=table)
