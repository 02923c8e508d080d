"""Processes: which goods a kind of plant takes in and gives out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from derisk.vocabulary.goods import GOODS


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """A kind of activity; coefficients and tonnes come from the dataset's rows.

    `joint` goods leave together with `main` in fixed proportion; a `host` process makes a
    residue whatever the residue's price. Where two kinds make one good by different recipes, or rows
    of output count two goods as one, a field of the dataset splits them: one kind makes the share, the
    other the rest.
    """

    kind: str
    main: str
    inputs: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    fixed: bool = False
    label: str = ""
    share: str = ""
    """Field that states the share of the main good's output this kind makes; empty: all of it."""
    rest_of: str = ""
    """Field that states the share which another kind makes; this one makes the rest."""
    ratios: str = ""
    """Field that states the main and joint goods' shares of what a country's plants of this kind give out."""


SCRAP_PREFIX: Final = "recycle_"
"""Kinds of plant that make metal of scrap begin so, those that a scenario adds too."""
NEW_PREFIX: Final = "new_"
"""Plants that a scenario's `new_capacity` adds are named so, with the good after it."""
_JOINT_OXIDES: Final = ("lacen_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide")

PROCESSES: Final[dict[str, ProcessKind]] = {
    p.kind: p
    for p in (
        ProcessKind("mine_copper", "copper_concentrate", joint=("cobalt_residue",), label="Copper mining"),
        ProcessKind(
            "refine_copper", "refined_copper", inputs=("copper_concentrate",), label="Copper smelting and refining"
        ),
        ProcessKind("recycle_copper", "refined_copper", label="Copper from scrap"),
        ProcessKind("mine_lithium", "lithium_concentrate", label="Lithium mining and brine"),
        ProcessKind("refine_lithium", "lithium_chemical", inputs=("lithium_concentrate",), label="Lithium chemicals"),
        ProcessKind("host_cobalt", "cobalt_residue", fixed=True, label="Nickel ore with cobalt"),
        ProcessKind("recover_cobalt", "cobalt_intermediate", inputs=("cobalt_residue",), label="Cobalt recovery"),
        ProcessKind("mine_cobalt", "cobalt_intermediate", label="Cobalt mining"),
        ProcessKind("refine_cobalt", "refined_cobalt", inputs=("cobalt_intermediate",), label="Cobalt refining"),
        ProcessKind("recycle_cobalt", "refined_cobalt", label="Cobalt from scrap"),
        ProcessKind("mine_graphite", "natural_graphite", label="Graphite mining"),
        ProcessKind(
            "make_natural_anode",
            "battery_anode",
            inputs=("natural_graphite",),
            label="Natural-graphite anode",
            rest_of="synthetic_share",
        ),
        ProcessKind("make_synthetic_anode", "battery_anode", label="Synthetic-graphite anode", share="synthetic_share"),
        ProcessKind(
            "mine_rare_earths", "rare_earth_concentrate", label="Rare-earth mining, rock and sand", rest_of="clay_share"
        ),
        ProcessKind("mine_ionic_clay", "ionic_clay_concentrate", label="Ionic-clay leaching", share="clay_share"),
        ProcessKind(
            "separate_rare_earths",
            "ndpr_oxide",
            inputs=("rare_earth_concentrate",),
            joint=_JOINT_OXIDES,
            label="Rare-earth separation",
            rest_of="clay_share",
            ratios="output_share",
        ),
        ProcessKind(
            "separate_ionic_clay",
            "ndpr_oxide",
            inputs=("ionic_clay_concentrate",),
            joint=_JOINT_OXIDES,
            label="Rare-earth separation from ionic clay",
            share="clay_share",
            ratios="clay_output_share",
        ),
        ProcessKind(
            "make_magnets",
            "ndfeb_magnet",
            inputs=("ndpr_oxide", "dytb_oxide"),
            label="NdFeB magnets with dysprosium or terbium",
            share="heavy_magnet_share",
        ),
        ProcessKind(
            "make_light_magnets",
            "ndfeb_magnet",
            inputs=("ndpr_oxide",),
            label="NdFeB magnets without heavy rare earths",
            rest_of="heavy_magnet_share",
        ),
        ProcessKind("host_gallium", "gallium_residue", fixed=True, label="Alumina refining with gallium"),
        ProcessKind("recover_gallium", "gallium", inputs=("gallium_residue",), label="Gallium recovery"),
        ProcessKind("recycle_gallium", "gallium", label="Gallium from new scrap"),
        ProcessKind("host_germanium", "germanium_residue", fixed=True, label="Zinc and coal with germanium"),
        ProcessKind("recover_germanium", "germanium", inputs=("germanium_residue",), label="Germanium recovery"),
        ProcessKind("recycle_germanium", "germanium", label="Germanium from scrap"),
        ProcessKind("mine_nickel", "nickel_ore", label="Nickel mining"),
        ProcessKind(
            "make_nickel_matte", "nickel_matte", inputs=("nickel_ore",), label="Nickel matte and mixed hydroxide"
        ),
        ProcessKind(
            "refine_nickel_ore",
            "refined_nickel",
            inputs=("nickel_ore",),
            label="Nickel from ore and concentrate",
            rest_of="matte_share",
        ),
        ProcessKind(
            "refine_nickel_matte",
            "refined_nickel",
            inputs=("nickel_matte",),
            label="Nickel from matte and mixed hydroxide",
            share="matte_share",
        ),
        ProcessKind("make_magnesium", "magnesium", label="Magnesium smelting"),
        ProcessKind("mine_antimony", "antimony_concentrate", label="Antimony mining"),
        ProcessKind("smelt_antimony", "antimony", inputs=("antimony_concentrate",), label="Antimony smelting"),
        ProcessKind("recycle_antimony", "antimony", label="Antimony from scrap"),
        ProcessKind("mine_tungsten", "tungsten_concentrate", label="Tungsten mining"),
        ProcessKind(
            "refine_tungsten", "tungsten", inputs=("tungsten_concentrate",), label="Tungsten chemicals from concentrate"
        ),
        ProcessKind("recycle_tungsten", "tungsten", label="Tungsten from scrap"),
        ProcessKind("mine_tin", "tin_concentrate", label="Tin mining"),
        ProcessKind("smelt_tin", "refined_tin", inputs=("tin_concentrate",), label="Tin smelting"),
        ProcessKind("recycle_tin", "refined_tin", label="Tin from scrap"),
        ProcessKind("mine_manganese", "manganese_ore", label="Manganese mining"),
        ProcessKind("make_silicon", "silicon_metal", label="Silicon smelting"),
        ProcessKind("mine_fluorspar", "fluorspar", label="Fluorspar mining"),
        ProcessKind("mine_titanium", "titanium_concentrate", label="Titanium mineral mining"),
        ProcessKind(
            "make_titanium_sponge", "titanium_sponge", inputs=("titanium_concentrate",), label="Titanium sponge making"
        ),
        ProcessKind("mine_vanadium", "vanadium_concentrate", label="Vanadium in ore and slag"),
        ProcessKind("refine_vanadium", "vanadium", inputs=("vanadium_concentrate",), label="Vanadium refining"),
        ProcessKind("recycle_vanadium", "vanadium", label="Vanadium from ash and catalysts"),
        ProcessKind("mine_niobium", "niobium_concentrate", label="Niobium mining"),
        ProcessKind("refine_niobium", "niobium", inputs=("niobium_concentrate",), label="Ferroniobium making"),
        ProcessKind("mine_tantalum", "tantalum_concentrate", label="Tantalum mining"),
        ProcessKind("refine_tantalum", "tantalum", inputs=("tantalum_concentrate",), label="Tantalum refining"),
        ProcessKind("recycle_tantalum", "tantalum", label="Tantalum from scrap"),
        ProcessKind("recover_bismuth", "bismuth", label="Bismuth recovery"),
        ProcessKind("recover_indium", "indium", label="Indium recovery"),
        ProcessKind("recover_tellurium", "tellurium", label="Tellurium recovery"),
    )
}


def network_goods() -> tuple[str, ...]:
    """Ids of the goods that some process makes or takes in: those a network has; the dataset knows more."""
    named = {good for p in PROCESSES.values() for good in (p.main, *p.inputs, *p.joint)}
    return tuple(good for good in GOODS if good in named)


def market_goods() -> tuple[str, ...]:
    """Goods of a network that cross borders: those a measure can name."""
    return tuple(good for good in network_goods() if GOODS[good].traded)


def recovered_from(residue: str) -> str:
    """The metal that plants win from a residue; the word itself where none is won from it."""
    return next((kind.main for kind in PROCESSES.values() if residue in kind.inputs), residue)


def linked_goods(goods: Iterable[str]) -> tuple[str, ...]:
    """The goods given and all that plants link to them, as feed, product or joint product, however far along."""
    reached = set(goods)
    links = [{p.main, *p.inputs, *p.joint} for p in PROCESSES.values()]
    while more := set().union(*(link for link in links if link & reached)) - reached:
        reached |= more
    return tuple(good for good in GOODS if good in reached)
