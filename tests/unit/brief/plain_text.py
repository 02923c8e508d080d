"""The words of markup, without tags and unbreakable spaces."""

from __future__ import annotations

import re


def plain(html: str) -> str:
    """The words of markup, without tags and unbreakable spaces."""
    return re.sub("<[^>]*>", "", html).replace("\N{NO-BREAK SPACE}", " ")
