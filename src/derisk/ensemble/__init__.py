"""Ensemble: many draws of one scenario, the same numbers on any number of workers."""

from derisk.ensemble.draws import default_workers, run_draws
from derisk.ensemble.quantiles import CENTRAL_DRAW, Quantile, quantiles_of_draw

__all__ = ["CENTRAL_DRAW", "Quantile", "default_workers", "quantiles_of_draw", "run_draws"]
