"""offtake: `by` contracts to take tonnes a year from plants in `to`, at no less than a price."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from derisk.scenario.addition import Addition, Contract
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import Ground
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.shock import Offtake
from derisk.scenario.words import ALL, Positive, Regions


@final
class OfftakeContract(Measure):
    """A trade of its own beside the market's, up to the tonnage: the seller is paid the price at least, `by` resells.

    What the price at the seller's gate lacked to the contract's in the month before, the buyer pays on top; users in
    `by` get the tonnes at the market's price.
    """

    remedy: ClassVar[bool] = True

    kind: Literal["offtake"]
    """`offtake`."""
    by: Regions
    """Who takes the tonnes; several share them in proportion to their base intake of the good."""
    to: Regions = (ALL,)
    """Where they are made, in proportion to what each ships; `all` is everyone else."""
    quantity_t_per_year: Positive
    """Most that is taken of each good [t/year], all of `by` and `to` together."""
    usd_per_t: Positive
    """Least that the seller is paid [USD/t]."""


def additions(measure: OfftakeContract, numbers: Numbers, ground: Ground, last_month: int) -> list[Addition | Contract]:
    """One contract for each good."""
    buyers, sellers = ground.regions(measure.by), ground.regions(measure.to)
    return [
        Contract(
            place=measure.place,
            good=ground.good_from(name, sellers),
            buyers=buyers,
            sellers=sellers,
            at_home=ALL not in measure.to,
            quantity_t=numbers["quantity_t_per_year"] / 12.0,
        )
        for name in measure.goods
    ]


def apply(measure: OfftakeContract, numbers: Numbers, draft: ShockDraft) -> None:
    """Open the contract's links, each up to its part of the tonnage."""
    draft.open_additions(measure.place)
    links = draft.extension.contract_links(measure.place)
    draft.narrow_links(measure.place, links, cap_t=draft.extension.link_weight_t[links])
    draft.set_offtake(Offtake(measure.place, links, numbers["usd_per_t"]))
