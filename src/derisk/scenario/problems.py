"""From what the schema refuses to problems in four parts: what, where, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from derisk.errors import Problem, nearest_word, unknown_word
from derisk.scenario.document import Document, Path, key_of
from derisk.scenario.measures import KINDS
from derisk.scenario.schema import Assumption, Draws, Scenario

_LONGEST: Final = 200


def problems_of(error: ValidationError, document: Document) -> list[Problem]:
    """Every problem of a scenario, in the order of the file."""
    entries = error.errors(include_url=False)
    misspelt = {_meant(entry, document) for entry in entries if entry["type"] == "extra_forbidden"}
    kept = [e for e in entries if e["type"] != "missing" or _file_path(e["loc"], document) not in misspelt]
    return sorted((_problem(entry, document) for entry in kept), key=lambda problem: problem.line or 0)


def with_meant_kinds(document: Document) -> Document:
    """The document with the nearest known kind in place of each unknown one; itself where there is none."""
    measures = document.data.get("measures")
    if not isinstance(measures, list):
        return document
    read = [{**row, "kind": _meant_kind(row)} if _meant_kind(row) else row for row in measures]
    return document if read == measures else replace(document, data={**document.data, "measures": read})


def _meant_kind(row: object) -> str:
    kind = str(row.get("kind", "")) if isinstance(row, Mapping) else ""
    return "" if kind in KINDS else _word_in(nearest_word(kind, tuple(KINDS)))


def _word_in(hint: str) -> str:
    return hint.removeprefix("did you mean '").removesuffix("'?")


def _meant(entry: Mapping[str, Any], document: Document) -> Path:
    """The key that an unknown one is nearest to: missing, it is the same fault."""
    path = _file_path(entry["loc"], document)
    nearest = nearest_word(str(path[-1]), _keys(path[:-1], document))
    return (*path[:-1], _word_in(nearest))


def _problem(entry: Mapping[str, Any], document: Document) -> Problem:
    path = _file_path(entry["loc"], document)
    context = entry.get("ctx", {})
    kind = entry["type"]
    if kind == "problem":
        path = (*path, context["key"]) if context["key"] else path
        return _placed(document, path, context["what"], context["allowed"], context["hint"])
    if kind == "missing":
        return _missing(path, document)
    if kind == "extra_forbidden":
        return _unknown_key(path, document)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(path, document)
    return _placed(document, path, *_plain_refusal(kind, context, entry["input"]))


def _file_path(location: tuple[str | int, ...], document: Document) -> Path:
    """Location as the file has it: no kind after a measure's index, no index into a word that stands alone."""
    if len(location) > 2 and location[0] == "measures" and location[2] in KINDS:
        location = (*location[:2], *location[3:])
    if location and location[-1] == "[key]":
        return location[:-1]
    if len(location) > 1 and isinstance(location[-1], int) and not isinstance(_row(location[:-1], document), list):
        return location[:-1]
    return location


def _placed(document: Document, path: Path, what: str, allowed: str = "", hint: str = "") -> Problem:
    where, line = document.where(path), document.line(path)
    allowed = allowed or "see docs/reference/scenario.md"
    hint = hint or f"correct {f'line {line}' if line else key_of(path)}, then: derisk scenario check"
    return Problem(what=_shortened(what), where=where, allowed=allowed, hint=hint, line=line, key=key_of(path))


def _shortened(what: str) -> str:
    return what if len(what) <= _LONGEST else f"{what[:_LONGEST]}..."


def _missing(path: Path, document: Document) -> Problem:
    key = str(path[-1])
    owner = _owner(path[:-1], document)
    says = _says(path[:-1], key, document)
    return _placed(document, path, f"{owner} has no '{key}'", f"'{key}': {says}" if says else "", f"add '{key}: ...'")


def _unknown_key(path: Path, document: Document) -> Problem:
    key = str(path[-1])
    known = list(_keys(path[:-1], document))
    problem = unknown_word("key", key, known)
    allowed = ", ".join(f"'{word}'" for word in known)
    return _placed(document, path, f"{_owner(path[:-1], document)} has no key '{key}'", allowed, problem.hint)


def _unknown_kind(path: Path, document: Document) -> Problem:
    row = _row(path, document)
    if not isinstance(row, Mapping):
        return _placed(document, path, "a measure is a set of keys", "kind, by, goods, from, why, ...")
    known = ", ".join(f"'{kind}'" for kind in KINDS)
    if "kind" not in row:
        return _placed(document, path, "the measure has no 'kind'", known, "add 'kind: ...'")
    kind = str(row["kind"])
    path = (*path, "kind")
    hint = nearest_word(kind, tuple(KINDS))
    return _placed(document, path, f"unknown kind of measure '{kind}'", known, hint)


def _plain_refusal(kind: str, context: Mapping[str, Any], value: object) -> tuple[str, str]:
    """What, and what is allowed, for pydantic's own refusals."""
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        bound = next(context[key] for key in ("ge", "gt", "le", "lt") if key in context)
        return f"{value} is out of range", f"{kind.replace('_', ' ')} {bound}".replace("equal", "or equal to")
    if kind.startswith(("int_", "float_", "string_", "list_", "tuple_", "dict_", "model_", "mapping_")):
        wanted = {"int": "a whole number", "float": "a number", "string": "text"}.get(kind.split("_")[0])
        wanted = wanted or ("a list" if kind.startswith(("list", "tuple")) else "a set of keys, {key: value, ...}")
        return f"{value!r} is not {wanted}", wanted
    if kind == "too_short":
        return "the list is empty", "at least one word"
    return f"{value!r} is refused ({kind.replace('_', ' ')})", ""


def _model(path: Path, document: Document) -> type[BaseModel]:
    """The model that reads the keys under a path."""
    if path[:1] == ("measures",) and len(path) > 1:
        row = _row(path[:2], document)
        return KINDS[str(row["kind"])].model
    inner: dict[str | int, type[BaseModel]] = {"draws": Draws, "assume": Assumption}
    return inner.get(path[0], Scenario) if path else Scenario


def _keys(path: Path, document: Document) -> list[str]:
    fields = _model(path, document).model_fields
    return [field.alias or name for name, field in fields.items()] + ([] if path else ["extends"])


def _says(path: Path, key: str, document: Document) -> str:
    """The first line of a key's docstring."""
    for name, field in _model(path, document).model_fields.items():
        if key in (name, field.alias):
            return (field.description or "").split("\n")[0]
    return ""


def _owner(path: Path, document: Document) -> str:
    if path[:1] == ("measures",):
        return f"the measure {_row(path[:2], document)['kind']}"
    return f"'{key_of(path)}'" if path else "the scenario"


def _row(path: Path, document: Document) -> Any:
    node: Any = document.data
    for step in path:
        node = node[step]
    return node
