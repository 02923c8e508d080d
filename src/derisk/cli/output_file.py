"""Output file: a file that an option names, checked before the work begins whose result it is to hold."""

from __future__ import annotations

from pathlib import Path

from derisk.errors import InputError, Problem


def output_file(text: str | Path, *, option: str, ending: str, hint: str) -> Path:
    """The file to write.

    Args:
        text: what the option says.
        option: its name.
        ending: what the file's name must end with, such as `.svg`.
        hint: what to do where it is another kind of file, or none.

    Raises:
        InputError: it is empty, a folder, in a folder that does not exist, or of another kind.
    """
    path, words = Path(text), str(text)
    if not words or "\0" in words or path.is_dir() or not path.parent.is_dir():
        raise InputError(
            Problem(
                f"{words!r} is no file that can be written", option, f"a {ending} file in a folder that exists", hint
            )
        )
    if path.suffix.lower() != ending:
        raise InputError(Problem(f"'{path.name}' is no {ending} file", option, f"a name that ends in {ending}", hint))
    return path
