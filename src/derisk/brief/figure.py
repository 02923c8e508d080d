"""Figure: finished drawings of one section of the brief with their words."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its words; all parts are escaped markup."""

    anchor: str
    title: str
    drawings: tuple[Markup, ...]
    """One below the other; a page may end between two of them, never within one."""
    caption: Markup
    lede: str = ""
    """Markup of a sentence that says what the drawing shows, or nothing."""
    narrow: str = ""
    """Markup of what stands in the drawings' place on a phone; where nothing, they are moved sideways."""

    @property
    def svg(self) -> Markup:
        """All drawings."""
        return Markup("").join(self.drawings)
