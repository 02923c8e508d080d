"""Brief: one self-contained document a minister's office can read, every number with its lineage."""

from __future__ import annotations

from derisk.brief.lineage_check import numbers_without_lineage
from derisk.brief.parts import write_parts
from derisk.brief.render import render_brief, write_brief

__all__ = ["numbers_without_lineage", "render_brief", "write_brief", "write_parts"]
