"""Child: the process beside a run that solves parts of its draws and writes them where the run says."""

from __future__ import annotations

from dataclasses import replace

from threadpoolctl import threadpool_limits

from derisk.ensemble.children import Message, Parent
from derisk.network import build_network
from derisk.path import read_slow_rows
from derisk.study.parts import PartWriter
from derisk.study.readiness import ready_dataset
from derisk.study.run import lines_of, work_of
from derisk.study.setting import read_setting
from derisk.study.workers import Work, write_solved


def main() -> None:
    """Hear what the study is, then solve and write each part that is asked for, until the run ends."""
    parent = Parent()
    try:
        work = _work(parent.listen())
    except Exception as error:  # the run goes on without this process
        parent.tell({"error": str(error)})
        return
    parent.tell({"ready": True})
    with threadpool_limits(limits=1, user_api="blas"), PartWriter() as writer:
        while True:
            _answer(parent, parent.listen(), work, writer)


def _work(told: Message) -> Work:
    setting = read_setting(told)
    scenario = setting.scenario
    dataset = ready_dataset(scenario, setting.dataset)
    central = build_network(dataset, base_year=scenario.base_year)
    rows = read_slow_rows(dataset, central, months=scenario.months)
    lines = lines_of(scenario, setting.folder)
    return work_of(lines, dataset=dataset, rows=rows, seed=setting.seed, known=[set() for _ in lines])


def _answer(parent: Parent, asked: Message, work: Work, writer: PartWriter) -> None:
    solved = {}
    try:
        for draw in asked["draws"]:
            solved[draw] = work.solve(draw)
            parent.tell({"solved": draw})
        known = tuple(frozenset(draws) for draws in asked["known"])
        write_solved(writer, replace(work, known=known), solved)
    except Exception as error:  # the run meets it again, and raises it
        parent.tell({"error": str(error)})
    else:
        parent.tell({"written": True})
