"""Input-output: what industries buy of each commodity, at home and abroad, with their value added and output."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.built import REBUILD
from derisk.data.edited_csv import edited_lines
from derisk.data.parquet import open_tables, write_parquet
from derisk.errors import DatasetError, Problem, name_some
from derisk.vocabulary.regions import COUNTRIES

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = "input_output.csv"
NAMES_FILE: Final = "input_output_names.csv"
PARQUET: Final = "input_output.parquet"
COLUMNS: Final = ("country", "year", "kind", "commodity_or_row", "industry", "value_musd", "source", "locator")
NAME_COLUMNS: Final = ("code", "name")
KINDS: Final[dict[str, str]] = {
    "use": "what an industry buys of a commodity, home-made or imported",
    "import": "the imported part of `use`",
    "final_use": "what households, governments, investors and exports take of a commodity; imports, F050, negative",
    "import_final_use": "the imported part of `final_use`; column F050 is all imports, negative",
    "make": "what an industry makes of a commodity",
    "value_added": "an industry's compensation of employees, taxes less subsidies, and gross operating surplus",
    "gross_output": "an industry's output, at producers' prices",
}
"""What a line's value counts [million USD a year]."""
ROUNDING_MUSD: Final = 0.5
"""Cells are rounded to a million: a sum of n cells may lie n halves off."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One cell of a country's tables in a year; `industry` is a column code of final uses where the kind says so."""

    country: str
    year: str
    kind: str
    commodity_or_row: str
    industry: str
    value_musd: float
    source: str
    locator: str
    line: int


def read_input_output(folder: Path) -> list[Flow]:
    """The input-output tables of a dataset folder, as people edit them; empty where it has none.

    Raises:
        DatasetError: unknown words, missing names, no number, a cell stated twice, or accounts that do not add up;
            carries every problem with file and line.
    """
    if not (folder / FILE).exists():
        return []
    problems: list[Problem] = []
    if not (folder / NAMES_FILE).exists():
        raise DatasetError(Problem(f"{FILE} stands without {NAMES_FILE}", folder.name, "both", "add the names"))
    sources = {path.stem for path in (folder / "sources").glob("*.yml")}
    names = _read_names(folder, problems=problems)
    flows = [flow for n, line in _lines(folder / FILE, COLUMNS, problems) if (flow := _flow(n, line, problems))]
    for flow in flows:
        problems.extend(_wrong_words(flow, names=names, sources=sources))
    problems.extend(_stated_twice(flows))
    if not problems:
        problems.extend(account_problems(flows))
    if problems:
        raise DatasetError(*problems)
    return flows


def _lines(path: Path, columns: Sequence[str], problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    table = edited_lines(path, where=path.name, problems=problems)
    _, header = next(table, (1, []))
    if tuple(header) != tuple(columns):
        problems.append(Problem(f"header is not that of {path.name}", f"{path.name}, line 1", ",".join(columns)))
        return []
    lines = []
    for line, cells in table:
        if len(cells) != len(columns):
            what = f"{len(cells)} cells in place of {len(columns)}"
            problems.append(Problem(what, f"{path.name}, line {line}"))
        else:
            lines.append((line, dict(zip(columns, cells, strict=True))))
    return lines


def _read_names(folder: Path, *, problems: list[Problem]) -> dict[str, str]:
    return {line["code"]: line["name"] for _, line in _lines(folder / NAMES_FILE, NAME_COLUMNS, problems)}


def _flow(number: int, line: dict[str, str], problems: list[Problem]) -> Flow | None:
    try:
        value = float(line["value_musd"])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = f"value_musd '{line['value_musd']}' is not a number"
        problems.append(Problem(what, f"{FILE}, line {number}", "million USD, digits with a point"))
        return None
    return Flow(**{**line, "value_musd": value}, line=number)  # type: ignore[arg-type]


def _wrong_words(flow: Flow, *, names: dict[str, str], sources: set[str]) -> Iterable[Problem]:
    where = f"{FILE}, line {flow.line}"
    if flow.country not in COUNTRIES:
        yield Problem(f"unknown country '{flow.country}'", where, "codes of ISO 3166")
    if not (flow.year.isdecimal() and len(flow.year) == 4):
        yield Problem(f"'{flow.year}' is not a year", where)
    if flow.kind not in KINDS:
        yield Problem(f"unknown kind '{flow.kind}'", where, name_some(list(KINDS), shown=9))
    if flow.source not in sources:
        yield Problem(f"unknown source '{flow.source}'", where, "ids in dataset/sources")
    if not flow.locator:
        yield Problem("no locator", where, "table, row and column of the source")
    for code in (flow.commodity_or_row, flow.industry):
        if code not in names:
            yield Problem(f"no name for '{code}'", where, f"codes of {NAMES_FILE}")


def _stated_twice(flows: Iterable[Flow]) -> Iterable[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for flow in flows:
        key = (flow.country, flow.year, flow.kind, flow.commodity_or_row, flow.industry, flow.source)
        if key in first:
            yield Problem(f"same cell as line {first[key]}", f"{FILE}, line {flow.line}")
        first.setdefault(key, flow.line)


def account_problems(flows: Iterable[Flow]) -> list[Problem]:
    """Accounts that do not add up within rounding.

    For each industry, what it buys and its value added sum to its gross output, and so does what it makes; for each
    commodity, what industries make sums to what industries and final users take.
    """
    total: dict[tuple[str, ...], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for flow in flows:
        place = (flow.source, flow.country, flow.year)
        if flow.kind in ("use", "value_added", "gross_output", "make"):
            total[(*place, "industry", flow.industry)][flow.kind].append(flow.value_musd)
        if flow.kind in ("use", "final_use", "make"):
            total[(*place, "commodity", flow.commodity_or_row)][flow.kind].append(flow.value_musd)
    problems: list[Problem] = []
    for (_, country, year, side, code), sums in total.items():
        about = f"{country} {year}, {side} {code}"
        if side == "industry":
            problems += _compare(sums, ("use", "value_added"), "gross_output", about)
            problems += _compare(sums, ("make",), "gross_output", about)
        else:
            problems += _compare(sums, ("use", "final_use"), "make", about)
    return problems


def _compare(sums: dict[str, list[float]], parts: tuple[str, ...], whole: str, about: str) -> list[Problem]:
    if whole not in sums or any(part not in sums for part in parts):
        return []
    added = sum(sum(sums[part]) for part in parts)
    stated = sum(sums[whole])
    if abs(added - stated) <= ROUNDING_MUSD * sum(len(sums[name]) for name in (*parts, whole)):
        return []
    return [Problem(f"{about}: {' + '.join(parts)} is {added:g} musd, {whole} is {stated:g} musd", FILE)]


def write_input_output(flows: Sequence[Flow], folder: Path, target: Path) -> None:
    """Write the cells that `read_input_output` found sound in a dataset folder as Parquet, names joined."""
    names = _read_names(folder, problems=[]) if flows else {}
    header = (*COLUMNS[:4], "row_name", "industry", "industry_name", *COLUMNS[5:])
    lines = (
        (
            f.country, f.year, f.kind, f.commodity_or_row, names[f.commodity_or_row], f.industry, names[f.industry],
            repr(f.value_musd), f.source, f.locator,
        )
        for f in flows
    )  # fmt: skip
    write_parquet(target / PARQUET, header, lines, types={"value_musd": "DOUBLE"})


def input_output(folder: str | Path | None = None, *, year: str | None = None) -> pd.DataFrame:
    """The input-output tables of a built dataset (default: the one the package carries), one line a cell.

    Raises:
        DatasetError: the built dataset holds none.
    """
    from derisk.data.build import EMBEDDED

    path = Path(EMBEDDED if folder is None else folder) / PARQUET
    if not path.exists():
        raise DatasetError(Problem("no input-output tables", str(path.parent), PARQUET, REBUILD))
    with open_tables() as connection:
        frame = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    return frame if year is None else frame[frame["year"] == year].reset_index(drop=True)


def lines(folder: str | Path | None = None, *, period: str | None = None) -> list[dict[str, Any]]:
    """The same as plain values, for `derisk data table input_output`."""
    return [{str(k): v for k, v in line.items()} for line in input_output(folder, year=period).to_dict("records")]
