"""What programs and people call the columns of a file of picks."""

from collections.abc import Mapping, Sequence

from tables.names import MEASURED_DEPTH
from tables.table import Column

# By role, names in lower case without blanks and marks between words. A name that does not say
# whether a dip is true or apparent has a role of its own, ``dip`` or ``azimuth``.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "log": ("log",),
    "depth": (*MEASURED_DEPTH, "tadpoledepth", "dipdepth"),
    "depth_unit": ("depthunit", "depthunits"),
    "height": ("height", "sinusoidheight", "sineheight", "hght", "heightcresttotrough"),
    "diameter": (
        *("diameter", "caliper", "cali", "cal", "holediameter", "diam", "boreholediameter"),
        *("calipermean", "meancaliper", "caliperavg"),
    ),
    "bit_size": ("bs", "bitsize", "bit"),
    "diameter_unit": ("diameterunit",),
    "azimuth_toh": (
        *("azimuthtoh", "azitoh", "toh", "azimuthtopofhole", "azimuthfromtopofhole"),
        *("azimuthhighside", "azimuthfromhighside", "azimuthhs"),
    ),
    "azimuth_north": ("azimuthnorth", "azinorth", "azimuthfromnorth"),
    "dip": ("dip", "dipangle", "dipmagnitude", "dipmag", "dips"),
    "azimuth": (
        *("azimuth", "azi", "azim", "az", "azm", "dipazimuth", "dipazi", "dipazim", "dipaz"),
        *("dpaz", "dipdirection", "dipdir", "ddir", "dd", "dipazm", "daz", "dazi"),
    ),
    "strike": ("strike", "strikerhr", "strikerighthandrule", "strikeazimuth", "strikeazi", "strk"),
    "strike_left": ("strikelhr", "strikelefthandrule"),
    "attitude": ("attitude", "orientation", "planeorientation"),
    "strike/dip": ("strike/dip", "strike/dipangle", "strikedip", "strikeanddip"),
    "azimuth/dip": (
        *("azimuth/dip", "dipdirection/dip", "dipazimuth/dip", "dipdir/dip", "azi/dip", "dd/dip"),
        "dipazi/dip",
    ),
    "dip/azimuth": (
        *("dip/azimuth", "dip/dipdirection", "dip/dipazimuth", "dip/dipdir", "dip/azi", "dip/dd"),
        "dip/dipazi",
    ),
    "quality": ("quality", "qual", "confidence", "dipquality", "quaf", "grade", "rank"),
    "type": (
        *("type", "class", "classification", "diptype", "dipclass", "category", "dipname"),
        *("featuretype", "feature", "structuretype", "structure", "picktype", "diptypename"),
        *("dipclassification", "dipcategory"),
    ),
    "comment": ("comment", "comments", "remark", "remarks", "note", "notes", "description"),
    "author": ("author", "interpreter", "pickedby"),
    "reference": ("reference", "azimuthreference", "refr"),
    "basis": ("basis", "basi"),
    "points": ("points",),
    "well": ("well", "wellname", "borehole", "boreholename", "hole", "wellbore", "wellid", "uwi"),
}
# Words before or after a name that say which dip is meant, as in TrueDip, DIP_TRUE, TDIP.
_BEFORE = {"true": ("true", "tru", "tr", "t"), "apparent": ("apparent", "app", "ap", "a")}
_AFTER = {kind: words[:3] for kind, words in _BEFORE.items()}
_SHORT = {
    "true_dip": ("dptr", "tdp", "dipt"),
    "apparent_dip": ("dpap", "adp"),
    "true_azimuth": ("dptraz", "azit"),
    "apparent_azimuth": ("dpapaz", "azap"),
}


def _qualified() -> dict[str, str]:
    """Names of true and apparent dips and azimuths."""
    found = {name: role for role, names in _SHORT.items() for name in names}
    for kind in _BEFORE:
        for bare in ("dip", "azimuth"):
            for name in _NAMES[bare]:
                rest = name.removeprefix("dip")
                names = [f"{word}{name}" for word in _BEFORE[kind]]
                names += [f"{name}{word}" for word in _AFTER[kind]]
                names += [f"dip{word}{rest}" for word in _AFTER[kind] if rest not in {"", name}]
                found |= dict.fromkeys(names, f"{kind}_{bare}")
    return found


_ROLES = {name: role for role, names in _NAMES.items() for name in names}
_ROLES = {**_qualified(), **_ROLES}
# Columns that may hold the azimuth of the deepest point of a sinusoid; a row fills in one of them.
WALL = ("azimuth_toh", "azimuth_north", "apparent_azimuth", "azimuth")
STRIKES = ("strike", "strike_left")
# Two angles in one field; an attitude names the side that the plane dips to.
PAIRS = ("attitude", "strike/dip", "azimuth/dip", "dip/azimuth")
SLOPES = ("true_dip", "apparent_dip", "height")
AZIMUTHS = ("true_azimuth", *WALL, *STRIKES)


def role(column: Column) -> str | None:
    """What a column holds, by its name or else by its description; None for what is not known."""
    return _ROLES.get(column.plain) or _ROLES.get(Column.named(column.description).plain)


def disambiguated(places: Mapping[str, int]) -> dict[str, int]:
    """The places of columns by their roles. The other columns decide what a plain ``dip`` or
    ``azimuth`` is.

    With a height, or with an apparent dip as the only dip, a plain azimuth is the one on the wall,
    where the sinusoid is deepest; it keeps the role ``azimuth``. Otherwise plain names are of the
    true dip. If another column is named as the true one, the plain one is left out.
    """
    found = dict(places)
    if "bit_size" in found and "diameter" not in found:
        found["diameter"] = found["bit_size"]
    of_wall = "height" in found or ("apparent_dip" in found and not {"dip", "true_dip"} & {*found})
    if "dip" in found:
        found.setdefault("true_dip", found.pop("dip"))
    if "azimuth" in found and (not of_wall or any(name in found for name in WALL[:3])):
        found.setdefault("true_azimuth", found.pop("azimuth"))
    return {name: place for name, place in found.items() if name != "bit_size"}


def of_planes(columns: Sequence[Column]) -> list[str]:
    """The names of the columns that tell a plane, its slope and its azimuth, or both in one; empty
    where there are none."""
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        if known := role(column):
            places.setdefault(known, place)
    places = disambiguated(places)
    ways = [(name,) for name in PAIRS] + [
        (slope, azimuth) for slope in SLOPES for azimuth in AZIMUTHS
    ]
    told = next((way for way in ways if places.keys() >= {*way}), ())
    return [columns[places[name]].name for name in told]
