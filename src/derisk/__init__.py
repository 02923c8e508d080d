"""derisk: the open instrument for critical-minerals supply chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derisk.version import __version__

if TYPE_CHECKING:
    from derisk.brief import write_brief
    from derisk.data import Dataset, load_dataset
    from derisk.market import Equilibrium, Market, Shock
    from derisk.network import Network, build_network
    from derisk.scenario import Scenario, load_scenario
    from derisk.study import Study, run_study

_HOMES = {
    "load_dataset": "derisk.data",
    "Dataset": "derisk.data",
    "build_network": "derisk.network",
    "Network": "derisk.network",
    "load_scenario": "derisk.scenario",
    "Scenario": "derisk.scenario",
    "run_study": "derisk.study",
    "Study": "derisk.study",
    "write_brief": "derisk.brief",
    "Market": "derisk.market",
    "Shock": "derisk.market",
    "Equilibrium": "derisk.market",
}

__all__ = [
    "Dataset",
    "Equilibrium",
    "Market",
    "Network",
    "Scenario",
    "Shock",
    "Study",
    "__version__",
    "build_network",
    "load_dataset",
    "load_scenario",
    "run_study",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    """Import a public name's room when the name is first used, so that `import derisk` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'derisk' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
