"""The surveys of wells: put, shown with positions, interpolated, removed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from web.conditions import ANYTHING
from web.errors import PreconditionFailed
from wells import survey, survey_files
from wells.errors import SurveyMissing, WellChanged
from wells.hole import Hole
from wells.listing import top_of_logs
from wells.models import Well, change
from wells.survey import Survey
from wells.survey_files import Read
from wells.units import depth_conversion

# Memory for a station that is shown, and for a byte of a file that is read, both as measured.
STATION_BYTES, BYTES_A_BYTE = 800, 48
# No station takes fewer bytes in a file.
LEAST_STATION_BYTES = 6


def memory_to_show(hole: Hole) -> int:
    """The bytes that ``shown`` and its JSON take."""
    return 0 if hole.stations is None else len(hole.stations["depth"]) * STATION_BYTES


def memory_to_put(body: bytes) -> int:
    """The bytes that it takes to read a file, to put it, and to show it."""
    stations = min(len(body) // LEAST_STATION_BYTES, survey_files.MAX_STATIONS)
    return max(len(body) * BYTES_A_BYTE, stations * STATION_BYTES)


def put(
    well: Well,
    read: Read,
    asked_unit: str | None,
    by: str,
    where: Mapping[str, Any] = ANYTHING,
) -> dict[str, Any]:
    """Replace the survey of a well and return it as the API shows it, with warnings.

    Raises UnitsDiffer, PreconditionFailed, WellChanged, WellNotFound, StorageUnavailable.
    """
    unit, times = depth_conversion(read.depth_unit, asked_unit, well.depth_unit, "survey")
    found = read.survey._replace(depth=read.survey.depth * times)
    warnings = [*read.warnings, *([f"depths were converted to {unit}"] if times != 1 else [])]
    top = top_of_logs(well.name)
    if top is not None and top < found.depth[0]:
        warnings.append(
            f"the first station, at {found.depth[0]:g}, lies below the top of the logs, {top:g};"
            " above it the hole is taken as straight"
        )
    stations = {name: part.tolist() for name, part in zip(found._fields, found, strict=True)}
    new = {"survey": stations, "depth_unit": unit}
    try:
        hole = Hole.of(change(well.pk, new, by, where={"depth_unit": well.depth_unit, **where}))
    except PreconditionFailed:
        if where:
            raise
        raise WellChanged("the well was changed meanwhile; try again") from None
    return {**shown(hole), "warnings": warnings}


def shown(hole: Hole, most: int | None = None) -> dict[str, Any]:
    """A survey with the positions of its stations, or of the first ``most``.

    Raises SurveyMissing.
    """
    stations = _stations(hole)
    path = survey.path(stations)
    columns = {**stations._asdict(), **path._asdict()}
    rows = zip(*(column[:most].tolist() for column in columns.values()), strict=True)
    return {
        "well": hole.name,
        "depth_unit": hole.depth_unit,
        "count": len(stations.depth),
        "top": float(stations.depth[0]),
        "base": float(stations.depth[-1]),
        "stations": [dict(zip(columns, row, strict=True)) for row in rows],
    }


def interpolated(hole: Hole, depth: float) -> dict[str, Any]:
    """Direction and position of a hole at a depth.

    ``beyond`` is whether it lies above or below all stations, where the hole is taken as straight.

    Raises SurveyMissing.
    """
    stations = _stations(hole)
    inclination, azimuth = survey.at(stations, depth)
    depths = np.union1d(stations.depth, depth)
    path = survey.path(Survey(depths, *survey.at(stations, depths)))
    # Positions count from the first station, also those above it.
    here = [np.searchsorted(depths, at) for at in (depth, stations.depth[0])]
    vertical, north, east = (float(part[here[0]] - part[here[1]]) for part in path)
    return {
        "depth": depth,
        "inclination": float(inclination[0]),
        "azimuth": float(azimuth[0]),
        "corrected_azimuth": float(survey.wrapped(azimuth[0] + hole.turn)),
        "vertical": vertical,
        "north": north,
        "east": east,
        "beyond": bool(depth < stations.depth[0] or depth > stations.depth[-1]),
    }


def _stations(hole: Hole) -> Survey:
    if hole.survey is None:
        raise SurveyMissing(f"well {hole.name} has no survey")
    return hole.survey


def remove(well: Well, by: str, where: Mapping[str, Any] = ANYTHING) -> None:
    """Remove the survey of a well.

    Raises SurveyMissing, PreconditionFailed, WellChanged, StorageUnavailable.
    """
    if well.survey is None:
        raise SurveyMissing(f"well {well.name} has no survey")
    change(well.pk, {"survey": None}, by, where=where)
