"""Files of picks to the fields of picks, with a table of what is wrong.

Three kinds are known by their columns: sinusoids (depth, height, azimuth on the wall), apparent
dips (depth, apparent dip and azimuth, diameter), and true dips (depth, dip, azimuth); in CSV with
one line of names, with a second one of units, as Techlog exports them, and as the service writes
them.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dips.errors import InvalidDips
from dips.formats.names import COLUMNS, Basis, DipType, type_named
from dips.models import MAX_COMMENT_CHARACTERS
from dips.planes.fitting import MAX_POINTS
from dips.planes.geometry import Reference, height_of
from wells import tables
from wells.errors import Fault, UnitsDiffer
from wells.tables import NULLS, Row, Table
from wells.units import factor, length_unit

MAX_DIPS = 80_000
MAX_FAULTS = 100
LIMITS: Mapping[str, tuple[float, float]] = {
    "true_dip": (0, 90),
    "apparent_dip": (0, 90),
    "height": (0, 1e6),
    "diameter": (1e-6, 1e6),
    "true_azimuth": (-360, 360),
    "azimuth": (-360, 360),
    "apparent_azimuth": (-360, 360),
    "azimuth_toh": (-360, 360),
    "azimuth_north": (-360, 360),
    "depth": (-1e6, 1e6),
}
# What a file says that is computed here too, and by how much the two may differ.
COMPARED = ("apparent_dip", "true_dip", "true_azimuth")


@dataclass(frozen=True, slots=True)
class Options:
    """What the request says of a file; ``depth_unit`` is that of the well."""

    depth_unit: str | None = None
    asked_unit: str | None = None
    reference: str | None = None
    type: str | None = None
    diameter: float | None = None
    diameter_unit: str | None = None


@dataclass(slots=True)
class Found:
    """The picks of a file, as ``picks.draft`` takes them, and what there is to say of them.

    ``published`` are, for each pick, the numbers of COMPARED that the file has.
    """

    basis: Basis
    depth_unit: str | None
    columns: dict[str, str]
    ignored: list[str]
    fields: list[dict[str, Any]] = field(default_factory=list)
    published: list[dict[str, float]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0
    warnings: list[str] = field(default_factory=list)

    def fault(self, row: Row, column: str, value: str | None, reason: str) -> None:
        self.add(Fault(row.line, column, _shown(value), reason))

    def add(self, fault: Fault) -> None:
        self.total += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)


def read(data: bytes, options: Options) -> Found:
    """The picks in a text. Raises InvalidDips where no line can be read, UnitsDiffer."""
    table = tables.read(data, MAX_DIPS)
    if not table.rows:
        raise _refusal(table, None, "there is no line of data")
    if len(table.rows) > MAX_DIPS:
        raise _refusal(table, None, f"there are more than {MAX_DIPS} picks in the file")
    places = _places(table)
    names = [column.name for column in table.columns] or ["depth", "dip", "azimuth"]
    unit, times = _depth_unit(table, places, options)
    found = Found(
        _basis(table, places, options),
        unit,
        {role: names[place] for role, place in places.items()},
        [name for place, name in enumerate(names) if place not in places.values()],
    )
    if not table.columns:
        found.warnings.append("there is no header: the columns are taken for depth, dip, azimuth")
    if times != 1:
        found.warnings.append(f"depths were converted to {unit}")
    reader = _Reader(table, places, options, found, times)
    for row in table.rows:
        reader.take(row)
    reader.tell_unknown_types()
    return found


class _Reader:
    """Takes row after row; what is wrong with one is noted."""

    def __init__(
        self,
        table: Table,
        places: Mapping[str, int],
        options: Options,
        found: Found,
        times: float,
    ) -> None:
        self.table, self.places, self.options, self.found = table, places, options, found
        self.times, self.unknown = times, Counter[str]()
        self.diameter_unit = options.diameter_unit
        if "diameter" in places and table.columns:
            own = length_unit(table.columns[places["diameter"]].unit)
            self.diameter_unit = own or options.diameter_unit
        self.reference = options.reference
        if self.reference is None and found.basis is not Basis.PLANE:
            north, top = "azimuth_north" in places, "azimuth_toh" in places
            self.reference = Reference.TOP_OF_HOLE if top else Reference.NORTH if north else None

    def take(self, row: Row) -> None:
        before = self.found.total
        numbers = {role: self._number(row, role) for role in LIMITS if role in self.places}
        text = {role: row.field(place) for role, place in self.places.items() if role not in LIMITS}
        made = {
            **self._about(row, text),
            **self._diameter(row, numbers, text),
            **self._plane(row, numbers, text),
        }
        if self.found.total == before:
            self.found.fields.append(made)
            self.found.lines.append(row.line)
            self.found.published.append(
                {name: value for name in COMPARED if (value := numbers.get(name)) is not None}
            )

    def tell_unknown_types(self) -> None:
        for text, count in self.unknown.most_common(20):
            self.found.warnings.append(
                f"{count} picks of the type {text!r} are kept as other; their comments say so"
            )

    def _number(self, row: Row, role: str) -> float | None:
        text = row.field(self.places[role])
        if not text:
            return None
        value = self.table.number(text)
        if value in NULLS:
            return None
        low, high = LIMITS[role]
        if value is None:
            self.found.fault(row, role, text, f"{_shown(text)!r} is no finite decimal number")
            return 0.0  # the row is refused, and not for a missing value as well
        if not low <= value <= high:
            self.found.fault(row, role, text, f"{value:g} is not from {low:g} to {high:g}")
        return value

    def _plane(
        self, row: Row, numbers: Mapping[str, float | None], text: Mapping[str, str]
    ) -> dict[str, Any]:
        basis = text.get("basis") or self.found.basis
        depth = self._needed(row, numbers, "depth") * self.times
        if basis == Basis.POINTS:
            return {"points": self._points(row, text.get("points", "")), "depth": depth}
        if basis == Basis.PLANE:
            dip = self._needed(row, numbers, "true_dip")
            azimuth = numbers.get("true_azimuth")
            if azimuth is None and dip != 0:
                self._needed(row, numbers, "true_azimuth")
            return {"depth": depth, "true_dip": dip, "true_azimuth": azimuth}
        if basis != Basis.SINUSOID:
            allowed = ", ".join(Basis)
            self.found.fault(row, "basis", str(basis), f"the basis is one of {allowed}")
        # A file may have one column for each reference, of which a row fills in its own.
        there = [name for name in _WALL if name in self.places] or ["azimuth"]
        where = next((name for name in there if numbers.get(name) is not None), there[0])
        if "height" not in self.places:
            return self._from_apparent_dip(row, numbers, depth)
        height = self._needed(row, numbers, "height") * self.times
        azimuth = numbers.get(where)
        if azimuth is None and height != 0:
            self._needed(row, numbers, where)
        return {"depth": depth, "height": height, "azimuth": azimuth or 0.0}

    def _from_apparent_dip(
        self, row: Row, numbers: Mapping[str, float | None], depth: float
    ) -> dict[str, Any]:
        dip = self._needed(row, numbers, "apparent_dip")
        azimuth = self._needed(row, numbers, "apparent_azimuth")
        diameter = numbers.get("diameter") or self.options.diameter
        if diameter is None or self.diameter_unit is None or self.found.depth_unit is None:
            reason = "an apparent dip needs a diameter, its unit and the unit of depth"
            self.found.fault(row, "diameter", None, reason)
            return {}
        if dip >= 90:
            self.found.fault(
                row, "apparent_dip", f"{dip:g}", "a plane along the hole has no height"
            )
            return {}
        wide = diameter * factor(self.diameter_unit, self.found.depth_unit)
        return {"depth": depth, "height": float(height_of(dip, wide)), "azimuth": azimuth}

    def _points(self, row: Row, text: str) -> list[dict[str, float]]:
        try:
            pairs = json.loads(text)
            points = [{"depth": float(d) * self.times, "azimuth": float(a)} for d, a in pairs]
        except (ValueError, TypeError):
            self.found.fault(row, "points", text, "points are [[depth, azimuth], …]")
            return []
        if len(points) > MAX_POINTS:
            self.found.fault(row, "points", None, f"a pick has at most {MAX_POINTS} points")
        return points

    def _diameter(
        self, row: Row, numbers: Mapping[str, float | None], text: Mapping[str, str]
    ) -> dict[str, Any]:
        diameter = numbers.get("diameter")
        unit = length_unit(text.get("diameter_unit")) or self.diameter_unit
        if diameter is None:
            given = self.options.diameter
            return {} if given is None else {"diameter": given, "diameter_unit": unit}
        if unit is None:
            reason = "the unit of the diameter is not told; send diameter_unit"
            self.found.fault(row, "diameter", f"{diameter:g}", reason)
        return {"diameter": diameter, "diameter_unit": unit}

    def _about(self, row: Row, text: Mapping[str, str]) -> dict[str, Any]:
        comment, named = text.get("comment", ""), text.get("type", "")
        kind = type_named(named) if named else DipType(self.options.type or DipType.OTHER)
        if kind is None:
            self.unknown[_shown(named) or ""] += 1
            comment, kind = f"{named}: {comment}" if comment else named, DipType.OTHER
        if len(comment) > MAX_COMMENT_CHARACTERS:
            reason = f"a comment has at most {MAX_COMMENT_CHARACTERS} characters"
            self.found.fault(row, "comment", comment, reason)
        quality: Any = text.get("quality", "") or None
        if quality is not None:
            value = self.table.number(quality)
            quality = quality[:20] if value is None else value
        reference = text.get("reference") or self.reference
        if reference is not None and reference not in [*Reference]:
            self.found.fault(row, "reference", reference, f"it is one of {', '.join(Reference)}")
        about = {"type": kind, "comment": comment, "quality": quality, "reference": reference}
        named_ids = {role: text[role] for role in ("id", "log", "author") if text.get(role)}
        return {**about, **named_ids}

    def _needed(self, row: Row, numbers: Mapping[str, float | None], role: str) -> float:
        value = numbers.get(role)
        if value is None:
            self.found.fault(row, role, None, f"a value for the {role.replace('_', ' ')} is needed")
            return 0.0
        return value


_WALL = ("azimuth_toh", "azimuth_north", "apparent_azimuth", "azimuth")


def _places(table: Table) -> dict[str, int]:
    """Which column has which role."""
    if not table.columns:
        if len(table.rows[0].fields) != 3:
            raise _refusal(table, None, "there is no header, and not just depth, dip, azimuth")
        return {"depth": 0, "true_dip": 1, "true_azimuth": 2}
    places: dict[str, int] = {}
    for place, column in enumerate(table.columns):
        role = COLUMNS.get(column.plain)
        if role is None:
            continue
        if role in places:
            names = f"{table.columns[places[role]].name} and {column.name}"
            raise _refusal(table, role, f"two columns are for the {role}: {names}")
        places[role] = place
    if "height" in places and "true_azimuth" in places and not any(n in places for n in _WALL):
        # Beside a height a bare azimuth is where the sinusoid is deepest.
        places["azimuth"] = places.pop("true_azimuth")
    return places


def _basis(table: Table, places: Mapping[str, int], options: Options) -> Basis:
    wall = any(name in places for name in _WALL)
    if "depth" not in places:
        raise _refusal(table, "depth", f"there is no column for the depth; {_there(table)}")
    if "height" in places and wall:
        return Basis.SINUSOID
    if {"true_dip", "true_azimuth"} <= places.keys():
        return Basis.PLANE
    if {"apparent_dip", "apparent_azimuth"} <= places.keys():
        return Basis.SINUSOID
    needed = "height and azimuth, dip and azimuth, or apparent_dip and apparent_azimuth"
    raise _refusal(table, None, f"columns are needed for {needed}; {_there(table)}")


def _depth_unit(
    table: Table, places: Mapping[str, int], options: Options
) -> tuple[str | None, float]:
    """The unit of the depths that are kept, and what those of the file are multiplied by."""
    column = table.columns[places["depth"]] if table.columns and "depth" in places else None
    own = None if column is None else length_unit(column.unit)
    well, asked = options.depth_unit, options.asked_unit
    unit = own or asked
    if unit is None or well is None or unit == well:
        return well or unit, 1.0
    if own is not None and asked != well:
        raise UnitsDiffer(
            f"the depths of the file are in {own}, those of the well in {well}; with"
            f" depth_unit={well} they are converted"
        )
    return well, factor(unit, well)


def _there(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns[:20])
    return f"there are: {_shown(names) or 'none'}"


def _refusal(table: Table, column: str | None, reason: str) -> InvalidDips:
    return InvalidDips([Fault(table.header_line, column, None, reason)], 1)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value).encode(errors="replace").decode()[:200]
