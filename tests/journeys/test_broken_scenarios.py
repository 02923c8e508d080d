"""Ten broken files through `derisk scenario check`: is each error placed by file and line, with a remedy?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derisk.cli.app import run_command_line

SOUND = """\
name: broken
question: Is it found?
base_year: 2024
months: 12
measures:
  - kind: outage
    by: CHN
    goods: gallium
    from: 2025-04
    share: 0.4
    why: A test.
"""

BROKEN = {
    # what is changed, to what, line, key, words of the error
    "misspelt_good": ("goods: gallium", "goods: [gallum]", 8, "measures[0].goods[0]", ("'gallum'", "'gallium'")),
    "misspelt_key": ("share: 0.4", "sahre: 0.4", 10, "measures[0].sahre", ("'sahre'", "did you mean 'share'")),
    "unknown_kind": ("kind: outage", "kind: outrage", 6, "measures[0].kind", ("'outrage'", "'outage'")),
    "percent": ("share: 0.4", "share: 40", 10, "measures[0].share", ("40", "from 0 to 1", "write 0.4")),
    "tab": ("    by: CHN", "\tby: CHN", 7, "", ("YAML", "indentation")),
    "key_twice": ("    by: CHN", "    by: CHN\n    by: USA", 8, "by", ("'by' stands twice", "delete one")),
    "bad_month": ("2025-04", "2025-13", 9, "measures[0].from", ("'2025-13'", "YYYY-MM", "line 9")),
    "merged_country": ("by: CHN", "by: LUX", 6, "measures[0].by", ("LUX", "write 'XEU'")),
    "no_such_year": ("2024\n", "2004\n", 3, "base_year", ("2004", "2024", "base_year: 2024")),
    "tag": ("name: broken", "name: !!python/name:os.system broken", 1, "", ("tags", "plain", "write")),
    "control_letter": ("A test.", '"\\e[31mred"', 11, "measures[0].why", ("unprintable", "delete")),
    "endless_number": ("share: 0.4", f"share: {'9' * 400}", 10, "", ("400 digits", "plain")),
}


@pytest.fixture(params=sorted(BROKEN))
def broken(request, tmp_path: Path) -> tuple[Path, int, str, tuple[str, ...]]:
    old, new, line, key, words = BROKEN[request.param]
    assert SOUND.count(old) == 1
    file = tmp_path / f"{request.param}.yml"
    file.write_text(SOUND.replace(old, new), encoding="utf-8")
    return file, line, key, words


def test_the_sound_file_passes(tmp_path, capsys):
    file = tmp_path / "sound.yml"
    file.write_text(SOUND, encoding="utf-8")
    assert run_command_line(["scenario", "check", str(file)]) == 0
    assert capsys.readouterr().err == ""


def test_each_error_names_file_line_and_remedy(broken, capsys):
    file, line, _, words = broken
    assert run_command_line(["scenario", "check", str(file)]) == 3
    out, printed = capsys.readouterr()
    assert out == ""
    place = next(text for text in printed.splitlines() if text.startswith("  at   "))
    assert str(file) in place
    assert f"line {line}" in place.split(", ")
    assert "\n  know " in printed
    assert "\n  hint " in printed
    assert [word for word in words if word not in printed] == []


def test_each_error_is_one_json_document(broken, capsys):
    file, line, key, _ = broken
    assert run_command_line(["scenario", "check", str(file), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["file"], found["ok"]) == (str(file), False)
    (error,) = found["errors"]
    assert (error["line"], error["key"]) == (line, key)
    assert error["what"]
    assert error["allowed"]
    assert error["hint"]


def test_a_fault_of_the_extended_file_is_placed_there(tmp_path, capsys):
    (tmp_path / "parent.yml").write_text(SOUND.replace("0.4", "1.4"), encoding="utf-8")
    child = tmp_path / "child.yml"
    child.write_text("extends: parent.yml\nname: child\n", encoding="utf-8")
    assert run_command_line(["scenario", "check", str(child)]) == 3
    assert f"at   {tmp_path / 'parent.yml'}, line 10, measures[0].share" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["absent.yml", "/dev/zero", "a\0.yml", "no-such-name", ""])
def test_what_is_no_file_is_explained(name, capsys):
    assert run_command_line(["scenario", "check", name]) == 3
    printed = capsys.readouterr().err
    assert all(part in printed for part in ("\n  at ", "\n  know ", "\n  hint "))


def test_scenario_show_gives_json(capsys):
    assert run_command_line(["scenario", "show", "copper-outage", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == "copper-outage"
