"""Draws are cut into parts that cover them all, workers take each once, and failures surface."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derisk.ensemble.sharing import LARGEST_PART, Parts, share_draws


class Taker:
    """A worker that notes what it takes."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.taken: list[int] = []
        self.ended = False
        self.fails_at = fails_at

    def work(self, parts: Parts, done: Callable[[int], None]) -> None:
        while (part := parts.take()) is not None:
            for draw in part:
                if draw == self.fails_at:
                    raise ValueError(f"draw {draw}")
                self.taken.append(draw)
                done(draw)
                done(draw)

    def end(self) -> None:
        self.ended = True


@given(st.lists(st.integers(0, 10_000), unique=True).map(sorted), st.integers(1, 40))
def test_parts_cover_every_draw_once_and_shrink(draws, workers):
    parts = Parts(draws, workers=workers)
    taken = []
    while (part := parts.take()) is not None:
        taken.append(part)
    assert [draw for part in taken for draw in part] == draws
    sizes = [len(part) for part in taken]
    assert sizes == sorted(sizes, reverse=True)
    assert not sizes or (max(sizes) <= LARGEST_PART and sizes[-1] == 1)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_draw_is_taken_by_one_worker_and_told_once(workers):
    takers, told = [Taker() for _ in range(workers)], []
    share_draws(Parts(range(40), workers=workers), takers, done=told.append)
    assert sorted(draw for taker in takers for draw in taker.taken) == list(range(40))
    assert sorted(told) == list(range(40))
    assert all(taker.ended for taker in takers)


def test_an_error_of_one_worker_reaches_the_caller_and_stops_the_others():
    parts, taker = Parts(range(40), workers=1), Taker(fails_at=11)
    with pytest.raises(ValueError, match="draw 11"):
        share_draws(parts, [taker], done=lambda _: None)
    assert taker.ended
    assert parts.stopped
    assert parts.take() is None


def test_an_error_of_the_caller_stops_the_work():
    def refuse(draw: int) -> None:
        raise KeyboardInterrupt

    parts = Parts(range(40), workers=1)
    with pytest.raises(KeyboardInterrupt):
        share_draws(parts, [Taker()], done=refuse)
    assert parts.stopped


def test_what_is_put_back_comes_next():
    parts = Parts(range(40), workers=1)
    first = parts.take()
    parts.put_back(first[1:])
    parts.put_back([])
    assert parts.take() == first[1:]
