"""Which draws count: those of which every month reached equilibrium."""

from __future__ import annotations

import pandas as pd

from derisk.study import draws_converged


def test_one_month_without_equilibrium_leaves_its_draw_out():
    status = pd.DataFrame({"draw": [3, 0, 3, 1, 0], "converged": [True, True, False, True, True]})
    assert draws_converged(status) == [0, 1]


def test_of_no_draws_none_counts():
    assert draws_converged(pd.DataFrame({"draw": [], "converged": []})) == []
