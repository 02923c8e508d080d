"""Loss cases: what losses look at of a network, small enough to draw at random or to do by hand."""

from __future__ import annotations

import dataclasses

import numpy as np


@dataclasses.dataclass
class Sectors:
    """The part of a network that losses look at."""

    value_added_musd: np.ndarray
    dependence_share: np.ndarray
    use_region: np.ndarray
    use_sector: np.ndarray
