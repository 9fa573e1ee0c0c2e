"""Rows of a file of picks to the fields of picks."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from dips.formats import notations
from dips.formats.about import AboutReader, Fields, Texts
from dips.formats.found import Found
from dips.formats.layout import Layout, Options
from dips.planes.fitting import MAX_POINTS
from dips.planes.geometry import Reference
from dips.terms import Basis
from tables.nulls import NULL_WORDS, NULLS
from tables.pick_names import PAIRS, STRIKES, WALL
from tables.table import Row, Table
from web.errors import quoted
from wells.survey import MAX_DEPTH

LIMITS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("true_dip", "apparent_dip"), (0, 90)),
    **dict.fromkeys(("true_azimuth", *WALL, *STRIKES), (-360, 360)),
    "height": (0, MAX_DEPTH),
    "diameter": (1e-6, MAX_DEPTH),
    "depth": (-MAX_DEPTH, MAX_DEPTH),
}
# Angles that a file may hold and that the service computes too.
COMPARED = ("apparent_dip", "true_dip", "true_azimuth")
OF_COLUMN = {"azimuth_toh": Reference.TOP_OF_HOLE, "azimuth_north": Reference.NORTH}
PAIR_EXAMPLES = {
    "attitude": "N45E/30SE",
    "strike/dip": "045/30 or N45E/30SE",
    "azimuth/dip": "135/30",
    "dip/azimuth": "30/135",
}


class Way(NamedTuple):
    """A way to describe a plane: the column of its slope, and those that may hold its azimuth."""

    size: str
    azimuths: tuple[str, ...]


SINUSOID = Way("height", WALL)
TRUE_DIP = Way("true_dip", ("true_azimuth",))
APPARENT_DIP = Way("apparent_dip", WALL)
WAYS: Mapping[str, tuple[Way, ...]] = {
    Basis.SINUSOID: (SINUSOID, APPARENT_DIP),
    Basis.PLANE: (TRUE_DIP,),
}
Numbers = dict[str, float | None]


class RowReader:
    """Reads row after row into ``found``, and notes there what is wrong with them."""

    def __init__(self, table: Table, layout: Layout, options: Options, found: Found) -> None:
        self.table, self.layout, self.found = table, layout, found
        self.empty, self.by_rule = 0, 0
        self.about = AboutReader(table, layout, options, found)
        places = layout.places
        self.numeric = [role for role in LIMITS if role in places]
        self.worded = [role for role in places if role not in LIMITS]
        self.strike = next((name for name in STRIKES if name in places), None)
        self.pair = next((name for name in PAIRS if name in places), None)
        sloping = {*places, *(["true_dip"] if self.pair else [])}
        ways = [SINUSOID, TRUE_DIP, APPARENT_DIP]
        if layout.basis is Basis.PLANE:
            ways = [TRUE_DIP, SINUSOID, APPARENT_DIP]
        self.ways = tuple(way for way in ways if way.size in sloping)

    def take(self, row: Row) -> None:
        """Add the pick of a row, or what is wrong with it. A row without a plane is counted."""
        before = self.found.total
        if reason := self.table.misplaced(row):
            self._fault(row, None, None, reason)
            return
        texts = {role: row.field(self.layout.places[role]) for role in self.worded}
        numbers = {role: self._number(row, role) for role in self.numeric}
        self._add_true_dip(row, numbers, texts)
        plane = self._plane(row, numbers, texts)
        if plane is None:
            self.empty += 1
            return
        made = {**self.about.read(row, texts, numbers.get("diameter")), **plane}
        if self.found.total == before:
            said = {name: value for name in COMPARED if (value := numbers.get(name)) is not None}
            self.found.fields.append(made)
            self.found.lines.append(row.line)
            self.found.published.append(said)

    def _fault(self, row: Row, role: str | None, value: str | None, reason: str) -> None:
        self.found.fault(row.line, role, value, reason)

    def _number(self, row: Row, role: str) -> float | None:
        text = row.field(self.layout.places[role]).rstrip("°º ")
        value = self.table.number(text)
        if value in NULLS or _is_null(text):
            return None
        if value is not None:
            value *= self.layout.scales.get(role, 1.0)
        elif role not in {"depth", "height", "diameter", "true_dip", "apparent_dip"}:
            value = notations.azimuth(text)
        elif role == "true_dip" and self.strike and (written := notations.dip(text)):
            value = written[0]
        if value is None:
            self._fault(row, role, text, f"{quoted(text)!r} is no finite decimal number")
            return 0.0  # the row is refused, and not for a missing value as well
        self._check(row, role, text, value)
        return value

    def _check(self, row: Row, role: str, text: str, value: float) -> None:
        low, high = LIMITS[role]
        if not low <= value <= high:
            self._fault(row, role, text, f"{value:g} is not from {low:g} to {high:g}")

    def _add_true_dip(self, row: Row, numbers: Numbers, texts: Texts) -> None:
        """Set true dip and azimuth from two angles in one field, or from a strike."""
        if self.pair and not _is_null(text := texts[self.pair]):
            found = notations.plane(text, self.pair, self.table.number)
            if found is None:
                example = PAIR_EXAMPLES[self.pair]
                self._fault(row, self.pair, text, f"{quoted(text)!r} is not written as {example}")
            else:
                self._check(row, "true_dip", text, found.dip)
            found = found or notations.Written(0.0, 0.0)
            numbers["true_dip"], numbers["true_azimuth"] = found.dip, found.azimuth
            self.by_rule += found.by_rule
        elif self.strike and (strike := numbers[self.strike]) is not None:
            place = self.layout.places.get("true_dip")
            written = None if place is None else notations.dip(row.field(place))
            side = texts.get("side", "").upper() or (written[1] if written else "")
            turn = 90 if self.strike == "strike" else -90
            towards = notations.across(strike, side) if side else (strike + turn) % 360
            if towards is None:
                self._fault(row, self.strike, side, f"{side} lies along the strike of {strike:g}")
            numbers["true_azimuth"] = towards or 0.0
            self.by_rule += not side

    def _plane(self, row: Row, numbers: Numbers, texts: Texts) -> Fields | None:
        """The fields that determine the plane; None if the row has none of them."""
        basis = texts.get("basis", "")
        if basis == Basis.POINTS:
            return self._points(row, texts.get("points", ""))
        if basis and basis not in [*Basis]:
            self._fault(row, "basis", basis, f"the basis is one of {', '.join(Basis)}")
        ways = WAYS.get(basis, self.ways)
        told = {name for name, value in numbers.items() if value is not None}
        if not basis and not any(told & {way.size, *way.azimuths} for way in ways):
            return None
        depth = self._needed(row, numbers, "depth")
        plane = next((found for way in ways if (found := _described_by(way, numbers))), None)
        if plane is None:
            size, azimuths = ways[0]
            self._needed(row, numbers, size)
            if not told & {*azimuths}:
                place = next((name for name in azimuths if name in numbers), azimuths[0])
                self._needed(row, numbers, place)
        return {**(plane or {}), "depth": depth}

    def _points(self, row: Row, text: str) -> Fields:
        times = self.layout.scales["depth"]
        try:
            pairs = [(_number(depth), _number(azimuth)) for depth, azimuth in json.loads(text)]
            points = [{"depth": depth * times, "azimuth": azimuth} for depth, azimuth in pairs]
        except (ValueError, TypeError, OverflowError, RecursionError):
            self._fault(row, "points", text, "points are [[depth, azimuth], …]")
            return {}
        for point in points:
            for role, value in point.items():
                self._check(row, role, text, value)
        if len(points) > MAX_POINTS:
            self._fault(row, "points", None, f"a pick has at most {MAX_POINTS} points")
        return {"points": points}

    def _needed(self, row: Row, numbers: Numbers, role: str) -> float:
        value = numbers.get(role)
        if value is None:
            self._fault(row, role, None, f"a value for the {role.replace('_', ' ')} is needed")
        return value or 0.0


def _is_null(text: str) -> bool:
    return not text or text.lower() in NULL_WORDS


def _number(value: object) -> float:
    """A number of JSON. Raises TypeError for texts, which ``float`` would read as ``1_0``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return float(value)


def _described_by(way: Way, numbers: Numbers) -> Fields | None:
    """The plane that is described in this way; None if a part is missing. A horizontal plane needs
    no azimuth."""
    size = numbers.get(way.size)
    name = next((name for name in way.azimuths if numbers.get(name) is not None), None)
    if size is None or (name is None and size != 0):
        return None
    azimuth = None if name is None else numbers[name]
    if way is TRUE_DIP:
        return {"true_dip": size, "true_azimuth": azimuth}
    reference = {"reference": OF_COLUMN[name]} if name in OF_COLUMN else {}
    return {way.size: size, "azimuth": azimuth or 0.0, **reference}
