"""The checkout's dataset: what people edit, built afresh for those who ask what a build does, and the package's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from derisk.data import load_dataset
from derisk.data.build import EMBEDDED, build_dataset

FOLDER = Path(__file__).resolve().parents[2] / "dataset"


@pytest.fixture(scope="session")
def dataset_folder():
    """The dataset as people edit it."""
    return FOLDER


@pytest.fixture(scope="session")
def built_folder(tmp_path_factory):
    """The dataset of this checkout, built."""
    folder = tmp_path_factory.mktemp("built")
    build_dataset(FOLDER, folder)
    return folder


@pytest.fixture(scope="session")
def dataset():
    """The dataset that the package carries; `test_lawful.py` holds it against a fresh build."""
    return load_dataset(EMBEDDED)
