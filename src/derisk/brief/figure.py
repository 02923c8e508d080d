"""Figure: a finished drawing of the brief with its words."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished drawing with its words; all parts are escaped markup."""

    anchor: str
    title: str
    svg: Markup
    caption: Markup
    lede: str = ""
    """Markup of a sentence that says what the drawing shows, or nothing."""
    narrow: str = ""
    """Markup of what stands in the drawing's place on a phone; where nothing, the drawing is moved sideways."""
