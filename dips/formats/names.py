"""What a pick may be of, where it may come from, what it is made of; and what files call that.

Keys of names are in lower case without blanks, underlines, points and hyphens, and without units.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class DipType(StrEnum):
    """The kinds of planes that people tell apart on a borehole wall."""

    BEDDING = "bedding"
    OPEN_FRACTURE = "open fracture"
    CLOSED_FRACTURE = "closed fracture"
    PARTIAL_FRACTURE = "partial fracture"
    FAULT = "fault"
    BREAKOUT = "breakout"
    DRILLING_INDUCED = "drilling-induced"
    UNCONFORMITY = "unconformity"
    OTHER = "other"


class Source(StrEnum):
    """Where a pick comes from."""

    HUMAN = "human"
    IMPORTED = "imported"


class Basis(StrEnum):
    """What a pick is known by: points on the wall, a sinusoid, or a true dip alone."""

    POINTS = "points"
    SINUSOID = "sinusoid"
    PLANE = "plane"


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "log": ("log",),
    "depth": ("depth", "md", "dept", "measureddepth", "mdepth", "tdep", "depthmd"),
    "height": ("height", "sinusoidheight", "sineheight"),
    "diameter": ("diameter", "caliper", "cali", "cal", "holediameter", "bs", "bitsize"),
    "diameter_unit": ("diameterunit",),
    "azimuth_toh": ("azimuthtoh", "azitoh", "toh", "azimuthtopofhole"),
    "azimuth_north": ("azimuthnorth", "azinorth"),
    "apparent_dip": ("apparentdip", "appdip", "adip", "dpap", "dipapparent", "dipapp", "dipap"),
    "apparent_azimuth": (
        *("apparentazimuth", "appazimuth", "appazi", "aazi", "apaz", "azimuthapparent"),
        *("apparentdipazimuth", "dipazimuthapparent", "aazimuth", "azimuthapp"),
    ),
    "true_dip": ("truedip", "dip", "tdip", "dptr", "diptrue", "diptru", "tdp", "dipangle"),
    "true_azimuth": (
        *("trueazimuth", "azimuth", "azi", "azim", "az", "dipazimuth", "dipazi", "dipazim"),
        *("dipaz", "dpaz", "tazi", "dipdirection", "dipdir", "azimuthtrue", "truedipazimuth"),
        *("dipazimuthtrue", "tdipazimuth", "ddir", "diptrueazimuth", "dipazm"),
    ),
    "quality": ("quality", "qual", "confidence", "dipquality"),
    "type": ("type", "class", "classification", "diptype", "dipclass", "category", "dipname"),
    "comment": ("comment", "comments", "remark", "remarks", "note"),
    "author": ("author", "interpreter"),
    "reference": ("reference",),
    "basis": ("basis",),
    "points": ("points",),
}
COLUMNS = {name: role for role, names in _COLUMNS.items() for name in names}
_TYPES: Mapping[DipType, tuple[str, ...]] = {
    DipType.BEDDING: ("bed", "bedding plane", "bed boundary", "layer", "lamination", "boundary"),
    DipType.OPEN_FRACTURE: ("open", "conductive fracture", "fracture open", "continuous fracture"),
    DipType.CLOSED_FRACTURE: (
        *(
            "closed",
            "resistive fracture",
            "healed fracture",
            "cemented fracture",
            "sealed fracture",
        ),
        *("mineralized fracture", "mineralised fracture", "fracture closed", "vein"),
    ),
    DipType.PARTIAL_FRACTURE: (
        *("partial", "partially open fracture", "discontinuous fracture", "part open fracture"),
        *("partly open fracture", "partial open fracture"),
    ),
    DipType.FAULT: ("micro fault", "microfault", "fault plane"),
    DipType.BREAKOUT: ("bo", "borehole breakout", "break out"),
    DipType.DRILLING_INDUCED: (
        *("induced", "dif", "ditf", "induced fracture", "drilling induced fracture"),
        *("drilling induced tensile fracture", "tensile fracture"),
    ),
    DipType.UNCONFORMITY: ("unconf", "erosional surface"),
    DipType.OTHER: ("unknown", "undefined", "unclassified"),
}


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().lower()


_TYPE_OF = {_plain(name): kind for kind, names in _TYPES.items() for name in (kind, *names)}


def type_named(text: str) -> DipType | None:
    """The type that ``text`` names, None for what is not known."""
    plain = _plain(text)
    return _TYPE_OF.get(plain) or _TYPE_OF.get(plain.removesuffix("s"))
