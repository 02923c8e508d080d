"""Laws of attribution: parts add up, equals get equal parts, who does nothing gets nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.errors import ShapeError
from derisk.losses.attribution import attribute_by_shapley, attribute_in_order


def any_loss(seed: int, measures: int) -> dict[frozenset[int], float]:
    """A loss for each set, anything at all."""
    chance = np.random.default_rng(seed)
    sets = [frozenset(m for m in range(measures) if code >> m & 1) for code in range(1 << measures)]
    return dict(zip(sets, chance.normal(0.0, 100.0, len(sets)).tolist(), strict=True))


games = st.builds(lambda seed, n: (any_loss(seed, n), n), st.integers(0, 10_000), st.integers(0, 5))


@settings(max_examples=60, deadline=None)
@given(games)
def test_parts_add_up_and_are_the_mean_over_orders(game: tuple[dict[frozenset[int], float], int]) -> None:
    loss, measures = game
    found = attribute_by_shapley(loss.__getitem__, measures)
    assert found.parts.sum() == pytest.approx(found.total, abs=1e-8)
    orders = list(permutations(range(measures)))
    mean = np.mean([attribute_in_order(loss.__getitem__, order).parts for order in orders], axis=0)
    assert found.parts == pytest.approx(mean, abs=1e-8)
    assert all(
        attribute_in_order(loss.__getitem__, order).parts.sum() == pytest.approx(found.total, abs=1e-8)
        for order in orders[:6]
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_equals_and_idlers(seed: int) -> None:
    """Measures 0 and 1 do the same; measure 2 does nothing."""
    chance = np.random.default_rng(seed)
    by_count = np.cumsum(chance.random(3))

    def loss(measures: frozenset[int]) -> float:
        return float(by_count[len(measures & {0, 1})] * (1.0 + (3 in measures)))

    found = attribute_by_shapley(loss, 4)
    assert found.parts[0] == pytest.approx(found.parts[1])
    assert found.parts[2] == pytest.approx(0.0, abs=1e-12)


def test_two_bans_that_overlap_share_what_they_have_in_common() -> None:
    losses = {(): 0.0, (0,): 6.0, (1,): 4.0, (0, 1): 7.0}
    found = attribute_by_shapley(lambda measures: losses[tuple(sorted(measures))], 2)
    assert found.parts == pytest.approx([4.5, 2.5])
    assert found.alone == pytest.approx([6.0, 4.0])
    assert found.last == pytest.approx([3.0, 1.0])


def test_too_many_measures_and_broken_orders() -> None:
    with pytest.raises(ShapeError, match="13 measures"):
        attribute_by_shapley(lambda _: 0.0, 13)
    with pytest.raises(ShapeError, match="order"):
        attribute_in_order(lambda _: 0.0, (0, 2))
