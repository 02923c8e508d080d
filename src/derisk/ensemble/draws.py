"""Draws: one function run for many draws on all cores, in order, with nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from threadpoolctl import threadpool_limits

Result = TypeVar("Result")


def default_workers() -> int:
    """Cores this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # platforms without affinity
        return max(1, os.cpu_count() or 1)


def run_draws(
    solve_draw: Callable[[int], Result], draws: Sequence[int], *, workers: int | None = None
) -> Iterator[tuple[int, Result]]:
    """Yield `(draw, result)` in the order of `draws`, solving ahead on a pool of threads.

    Kernels release the interpreter's lock, so threads use all cores and share the dataset. Meanwhile linear
    algebra keeps to one thread a draw. At most two draws a worker wait in memory. An interrupt cancels what has
    not started.

    Args:
        solve_draw: solves one draw; must not share state between draws.
        draws: the draws wanted.
        workers: threads; the machine's cores when None.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        yield from _run(solve_draw, draws, count=workers or default_workers())


def _run(solve_draw: Callable[[int], Result], draws: Sequence[int], *, count: int) -> Iterator[tuple[int, Result]]:
    if count == 1 or len(draws) == 1:
        for draw in draws:
            yield draw, solve_draw(draw)
        return
    with ThreadPoolExecutor(max_workers=count, thread_name_prefix="draw") as pool:
        waiting: dict[int, Future[Result]] = {}
        ahead = iter(draws)
        try:
            for draw in draws:
                while len(waiting) < 2 * count and (following := next(ahead, None)) is not None:
                    waiting[following] = pool.submit(solve_draw, following)
                future = waiting.pop(draw)
                while not future.done():  # short waits let an interrupt through
                    wait([future], timeout=0.2, return_when=FIRST_COMPLETED)
                yield draw, future.result()
        finally:
            for future in waiting.values():
                future.cancel()
