"""The documents tell the truth: the tree, the commands and the columns they name exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_the_tree_in_architecture_is_current():
    spec = importlib.util.spec_from_file_location("write_architecture", ROOT / "docs" / "write_architecture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), (
        "run: python docs/write_architecture.py"
    )


def test_every_module_says_what_it_is():
    spec = importlib.util.spec_from_file_location("write_architecture", ROOT / "docs" / "write_architecture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    silent = [str(path) for path in (ROOT / "src").rglob("*.py") if not module.first_line(path)]
    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_named_in_pages_exist(page):
    text = re.sub(r"<!-- tree -->.*<!-- /tree -->", "", page.read_text(encoding="utf-8"), flags=re.S)
    named = re.findall(r"`((?:src|docs|dataset|tests|benchmarks)/[\w./-]+)`", text)
    assert [path for path in named if "<" not in path and not (ROOT / path).exists()] == []


NUMBER = r"\d+\.\d+[a-z]?"
NUMBERED = re.compile(rf"^\s*\(({NUMBER})\)\s{{2,}}|\s{{2,}}\(({NUMBER})\)\s*$", flags=re.M)
"""An equation's number stands at one end of its line; elsewhere on a page it is only mentioned."""
CITED = re.compile(
    rf"[Ee]quations?\s+(\(?{NUMBER}\)?(?:(?:,\s*|\s+and\s+|\s+to\s+)\(?{NUMBER}\)?)*)(?:\s+of\s+docs/theory/(\w+\.md))?"
)


def _pages_of_equations():
    pages = {}
    for theory in sorted((ROOT / "docs" / "theory").glob("*.md")):
        for first, last in NUMBERED.findall(theory.read_text(encoding="utf-8")):
            pages.setdefault(first or last, []).append(theory.name)
    return pages


def test_every_equation_has_a_number_of_its_own():
    assert {number: pages for number, pages in _pages_of_equations().items() if len(pages) > 1} == {}


def test_equations_cited_by_code_are_numbered_on_the_page_named():
    pages, cited, wrong = _pages_of_equations(), 0, []
    for module in sorted((ROOT / "src").rglob("*.py")):
        text = re.sub(r"\s*\n\s*", " ", module.read_text(encoding="utf-8"))
        for numbers, page in CITED.findall(text):
            for number in re.findall(NUMBER, numbers):
                cited += 1
                if number not in pages or (page and page not in pages[number]):
                    wrong.append((module.name, number, page))
    assert wrong == []
    assert cited > 200


def test_every_column_of_a_study_is_documented():
    from derisk.study.labels import COLUMNS

    page = (ROOT / "docs" / "reference" / "study.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    missing = [(table, name) for table, kinds in COLUMNS.items() for name in kinds if f"`{name}`" not in rows[table]]
    assert missing == []


def test_every_command_is_documented():
    import typer

    from derisk.cli.app import app

    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    root = typer.main.get_command(app)
    groups = {name: command for name, command in root.commands.items() if hasattr(command, "commands")}
    plain = [f"derisk {name}" for name in root.commands if name not in groups]
    nested = [(group, name) for group, command in groups.items() for name in command.commands]
    assert [command for command in plain if f"`{command}`" not in page] == []
    assert [pair for pair in nested if f"`derisk {pair[0]} {pair[1]}`" not in page and f"`{pair[1]}`" not in page] == []


def test_options_of_every_command_are_those_documented():
    import typer

    from derisk.cli.app import app

    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `derisk ([a-z ]+)` \|(.*)$", page, flags=re.M))
    root = typer.main.get_command(app)
    commands = {name: command for name, command in root.commands.items() if command.params or name in rows}
    for group, command in root.commands.items():
        commands |= {f"{group} {name}": inner for name, inner in getattr(command, "commands", {}).items()}
    told = {name: set(re.findall(r"`(--[a-z-]+)", rows.get(name, rows["data goods"]))) for name in commands}
    there = {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in commands.items()
    }
    assert {name: options ^ told[name] for name, options in there.items() if options ^ told[name]} == {}


def _documented_assumptions():
    from derisk.scenario import template_text

    page = (ROOT / "docs" / "reference" / "scenario.md").read_text(encoding="utf-8")
    examples = [text for text in re.findall(r"```yaml\n(.*?)```", page, flags=re.S) if "\nassume:" in text]
    head, commented = template_text().split("# assume:\n")
    rows = re.sub(r"^# ", "", commented.split("\n\n")[0], flags=re.M)
    return [*examples, f"{head}assume:\n{rows}\n"]


@pytest.mark.parametrize("text", _documented_assumptions(), ids=["reference", "template"])
def test_the_documented_assumption_changes_what_japan_takes_in(text):
    from derisk.data import load_dataset
    from derisk.network import build_network
    from derisk.scenario import parse_scenario
    from derisk.study import ready_dataset

    dataset = load_dataset()
    assumed = ready_dataset(parse_scenario(text), dataset)
    taken_t = []
    for rows in (dataset, assumed):
        network = build_network(rows, base_year=2024)
        gallium, japan = network.goods.index("gallium"), network.regions.index("JPN")
        to_japan = (network.good == gallium) & (network.destination == japan)
        taken_t.append(float(network.base_flow_t[to_japan].sum()))
    assert taken_t[1] > 1.05 * taken_t[0]


def test_examples_in_the_readme_run(tmp_path, monkeypatch):
    import derisk

    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.S)
    file = tmp_path / "my-question.yml"
    file.write_text(example, encoding="utf-8")
    assert derisk.run_study(file, draws=1).summary["converged_draws"] == 1
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(compile(code, "README.md", "exec"), {})
