"""Intake: what became of every figure of a publisher's file: taken over, refused, or set aside with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from derisk.data.fields import FIELDS
from derisk.data.rows import Row, make_row
from derisk.data.sources import Source
from derisk.errors import Problem, RefusedRowsError
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import numbered

SHOWN_REFUSALS: Final = 20


@dataclass(frozen=True, slots=True)
class Refusal:
    """A figure of the file that could not be understood: an unknown country, unit or word."""

    line: int
    what: str
    allowed: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an importer made of one file.

    Every figure of the file is a row, a refusal, or counted in `set_aside` under its reason
    (`commodity outside the vocabulary`, `aggregate that counts its members twice`, ...).
    """

    sources: tuple[Source, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]
    set_aside: Mapping[str, int]
    value_share_refused: float
    """Largest share of any one table of the file (a commodity's production, a code's trade) that was refused."""
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Lines of tables that are no rows (`input_output`), by the table's name."""

    def demand_all(self, file: str) -> None:
        """Stop where anything was refused.

        Raises:
            RefusedRowsError: names the refused lines and the share of value they hold.
        """
        if not self.refused:
            return
        share = f"up to {100 * self.value_share_refused:.3g} % of a table's value"
        problems = [
            Problem(
                f"{numbered(len(self.refused), 'figure')} refused, {share}; nothing was added",
                file,
                hint="see each below",
            )
        ]
        problems += [
            Problem(r.what, f"{file}, line {r.line}", r.allowed, r.hint, line=r.line)
            for r in self.refused[:SHOWN_REFUSALS]
        ]
        if len(self.refused) > SHOWN_REFUSALS:
            problems.append(Problem(f"and {len(self.refused) - SHOWN_REFUSALS} more", file))
        raise RefusedRowsError(*problems)


@dataclass(slots=True)
class Intake:
    """Collects what an importer does with each figure of one file."""

    path: Path
    sources: dict[str, Source] = field(default_factory=dict)
    _rows: list[Row] = field(default_factory=list)
    _refused: list[Refusal] = field(default_factory=list)
    _set_aside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _taken: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _lost: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def take(
        self,
        line: int,
        *,
        source: Source,
        field: str,
        value: float | None,
        unit: str,
        period: str,
        locator: str,
        good: str = "",
        material: str = "",
        stage: str = "",
        region: str = "",
        partner: str = "",
        use: str = "",
        basis: str = "",
        status: str = "reported",
        low: float | None = None,
        high: float | None = None,
        note: str = "",
        table: str = "",
    ) -> None:
        """Take a figure over as a row; material, stage and basis follow from the good unless given.

        Args:
            line: of the publisher's file, counted from 1.
            table: what its share of value is counted in (default: the field and the good).
        """
        self.sources.setdefault(source.id, source)
        about = GOODS.get(good)
        mass = FIELDS[field].mass
        if about is not None:
            material, stage = material or about.material, stage or about.stage
            basis = basis or {"price": about.price_basis, "good": about.basis, "gross": "gross"}.get(mass, "")
        words = {
            "material": material, "stage": stage, "good": good, "region": region, "partner": partner, "use": use,
            "period": period, "field": field, "unit": unit, "basis": basis or "none", "status": status,
            "source": source.id, "locator": locator, "note": note,
        }  # fmt: skip
        self._rows.append(make_row(words, value, low, high, file=self.path.name, line=line))
        self._taken[table or f"{field} {good or material}"] += abs(value or 0.0)

    def tabulate(
        self, table: str, line: dict[str, Any], *, source: Source, amount: float = 0.0, part: str = ""
    ) -> None:
        """Take a figure over as a line of a table whose columns a row does not have.

        Args:
            amount: in the unit of its part.
            part: what its share of value is counted in (default: the table).
        """
        self.sources.setdefault(source.id, source)
        self._tables.setdefault(table, []).append(line)
        self._taken[part or table] += abs(amount)

    def refuse(self, line: int, what: str, *, amount: float | None = None, table: str = "") -> None:
        """Note a figure that cannot be understood, with its amount in the unit of its table."""
        self._refused.append(Refusal(line, what))
        self._lost[table] += abs(amount or 0.0)

    def set_aside(self, reason: str, figures: int = 1) -> None:
        """Count figures that are understood and not wanted, under the reason."""
        if figures:
            self._set_aside[reason] += figures

    def finish(self) -> Imported:
        """What became of the file."""
        shares = [lost / (lost + self._taken.get(table, 0.0)) if lost else 0.0 for table, lost in self._lost.items()]
        return Imported(
            sources=tuple(self.sources.values()),
            rows=tuple(self._rows),
            refused=tuple(self._refused),
            set_aside=dict(self._set_aside),
            value_share_refused=max(shares, default=0.0),
            tables=dict(self._tables),
        )
