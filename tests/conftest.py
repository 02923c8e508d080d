"""Tests see the dataset that the package carries, whatever the user who runs them has imported; laws draw the same cases every time."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("seeded", derandomize=True, database=None, deadline=None)
settings.load_profile("seeded")


@pytest.fixture(autouse=True, scope="session")
def no_user_dataset(tmp_path_factory):
    """An empty folder in place of the user's own dataset, for this process and those it starts."""
    before = os.environ.get("DERISK_DATA")
    os.environ["DERISK_DATA"] = str(tmp_path_factory.mktemp("no-user-dataset"))
    yield
    if before is None:
        del os.environ["DERISK_DATA"]
    else:
        os.environ["DERISK_DATA"] = before
