"""Products in use of a good, by year and use, and the scrap they give, from the dataset's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.errors import DatasetError, InputError, Problem, unknown_word
from derisk.stocks.inflow_driven import stock_from_inflow
from derisk.stocks.lifetimes import Floats, Lifetime, WeibullLifetime
from derisk.stocks.rows import EVERYWHERE, OF_THE_WORLD, good_rows, newest_year
from derisk.stocks.sales import Sales, sales_history
from derisk.stocks.scrap import RecyclingPotential, Scrap, recycling_potential, scrap_of, sum_over_years
from derisk.vocabulary.goods import GOODS, MATERIALS, members

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

LEAST_SURVIVAL: Final = 1e-4
"""Sales begin so early that no use keeps more than this share of the first year's until the last year."""
LIFE_FIELDS: Final = ("lifetime_years", "lifetime_shape", "collection_share", "recovery_share")
"""Fields of the dataset that say how long products last and what comes back of them."""
_LONGEST_YEARS: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class ProductLives:
    """How long the products of each use last, and what becomes of them afterwards."""

    lifetime: Lifetime
    """Weibull, a mean and a shape for each use."""
    collection_share: Floats
    """Part of what leaves use that is collected, (use,)."""
    recovery_share: Floats
    """Part of the collected that comes back, (use,)."""
    row_ids: tuple[str, ...]
    """Rows of the dataset behind them."""


@dataclass(frozen=True, slots=True, eq=False)
class ProductsInUse:
    """What of a good is in use in the world, and what leaves use, by calendar year and use.

    Tonnes are of the good's basis. All of it rests on lifetimes with status `assumed`, so that is its status too.
    """

    sales: Sales
    lives: ProductLives
    stock_t: Floats
    """In use at the end of the year [t], (year, use)."""
    scrap: Scrap
    """What leaves use, is collected and is recovered [t/year], (year, use)."""

    @property
    def material(self) -> str:
        """Material of the good."""
        return GOODS[self.sales.good].material

    @property
    def basis(self) -> str:
        """What a tonne is a tonne of."""
        return GOODS[self.sales.good].basis

    def balance_t(self) -> Floats:
        """What was sold so far less what left less what is in use, (year, use): 0 but for rounding."""
        return np.asarray(np.cumsum(self.sales.sold_t - self.scrap.outflow_t, axis=0) - self.stock_t)

    def potential(self) -> RecyclingPotential:
        """What scrap gives and could give of the year's sales, uses taken together, (year,)."""
        return recycling_potential(self.scrap, inflow_t=self.sales.sold_t)

    def table(self) -> pd.DataFrame:
        """One line for each year and use, tonnes in the good's basis."""
        import pandas as pd

        years, uses = len(self.sales.years), len(self.sales.uses)
        columns = {
            "material": self.material,
            "good": self.sales.good,
            "basis": self.basis,
            "year": np.repeat(self.sales.years, uses),
            "use": np.tile(self.sales.uses, years),
            "sold_t": self.sales.sold_t.ravel(),
            "sold_status": [word for words in self.sales.status for word in words],
            "sold_origin": np.repeat(self.sales.origin, uses),
            "stock_t": self.stock_t.ravel(),
            "outflow_t": self.scrap.outflow_t.ravel(),
            "collected_t": self.scrap.collected_t.ravel(),
            "recovered_t": self.scrap.recovered_t.ravel(),
        }
        return pd.DataFrame({**columns, "status": "assumed"})


def products_in_use(
    dataset: Dataset,
    good: str,
    *,
    until: int,
    growth_share: float | Mapping[str, float],
    sold_t: Mapping[int, float] | None = None,
    steps_per_year: int = 12,
) -> ProductsInUse:
    """Products in use of a good in the world, from its first sales that matter until a year.

    Sales as in `sales_history`, spread evenly over the steps of each year; lifetimes, collection and recovery of the
    newest rows hold for all years. Sales are of first use: where products then travel is not known, so there is no
    stock by country.

    Args:
        dataset: the reference dataset.
        good: a good with end-use and lifetime rows.
        until: last year.
        growth_share: growth a year before the first row of sales; one number, or one for each use.
        sold_t: the caller's own totals by year [t/year], in place of the dataset's.
        steps_per_year: steps in which a year is reckoned; a product's life is lengthened by half a step.

    Raises:
        InputError: a word is unknown, a rate is missing, or there is not at least one step a year.
        DatasetError: a row is missing; the message names it.
    """
    if good not in GOODS:
        raise InputError(unknown_word("good", good, tuple(GOODS), listing="derisk data goods"))
    if steps_per_year < 1:
        raise InputError(Problem(f"{steps_per_year} steps a year", "steps_per_year", "1 or more"))
    recent = sales_history(dataset, good, years=(until, until), growth_share=growth_share, sold_t=sold_t)
    lives = product_lives(dataset, good, recent.uses, until=until)
    first = until - _years_that_matter(lives.lifetime)
    sales = sales_history(dataset, good, years=(first, until), growth_share=growth_share, sold_t=sold_t)
    inflow_t = np.repeat(sales.sold_t / steps_per_year, steps_per_year, axis=0)
    stock = stock_from_inflow(inflow_t, lives.lifetime, step_years=1.0 / steps_per_year)
    scrap = scrap_of(
        sum_over_years(stock.outflow_t, steps_per_year=steps_per_year),
        collection_share=lives.collection_share,
        recovery_share=lives.recovery_share,
    )
    return ProductsInUse(sales, lives, stock.stock_t[steps_per_year - 1 :: steps_per_year], scrap)


def products_of_material(
    dataset: Dataset,
    material: str,
    *,
    until: int,
    growth_share: float | Mapping[str, float],
    sold_t: Mapping[str, Mapping[int, float]] | None = None,
) -> tuple[ProductsInUse, ...]:
    """Products in use of each good of a material, or of a family's element groups, that goes to end uses.

    Goods differ in basis, and one may be made of another: their tonnes are not added up.

    Raises:
        InputError: the material or a use is unknown.
        DatasetError: the material has no such good, or one of them lacks a row; `sold_t` by good fills in.
    """
    if material not in MATERIALS:
        raise InputError(unknown_word("material", material, tuple(MATERIALS), listing="derisk data materials"))
    given = sold_t or {}
    goods = [good for good, about in GOODS.items() if about.material in members(material)]
    sold = [good for good in goods if not good_rows(dataset, "end_use_share", good, OF_THE_WORLD).empty]
    if not sold:
        raise DatasetError(Problem(f"no good of {material} has world end_use_share rows", "dataset"))
    return tuple(
        products_in_use(dataset, good, until=until, growth_share=growth_share, sold_t=given.get(good)) for good in sold
    )


def has_lives(dataset: Dataset, good: str) -> bool:
    """Whether any row says how long a good's products last or what comes back of them."""
    return not good_rows(dataset, LIFE_FIELDS, good, EVERYWHERE).empty


def product_lives(dataset: Dataset, good: str, uses: tuple[str, ...], *, until: int) -> ProductLives:
    """Lifetime, collection and recovery of a good in each use, from the newest rows up to a year, else the first after.

    A use without its own row of collection or recovery takes the good's.

    Raises:
        DatasetError: a use has no row.
    """
    ids: dict[str, None] = {}
    values: dict[str, Floats] = {}
    missing: list[str] = []
    every = good_rows(dataset, LIFE_FIELDS, good, EVERYWHERE)
    for field in LIFE_FIELDS:
        rows = newest_year(every[every["field"] == field], until)
        stated = {str(line["use"]): line for line in rows.to_dict("records")}
        lines = [stated.get(use, stated.get("")) for use in uses]
        missing += [f"{field} of {good} in {use}" for use, line in zip(uses, lines) if line is None]
        found = [line for line in lines if line is not None]
        values[field] = np.array([line["value"] for line in found])
        ids |= dict.fromkeys(str(line["row_id"]) for line in found)
    if missing:
        raise DatasetError(*(Problem(f"no row of {word}", "dataset") for word in missing))
    lifetime = WeibullLifetime.from_mean(values["lifetime_years"], shape=values["lifetime_shape"])
    return ProductLives(lifetime, values["collection_share"], values["recovery_share"], tuple(ids))


def _years_that_matter(lifetime: Lifetime) -> int:
    """Years until no use keeps more than `LEAST_SURVIVAL` of a cohort."""
    age_years = np.arange(1, _LONGEST_YEARS).reshape(-1, *(1,) * len(lifetime.shape_of_parameters))
    left = lifetime.survival(age_years).reshape(_LONGEST_YEARS - 1, -1).max(axis=1)
    gone = np.flatnonzero(left <= LEAST_SURVIVAL)
    return int(gone[0]) + 1 if gone.size else _LONGEST_YEARS
