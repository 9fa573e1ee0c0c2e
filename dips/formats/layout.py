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
from web.errors import Fault, quoted
from web.text import composed, counted
from wells.units import depth_conversion

MAX_DIPS = 80_000
WITHOUT_HEADER = ("depth", "dip", "azimuth")
ANGLES = ("true_dip", "apparent_dip", "true_azimuth", *WALL, *STRIKES)


@dataclass(frozen=True, slots=True)
class Options:
    """What the request says of a file; ``depth_unit`` is that of the well."""

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
    """The table in a file. Raises InvalidDips where there is none, or too much."""
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
    """The well that a file says it is of. Raises InvalidDips where it names several."""
    place = next((n for n, c in enumerate(table.columns) if pick_names.role(c) == "well"), None)
    if place is None:
        return table.well
    names = {name: row.line for row in table.rows if (name := row.field(place))}
    if len({composed(name).casefold() for name in names}) > 1:
        several = quoted(", ".join([*names][:5]))
        raise refusal(table, "well", f"there are picks of several wells: {several}; send one each")
    return next(iter(names), table.well)


def lay_out(table: Table, options: Options) -> Layout:
    """How a table is to be read. Raises InvalidDips, UnitsDiffer."""
    places = _places(table) if table.columns else _places_without_header(table)
    warnings = [*_guesses(table, places)]
    said = _depth_unit(table, places)
    if said not in {None, *DEPTH_UNITS}:
        raise refusal(table, "depth", f"depths are in {' or '.join(DEPTH_UNITS)}, not in {said}")
    unit, times = depth_conversion(said, options.asked_unit, options.depth_unit, "file")
    if times != 1:
        warnings.append(f"depths were converted to {unit}")
    scales = {name: _degrees(table, places, name) for name in ANGLES}
    scales["depth"] = times
    scales["height"] = _height_scale(table, places, said or options.asked_unit or unit, unit)
    diameter_unit = _length(table, places, "diameter") or options.diameter_unit
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


def _height_scale(
    table: Table, places: Mapping[str, int], of_file: str | None, unit: str | None
) -> float:
    """What heights are multiplied by. They are in the unit of their column, else in that of the
    depths in the file; ``unit`` is that in which depths are kept."""
    own = _length(table, places, "height") or of_file
    if "height" in places and own and not unit:
        reason = f"heights are in {own}, and the unit of depth is not told; send depth_unit"
        raise refusal(table, "depth", reason)
    return factor(own, unit) if own and unit else 1.0


def _places(table: Table) -> dict[str, int]:
    """Which column has which role, at most one each."""
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
    wall = any(name in places for name in WALL)
    if "height" in places and wall:
        return Basis.SINUSOID
    azimuths = ("true_azimuth", *STRIKES)
    if any(name in places for name in PAIRS):
        return Basis.PLANE
    if "true_dip" in places and any(name in places for name in azimuths):
        return Basis.PLANE
    if "apparent_dip" in places and wall:
        return Basis.SINUSOID
    needed = "height and azimuth, dip and azimuth or strike, or apparent dip and apparent azimuth"
    raise refusal(table, None, f"columns are needed for {needed}; {_column_names(table)}")


def _column(table: Table, places: Mapping[str, int], role: str) -> Column | None:
    return table.columns[places[role]] if table.columns and role in places else None


def _length(table: Table, places: Mapping[str, int], role: str) -> str | None:
    """The unit of a column of lengths. Raises InvalidDips for one that is none."""
    column = _column(table, places, role)
    unit = None if column is None else length_unit(column.unit)
    if column is not None and column.unit and unit is None:
        raise refusal(table, role, f"{quoted(column.unit)!r} is no unit of length that is known")
    return unit


def _depth_unit(table: Table, places: Mapping[str, int]) -> str | None:
    """The unit of the column of depths, or the only one in a column of units."""
    own, place = _length(table, places, "depth"), places.get("depth_unit")
    texts = set() if place is None else {row.field(place) for row in table.rows} - {""}
    unknown = next((text for text in texts if length_unit(text) is None), None)
    if unknown is not None:
        raise refusal(
            table, "depth_unit", f"{quoted(unknown)!r} is no unit of length that is known"
        )
    units = {unit for unit in (own, *map(length_unit, texts)) if unit}
    if len(units) > 1:
        reason = f"depths are in {' and '.join(sorted(units))}; send one file for each"
        raise refusal(table, "depth_unit", reason)
    return next(iter(units), None)


def _degrees(table: Table, places: Mapping[str, int], role: str) -> float:
    """What the numbers of a column of angles are multiplied by to be degrees."""
    column = _column(table, places, role)
    if column is None or not column.unit or role not in ANGLES:
        return 1.0
    unit = "deg" if column.unit.lower().startswith("deg") else angle_unit(column.unit)
    if unit is None:
        allowed = ", ".join(DEGREES)
        raise refusal(table, role, f"{quoted(column.unit)!r} is no unit of angles: {allowed}")
    return DEGREES[unit]


def _column_names(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns[:20])
    return f"there are: {quoted(names or 'none')}"


def refusal(table: Table, column: str | None, reason: str) -> InvalidDips:
    return InvalidDips([Fault(table.header_line, column, None, reason)])
