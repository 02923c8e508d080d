"""Bank codes: the World Bank's country codes as regions, its old codes, and its groups of countries."""

from __future__ import annotations

from functools import cache
from typing import Final

from derisk.errors import InputError, Problem
from derisk.vocabulary.regions import COUNTRIES, EUROPEAN_UNION, WORLD, country_code

GROUP: Final = "aggregate that counts its members twice"
"""Why a group's figures are set aside."""
PLACE: Final = "territory or group of territories without a code of ISO 3166"

_OLD_CODES: Final = {"ADO": "AND", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE", "ZAR": "COD"}
_TAKEN_GROUPS: Final = {"WLD": WORLD, "EUU": EUROPEAN_UNION}
_GROUPS: Final = frozenset(
    {
        "AFE", "AFR", "AFW", "ARB", "CEA", "CEB", "CEU", "CHI", "CLA", "CME", "CSA", "CSS", "DEA", "DEC", "DLA", "DMN",
        "DNS", "DSA", "DSF", "EAP", "EAR", "EAS", "ECA", "ECS", "EMU", "FCS", "HIC", "HPC", "IBB", "IBD", "IBT", "IDA",
        "IDB", "IDX", "INX", "LAC", "LCN", "LDC", "LIC", "LMC", "LMY", "LTE", "MDE", "MEA", "MIC", "MNA", "NAC", "NRS",
        "NXS", "OED", "OSS", "PRE", "PSS", "PST", "RRS", "SAS", "SSA", "SSF", "SST", "SXZ", "TEA", "TEC", "TLA", "TMN",
        "TSA", "TSS", "UMC", "XZN",
    }
)  # fmt: skip
_PLACES: Final = frozenset({"ANT", "PUS", "R20"})


def reason_apart(code: str) -> str:
    """Why figures of a code are set aside, or nothing where it names one region."""
    return GROUP if code in _GROUPS else PLACE if code in _PLACES else ""


def region_of(code: str, name: str) -> str:
    """The region of a World Bank code; the name beside it may be spelled in any way, but not be another country's.

    Raises:
        InputError: the code is unknown, or the name is another country's.
    """
    region = _OLD_CODES.get(code, _TAKEN_GROUPS.get(code, code))
    if region not in COUNTRIES and region not in _TAKEN_GROUPS:
        raise InputError(Problem(f"unknown country code '{code}' ({name})", allowed="codes of ISO 3166"))
    named = _region_named(name)
    if named not in ("", region):
        raise InputError(Problem(f"code '{code}' stands beside '{name}', which is {named}"))
    return region


@cache
def _region_named(name: str) -> str:
    try:
        return country_code(name)
    except InputError:
        return ""
