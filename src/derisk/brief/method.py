"""Method: five lines on how the numbers arise, and what they leave out."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from derisk.brief.ledger import Ledger

_LINES: Final = (
    (
        "Base year. Reported production, trade and use never add up; the base year is the set of flows closest to them",
        "that balances for every good and region.",
        "docs/theory/network.md",
        "equations (5.1) to (5.6)",
    ),
    (
        "Market. In each month mines, refiners, traders and users meet in one convex equilibrium;",
        "without a shock it returns the base year exactly.",
        "docs/theory/market.md",
        "part 6",
    ),
    (
        "Months. Stockpiles, licences, plants and substitution change from month to month as the measures say;",
        "the market answers each month.",
        "docs/theory/path.md",
        "part 7",
    ),
    (
        "Losses. A sector loses output as far as its product lines need the material that is shortest;",
        "dearer inputs are kept apart as transfers.",
        "docs/theory/losses.md",
        "equations (9.1) to (9.3)",
    ),
    (
        "Draws. Every uncertain number is drawn anew in each draw;",
        "runs with and without the levers share their draws.",
        "derisk/ensemble/quantiles.py",
        "seed, draw and key",
    ),
)

NOT_MODELLED: Final = (
    "Losses are of the first round: what suppliers and customers of the hit industries lose in turn is not added.",
    "Finished products that hold the material cross borders as before, unless a measure names them.",
    "Private contracts, secret stockpiles and licences in the drawer are seen only as far as sources state them.",
    "Governments take the measures listed and no others; nobody retaliates.",
    "Exchange rates, interest rates and panic on other markets stay as they were.",
)


def method_lines(ledger: Ledger) -> list[Markup]:
    """The five lines, each with the equations it rests on."""
    lines = []
    for first, rest, document, where in _LINES:
        head, body = f"{first} {rest}".split(". ", maxsplit=1)
        reference = ledger.words(f"{where} of {document}", {"document": document, "filter": where})
        lines.append(Markup("<strong>{}</strong> {} <cite>({})</cite>").format(f"{head}.", body, reference))
    return lines
