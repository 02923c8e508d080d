"""Market: one month's equilibrium; compiled, arrays in, arrays out, no labels and no files."""

from derisk.market.equilibrium import Equilibrium
from derisk.market.market import Market
from derisk.market.shock import Shock

__all__ = ["Market", "Shock", "Equilibrium"]
