"""The study folder: whether a run may write there, and how it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from derisk.errors import InputError, Problem
from derisk.study.manifest import MANIFEST, Identity, read_manifest

WITHOUT_REMEDIES = "without_remedies"


def prepare_folder(path: Path, identity: Identity) -> dict[str, Any] | None:
    """The folder's manifest if it may be completed, None if it is new or empty; nothing is written.

    Raises:
        InputError: the path is a file, holds something else, or another study.
    """
    _check_path(path)
    if not path.exists() or not any(path.iterdir()):
        return None
    if not (path / MANIFEST).is_file():
        raise InputError(
            Problem(
                f"'{path}' is not empty and holds no study",
                where="--out",
                allowed="a new or empty folder, or the folder of the same study",
                hint="name another folder; nothing in this one was touched",
            )
        )
    manifest = read_manifest(path)
    different = identity.differences(manifest)
    if different:
        raise InputError(
            Problem(
                f"'{path}' holds another study: {', '.join(different)} differ",
                where="--out",
                allowed="a folder of the same scenario, dataset, version and seed, which is completed",
                hint="name another folder; nothing in this one was touched",
            )
        )
    return manifest


def make_folder(path: Path) -> None:
    """Create the folder, with those above it.

    Raises:
        InputError: it cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, f"cannot be created: {error.strerror}") from error


def _check_path(path: Path) -> None:
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        elif path.exists():
            raise _unusable(path, "is a file, not a folder")
        if "\0" in str(path).encode().decode():
            raise ValueError("null letter")
    except OSError as error:
        raise _unusable(path, f"cannot be opened: {error.strerror}") from error
    except ValueError as error:  # a null letter, a lone surrogate
        raise _unusable(path, "is no path") from error


def _unusable(path: Path, why: str) -> InputError:
    return InputError(
        Problem(
            f"{str(path)!r} {why}",
            where="--out",
            allowed="a new or empty folder, or the folder of the same study",
            hint="name a new folder: --out studies/my-study",
        )
    )
