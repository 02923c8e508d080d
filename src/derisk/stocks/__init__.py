"""Stocks: products in use, how long they last, and the scrap that comes back: dynamic material-flow analysis."""

from derisk.stocks.cohorts import leaving_matrix, survival_matrix
from derisk.stocks.inflow_driven import stock_from_inflow
from derisk.stocks.lifetimes import FixedLifetime, Lifetime, LognormalLifetime, NormalLifetime, WeibullLifetime
from derisk.stocks.products import (
    ProductLives,
    ProductsInUse,
    has_lives,
    product_lives,
    products_in_use,
    products_of_material,
)
from derisk.stocks.record import ProductStock
from derisk.stocks.regional import RegionalPotential, regional_potential
from derisk.stocks.sales import Sales, sales_history
from derisk.stocks.scrap import RecyclingPotential, Scrap, recycling_potential, scrap_of, sum_over_years
from derisk.stocks.stock_driven import NegativeInflow, inflow_from_stock

__all__ = [
    "FixedLifetime",
    "Lifetime",
    "LognormalLifetime",
    "NegativeInflow",
    "NormalLifetime",
    "ProductLives",
    "ProductStock",
    "ProductsInUse",
    "RecyclingPotential",
    "RegionalPotential",
    "Sales",
    "Scrap",
    "WeibullLifetime",
    "has_lives",
    "inflow_from_stock",
    "leaving_matrix",
    "product_lives",
    "products_in_use",
    "products_of_material",
    "recycling_potential",
    "regional_potential",
    "sales_history",
    "scrap_of",
    "stock_from_inflow",
    "sum_over_years",
    "survival_matrix",
]
