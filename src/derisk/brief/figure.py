"""Figure: finished drawings of one section of the brief with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

_NOTHING: Final = Markup("")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its words; all parts are escaped markup."""

    anchor: str
    title: str
    drawings: tuple[Markup, ...]
    """One below the other; a page may end between two of them, never within one."""
    narrow: Markup
    """What stands in the drawings' place on a phone."""
    caption: Markup
    """Words that hold for the drawings alone stand in an element of class `drawn`."""
    lede: Markup = _NOTHING
    """A sentence that says what the drawing shows, or nothing."""

    @property
    def svg(self) -> Markup:
        """All drawings."""
        return Markup("").join(self.drawings)
