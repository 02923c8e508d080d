"""A YAML text as plain data, with the line of every key; read safely, size limited."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, ScalarToken, TagToken

from derisk.errors import Problem, ScenarioError

SIZE_LIMIT_BYTES: Final = 1_000_000
_DEEPEST: Final = 100
_MOST_DIGITS: Final = 300
_PLAIN_HINT: Final = "write the keys, lists and values out"
_SYNTAX_HINT: Final = "check indentation, brackets and quotes on this line and the one before"
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where each part of it stands."""

    name: str
    """File name, as messages print it."""
    data: dict[str, Any]
    lines: Mapping[Path, int]
    """Line of each key and item, counted from 1."""
    extended: Document | None = None
    """The document that this one extends; what stands there alone has its lines."""

    def line(self, path: Path) -> int | None:
        """Line of the path, or of its nearest ancestor."""
        home = self._home(path)
        for length in range(len(path), 0, -1):
            if path[:length] in home.lines:
                return home.lines[path[:length]]
        return 1 if home.lines else None

    def where(self, path: Path) -> str:
        """File, line and key, as messages print them."""
        line = self.line(path)
        parts = [self._home(path).name, f"line {line}" if line else "", key_of(path)]
        return ", ".join(part for part in parts if part)

    def _home(self, path: Path) -> Document:
        """The document that states the path: for a listed measure its own, for a key the one that says it last."""
        depth = 2 if len(path) > 1 and isinstance(path[1], int) else 1
        inherited = self.extended is not None and path[:depth] not in self.lines and path[:depth] in self.extended.lines
        return self.extended if inherited and self.extended else self


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
            Problem(
                what="the file is larger than 1 MB",
                where=name,
                allowed="a scenario of at most 1 MB",
                hint="name a scenario file, or leave measures out",
            )
        )
    root = _parse(text, name)
    if not isinstance(root, CommentedMap):
        what = "the file is empty" if root is None else "the file holds no keys"
        hint = "'derisk scenario new' writes a template"
        raise ScenarioError(
            Problem(what=what, where=f"{name}, line 1", allowed="keys: name, months, measures, ...", hint=hint, line=1)
        )
    lines: dict[Path, int] = {}
    document = Document(name=name, data=_plain(root, (), lines), lines=lines)
    check_letters(document)
    return document


def check_letters(document: Document) -> None:
    """Check that texts hold nothing a terminal would obey and a file cannot store.

    Raises:
        ScenarioError: a control letter or half a letter pair, with its place.
    """
    problems = []
    for path, text in _texts(document.data, ()):
        wrong = next((letter for letter in text if _is_unprintable(letter)), None)
        if wrong is not None:
            shown = tuple(ascii(step)[1:-1] if isinstance(step, str) else step for step in path)
            problems.append(
                Problem(
                    what=f"the text holds the unprintable letter {wrong!a}",
                    where=", ".join(
                        part for part in (document.name, f"line {document.line(path)}", key_of(shown)) if part
                    ),
                    allowed="printable letters and line breaks",
                    hint=f"delete {wrong!a}",
                    line=document.line(path),
                    key=key_of(shown),
                )
            )
    if problems:
        raise ScenarioError(*problems)


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
        raise ScenarioError(_unreadable("nested too deep", name, 1))
    try:
        refused = _refused(text)
        if refused is not None:
            what, line = refused
            allowed = "plain keys, lists and values"
            raise ScenarioError(
                Problem(what=what, where=f"{name}, line {line}", allowed=allowed, hint=_PLAIN_HINT, line=line)
            )
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        column = mark.column + 1 if mark else 1
        raise ScenarioError(_syntax_problem(str(error.problem or error), name, line, column)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        what = "nested too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise ScenarioError(_unreadable(what, name, line)) from None


def _unreadable(why: str, name: str, line: int) -> Problem:
    what, where = f"not readable as YAML: {why}", f"{name}, line {line}"
    return Problem(what=what, where=where, allowed="YAML 1.2", hint=_SYNTAX_HINT, line=line)


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
    what = f"not readable as YAML: {says}"
    return Problem(what=what, where=where, allowed="YAML 1.2", hint=_SYNTAX_HINT, line=line)


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


def _refused(text: str) -> tuple[str, int] | None:
    """The first thing that YAML allows and a scenario does not, and its line."""
    for token in YAML(typ="rt", pure=True).scan(text):
        line = int(token.start_mark.line) + 1
        if isinstance(token, AliasToken | AnchorToken):
            return "anchors and aliases are not read", line
        if isinstance(token, TagToken):
            return "tags ('!...') are not read", line
        if isinstance(token, ScalarToken) and token.plain:
            if token.value == "<<":
                return "the merge key '<<' is not read", line
            if len(token.value) > _MOST_DIGITS and token.value.lstrip("+-").replace("_", "").isdigit():
                return f"the number {token.value[:12]}... has {len(token.value)} digits", line
    return None


def _texts(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text of the data, keys too, with its place."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            here = (*path, str(key))
            yield here, str(key)
            yield from _texts(value, here)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _texts(value, (*path, index))
    elif isinstance(node, str):
        yield path, node


def _is_unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t\r\x85"


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
