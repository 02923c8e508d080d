"""Examination: every check on a dataset, the departures that are excused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.build import EMBEDDED, ROWS_FILE, assemble
from derisk.data.built import read_built, read_manifest, reading_built
from derisk.data.checks import create_vocabulary, find
from derisk.data.exceptions import Excuse
from derisk.data.fields import FIELDS
from derisk.data.merging import with_user_rows
from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, create_table, open_tables, row_cells
from derisk.data.rules import ROW_RULES, SET_RULES, SHARE_SUM_TOLERANCE
from derisk.errors import DatasetError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SET_RULE_NAMES: Final = frozenset(rule.name for rule in SET_RULES)
_RULE_NAMES: Final = _SET_RULE_NAMES | {rule.name for rule in ROW_RULES}


@dataclass(frozen=True, slots=True)
class Examination:
    """What the checks found: problems to mend, and departures that are excused."""

    rows: int
    problems: tuple[Problem, ...]
    excused: tuple[tuple[Problem, str], ...] = ()
    user_rows: int = 0
    """Rows of the user's own dataset, which were examined with the package's."""

    @property
    def rules(self) -> int:
        """How many rules were tried."""
        return len(ROW_RULES) + len(SET_RULES)

    def as_json(self) -> dict[str, Any]:
        """The findings as `derisk data check --json` prints them."""
        return {
            "ok": not self.problems,
            "rules": self.rules,
            "rows": self.rows,
            "user_rows": self.user_rows,
            "tolerances": tolerances(),
            "problems": [
                {"rule": p.key, "what": p.what, "where": p.where, "allowed": p.allowed, "hint": p.hint}
                for p in self.problems
            ],
            "excused": [
                {"rule": p.key, "what": p.what, "where": p.where, "reason": reason} for p, reason in self.excused
            ],
        }


def tolerances() -> dict[str, float]:
    """How far sums may lie off, by name: countries from their world, shares from one."""
    of_world = {
        f"countries_sum_to_world {field.field}": field.world_tolerance_share
        for field in FIELDS.values()
        if field.world_tolerance_share is not None
    }
    return {**of_world, "shares_sum_to_one": SHARE_SUM_TOLERANCE}


def with_user_rows_examined(package: Examination, built: Path, user: Path) -> Examination:
    """The package's examination, and what the user's rows change for the worse.

    Raises:
        DatasetError: a row of the user's breaks a rule of single rows.
    """
    merged = with_user_rows(built, user)
    if merged == built:
        return package
    together = examine_built(merged)
    known = {(problem.key, problem.where) for problem in package.problems}
    worse = tuple(
        _told_to_the_user(problem, user)
        for problem in together.problems
        if problem.key in _RULE_NAMES and (problem.key, problem.where) not in known
    )
    return replace(package, problems=(*package.problems, *worse), user_rows=int(read_manifest(merged)["user_rows"]))


def _told_to_the_user(problem: Problem, user: Path) -> Problem:
    """A problem that the user's rows bring about: where two publications meet, the user says which one wins."""
    if problem.hint or problem.key not in _SET_RULE_NAMES:
        return problem
    hint = f"say in {user / 'choices.yml'} which source wins, or: derisk data forget SOURCE"
    return replace(problem, allowed="within the field's tolerance", hint=hint)


def examine(folder: Path) -> Examination:
    """Every rule on a dataset as people edit it; what the build refuses is reported, not raised."""
    try:
        assembled = assemble(folder)
    except DatasetError as error:
        return Examination(0, error.problems)
    with open_tables() as connection:
        create_table(connection, "rows", ROW_COLUMNS, map(row_cells, assembled.rows), types=ROW_TYPES)
        return _judged(connection, tuple(assembled.sources), assembled.excuses)


def examine_built(folder: Path = EMBEDDED) -> Examination:
    """Every rule on a built dataset, such as the one the package carries.

    Raises:
        DatasetError: the folder holds no built dataset.
    """
    with reading_built(folder), open_tables() as connection:
        sources = [record["id"] for record in read_built(folder, "sources")]
        excuses = [Excuse.from_dict(record) for record in read_built(folder, "exceptions")]
        connection.execute("CREATE TABLE rows AS SELECT * FROM read_parquet(?)", [str(folder / ROWS_FILE)])
        return _judged(connection, sources, excuses)


def _judged(connection: DuckDBPyConnection, sources: Sequence[str], excuses: Sequence[Excuse]) -> Examination:
    create_vocabulary(connection, sources)
    findings = find(connection, (*ROW_RULES, *SET_RULES))
    excused, problems, needed = [], [], set()
    for finding in findings:
        excuse = next((excuse for excuse in excuses if excuse.covers(finding)), None)
        if excuse is None:
            problems.append(finding.problem())
        else:
            excused.append((finding.problem(), excuse.reason))
            needed.add(excuse.where)
    problems += [
        Problem(f"exception to '{excuse.rule}' excuses nothing", excuse.where, hint="delete it")
        for excuse in excuses
        if excuse.where not in needed
    ]
    counted = connection.execute("SELECT count(*) FROM rows").fetchone()
    return Examination(counted[0] if counted else 0, tuple(problems), tuple(excused))
