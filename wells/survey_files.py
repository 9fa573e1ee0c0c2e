"""Read a survey from text or JSON. Each error message names the place in the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tables import reading
from tables.names import MEASURED_DEPTH
from tables.table import Column, Table, TableTooLarge
from tables.units import DEPTH_UNITS, angle_unit, length_unit
from web.errors import quoted
from wells import survey
from wells.errors import InvalidSurvey
from wells.survey import MAX_DEPTH, MIN_STATIONS, Survey

MAX_STATIONS = 20_000
TOO_MANY = f"a survey has at most {MAX_STATIONS} stations"
# Between two opposite directions the path of the hole is not defined.
MAX_TURN_DEGREES = 179.0
# Petrel writes these beside azimuths from grid north.
_TRUE_NORTH = ("azimuthtrue", "trueazimuth", "azimtn", "azimuthtn", "azitn", "azit")
_GRID_NORTH = ("azimuthgrid", "gridazimuth", "azimgn", "azimuthgn", "azign")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "depth": (
        *(*MEASURED_DEPTH, "teufe", "tiefe", "profondeur", "profundidad", "profundidade"),
        *("profondità", "diepte", "djup", "dybde", "głębokość", "глубина", "深度", "井深", "测深"),
    ),
    "inclination": (
        *("inclination", "inc", "incl", "devi", "dev", "deviation", "hdev", "inclin", "sdev"),
        *("holedeviation", "holeinclination", "wellinclination", "devangle", "drift"),
        *("neigung", "inklination", "inclinaison", "inclinación", "inclinacion", "inclinação"),
        *("inclinazione", "inklinasjon", "inklinacja", "зенитныйугол", "угол", "井斜", "井斜角"),
    ),
    "azimuth": (
        *("azimuth", "azi", "azim", "az", "hazi", "holeazimuth", "hazim", "azm", "hazm"),
        *(*_TRUE_NORTH, *_GRID_NORTH, "azimuthmagnetic"),
        *("azimut", "azimute", "asimut", "azymut", "азимут", "方位", "方位角"),
    ),
}
ANGLES = ("inclination", "azimuth")
# In a file of picks too, these are of the hole and not of the planes.
_OF_THE_HOLE = (
    *("holedeviation", "holeinclination", "wellinclination", "hdev"),
    *("holeazimuth", "hazi", "hazim", "hazm"),
)
_ROLES = {name: role for role, names in COLUMNS.items() for name in names}
LIMITS = {"depth": (-MAX_DEPTH, MAX_DEPTH), "inclination": (0.0, 180.0), "azimuth": (0.0, 360.0)}


class Read(NamedTuple):
    """A survey, the unit of depth that the file gives, and warnings."""

    survey: Survey
    depth_unit: str | None
    warnings: Sequence[str] = ()


def inclinations(names: Iterable[str]) -> list[str]:
    """The names of columns that are usual for the inclination of a hole."""
    return [name for name in names if Column.named(name).plain in COLUMNS["inclination"]]


def places(role: str, columns: Sequence[Column]) -> list[int]:
    """The places of the columns that may hold the ``role``, a depth or an angle of a hole.

    Columns whose names mention the hole come first, then azimuths from true north, then the others.
    """
    found = [n for n, column in enumerate(columns) if column.plain in COLUMNS[role]]
    sure = ([n for n in found if columns[n].plain in kind] for kind in (_OF_THE_HOLE, _TRUE_NORTH))
    return next(filter(None, sure), found)


def of_hole(columns: Sequence[Column]) -> list[str]:
    """The names of the columns for the inclination and the azimuth of a hole; empty unless there is
    exactly one of each."""
    told = [places(role, columns) for role in ANGLES]
    return [columns[n].name for (n,) in told] if all(len(found) == 1 for found in told) else []


def read_text(data: bytes) -> Read:
    """A survey in delimited text or LAS. Raises InvalidSurvey."""
    try:
        table = reading.read(data, MAX_STATIONS, lambda column: column.plain in _ROLES)
    except TableTooLarge as error:
        raise InvalidSurvey(error.faults) from error
    if len(table.rows) > MAX_STATIONS:
        raise InvalidSurvey.at(table.rows[-1].line, TOO_MANY)
    taken = [_place(role, table) for role in COLUMNS]
    _check_units(table, taken)
    for row in table.rows:
        if reason := table.misplaced(row):
            raise InvalidSurvey.at(row.line, reason)
    texts = [[row.field(place) for place in taken] for row in table.rows]
    rows = (
        (row.line, [table.number(text) for text in found], found)
        for row, found in zip(table.rows, texts, strict=True)
    )
    unit = length_unit(table.columns[taken[0]].unit)
    return Read(_checked(rows), unit, [*_norths(table.columns, table.columns[taken[-1]])])


def _norths(columns: Sequence[Column], taken: Column) -> Iterator[str]:
    """Warnings if the azimuths ``taken`` are from true or grid north, or others were not read."""
    words = (taken.unit or "").lower().split()
    others = [c.name for c in columns if c.plain in COLUMNS["azimuth"] and c is not taken]
    if taken.plain in _TRUE_NORTH and others:
        told = f"the azimuths are those of {quoted(taken.name)}, from true north"
        yield f"{told}; {quoted(', '.join(others))} was not read"
    for north, names in (("true", _TRUE_NORTH), ("grid", _GRID_NORTH)):
        if taken.plain in names or {*words} & {north, f"{north[0]}n"}:
            yield (
                f"the azimuths are from {north} north; a declination or a grid convergence of the"
                " well is applied to them as if they were from magnetic north"
            )


def read_json(body: Any) -> Read:
    """``{"stations": [{"depth", "inclination", "azimuth"}, …], "depth_unit"}``, or the list alone.

    Raises InvalidSurvey; the number of a station stands for the line.
    """
    stations = body.get("stations") if isinstance(body, Mapping) else body
    if not isinstance(stations, list):
        raise InvalidSurvey.at(1, "a list of stations is needed")
    if len(stations) > MAX_STATIONS:
        raise InvalidSurvey.at(len(stations), TOO_MANY)
    given = body.get("depth_unit") if isinstance(body, Mapping) else None
    unit = length_unit(given) if isinstance(given, str) else None
    if given is not None and unit not in DEPTH_UNITS:
        reason = f"the unit of depth is {' or '.join(DEPTH_UNITS)}"
        raise InvalidSurvey.at(1, reason, "depth_unit", quoted(given))
    return Read(_checked(_json_rows(stations)), unit)


def _json_rows(stations: Iterable[Any]) -> Iterable[tuple[int, list[Any], list[Any]]]:
    for number, station in enumerate(stations, 1):
        values = (
            [station.get(name) for name in COLUMNS] if isinstance(station, Mapping) else station
        )
        if not isinstance(values, list) or len(values) != len(COLUMNS):
            raise InvalidSurvey.at(number, "a station is depth, inclination and azimuth")
        plain = [
            v if isinstance(v, int | float) and not isinstance(v, bool) else None for v in values
        ]
        yield number, plain, values


def _checked(rows: Iterable[tuple[int, Sequence[float | None], Sequence[Any]]]) -> Survey:
    stations: list[Sequence[Any]] = []
    number, last = 1, float("-inf")
    for number, values, texts in rows:
        for name, value, text in zip(COLUMNS, values, texts, strict=True):
            _check(number, name, value, text)
        depth = float(values[0] or 0.0)
        if depth <= last:
            reason = f"depths have to grow; the station before is at {last:g}"
            raise InvalidSurvey.at(number, reason, "depth", str(texts[0]))
        last = depth
        stations.append(values)
    if len(stations) < MIN_STATIONS:
        reason = f"a survey needs {MIN_STATIONS} stations or more; this has {len(stations)}"
        raise InvalidSurvey.at(number, reason)
    found = survey.survey(*np.array(stations, np.float64).T)
    turns = survey.turns(found)
    if turns.max() > MAX_TURN_DEGREES:
        number = int(turns.argmax()) + 2
        reason = f"the hole turns by {turns.max():.4g} degrees from the station before; at most"
        reason = f"station {number}: {reason} {MAX_TURN_DEGREES:g} are allowed"
        raise InvalidSurvey.at(number, reason)
    return found


def _check(number: int, name: str, value: float | None, text: Any) -> None:
    low, high = LIMITS[name]
    if value is None or not np.isfinite(value):
        reason = f"{quoted(text)!r} is no finite decimal number"
    elif not low <= value <= high:
        reason = f"{value:g} is not from {low:g} to {high:g}"
    else:
        return
    raise InvalidSurvey.at(number, reason, name, quoted(text))


def _place(role: str, table: Table) -> int:
    """The only place of ``places``. Raises InvalidSurvey if there is none, or several."""
    found = places(role, table.columns)
    if len(found) == 1:
        return found[0]
    usual = ", ".join(COLUMNS[role][:4])
    there = ", ".join(column.name for column in table.columns[:10]) or "none"
    problem = "there are several columns" if found else "there is no column"
    reason = f"{problem} for the {role} ({usual}); there are: {quoted(there)}"
    raise InvalidSurvey.at(table.header_line, reason, role)


def _check_units(table: Table, places: Sequence[int]) -> None:
    """Raise InvalidSurvey for units other than m, ft and degrees."""
    depth, *angles = (table.columns[place] for place in places)
    if depth.unit and length_unit(depth.unit) not in DEPTH_UNITS:
        reason = f"depths are in {' or '.join(DEPTH_UNITS)}, not in {quoted(depth.unit)!r}"
        raise InvalidSurvey.at(table.header_line, reason, "depth", depth.unit)
    for role, column in zip(ANGLES, angles, strict=True):
        if column.unit and angle_unit(column.unit) != "deg":
            reason = f"angles are in degrees, not in {quoted(column.unit)!r}"
            raise InvalidSurvey.at(table.header_line, reason, role, column.unit)
