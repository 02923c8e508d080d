"""Draws come back in order, with the same numbers on any number of workers, and failures surface."""

import pytest

from derisk.ensemble import quantiles_of_draw, run_draws


def test_central_draw_has_no_quantiles():
    assert quantiles_of_draw(seed=7, draw=0) is None


def test_quantile_depends_on_seed_draw_and_key_alone():
    first = quantiles_of_draw(seed=7, draw=3)
    assert first is not None
    other = quantiles_of_draw(seed=7, draw=3)
    assert other is not None
    assert [first("a"), first("b")] == [other("a"), other("a") * 0 + other("b")]
    assert len({quantiles_of_draw(seed=s, draw=d)(k) for s in (1, 2) for d in (1, 2) for k in "ab"}) == 8


def test_quantiles_fill_the_unit_interval_evenly():
    values = [quantiles_of_draw(seed=1, draw=draw)("key") for draw in range(1, 2001)]
    assert 0.0 < min(values) < 0.01
    assert 0.99 < max(values) < 1.0
    assert sum(values) / len(values) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_order_is_kept(workers):
    draws = [5, 1, 9, 2, 7, 3]
    assert list(run_draws(lambda draw: draw * 10, draws, workers=workers)) == [(draw, draw * 10) for draw in draws]


def test_an_exception_reaches_the_caller():
    def solve(draw: int) -> int:
        if draw == 3:
            raise ValueError("draw 3")
        return draw

    with pytest.raises(ValueError, match="draw 3"):
        list(run_draws(solve, range(8), workers=2))
