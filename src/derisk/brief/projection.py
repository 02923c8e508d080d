"""Equal Earth: the map projection of the flow map, equal in area, by its published polynomial."""

from __future__ import annotations

import math
from typing import Final

_A1: Final = 1.340264
_A2: Final = -0.081106
_A3: Final = 0.000893
_A4: Final = 0.003796
_HALF_WIDTH: Final = 2.7066299836960748
"""x of the projection at 180 degrees east on the equator."""

MAP_WIDTH: Final = 820.0
"""Width of the whole world [px]."""
NORTH: Final = 84.0
SOUTH: Final = -57.0
"""Latitudes where the map is cropped: Antarctica has no part in these flows."""


def _project_unit(longitude: float, latitude: float) -> tuple[float, float]:
    theta = math.asin(math.sqrt(3.0) / 2.0 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = 2 * math.sqrt(3.0) / 3.0 * math.radians(longitude) * math.cos(theta) / slope
    y = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return x, y


_SCALE: Final = MAP_WIDTH / (2.0 * _HALF_WIDTH)
_TOP: Final = _project_unit(0.0, NORTH)[1]
MAP_HEIGHT: Final = (_TOP - _project_unit(0.0, SOUTH)[1]) * _SCALE
"""Height of the cropped map [px]."""


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Place on the map [px], x to the right and y downwards, of a point on earth [degrees].

    Source: Savric, Patterson and Jenny (2019), The Equal Earth map projection, International Journal of
    Geographical Information Science 33, 454-465.
    """
    x, y = _project_unit(longitude, latitude)
    return MAP_WIDTH / 2.0 + x * _SCALE, (_TOP - y) * _SCALE
