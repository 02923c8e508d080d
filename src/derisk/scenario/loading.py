"""Load a scenario by name or file: read, extend, check, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from derisk.errors import Problem, ScenarioError, nearest_word
from derisk.scenario import document as documents
from derisk.scenario.document import Document, read_document, write_document
from derisk.scenario.problems import problems_of, with_meant_kinds
from derisk.scenario.projects import fill_projects
from derisk.scenario.schema import Scenario

_SUFFIXES: Final = (".yml", ".yaml")


def load_scenario(path_or_name: str | Path) -> Scenario:
    """The scenario in a file, or of that name in the library.

    A text that ends in .yml or .yaml or holds a slash is a file; any other is a name.

    Raises:
        ScenarioError: every problem of the file, with line and key; or an unknown name.
    """
    return _check(_extend(_read(path_or_name), path_or_name))


def parse_scenario(text: str, *, name: str = "scenario") -> Scenario:
    """The scenario that a YAML text states; `name` stands in messages for the file.

    Raises:
        ScenarioError: every problem of the text.
    """
    return _check(_extend(read_document(text, name), None))


def scenario_from(data: Mapping[str, Any], *, name: str = "scenario") -> Scenario:
    """The scenario that plain data state, as a file would.

    Raises:
        ScenarioError: every problem of the data.
    """
    document = Document(name=name, data=dict(data), lines={})
    documents.check_letters(document)
    return _check(document)


def library_names() -> tuple[str, ...]:
    """Names of the scenarios that derisk ships."""
    folder = resources.files("derisk.scenario").joinpath("library")
    return tuple(sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir() if entry.name.endswith(".yml")))


def scenario_text(path_or_name: str | Path) -> str:
    """The text of a scenario file or library scenario, as written.

    Raises:
        ScenarioError: no such file or name, or not readable as text.
    """
    if not _is_file(path_or_name):
        return _library_text(str(path_or_name))
    path = Path(path_or_name)
    try:
        content = _content(path)
        return content.decode("utf-8")
    except FileNotFoundError:
        near = nearest_word(path.stem, library_names()).replace("did you mean", "the library has")
        raise _no_file(path, f"no file '{path}'", hint=near) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what, where = f"not UTF-8 text (byte {error.start})", f"{path}, line {line}"
        problem = Problem(what=what, where=where, allowed="UTF-8", hint="save the file as UTF-8 text", line=line)
        raise ScenarioError(problem) from None
    except OSError as error:
        raise _no_file(path, f"cannot read '{path}': {error.strerror}") from None
    except ValueError:  # a null letter, a lone surrogate
        raise _no_file(path, f"{str(path)!a} is no path") from None


def _content(path: Path) -> bytes:
    """Bytes of a regular file of lawful size; pipes and devices, which may never end, are refused."""
    if path.exists() and not path.is_file():
        raise _no_file(path, f"cannot read '{path}': it is a {'directory' if path.is_dir() else 'device'}, not a file")
    with path.open("rb") as file:
        content = file.read(documents.SIZE_LIMIT_BYTES + 1)
    if len(content) > documents.SIZE_LIMIT_BYTES:
        raise _no_file(path, "the file is larger than 1 MB")
    return content


def _no_file(path: Path, what: str, *, hint: str = "") -> ScenarioError:
    return ScenarioError(
        Problem(
            what=what,
            where=ascii(str(path))[1:-1] if "is no path" in what else str(path),
            allowed="a scenario file of at most 1 MB, or a name of the library (derisk scenario list)",
            hint=hint or "derisk scenario new my-question.yml writes one",
        )
    )


def template_text() -> str:
    """A commented scenario to start from; it passes the check as it stands."""
    return resources.files("derisk.scenario").joinpath("template.yml").read_text(encoding="utf-8")


def scenario_yaml(scenario: Scenario) -> str:
    """The resolved scenario as YAML: every default written out; it loads to the same scenario."""
    return write_document(scenario.resolved())


def _is_file(path_or_name: str | Path) -> bool:
    text = str(path_or_name)
    return isinstance(path_or_name, Path) or text.endswith(_SUFFIXES) or "/" in text or "\\" in text


def _is_readable(file: str) -> bool:
    return "\0" not in file and Path(file).is_file()


def _library_text(name: str) -> str:
    known = library_names()
    if name not in known:
        beside = next((f"{name}{suffix}" for suffix in _SUFFIXES if _is_readable(f"{name}{suffix}")), "")
        raise ScenarioError(
            Problem(
                what=f"unknown scenario {name!r}",
                where="the scenario named",
                allowed=f"{', '.join(known)} (derisk scenario list), or a file that ends in .yml",
                hint=f"write '{beside}' for the file"
                if beside
                else nearest_word(name, known) or "derisk scenario list shows the question of each",
            )
        )
    return resources.files("derisk.scenario").joinpath("library", f"{name}.yml").read_text(encoding="utf-8")


def _read(path_or_name: str | Path) -> Document:
    name = str(path_or_name) if _is_file(path_or_name) else f"{path_or_name}.yml"
    return read_document(scenario_text(path_or_name), name)


def _extend(child: Document, origin: str | Path | None) -> Document:
    """The child laid over the scenario it extends: keys replace, measures and assumptions follow the parent's."""
    if "extends" not in child.data:
        return child
    named = child.data["extends"]
    where, line = child.where(("extends",)), child.line(("extends",))
    if not isinstance(named, str):
        raise ScenarioError(
            Problem(
                what=f"'{named}' is no scenario",
                where=where,
                allowed="a name or a file",
                hint="name one, or delete 'extends'",
                line=line,
                key="extends",
            )
        )
    beside = origin is not None and _is_file(named) and not Path(named).is_absolute()
    try:
        parent = _read(Path(str(origin)).parent / named if beside else named)
    except ScenarioError as error:
        found = error.problems[0]
        raise ScenarioError(
            Problem(
                what=f"extends: {found.what}" + (f" ({found.where})" if found.line else ""),
                where=where,
                allowed=found.allowed,
                hint=found.hint,
                line=line,
                key="extends",
            )
        ) from None
    if "extends" in parent.data:
        what = f"'{named}' itself extends '{parent.data['extends']}'"
        allowed, hint = "one level of extends", f"extend '{parent.data['extends']}' itself, or copy its measures"
        raise ScenarioError(Problem(what=what, where=where, allowed=allowed, hint=hint, line=line, key="extends"))
    return _overlay(parent, child)


def _overlay(parent: Document, child: Document) -> Document:
    data = {**parent.data, **{key: value for key, value in child.data.items() if key != "extends"}}
    shift: dict[str, int] = {}
    for key in ("measures", "assume"):
        above, below = parent.data.get(key) or [], child.data.get(key) or []
        if isinstance(above, list) and isinstance(below, list) and (above or below or key == "measures"):
            data[key], shift[key] = [*above, *below], len(above)
    lines = {}
    for path, line in child.lines.items():
        moved = path[0] in shift and len(path) > 1 and isinstance(path[1], int)
        lines[(path[0], int(path[1]) + shift[str(path[0])], *path[2:]) if moved else path] = line
    return Document(name=child.name, data=data, lines=lines, extended=parent)


def _check(document: Document) -> Scenario:
    scenario = _validated(document)
    measures = tuple(
        measure.placed(f"measures[{step}]", document.lines.get(("measures", step)))
        for step, measure in enumerate(scenario.measures)
    )
    assumptions = tuple(
        row.placed(document.lines.get(("assume", step))) for step, row in enumerate(scenario.assumptions)
    )
    scenario = scenario.model_copy(update={"measures": measures, "assumptions": assumptions})
    _check_standing(scenario, document)
    return scenario.read_from(document.name, base_year_line=document.line(("base_year",)))


def _validated(document: Document) -> Scenario:
    """The scenario of a document.

    Raises:
        ScenarioError: every problem, and those of a measure of unknown kind as if it were of the nearest.
    """
    document, refused = fill_projects(document)
    problems = list(refused)
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        problems.extend(problems_of(error, document))
    if not problems:
        return scenario
    meant = with_meant_kinds(document)
    if meant is not document:
        try:
            _validated(meant)
        except ScenarioError as error:
            problems = list({*problems, *error.problems})
    raise ScenarioError(*sorted(problems, key=lambda found: (found.line or 0, found.key, found.what)))


def _check_standing(scenario: Scenario, document: Document) -> None:
    """Check that a measure that holds in every month is not dated to some of them.

    Raises:
        ScenarioError: it begins after the first month simulated, or ends before the last one.
    """
    problems = []
    for step, measure in enumerate(scenario.measures):
        late = measure.from_month > scenario.start
        if measure.standing and (late or (measure.until is not None and measure.until < scenario.end)):
            key, month = ("from", measure.from_month) if late else ("until", measure.until)
            path = ("measures", step, key)
            what = f"{measure.kind} holds in all months, from {scenario.start} to the last, but {key} is {month}"
            hint = f"leave '{key}' out, or write a second scenario for the other months"
            where, line = document.where(path), document.line(path)
            problems.append(Problem(what, where, "no dates", hint, line=line, key=f"{measure.place}.{key}"))
    if problems:
        raise ScenarioError(*problems)
