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
        "equations (5.1) to (5.10)",
    ),
    (
        "Market. In each month mines, refiners, traders and users meet in one convex equilibrium;",
        "without a shock it returns the base year exactly.",
        "docs/theory/market.md",
        "equations (6.1) to (6.14)",
    ),
    (
        "Months. Each month is solved with those it expects: stores carry goods on, controls stay or ease by chance;",
        "plants, scrap and material needs follow the prices of the months before.",
        "docs/theory/path.md",
        "equations (7.1) to (7.13)",
    ),
    (
        "Losses. A sector loses output as far as its product lines need the material that is shortest;",
        "dearer inputs are kept apart as transfers.",
        "docs/theory/losses.md",
        "equations (9.1) to (9.3)",
    ),
    (
        "Draws. Every uncertain number is drawn anew in each draw; the first draw is the central case;",
        "runs with and without the levers share their draws.",
        "docs/decisions/draws.md",
        "seed, draw and key",
    ),
)

NOT_MODELLED: Final = (
    "Every tonne short counts, also one given up for its price: losses are value added at risk, an upper bound.",
    "Nobody knows when a control ends, also where its end was announced and believed.",
    "Goods under way count as stock of the importer; panic beyond the stocks that firms usually keep is not seen.",
    "Re-exports through third countries, declared or not, are not modelled.",
    "Losses are of the first round; what suppliers and buyers lose in turn stands beside them for the United States.",
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
