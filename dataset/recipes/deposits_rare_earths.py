"""Rare earths of deposits: what part of their oxide each element is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from supply_workbook import sheet_rows

ELEMENTS = ("La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y")
OXIDE_PER_ELEMENT = {
    "La": 1.1728, "Ce": 1.2284, "Pr": 1.2082, "Nd": 1.1664, "Sm": 1.1596, "Eu": 1.1579, "Gd": 1.1526, "Tb": 1.1762,
    "Dy": 1.1477, "Ho": 1.1455, "Er": 1.1435, "Tm": 1.1421, "Yb": 1.1387, "Lu": 1.1371, "Y": 1.2699,
}  # fmt: skip
"""Mass of the usual oxide (CeO2, Pr6O11, Tb4O7, else sesquioxide) per mass of element."""
FILE = "production/usgs_history_wilson/usgs_myb2022_rare_earths_tables.xlsx"
DEPOSITS = {
    8: ("Bayan Obo, Inner Mongolia", "CHN", "bastnaesite"),
    10: ("Dechang, Sichuan", "CHN", "bastnaesite"),
    12: ("Maoniuping, Sichuan", "CHN", "bastnaesite"),
    14: ("Weishan, Shandong", "CHN", "bastnaesite"),
    16: ("Mountain Pass, California", "USA", "bastnaesite"),
    17: ("Revda (Lovozero), Murmansk", "RUS", "loparite"),
    19: ("Mount Weld, Central Lanthanide deposit", "AUS", "monazite"),
    22: ("Nangang, Guangdong", "CHN", "monazite"),
    24: ("Manavalakurichi, Tamil Nadu", "IND", "monazite"),
    26: ("Xunwu, Jiangxi", "CHN", "ionic clay"),
    28: ("Xinfeng, Jiangxi", "CHN", "ionic clay"),
    30: ("Longnan, Jiangxi", "CHN", "ionic clay"),
    32: ("Southeast Guangdong", "CHN", "xenotime"),
}
"""Row of the Yearbook's table 2: deposit, country and mineral."""
COLUMNS = ("G", "I", "K", "M", "O", "Q", "S", "U", "W", "Y", "AA", "AC", "AE", "AG", "AI")
"""Where the table prints each element."""


def oxide_t(element_t: dict[str, float]) -> float:
    """Tonnes of oxide that tonnes of elements make."""
    return sum(tonnes * OXIDE_PER_ELEMENT[element] for element, tonnes in element_t.items() if element in ELEMENTS)


def composition(element_t: dict[str, float]) -> str:
    """Per cent of total rare-earth oxide by element, in the order of the periodic table, yttrium last."""
    whole = oxide_t(element_t)
    parts = {e: 100 * element_t[e] * OXIDE_PER_ELEMENT[e] / whole for e in ELEMENTS if e in element_t}
    return "; ".join(f"{element} {share:.3g}" for element, share in parts.items())


def yearbook_compositions(publisher_files: Path, deposit: Callable[..., dict[str, str]]) -> Iterator[dict[str, str]]:
    """The thirteen deposits of the Minerals Yearbook's table 2."""
    rows = dict(sheet_rows(publisher_files / FILE, "T2"))
    for place, (number, (name, country, mineral)) in enumerate(sorted(DEPOSITS.items()), start=1):
        yield deposit(
            f"MYB-{place}",
            name,
            country,
            material="rare_earths",
            deposit_type=mineral,
            basis="oxide",
            composition=_printed(rows[number]),
            source="usgs-myb-2022-rare-earths",
            locator=f"table 2, row {number}",
            note="per cent of total rare-earth oxide as printed; need not add to 100",
        )


def _printed(cells: dict[str, str]) -> str:
    """Shares as the table prints them; what is not available is left out, an upper bound keeps its sign."""
    shares = {element: cells.get(column, "NA").strip() for element, column in zip(ELEMENTS, COLUMNS, strict=True)}
    return "; ".join(f"{element} {_plain(share)}" for element, share in shares.items() if share != "NA")


def _plain(share: str) -> str:
    return share if share.startswith("<") else f"{float(share):.6g}"
