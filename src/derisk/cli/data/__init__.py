"""`derisk data`: what the dataset holds, where each figure comes from, what enters and what leaves it."""

from derisk.cli.data.app import app

__all__ = ["app"]
