"""Market: the equilibrium of one month or of those ahead; compiled, arrays in, arrays out, no labels, no files."""

from derisk.market.equilibrium import Equilibrium
from derisk.market.market import Market
from derisk.market.moments import Moment
from derisk.market.shock import Shock
from derisk.market.stores import Stores
from derisk.market.window import Window
from derisk.market.window_equilibrium import WindowEquilibrium

__all__ = ["Market", "Shock", "Equilibrium", "Moment", "Stores", "Window", "WindowEquilibrium"]
