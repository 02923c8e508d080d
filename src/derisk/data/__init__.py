"""The reference dataset: rows with sources, choices between them, lineage and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset, load_dataset
    from derisk.data.shares import coalition_gdp_share, supply_share
    from derisk.data.sources import Source

_HOMES = {
    "Dataset": "derisk.data.dataset",
    "load_dataset": "derisk.data.dataset",
    "Source": "derisk.data.sources",
    "supply_share": "derisk.data.shares",
    "coalition_gdp_share": "derisk.data.shares",
}

__all__ = ["Dataset", "Source", "coalition_gdp_share", "load_dataset", "supply_share"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the build needs this package without pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'derisk.data' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
