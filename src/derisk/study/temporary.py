"""Temporary folder of a study that nobody asked to keep: gone when the study is."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class TemporaryFolder:
    """A new folder that is removed when this object is collected, or Python ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="derisk-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
