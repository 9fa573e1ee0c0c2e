"""The layout of a file of picks: what its columns hold, and in which units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dips.errors import InvalidDips
from dips.formats import notations
from dips.terms import Basis
from tables import pick_names, reading
from tables.pick_names import PAIRS, STRIKES, WALL
from tables.table import Column, Table, TableTooLarge
from tables.units import DEGREES, DEPTH_UNITS, angle_unit, factor, length_unit
from web.errors import quoted
from web.text import composed, counted
from wells.units import depth_conversion

MAX_DIPS = 80_000
WITHOUT_HEADER = ("depth", "dip", "azimuth")
Columns = Mapping[str, Column]  # by role
ANGLES = ("true_dip", "apparent_dip", "true_azimuth", *WALL, *STRIKES)


@dataclass(frozen=True, slots=True)
class Options:
    """What the request says of a file. ``depth_unit`` is the unit of the well."""

    depth_unit: str | None = None
    asked_unit: str | None = None
    reference: str | None = None
    type: str | None = None
    diameter: float | None = None
    diameter_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table holds what, and by what its numbers are multiplied."""

    places: Mapping[str, int]
    scales: Mapping[str, float]
    basis: Basis
    depth_unit: str | None
    diameter_unit: str | None
    warnings: tuple[str, ...]


def opened(data: bytes) -> Table:
    """The table in a file. Raises InvalidDips if it is empty or too large."""
    try:
        table = reading.read(data, MAX_DIPS, lambda column: pick_names.role(column) is not None)
    except TableTooLarge as error:
        raise InvalidDips(error.faults) from error
    if not table.rows:
        raise refusal(table, None, "there is no line of data")
    if len(table.rows) > MAX_DIPS:
        raise refusal(table, None, f"there are more than {MAX_DIPS} picks in the file")
    return table


def well_named(table: Table) -> str | None:
    """The well that a file names. Raises InvalidDips if it names several."""
    place = next((n for n, c in enumerate(table.columns) if pick_names.role(c) == "well"), None)
    if place is None:
        return table.well
    names = [*dict.fromkeys(name for row in table.rows if (name := row.field(place)))]
    if len({composed(name).casefold() for name in names}) > 1:
        several = quoted(", ".join(names[:5]))
        raise refusal(table, "well", f"there are picks of several wells: {several}; send one each")
    return next(iter(names), table.well)


def lay_out(table: Table, options: Options) -> Layout:
    """How a table is to be read. Raises InvalidDips, UnitsDiffer."""
    places = _places(table) if table.columns else _places_without_header(table)
    columns = {role: table.columns[place] for role, place in places.items() if table.columns}
    warnings = [*_guesses(table, places)]
    said = _depth_unit(table, places, columns)
    if said not in {None, *DEPTH_UNITS}:
        raise refusal(table, "depth", f"depths are in {' or '.join(DEPTH_UNITS)}, not in {said}")
    unit, times = depth_conversion(said, options.asked_unit, options.depth_unit, "file")
    if times != 1:
        warnings.append(f"depths were converted to {unit}")
    scales = {name: _degrees(table, columns, name) for name in ANGLES}
    scales["depth"] = times
    scales["height"] = _height_scale(table, columns, said or options.asked_unit or unit, unit)
    diameter_unit = _length(table, columns, "diameter") or options.diameter_unit
    return Layout(places, scales, _basis(table, places), unit, diameter_unit, tuple(warnings))


def _guesses(table: Table, places: Mapping[str, int]) -> Iterator[str]:
    if not table.columns:
        names = [*sorted(places, key=lambda role: places[role])]
        yield f"there is no header: the columns are taken for {', '.join(names)}"
    if table.skipped:
        were = counted(table.skipped, "line was", "lines were")
        yield f"{were} not read before the first row"
    if table.assumption:
        yield table.assumption


def _height_scale(table: Table, columns: Columns, of_file: str | None, unit: str | None) -> float:
    """The factor from heights in the file to ``unit``, in which depths are stored. Heights are in
    the unit of their column, else in that of the depths in the file."""
    own = _length(table, columns, "height") or of_file
    if "height" in columns and own and not unit:
        reason = f"heights are in {own}, and the unit of depth is not told; send depth_unit"
        raise refusal(table, "depth", reason)
    return factor(own, unit) if own and unit else 1.0


def _places(table: Table) -> dict[str, int]:
    """The place of the column for each role. Raises InvalidDips for two of one role."""
    places: dict[str, int] = {}
    for place, column in enumerate(table.columns):
        role = pick_names.role(column)
        if role is None or role == "well":
            continue
        if role in places:
            names = f"{table.columns[places[role]].name} and {column.name}"
            raise refusal(table, role, f"two columns are for the {role}: {names}")
        places[role] = place
    places = pick_names.disambiguated(places)
    if "true_azimuth" in places and any(name in places for name in STRIKES):
        texts = {row.field(places["true_azimuth"]).upper() for row in table.rows}
        if texts - {""} <= notations.COMPASS.keys():
            places["side"] = places.pop("true_azimuth")
        else:
            places = {name: place for name, place in places.items() if name not in STRIKES}
    return places


def _places_without_header(table: Table) -> dict[str, int]:
    """Depth, dip, azimuth; or depth, azimuth, dip, if the numbers allow only that."""
    if any(len(row.fields) != len(WITHOUT_HEADER) for row in table.rows):
        raise refusal(
            table,
            None,
            "there is no header, and the lines are not of three numbers: depth, dip, azimuth",
        )
    largest = [
        max((value for row in table.rows if (value := table.number(row.field(place)))), default=0.0)
        for place in range(3)
    ]
    dip, azimuth = (2, 1) if largest[1] > 90 >= largest[2] else (1, 2)
    return {"depth": 0, "true_dip": dip, "true_azimuth": azimuth}


def _basis(table: Table, places: Mapping[str, int]) -> Basis:
    if "depth" not in places:
        raise refusal(table, "depth", f"there is no column for the depth; {_column_names(table)}")
    roles = places.keys()
    if "height" in roles and roles & {*WALL}:
        return Basis.SINUSOID
    if roles & {*PAIRS} or ("true_dip" in roles and roles & {"true_azimuth", *STRIKES}):
        return Basis.PLANE
    if "apparent_dip" in roles and roles & {*WALL}:
        return Basis.SINUSOID
    needed = "height and azimuth, dip and azimuth or strike, or apparent dip and apparent azimuth"
    raise refusal(table, None, f"columns are needed for {needed}; {_column_names(table)}")


def _length(table: Table, columns: Columns, role: str) -> str | None:
    """The unit of a column of lengths; None if it has none. Raises InvalidDips."""
    return _length_unit(table, role, columns[role].unit if role in columns else None)


def _length_unit(table: Table, role: str, text: str | None) -> str | None:
    unit = length_unit(text)
    if text and unit is None:
        raise refusal(table, role, f"{quoted(text)!r} is no unit of length that is known")
    return unit


def _depth_unit(table: Table, places: Mapping[str, int], columns: Columns) -> str | None:
    """The unit of the column of depths, or the only one in a column of units."""
    place = places.get("depth_unit")
    texts = set() if place is None else {row.field(place) for row in table.rows}
    found = {_length_unit(table, "depth_unit", text) for text in texts}
    units = sorted(unit for unit in found | {_length(table, columns, "depth")} if unit)
    if len(units) > 1:
        reason = f"depths are in {' and '.join(units)}; send one file for each"
        raise refusal(table, "depth_unit", reason)
    return next(iter(units), None)


def _degrees(table: Table, columns: Columns, role: str) -> float:
    """The factor from the numbers of a column of angles to degrees."""
    text = (columns[role].unit if role in columns else None) or "deg"
    unit = "deg" if text.lower().startswith("deg") else angle_unit(text)
    if unit is None:
        allowed = ", ".join(DEGREES)
        raise refusal(table, role, f"{quoted(text)!r} is no unit of angles: {allowed}")
    return DEGREES[unit]


def _column_names(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns[:20])
    return f"there are: {quoted(names or 'none')}"


def refusal(table: Table, column: str | None, reason: str) -> InvalidDips:
    """The error of a file whose layout is wrong."""
    return InvalidDips.at(table.header_line, reason, column)
