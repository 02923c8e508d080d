"""Workers: who solves the draws of a study, threads of this process and processes beside it, and writes them down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from derisk.ensemble.children import Child, Message, start_child
from derisk.ensemble.sharing import Parts
from derisk.study.parts import PartWriter, consecutive_runs
from derisk.study.tables import TABLES

Tables = dict[str, pd.DataFrame]

CHILD: Final = "derisk.study.child"
"""Module that a process beside this one runs."""
CHILD_PAYS_MONTHS: Final = 300
"""Months of all draws and lines that keep a worker busy long enough for a process of its own: it takes four seconds
of the processor to start, a month some 15 to 100 thousandths of one."""
_MOST_ENDINGS: Final = 4
"""How often a worker's process may end before its time; then the worker does without one."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the draws of a run are, and where they go."""

    folders: tuple[Path, ...]
    """Of each line."""
    known: tuple[frozenset[int], ...]
    """Draws that each line's folder holds already."""
    solve: Callable[[int], list[Tables]]
    """A draw's tables for each line."""
    give_up: Callable[[int, str], list[Tables]]
    """The tables for each line of a draw that cannot be solved, with the reason."""


def children_worth(*, months: int, workers: int) -> int:
    """How many of the workers are better processes of their own; one always stays in this one.

    Args:
        months: months to be solved, those of all draws and lines together.
        workers: how many work.
    """
    return max(0, min(workers, months // CHILD_PAYS_MONTHS) - 1)


def write_solved(writer: PartWriter, work: Work, solved: dict[int, list[Tables]]) -> None:
    """Write each line the draws that its folder lacks."""
    for number, folder in enumerate(work.folders):
        for run in consecutive_runs(sorted(set(solved) - work.known[number])):
            writer.write(folder, run, {table: [solved[draw][number][table] for draw in run] for table in TABLES})


class Here:
    """A worker that is a thread of this process."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def work(self, parts: Parts, done: Callable[[int], None]) -> None:
        """Solve and write part after part."""
        with PartWriter() as writer:
            while (part := parts.take()) is not None:
                self.solve(part, parts, done, writer)

    def solve(self, part: list[int], parts: Parts, done: Callable[[int], None], writer: PartWriter) -> None:
        """Solve and write a part; where the work is stopped, what of it is solved."""
        solved: dict[int, list[Tables]] = {}
        for draw in part:
            if parts.stopped:
                break
            solved[draw] = self._work.solve(draw)
            done(draw)
        write_solved(writer, self._work, solved)

    def end(self) -> None:
        """Nothing to let go of."""


@dataclass(slots=True)
class Beside:
    """A worker that has a process of its own, and does without where there is none to be had.

    A part whose process ends before its time is given to another, once. Where that ends too, the draw at which it ended
    is recorded as failed, and the others are given out again. An error in the process is met again here, and raised.
    """

    wanted: Work
    setting: Message
    """What the process is told first."""
    start: Callable[[str], Child | None] = start_child
    _child: Child | None = field(default=None, init=False)
    _ended: list[str] = field(default_factory=list, init=False)
    _alone: bool = field(default=False, init=False)

    def work(self, parts: Parts, done: Callable[[int], None]) -> None:
        """Have part after part solved and written."""
        here = Here(self.wanted)
        try:
            with PartWriter() as writer:
                while (part := parts.take()) is not None:
                    lost = self._ask_twice(part, parts, done)
                    if lost is None:
                        continue
                    if self._alone:
                        here.solve(part, parts, done, writer)
                    elif not parts.stopped:
                        reason = f"the process that solved this draw ended before its time, twice ({self._ended[-1]})"
                        write_solved(writer, self.wanted, {lost: self.wanted.give_up(lost, reason)})
                        done(lost)
                        parts.put_back([draw for draw in part if draw != lost])
        finally:
            if self._child is not None:
                self._child.close()

    def end(self) -> None:
        """End the process, so that the thread that waits for it goes on."""
        if self._child is not None:
            self._child.kill()

    def _ask_twice(self, part: list[int], parts: Parts, done: Callable[[int], None]) -> int | None:
        """The draw that was not solved when the process ended, or an error was met; None where all are written."""
        lost: int | None = part[0]
        for _ in range(2):
            if not self._ready(parts) or parts.stopped:
                return lost
            lost = self._ask(part, parts, done)
            if lost is None or self._alone:
                return lost
        return lost

    def _ready(self, parts: Parts) -> bool:
        """Whether there is a process to ask; one is started where there is none."""
        if self._alone or len(self._ended) >= _MOST_ENDINGS:
            self._alone = True
            return False
        if self._child is None:
            self._child = self.start(CHILD)
            if self._child is None:
                self._alone = True
                return False
            if parts.stopped:
                self._child.kill()
            self._child.tell(self.setting)
            answer = self._child.answer()
            if answer is None or "ready" not in answer:
                self._dismiss()
                self._alone = True
        return not self._alone

    def _ask(self, part: list[int], parts: Parts, done: Callable[[int], None]) -> int | None:
        known = [sorted(set(part) & had) for had in self.wanted.known]
        left = list(part)
        if self._child is None:
            return left[0]
        self._child.tell({"draws": part, "known": known})
        while (answer := self._child.answer()) is not None:
            if "solved" in answer:
                left.remove(answer["solved"])
                done(answer["solved"])
            elif "written" in answer:
                return None
            else:  # an error: met again in this process, where it is raised as any other
                self._alone = True
                return part[0]
        if not parts.stopped:
            self._dismiss()
        return left[0] if left else part[-1]

    def _dismiss(self) -> None:
        if self._child is not None:
            self._ended.append(self._child.close())
            self._child = None
