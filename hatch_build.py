"""Build hook: writes the dataset into the package before a wheel or an editable install is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DatasetHook(BuildHookInterface):
    """Builds dataset/ into src/derisk/data/embedded/, which git ignores and the wheel carries."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the embedded files; pyproject.toml names them as artifacts of the wheel."""
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        try:
            from derisk.data.build import build_dataset

            target = source / "derisk" / "data" / "embedded"
            manifest = build_dataset(Path(self.root) / "dataset", target)
        finally:
            sys.path.remove(str(source))
        self.app.display_info(
            f"dataset {manifest['version']}: {manifest['rows']} rows, hash {str(manifest['hash'])[:12]}"
        )
