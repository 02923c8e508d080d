"""Shares: a country's part of world supply, and the coalition's part of world output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derisk.errors import DatasetError, Problem
from derisk.vocabulary.regions import WORLD, bloc_members

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, with the rows both were read from."""

    value_share: float
    part: float
    whole: float
    unit: str
    row_ids: tuple[str, ...]
    rule: str
    """How the whole was found."""
    proxy_for: str = ""
    """What the share stands for where that is not published; printed beside it."""


def supply_share(
    dataset: Dataset,
    *,
    material: str,
    stage: str,
    region: str,
    period: str,
    field: str = "production",
    good: str | None = None,
) -> Share:
    """A country's share of the world's supply of a material at a stage, both from one source.

    The part is the row that `why` explains. The whole is the same source's own world total; where it prints
    none, the chosen world row; else the sum of the chosen countries.

    Raises:
        InputError: a word is unknown.
        DatasetError: no row states the country's supply, or it is withheld, or the world's is zero.
    """
    stated = dataset.why(material, stage, region, period, field, good)
    key = {"material": stated["material"], "stage": stage, "good": stated["good"]}
    if stated["value"] is None:
        raise DatasetError(
            Problem(f"{field} of {material} {stage} in {region} in {period} is {stated['status']}", stated["row"])
        )
    countries = dataset.observations(field=field, period=period, **key)
    world = dataset.rows(field=field, period=period, region=WORLD, **key)
    own = world[world["source"] == stated["source"]["id"]]
    chosen = countries[countries["region"] == WORLD]
    if len(own):
        rows, rule = own, "the source's own world total"
    elif len(chosen):
        rows, rule = chosen, "the chosen world total"
    else:
        rows, rule = countries, "the sum of the countries stated"
    whole = float(rows["value"].sum())
    if whole <= 0:
        raise DatasetError(Problem(f"world {field} of {material} {stage} in {period} is not above zero", "dataset"))
    ids = tuple(dict.fromkeys((stated["row_id"], *rows["row_id"])))
    return Share(stated["value"] / whole, stated["value"], whole, stated["unit"], ids, rule)


def coalition_gdp_share(dataset: Dataset, *, period: str = "2023") -> Share:
    """The coalition's share of world output, which stands for its share of demand.

    Raises:
        DatasetError: a member's or the world's output is missing.
    """
    members = bloc_members("coalition")
    rows = dataset.observations(field="gdp", period=period, region=members)
    world = dataset.observations(field="gdp", period=period, region=WORLD)
    missing = sorted(set(members) - set(rows["region"]))
    if missing or world.empty:
        raise DatasetError(Problem(f"no gdp of {period} for {', '.join(missing) or 'the world'}", "dataset"))
    part, whole = float(rows["value"].sum()), float(world["value"].iloc[0])
    return Share(
        value_share=part / whole,
        part=part,
        whole=whole,
        unit=str(rows["unit"].iloc[0]),
        row_ids=(*rows["row_id"], *world["row_id"]),
        rule="the source's own world total",
        proxy_for="the coalition's share of world demand, which is not published",
    )
