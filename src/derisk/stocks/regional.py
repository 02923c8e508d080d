"""Regional potential: scrap that a region's products in use give, year by year, from the world's by a stated share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derisk.errors import DatasetError, InputError, Problem, name_some, unknown_word
from derisk.stocks.lifetimes import Floats
from derisk.stocks.products import products_in_use
from derisk.stocks.rows import newest_year
from derisk.vocabulary.regions import BLOCS, COUNTRIES, WORLD

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class RegionalPotential:
    """What a region could win from scrap of a good; tonnes of the good's basis, every array (year,).

    All of it has the status `assumed`: lifetimes, the history of sales, and where products run are.
    """

    good: str
    region: str
    years: tuple[int, ...]
    products_share: float
    """Part of the world's products in use that runs in the region."""
    first_use_t: Floats
    """What the region's makers buy in a year; not a number where no row states its share."""
    outflow_t: Floats
    """What leaves use in the region: the most that could come back."""
    collected_t: Floats
    recovered_t: Floats
    """What comes back at today's collection and recovery."""

    def table(self) -> pd.DataFrame:
        """One line a year, with recovered and leaving tonnes over the region's first use."""
        import pandas as pd

        return pd.DataFrame(
            {
                "year": self.years,
                "first_use_t": self.first_use_t,
                "outflow_t": self.outflow_t,
                "collected_t": self.collected_t,
                "recovered_t": self.recovered_t,
                "recycled_input_share": self.recovered_t / self.first_use_t,
                "potential_input_share": self.outflow_t / self.first_use_t,
            }
        )


def regional_potential(
    dataset: Dataset,
    good: str,
    region: str,
    *,
    years: tuple[int, int],
    growth_share: float | Mapping[str, float],
    products_share: float | None = None,
    sold_t: Mapping[int, float] | None = None,
) -> RegionalPotential:
    """Recycling potential of a country or bloc in each year.

    Equations (13.13) and (13.14) of docs/theory/stocks.md. The world's outflow, times the part of the world's products
    that runs in the region: its share of the world's income unless the caller knows better. First use tells where
    motors and cells are built, not where they run.

    Args:
        dataset: the reference dataset.
        good: a good with end-use and lifetime rows.
        region: a country or a bloc.
        years: first and last year.
        growth_share: growth a year of world sales before the first row, as in `products_in_use`.
        products_share: part of the world's products in use that runs in the region, 0 to 1.
        sold_t: world totals of the caller's own by year, needed for years after the dataset's [t/year].

    Raises:
        InputError: an unknown word, years in no order, or a share outside 0 to 1.
        DatasetError: a row is missing.
    """
    first, last = years
    members = _members(region)
    if first > last:
        raise InputError(Problem(f"years {first} to {last}", "years", "the first up to the last"))
    if products_share is not None and not 0.0 <= products_share <= 1.0:
        raise InputError(Problem(f"products_share {products_share:g}", "products_share", "0 to 1"))
    world = products_in_use(dataset, good, until=last, growth_share=growth_share, sold_t=sold_t)
    if first < world.sales.years[0]:
        what = f"year {first} is before the first sales reckoned, {world.sales.years[0]}"
        raise InputError(Problem(what, "years", f"{world.sales.years[0]} to {last}"))
    share = _income_share(dataset, members, until=last) if products_share is None else products_share
    at = slice(world.sales.years.index(first), None)
    sold = world.sales.sold_t[at].sum(axis=1)
    return RegionalPotential(
        good=good,
        region=region,
        years=world.sales.years[at],
        products_share=share,
        first_use_t=sold * _first_use_share(dataset, good, members, until=last),
        outflow_t=share * world.scrap.outflow_t[at].sum(axis=1),
        collected_t=share * world.scrap.collected_t[at].sum(axis=1),
        recovered_t=share * world.scrap.recovered_t[at].sum(axis=1),
    )


def _members(region: str) -> tuple[str, ...]:
    if region in BLOCS:
        return BLOCS[region]
    if region not in COUNTRIES:
        raise InputError(unknown_word("region", region, (*COUNTRIES, *BLOCS), listing="derisk data regions"))
    return (region,)


def _income_share(dataset: Dataset, members: tuple[str, ...], *, until: int) -> float:
    """Share of the members in the world's gross domestic product.

    Raises:
        DatasetError: a member, or the world, has no row of the newest year.
    """
    rows = _newest(dataset, "gdp", "", until=until)
    stated = rows.set_index("region")["value"].dropna()
    if missing := [region for region in (*members, WORLD) if region not in stated]:
        what = f"no gdp row of {name_some(missing)}"
        raise DatasetError(Problem(what, "dataset", "a row of each country and of the world", "give products_share"))
    return float(stated[list(members)].sum()) / float(stated[WORLD])


def _first_use_share(dataset: Dataset, good: str, members: tuple[str, ...], *, until: int) -> float:
    """Share of the members in the world's first use; not a number where no row states it."""
    rows = _newest(dataset, "demand_share", good, until=until)
    return float(rows.loc[rows["region"].isin(members), "value"].sum()) if len(rows) else float("nan")


def _newest(dataset: Dataset, field: str, good: str, *, until: int) -> pd.DataFrame:
    rows = dataset.observations(field=field, good=good, partner="", use="")
    rows = rows[rows["period"].str.fullmatch(r"\d{4}")]
    return newest_year(rows.assign(year=rows["period"].astype(int)), until)
