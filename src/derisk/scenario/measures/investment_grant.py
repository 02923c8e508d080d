"""investment_grant: someone pays a share of the capital cost of plants that the scenario builds in `by`."""

from __future__ import annotations

from typing import ClassVar, Literal, Self, final

import numpy as np
from pydantic import model_validator

from derisk.distributions import Constant
from derisk.errors import Problem
from derisk.scenario.draft import ShockDraft
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.plants import check_kind
from derisk.scenario.shock import Grant
from derisk.scenario.words import Regions, Share, ShareBelowOne, refuse

DEFAULT_CHARGE_SHARE = 0.13
"""Yearly capital charge over capital cost where a scenario gives none: 10 % interest over fifteen years is 0.1315."""


@final
class InvestmentGrant(Measure):
    """The capital charge within a new plant's unit cost falls by the share; plants that stand already gain nothing."""

    remedy: ClassVar[bool] = True

    kind: Literal["investment_grant"]
    """`investment_grant`."""
    by: Regions
    """Where the plants stand."""
    project: str = ""
    """Project that a `new_capacity` of the scenario names; left out, every new plant. Excludes `process`."""
    process: str = ""
    """Kind of plant; left out, every new plant that makes the goods."""
    share_of_capital_cost: Share
    """Share of the capital cost that is granted."""
    capital_charge_share: ShareBelowOne = Constant(DEFAULT_CHARGE_SHARE)
    """Capital charge a year over capital cost; the default is 0.13, 10 % interest over fifteen years."""

    @model_validator(mode="after")
    def _check_plants(self) -> Self:
        if self.project and self.process:
            what = "'project' and 'process' exclude each other"
            refuse(Problem(what=what, allowed="at most one of them", key="process"))
        if self.process:
            check_kind(self.process, self.goods)
        return self


def apply(measure: InvestmentGrant, numbers: Numbers, draft: ShockDraft) -> None:
    """Take the granted part of the capital charge off the new plants' cost, no more than their whole unit cost."""
    ground = draft.ground
    makers = ground.processes(by=ground.regions(measure.by), goods=ground.goods(measure.goods))
    plants = draft.extension.plants(makers, kind=measure.process, project=measure.project)
    capital = draft.extension.capital_cost_usd_per_t(plants)
    charged = np.minimum(capital * numbers["capital_charge_share"], ground.network.unit_cost_usd_per_t[plants])
    granted = numbers["share_of_capital_cost"]
    draft.add_cost(measure.place, plants[capital > 0.0], usd_per_t=-granted * charged[capital > 0.0])
    draft.grant(Grant(measure.place, plants, granted))
