"""Picks as CSV, which can be imported again, in the columns of desktop programs, and as LAS."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dips.planes.geometry import Reference
from wells.hole import Hole
from wells.units import factor

COLUMNS = (
    *("id", "log", "type", "basis", "depth", "height", "apparent_dip"),
    *("apparent_azimuth", "hole_inclination", "hole_azimuth", "true_dip", "true_azimuth"),
    *("diameter", "diameter_unit", "diameter_source", "reference", "quality", "comment"),
    *("author", "source", "revision", "created_at", "changed_at", "points", "well"),
)
NORTH, TOP_OF_HOLE = Reference.NORTH, Reference.TOP_OF_HOLE
# After depth and height, which are in the unit of the well.
DESKTOP_COLUMNS = (
    *("caliper_in", "azimuth_toh_deg", "azimuth_north_deg", "apparent_dip_deg"),
    *("hole_deviation_deg", "hole_azimuth_deg", "true_dip_deg", "true_azimuth_deg"),
    *("quality", "type", "reference", "comment"),
)
# Mnemonic, unit, what it is, and the member of a pick. LAS holds numbers.
CURVES = (
    ("DEPT", None, "measured depth", "depth"),
    ("TDIP", "DEG", "true dip", "true_dip"),
    ("TAZI", "DEG", "true dip azimuth", "true_azimuth"),
    ("ADIP", "DEG", "apparent dip", "apparent_dip"),
    ("AAZI", "DEG", "apparent dip azimuth", "apparent_azimuth"),
    ("HGHT", None, "height of the sinusoid, crest to trough", "height"),
    ("DEVI", "DEG", "inclination of the hole", "hole_inclination"),
    ("HAZI", "DEG", "azimuth of the hole", "hole_azimuth"),
    ("TYPE", None, "type of the plane, see ~Other", "type"),
    ("QUAL", None, "quality", "quality"),
)
LAS_NULL = "-999.25"
Piece = Sequence[Mapping[str, Any]]


def as_csv(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """A header and a line a pick; depths to the last digit, so that the same picks come back."""
    yield _lines([COLUMNS])
    for piece in pieces:
        yield _lines([[_field(name, dip) for name in COLUMNS] for dip in piece])


def as_techlog(hole: Hole, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The columns that Techlog and WellCAD import, each with its unit: the sinusoid, the azimuth of
    its deepest point in the column of its reference, the hole, the dip."""
    unit = f"_{hole.depth_unit}" if hole.depth_unit else ""
    yield _lines([[f"depth{unit}", f"height{unit}", *DESKTOP_COLUMNS]])
    for piece in pieces:
        yield _lines(_desktop(dip) for dip in piece)


def _desktop(dip: Mapping[str, Any]) -> list[Any]:
    diameter, azimuth, reference = dip["diameter"], dip["apparent_azimuth"], dip["reference"]
    inches = None if diameter is None else diameter * factor(dip["diameter_unit"], "in")
    on_wall = [azimuth if reference == where else None for where in (TOP_OF_HOLE, NORTH)]
    names = ("apparent_dip", "hole_inclination", "hole_azimuth", "true_dip", "true_azimuth")
    about = [dip[name] for name in (*names, "quality", "type", "reference", "comment")]
    return [dip["depth"], dip["height"], inches, *on_wall, *about]


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _field(name: str, dip: Mapping[str, Any]) -> Any:
    value = dip[name]
    if name == "points" and value is not None:
        return json.dumps([[point["depth"], point["azimuth"]] for point in value])
    if name in {"created_at", "changed_at"}:
        return value.isoformat()
    return value


def as_las(
    hole: Hole, ends: tuple[float, float], pieces: Iterable[Piece], types: Sequence[str]
) -> Iterator[bytes]:
    """LAS 2.0 of picks from the first to the last depth, which have no step (0, by the standard);
    what the numbers of types mean is told in it."""
    unit = (hole.depth_unit or "").upper()
    codes = {name: number for number, name in enumerate(types, 1)}
    head = [
        "~Version",
        "VERS. 2.0 : CWLS LOG ASCII STANDARD - VERSION 2.0",
        "WRAP. NO : ONE LINE PER DEPTH STEP",
        "~Well",
        f"STRT.{unit} {_depth(ends[0])} : FIRST DEPTH",
        f"STOP.{unit} {_depth(ends[1])} : LAST DEPTH",
        f"STEP.{unit} 0 : NOT EVEN",
        f"NULL. {LAS_NULL} : NULL VALUE",
        f"WELL. {_plain(hole.name)} : WELL",
        "~Curve",
        *(f"{m}.{unit if u is None and _long(m) else u or ''} : {d}" for m, u, d, _ in CURVES),
        "~Other",
        *(f"TYPE {number}: {name}" for name, number in codes.items()),
        "~ASCII",
        "",
    ]
    yield "\n".join(head).encode()
    for piece in pieces:
        rows = (" ".join(_number(dip[name], codes) for _, _, _, name in CURVES) for dip in piece)
        yield "".join(f"{row}\n" for row in rows).encode()


def _long(mnemonic: str) -> bool:
    return mnemonic in {"DEPT", "HGHT"}


def _number(value: Any, codes: Mapping[str, int]) -> str:
    if isinstance(value, str):
        return str(codes.get(value, LAS_NULL))
    return LAS_NULL if value is None else repr(float(value))


def _depth(value: float) -> str:
    return repr(value) if value == value else LAS_NULL


def _plain(text: str) -> str:
    return text.replace(":", " ")
