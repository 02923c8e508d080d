"""Controls: rows and columns that stand there once, and cells that sum to the totals printed beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from derisk.data.intake.files import Line, foreign
from derisk.data.intake.printed import find_number

_ROUNDING_MUSD: Final = 0.5
_FIRST_YEAR: Final = 1997


def demand_single_rows(lines: Sequence[Line], label: str, path: Path) -> None:
    """Refuse a table in which a row stands twice.

    Raises:
        LayoutError: names the row.
    """
    counted = Counter(line[label] for line in lines)
    if repeated := [row for row, count in counted.items() if count > 1]:
        raise foreign(f"row '{repeated[0]}' stands there twice", path)


def demand_years(years: Sequence[str], path: Path) -> None:
    """A series begins in 1997 and leaves out no year.

    Raises:
        LayoutError: a year is missing.
    """
    missing = sorted(set(range(_FIRST_YEAR, max(map(int, years)) + 1)) - set(map(int, years)))
    if missing:
        raise foreign(f"no column of {missing[0]}", f"{path}, line 1", f"every year since {_FIRST_YEAR}")


def demand_sums(lines: Sequence[Line], columns: Sequence[str], total: str, path: Path, *, label: str) -> None:
    """Cells of each row sum to its total, but for rounding; rows with a cell that is no number are left out.

    Args:
        columns: those whose cells sum to the column `total`.
        label: the column of the rows' names.

    Raises:
        LayoutError: a column is missing, or cells moved.
    """
    for line in lines:
        cells = [number for column in columns if (number := find_number(line[column])) is not None]
        stated = find_number(line[total])
        if len(cells) == len(columns) and stated is not None:
            _compare(cells, stated, f"row '{line[label]}'", f"{path}, line {line.number}")


def demand_column_sums(lines: Sequence[Line], totals: Mapping[str, str], path: Path) -> None:
    """Cells of each column sum to its total, but for rounding; columns with a cell that is no number are left out.

    Args:
        totals: the printed total, by column.

    Raises:
        LayoutError: a row is missing, or cells moved.
    """
    for column, text in totals.items():
        cells = [number for line in lines if (number := find_number(line[column])) is not None]
        stated = find_number(text)
        if len(cells) == len(lines) and stated is not None:
            _compare(cells, stated, f"column '{column}'", str(path))


def _compare(cells: Sequence[float], stated: float, what: str, where: str) -> None:
    amount = sum(cells)
    if abs(amount - stated) > _ROUNDING_MUSD * (len(cells) + 1):
        said = f"cells of {what} sum to {amount:.0f}, its total says {stated:.0f}"
        raise foreign(said, where, "sums within the rounding of their parts")
