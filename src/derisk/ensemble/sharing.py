"""Sharing: the draws of a study cut into parts, and workers that take them one after the other."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Final, Protocol

from threadpoolctl import threadpool_limits

LARGEST_PART: Final = 8
"""Draws of a part."""
_SHARES: Final = 2
"""Parts that each worker is still to get when parts begin to shrink, so that all end at about the same time."""
_WAIT_S: Final = 0.2
"""Short waits let an interrupt through."""


class Parts:
    """Parts of draws that wait for a worker; any number of threads may take."""

    def __init__(self, draws: Sequence[int], *, workers: int) -> None:
        self._waiting: deque[list[int]] = deque()
        self._stopped = threading.Event()
        place = 0
        while place < len(draws):
            size = min(LARGEST_PART, -(-(len(draws) - place) // (_SHARES * workers)))
            self._waiting.append(list(draws[place : place + size]))
            place += size

    @property
    def stopped(self) -> bool:
        """Whether workers are to leave what they have not begun."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped.set()

    def take(self) -> list[int] | None:
        """The next part; None when there is none, or the work is stopped."""
        try:
            return None if self.stopped else self._waiting.popleft()
        except IndexError:
            return None

    def put_back(self, part: list[int]) -> None:
        """A part that another worker, or the same, is to take next."""
        if part:
            self._waiting.appendleft(part)


class Worker(Protocol):
    """Takes parts until there are none."""

    def work(self, parts: Parts, done: Callable[[int], None]) -> None:
        """Take part after part; `done` is called with each draw that is solved."""

    def end(self) -> None:
        """Let go of what another thread waits for: the work is stopped."""


def share_draws(parts: Parts, workers: Sequence[Worker], *, done: Callable[[int], None]) -> None:
    """Let workers take parts, each on a thread of its own, until all are done.

    Meanwhile linear algebra keeps to one thread a worker. An error of one worker, or an interrupt, ends them all.

    Args:
        parts: what is to be done.
        workers: who does it.
        done: called in this thread with each draw that is solved, once.
    """
    told: queue.SimpleQueue[int] = queue.SimpleQueue()
    seen: set[int] = set()

    def tell() -> None:
        while not told.empty():
            draw = told.get()
            if draw not in seen:
                seen.add(draw)
                done(draw)

    with (
        threadpool_limits(limits=1, user_api="blas"),
        ThreadPoolExecutor(max_workers=len(workers), thread_name_prefix="draws") as pool,
    ):
        working: list[Future[None]] = [pool.submit(worker.work, parts, told.put) for worker in workers]
        try:
            waiting = True
            while waiting:
                ended, still = wait(working, timeout=_WAIT_S, return_when=FIRST_EXCEPTION)
                waiting = bool(still)
                for future in ended:
                    future.result()
                tell()
        finally:
            parts.stop()
            for worker in workers:
                worker.end()
