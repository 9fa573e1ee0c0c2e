"""Picks as CSV, which can be imported again, in the columns of desktop programs, and as LAS."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dips.planes.geometry import Reference
from dips.terms import Basis, DipType
from tables.units import factor

COLUMNS = (
    *("id", "log", "type", "basis", "depth", "depth_unit", "height", "apparent_dip"),
    *("apparent_azimuth", "hole_inclination", "hole_azimuth", "true_dip", "true_azimuth"),
    *("diameter", "diameter_unit", "diameter_source", "reference", "quality", "comment"),
    *("author", "source", "revision", "created_at", "changed_at", "points", "well"),
)
# After depth and height, which are in the unit of the well.
DESKTOP_COLUMNS = (
    *("caliper_in", "azimuth_toh_deg", "azimuth_north_deg", "apparent_dip_deg"),
    *("hole_deviation_deg", "hole_azimuth_deg", "true_dip_deg", "true_azimuth_deg"),
    *("quality", "type", "reference", "comment"),
)
# Mnemonic, unit (None: that of depth), what it is, and the member of a pick.
CURVES = (
    ("DEPT", None, "measured depth", "depth"),
    ("TDIP", "DEG", "true dip", "true_dip"),
    ("TAZI", "DEG", "true dip azimuth", "true_azimuth"),
    ("ADIP", "DEG", "apparent dip", "apparent_dip"),
    ("AAZI", "DEG", "apparent dip azimuth", "apparent_azimuth"),
    ("HGHT", None, "height of the sinusoid, crest to trough", "height"),
    ("DIAM", "IN", "diameter of the hole", "diameter"),
    ("DEVI", "DEG", "inclination of the hole", "hole_inclination"),
    ("HAZI", "DEG", "azimuth of the hole", "hole_azimuth"),
    ("REFR", "", "what apparent azimuths are from, see ~Other", "reference"),
    ("BASI", "", "how the plane was given, see ~Other", "basis"),
    ("TYPE", "", "type of the plane, see ~Other", "type"),
    ("QUAL", "", "quality, where it is a number", "quality"),
)
# LAS 2.0 holds numbers only: a word is written as its place in these lists, from 1. Points on the
# wall do not fit into LAS; such a pick is written as the sinusoid through them.
WORDS: Mapping[str, tuple[str, ...]] = {
    "REFR": tuple(Reference),
    "BASI": (Basis.SINUSOID, Basis.PLANE),
    "TYPE": tuple(DipType),
}
LAS_NULL = "-999.25"
Piece = Sequence[Mapping[str, Any]]


def as_csv(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """A header and a line a pick; depths to the last digit, so that the same picks come back."""
    yield _lines([COLUMNS])
    for piece in pieces:
        yield _lines([[_field(name, dip) for name in COLUMNS] for dip in piece])


def as_techlog(depth_unit: str | None, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The columns that Techlog and WellCAD import, each with its unit: the sinusoid, the hole, the
    dip. The azimuth of the deepest point is in the column of its reference."""
    unit = f"_{depth_unit}" if depth_unit else ""
    yield _lines([[f"depth{unit}", f"height{unit}", *DESKTOP_COLUMNS]])
    for piece in pieces:
        yield _lines(_desktop(dip) for dip in piece)


def _desktop(dip: Mapping[str, Any]) -> list[Any]:
    azimuth, reference = dip["apparent_azimuth"], dip["reference"]
    columns = (Reference.TOP_OF_HOLE, Reference.NORTH)
    on_wall = [azimuth if reference == where else None for where in columns]
    names = ("apparent_dip", "hole_inclination", "hole_azimuth", "true_dip", "true_azimuth")
    about = [dip[name] for name in (*names, "quality", "type", "reference", "comment")]
    return [dip["depth"], dip["height"], _inches(dip), *on_wall, *about]


def _inches(dip: Mapping[str, Any]) -> float | None:
    diameter: float | None = dip["diameter"]
    return None if diameter is None else diameter * factor(dip["diameter_unit"], "in")


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
    well: str, depth_unit: str | None, ends: tuple[float, float], pieces: Iterable[Piece]
) -> Iterator[bytes]:
    """LAS 2.0 (CWLS, 1992) of picks from the first to the last depth, without a step (0)."""
    unit = (depth_unit or "").upper()
    head = [
        "~Version",
        "VERS. 2.0 : CWLS LOG ASCII STANDARD - VERSION 2.0",
        "WRAP. NO : ONE LINE PER DEPTH STEP",
        "~Well",
        f"STRT.{unit} {_las_number(ends[0])} : FIRST DEPTH",
        f"STOP.{unit} {_las_number(ends[1])} : LAST DEPTH",
        f"STEP.{unit} 0 : NOT EVEN",
        f"NULL. {LAS_NULL} : NULL VALUE",
        f"WELL. {well} : WELL",
        "~Curve",
        *(f"{name}.{unit if own is None else own} : {said}" for name, own, said, _ in CURVES),
        "~Other",
        *(
            f"{name} {n}: {word}"
            for name, words in WORDS.items()
            for n, word in enumerate(words, 1)
        ),
        "~ASCII",
        "",
    ]
    yield "\n".join(head).encode()
    for piece in pieces:
        yield "".join(f"{' '.join(_las_fields(dip))}\n" for dip in piece).encode()


def _las_fields(dip: Mapping[str, Any]) -> Iterator[str]:
    numbers = {**dip, "diameter": _inches(dip)}
    for name, _, _, member in CURVES:
        value = numbers[member]
        if name in WORDS:
            value = Basis.SINUSOID if value == Basis.POINTS else value
            words = WORDS[name]
            value = words.index(value) + 1 if value in words else None
        yield LAS_NULL if isinstance(value, str) else _las_number(value)


def _las_number(value: float | None) -> str:
    return LAS_NULL if value is None or value != value else repr(value)
