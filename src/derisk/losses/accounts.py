"""Accounts: one country's input-output tables as matrices of industries, and what each industry makes for a use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from derisk.data.importers.bea_io.uses import use_shares
from derisk.errors import DatasetError, Problem

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_NEEDED = ("use", "import", "make", "value_added", "gross_output")


@dataclass(frozen=True, slots=True)
class Accounts:
    """An economy's industries, what they buy of each other, and their value added [million USD a year]."""

    country: str
    year: str
    industries: tuple[str, ...]
    names: tuple[str, ...]
    output_musd: Floats
    """(industry,) gross output."""
    value_added_musd: Floats
    """(industry,)."""
    requirements: Floats
    """(supplier, buyer) home-made products of the supplier's for one unit of the buyer's output."""
    import_requirements: Floats
    """(supplier, buyer) imports of products that the supplier makes at home, likewise."""

    def __post_init__(self) -> None:
        problems = []
        n = len(self.industries)
        for name in ("output_musd", "value_added_musd", "requirements", "import_requirements"):
            given, shape = getattr(self, name), (n, n) if name.endswith("requirements") else (n,)
            if given.shape != shape or not np.isfinite(given).all():
                problems.append(
                    Problem(f"{name} has shape {given.shape}", "Accounts", f"finite numbers, shape {shape}")
                )
        if not problems and min(self.requirements.min(initial=0.0), self.import_requirements.min(initial=0.0)) < 0.0:
            problems.append(Problem("an industry buys less than nothing", "Accounts", "requirements of 0 or more"))
        if not problems and (self.output_musd <= 0.0).any():
            at = int(np.argmin(self.output_musd))
            problems.append(Problem(f"industry {self.industries[at]} makes nothing", "Accounts", "output above 0"))
        if not problems and np.abs(np.linalg.eigvals(self.requirements)).max() >= 1.0:
            problems.append(Problem("industries use up more than they make", "Accounts", "a productive economy"))
        if problems:
            raise DatasetError(*problems)


def accounts_of(cells: pd.DataFrame, *, country: str) -> Accounts:
    """The accounts of a country in the newest year there is, from the cells of `derisk.data.input_output.input_output`.

    Equation (9.8) of docs/theory/losses.md: each product is bought of the industries that make it, in the proportions
    in which they make it (the industry-technology assumption on market shares).

    Args:
        cells: columns country, year, kind, commodity_or_row, industry, industry_name, value_musd.
        country: ISO 3166 alpha-3.

    Raises:
        DatasetError: no such tables, or a kind is missing.
    """
    own = cells[cells["country"] == country]
    years = sorted(own["year"].unique())
    year = years[-1] if years else ""
    own = own[own["year"] == year]
    missing = [kind for kind in _NEEDED if not (own["kind"] == kind).any()]
    if missing:
        allowed = f"tables of {', '.join(sorted(cells['country'].unique()))} in {', '.join(years) or 'no year'}"
        what = f"no {missing[0]} table of {country} {year}".rstrip()
        raise DatasetError(Problem(what, "input_output", allowed, "derisk data import bea-io FILE adds years"))
    output = own[own["kind"] == "gross_output"].groupby("industry")["value_musd"].sum()
    output = output[output > 0.0]
    industries = list(output.index)
    made = _matrix(own, "make", "commodity_or_row", "industry", columns=industries)
    products = list(made.index)
    bought = _matrix(own, "use", "commodity_or_row", "industry", rows=products, columns=industries)
    imported = _matrix(own, "import", "commodity_or_row", "industry", rows=products, columns=industries)
    supply = made.to_numpy()
    whole = supply.sum(axis=1, keepdims=True)
    market_share = np.divide(supply, whole, out=np.zeros_like(supply), where=whole > 0.0)
    foreign = np.clip(imported.to_numpy(), 0.0, None)
    home = np.clip(bought.to_numpy() - foreign, 0.0, None)
    per_unit = 1.0 / output.to_numpy()
    names = own[own["kind"] == "gross_output"].set_index("industry")["industry_name"]
    added = own[own["kind"] == "value_added"].groupby("industry")["value_musd"].sum().reindex(industries).fillna(0.0)
    return Accounts(
        country=country,
        year=year,
        industries=tuple(industries),
        names=tuple(str(names[industry]) for industry in industries),
        output_musd=output.to_numpy(),
        value_added_musd=added.to_numpy(),
        requirements=(market_share.T @ home) * per_unit,
        import_requirements=(market_share.T @ foreign) * per_unit,
    )


def _matrix(
    cells: pd.DataFrame, kind: str, row: str, column: str, *, columns: list[str], rows: list[str] | None = None
) -> pd.DataFrame:
    table = cells[cells["kind"] == kind].pivot_table(index=row, columns=column, values="value_musd", aggfunc="sum")
    return (
        table.reindex(index=rows, columns=columns).fillna(0.0) if rows else table.reindex(columns=columns).fillna(0.0)
    )


def stopped_by_uses(accounts: Accounts, lost_share: dict[str, float]) -> Floats:
    """(industry,) share of output that stops when end uses lose shares of their value added, equation (9.7).

    Args:
        accounts: an economy in the industries of the Bureau of Economic Analysis' summary tables.
        lost_share: by use, value added lost over the use's value added, from 0 to 1.

    Raises:
        DatasetError: the accounts lack an industry that makes something for a use.
    """
    place = {industry: at for at, industry in enumerate(accounts.industries)}
    unknown = sorted({share.industry for share in use_shares()} - place.keys())
    if unknown:
        what = f"no industry {', '.join(unknown)} in the accounts of {accounts.country} {accounts.year}"
        raise DatasetError(Problem(what, "input_output", "summary industries of the Bureau of Economic Analysis"))
    stopped = np.zeros(len(accounts.industries))
    for share in use_shares():
        stopped[place[share.industry]] += share.share * lost_share.get(share.use, 0.0)
    return np.clip(stopped, 0.0, 1.0)
