"""Canvas: collects the elements of one SVG drawing, with the colours and letters all drawings share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from markupsafe import Markup, escape

WIDTH: Final = 820.0
"""Width of every figure [px of its viewBox]."""

INK: Final = "#1b1b1b"
MUTED: Final = "#5a5a5a"
RULE: Final = "#d9d6d0"
FAINT: Final = "#efede8"
LAND: Final = "#e6e3dc"
ACCENT: Final = "#a8321c"
"""What is lost, and the state before the levers: a red that red-blind readers see as dark."""
REMEDY: Final = "#4a90c2"
"""What is gained, and the state after the levers: a blue that differs in lightness and hue from the red."""
NEUTRAL: Final = "#8d949b"
BAND: Final = "#e9c9c0"

_NARROW: Final = set("iljtfrI.,:;'|!()[] ")
_WIDE: Final = set("mwMW%@")


class Printed(Protocol):
    """A number as it is printed, with what accounts for it."""

    @property
    def lineage(self) -> str:
        """Id of where it comes from, or nothing."""

    @property
    def note(self) -> str:
        """Words shown on it, or nothing."""


@dataclass(slots=True)
class Canvas:
    """Collects SVG elements; text stays text and is escaped."""

    height: float
    width: float = WIDTH
    parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = RULE, width: float = 1.0) -> None:
        self.parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{stroke}" stroke-width="{_n(width)}"/>'
        )

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, opacity: float = 1.0) -> None:
        shade = f' fill-opacity="{_n(opacity)}"' if opacity < 1.0 else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0.0))}" height="{_n(max(height, 0.0))}" '
            f'fill="{fill}"{shade}/>'
        )

    def dot(self, x: float, y: float, radius: float, *, fill: str, stroke: str = "none", width: float = 1.5) -> None:
        edge = f' stroke="{stroke}" stroke-width="{_n(width)}"' if stroke != "none" else ""
        self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{edge}/>')

    def path(self, data: str, **attributes: str | float) -> None:
        """A path; attribute names are SVG's with `_` for `-`."""
        rest = "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
        self.parts.append(f'<path d="{data}"{rest}/>')

    def text(
        self,
        x: float,
        y: float,
        content: str | Printed,
        *,
        lineage: str = "",
        anchor: str = "start",
        size: float = 12.0,
        fill: str = INK,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """A line of text at its baseline; a printed number brings its own lineage."""
        mark = lineage if isinstance(content, str) else content.lineage
        attributes = f' data-lineage="{mark}"' if mark else ""
        attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
        attributes += f' font-size="{_n(size)}"' if size != 12.0 else ""
        attributes += f' fill="{fill}"' if fill != INK else ""
        attributes += ' font-weight="600"' if bold else ""
        attributes += ' class="halo"' if halo else ""
        note = f"<title>{escape(content.note)}</title>" if not isinstance(content, str) and content.note else ""
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}"{attributes}>{note}{escape(str(content))}</text>')

    def markup(self, *, anchor: str, title: str, description: str, lineage: str = "") -> Markup:
        """The whole drawing, with a name and a description for those who do not see it."""
        mark = f' data-lineage="{lineage}"' if lineage else ""
        head = (
            f'<svg viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" aria-labelledby="{anchor}-t {anchor}-d" '
            f'xmlns="http://www.w3.org/2000/svg" font-size="12" fill="{INK}">'
            f'<title id="{anchor}-t"{mark}>{escape(title)}</title>'
            f'<desc id="{anchor}-d"{mark}>{escape(description)}</desc>'
        )
        return Markup(head + "".join(self.parts) + "</svg>")


def standalone(drawing: str) -> str:
    """A drawing as a document of its own: with its font, and white paper under it in a dark viewer too."""
    own = '<svg font-family="Helvetica, Arial, sans-serif" style="background:#ffffff" '
    return drawing.replace("<svg ", own, 1) + "\n"


def text_width(text: str, *, size: float = 12.0) -> float:
    """Width of a line in a plain sans serif [px], by three classes of letter."""
    units = sum(0.30 if c in _NARROW else 0.86 if c in _WIDE else 0.66 if c.isupper() else 0.545 for c in text)
    return units * size


def shorten(text: str, *, width: float, size: float = 12.0) -> str:
    """The text, cut with an ellipsis where it would not fit the width."""
    if text_width(text, size=size) <= width:
        return text
    while text and text_width(text + "…", size=size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) >= 0.05 else "0"
