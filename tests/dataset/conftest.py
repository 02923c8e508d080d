"""The checkout's dataset, built afresh from what people edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset

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
def dataset(built_folder):
    """The dataset of this checkout, loaded."""
    return load_dataset(built_folder)
