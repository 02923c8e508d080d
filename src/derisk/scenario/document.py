"""A YAML text as plain data, with the line of every key; read safely, size limited."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from derisk.errors import Problem, ScenarioError

SIZE_LIMIT_BYTES: Final = 1_000_000
_DEEPEST: Final = 100
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where each part of it stands."""

    name: str
    """File name, as messages print it."""
    data: dict[str, Any]
    lines: Mapping[Path, int]
    """Line of each key and item, counted from 1."""

    def line(self, path: Path) -> int | None:
        """Line of the path, or of its nearest ancestor."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1 if self.lines else None

    def where(self, path: Path) -> str:
        """File, line and key, as messages print them."""
        parts = [self.name, f"line {self.line(path)}" if self.line(path) else "", key_of(path)]
        return ", ".join(part for part in parts if part)


def key_of(path: Path) -> str:
    """`measures[0].goods[1]` for a path."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def read_document(text: str, name: str) -> Document:
    """Parse a scenario's text.

    Raises:
        ScenarioError: too large, no YAML, a key twice, an anchor, or no mapping at the top.
    """
    if len(text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT_BYTES:
        raise ScenarioError(
            Problem(what="the file is larger than 1 MB", where=name, allowed="a scenario of at most 1 MB")
        )
    root = _parse(text, name)
    if not isinstance(root, CommentedMap):
        what = "the file is empty" if root is None else "the file holds no keys"
        hint = "'derisk scenario new' writes a template"
        raise ScenarioError(
            Problem(what=what, where=f"{name}, line 1", allowed="keys: name, months, measures, ...", hint=hint, line=1)
        )
    lines: dict[Path, int] = {}
    return Document(name=name, data=_plain(root, (), lines), lines=lines)


def write_document(data: Mapping[str, object]) -> str:
    """Plain data as YAML text, keys in their order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 100
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()


def _parse(text: str, name: str) -> object:
    yaml = YAML(typ="rt", pure=True)
    if _bracket_depth(text) > _DEEPEST:
        raise ScenarioError(Problem(what="not readable as YAML: nested too deep", where=f"{name}, line 1", line=1))
    try:
        if ("&" in text or "*" in text) and _anchored(text) is not None:
            line = _anchored(text)
            what = "anchors and aliases are not read"
            raise ScenarioError(
                Problem(what=what, where=f"{name}, line {line}", allowed="plain keys, lists and values", line=line)
            )
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        column = mark.column + 1 if mark else 1
        raise ScenarioError(_syntax_problem(str(error.problem or error), name, line, column)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        what = "nested too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        raise ScenarioError(Problem(what=f"not readable as YAML: {what}", where=f"{name}, line 1", line=1)) from None


def _syntax_problem(says: str, name: str, line: int, column: int) -> Problem:
    where = f"{name}, line {line}, column {column}"
    if says.startswith("found duplicate key"):
        key = says.split('"')[1]
        return Problem(
            what=f"the key '{key}' stands twice",
            where=where,
            allowed="each key once",
            hint=f"delete one '{key}'",
            line=line,
            key=key,
        )
    hint = "check indentation, brackets and quotes on this line and the one before"
    return Problem(what=f"not readable as YAML: {says}", where=where, allowed="YAML 1.2", hint=hint, line=line)


def _bracket_depth(text: str) -> int:
    """Most brackets open at once, those in texts and comments counted too."""
    depth = deepest = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth = max(0, depth - 1)
    return deepest


def _anchored(text: str) -> int | None:
    """Line of the first anchor or alias."""
    for token in YAML(typ="rt", pure=True).scan(text):
        if isinstance(token, AliasToken | AnchorToken):
            return int(token.start_mark.line) + 1
    return None


def _plain(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    """Built-in types for ruamel's; fills `lines`."""
    if isinstance(node, CommentedMap):
        result: dict[str, Any] = {}
        for key, value in node.items():
            here = (*path, str(key))
            lines[here] = node.lc.key(key)[0] + 1
            result[str(key)] = _plain(value, here, lines)
        return result
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            here = (*path, index)
            lines[here] = node.lc.item(index)[0] + 1
            items.append(_plain(value, here, lines))
        return items
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)
