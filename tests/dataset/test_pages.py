"""The dataset's pages say what the dataset says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_pages_are_written_from_the_present_dataset(dataset):
    spec = importlib.util.spec_from_file_location("write_pages", ROOT / "docs" / "data" / "write_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stale = [
        str(path.relative_to(ROOT))
        for path, text in module.pages(dataset).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: python docs/data/write_pages.py"


def test_no_page_is_left_of_a_source_that_is_gone(dataset):
    pages = {path.stem for path in (ROOT / "docs" / "data" / "sources").glob("*.md")}
    assert pages == set(dataset.sources())
