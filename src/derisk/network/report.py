"""Report: what balancing changed, as a table in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from derisk.network.record import Change, Network


def report_changes(network: Network, *, shown: int = 20) -> str:
    """The largest changes, by value, one a line, and how many there are."""
    lines = [_row(("what", "good", "region", "partner or use", "reported t", "balanced t", "change", "status"))]
    lines += [_row(_words(change)) for change in network.changes[:shown]]
    rest = len(network.changes) - shown
    if rest > 0:
        lines.append(f"and {rest} more")
    return "\n".join(lines)


def _words(change: Change) -> Sequence[str]:
    before, after = change.reported_t_per_year, change.balanced_t_per_year
    percent = f"{100 * (after / before - 1):+,.1f} %" if before > 0 else "new"
    where = change.partner or change.use
    return (change.kind, change.good, change.region, where, f"{before:,.0f}", f"{after:,.0f}", percent, change.status)


def _row(words: Sequence[str]) -> str:
    kind, good, region, where, before, after, percent, status = words
    return f"{kind:<10} {good:<22} {region:<4} {where:<32} {before:>14} {after:>14} {percent:>10}  {status}"
