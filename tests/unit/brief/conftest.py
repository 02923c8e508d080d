"""The made-up study, put together once for the room's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def study():
    """Six months, eight draws of which one failed, with levers."""
    from make_study import make_study

    return make_study(draws=8, months=6)


@pytest.fixture(scope="session")
def brief(study) -> str:
    """The study's brief with dataset and context."""
    from made_dataset import CONTEXT, MadeDataset

    from derisk.brief import render_brief

    return render_brief(study, dataset=MadeDataset(), context=CONTEXT)
