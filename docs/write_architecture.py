"""Writes the tree in ARCHITECTURE.md from the first lines of module docstrings."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- tree -->", "<!-- /tree -->"


def first_line(module: Path) -> str:
    """First line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    return docstring.splitlines()[0] if docstring else ""


def tree(folder: Path, depth: int = 0) -> list[str]:
    """Lines of the tree under a package folder, files before folders."""
    lines = []
    indent = "    " * depth
    for module in sorted(folder.glob("*.py")):
        if module.name != "__init__.py":
            lines.append(f"{indent}{module.name:<{30 - 4 * depth}} {first_line(module)}")
    for child in sorted(path for path in folder.iterdir() if (path / "__init__.py").is_file()):
        lines.append(f"{indent}{child.name + '/':<{30 - 4 * depth}} {first_line(child / '__init__.py')}")
        lines += tree(child, depth + 1)
    return lines


def page() -> str:
    """ARCHITECTURE.md with its tree renewed."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    body = "\n".join(line.rstrip() for line in tree(ROOT / "src" / "derisk"))
    return f"{before}{BEGIN}\n```\n{body}\n```\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
