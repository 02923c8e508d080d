"""Listings of `derisk data`: words of the vocabulary, sources, projects and events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import typer

from derisk.cli.data.printing import Json, show
from derisk.cli.region_option import region_id


def list_goods(as_json: Json = False) -> None:
    """Goods: what is traded, with mass basis and customs codes; --json has every column."""
    from derisk.data.listings import goods

    columns = ("good", "label", "material", "stage", "basis", "hs_codes", "part_of")
    show(goods(), as_json, title="Goods", columns=columns)


def list_materials(as_json: Json = False) -> None:
    """Materials, each with its family and its goods."""
    from derisk.data.listings import materials

    show(materials(), as_json, title="Materials")


def list_regions(as_json: Json = False) -> None:
    """Countries, special regions and blocs."""
    from derisk.data.listings import regions

    show(regions(), as_json, title="Regions and blocs", columns=("region", "name", "kind", "blocs", "members"))


def list_uses(as_json: Json = False) -> None:
    """End-use sectors."""
    from derisk.data.listings import uses

    show(uses(), as_json, title="Uses")


def list_sources(as_json: Json = False) -> None:
    """Publications the rows were read from, with their licences."""
    from derisk.data import load_dataset
    from derisk.data.listings import sources

    columns = ("id", "title", "publisher", "year", "licence", "rows")
    show(sources(load_dataset()), as_json, title="Sources", columns=columns)


_Material = Annotated[str | None, typer.Option(help="Only this material; a family with its element groups.")]
_Good = Annotated[str | None, typer.Option(help="Only this good.")]
_Region = Annotated[str | None, typer.Option(help="Only this country, or a bloc's members.")]


def list_projects(
    material: _Material = None, good: _Good = None, region: _Region = None, as_json: Json = False
) -> None:
    """Projects: mines, refineries and plants, planned or running."""
    columns = (
        "project_id", "project", "country", "good", "capacity_t_per_year", "capital_cost_musd", "expected_start",
        "status",
    )  # fmt: skip
    _show_records("projects", as_json, columns=columns, material=material, good=good, region=region_id(region))


def list_events(material: _Material = None, good: _Good = None, region: _Region = None, as_json: Json = False) -> None:
    """Acts of governments: restrictions and their dates."""
    columns = (
        "event_id", "effective", "lifted", "imposed_by", "imposed_on", "materials", "instrument", "summary",
    )  # fmt: skip
    _show_records("events", as_json, columns=columns, material=material, good=good, region=region_id(region))


def _show_records(name: str, as_json: bool, *, columns: tuple[str, ...], **words: str | None) -> None:
    from derisk.data import load_dataset
    from derisk.data.tables import table

    show(table(load_dataset(), name, **words), as_json, title=name.capitalize(), columns=columns)


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "goods": list_goods,
    "materials": list_materials,
    "regions": list_regions,
    "uses": list_uses,
    "sources": list_sources,
    "projects": list_projects,
    "events": list_events,
}
