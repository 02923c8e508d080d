"""Page: where a command prints, the terminal, or a wide page where output goes to a file or another program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH: Final = 160
"""Letters in a line of a page that no terminal limits."""


def page() -> Console:
    """A console for standard output."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=_WIDTH)
