"""The tutorial on products in use runs from top to bottom and prints what it shows."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "products-in-use.md"


def test_every_block_prints_what_the_page_shows():
    blocks = re.findall(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), flags=re.S)
    names: dict[str, object] = {}
    printed = []
    for code, _ in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(code, PAGE.name, "exec"), names)
        printed.append(out.getvalue())
    assert len(blocks) >= 7
    assert printed == [shown for _, shown in blocks]
