"""Picks as CSV, which can be imported again, and as LAS."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wells.hole import Hole

COLUMNS = (
    *("id", "log", "type", "basis", "depth", "height", "apparent_dip"),
    *("apparent_azimuth", "hole_inclination", "hole_azimuth", "true_dip", "true_azimuth"),
    *("diameter", "diameter_unit", "diameter_source", "reference", "quality", "comment"),
    *("author", "source", "revision", "created_at", "changed_at", "points", "well"),
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
