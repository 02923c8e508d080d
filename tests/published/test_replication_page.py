"""The page docs/replication.md says what the comparisons of this folder say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from comparison import needs_files

ROOT = Path(__file__).resolve().parents[2]


@needs_files
def test_the_replication_page_is_current():
    spec = importlib.util.spec_from_file_location("write_replication", ROOT / "docs" / "write_replication.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == (ROOT / "docs" / "replication.md").read_text(encoding="utf-8"), (
        "run: python docs/write_replication.py"
    )
