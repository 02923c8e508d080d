"""Sensitivity: which assumption moves a study's answer most, by exact derivatives and solves at both ends."""

from derisk.sensitivity.central import Central, central_case
from derisk.sensitivity.parameter import Effect, Parameter
from derisk.sensitivity.ranking import Sensitivity, rank_assumptions

__all__ = ["Central", "Effect", "Parameter", "Sensitivity", "central_case", "rank_assumptions"]
