"""Add, fit and change a pick as a request asks: finds the well and the log that it names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bson import ObjectId

from dips.picks import editing, holes
from dips.picks.shown import one_shown
from dips.planes import fitting, geometry
from dips.terms import Basis, Source
from images.errors import LogNotFound
from storage.documents import in_transaction
from web.errors import InvalidParameter
from wells.hole import Hole
from wells.models import Well, resolve

TRACE_STEP_DEGREES = 10


def add(fields: Mapping[str, Any], author: str) -> tuple[dict[str, Any], list[str]]:
    """Keep a pick and return it as the API shows it, with warnings.

    Raises PointsInsufficient, InvalidParameter, LogNotFound, StorageUnavailable.
    """
    log = _log(fields)
    name = _well(fields, log)

    def keep() -> tuple[dict[str, Any], bool]:
        _, created = Well.ensure(name, fields.get("depth_unit"))
        hole = holes.hole(name)
        _check_unit(fields, hole)
        if log is not None:
            hole = holes.note_reference(hole, log)
        return editing.add(hole, {**fields, "log": log and log["_id"]}, author), created

    dip, created = in_transaction(keep)
    made = [f"there was no well {name!r}; it was made"] if created else []
    return dip, [*made, *warnings(fields, dip)]


def fit(fields: Mapping[str, Any], author: str) -> dict[str, Any]:
    """A pick that is not kept, with its trace on the wall and the residuals of its points.

    Raises PointsInsufficient, InvalidParameter, LogNotFound, StorageUnavailable.
    """
    log = _log(fields)
    hole = _hole_of_fit(fields, log)
    if log is not None:
        hole = replace(hole, references={str(log["_id"]): log.get("azimuth_reference")})
    pick = editing.draft(hole, {**fields, "log": log and log["_id"]}, author, Source.HUMAN)
    dip = {**one_shown(pick, hole), "id": None}
    return {**dip, "warnings": warnings(fields, dip), "trace": _trace(dip), **_residuals(pick)}


def changes(fields: dict[str, Any], pick: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a change as ``editing.change`` takes them. Raises InvalidParameter,
    LogNotFound."""
    if "well" in fields and resolve(fields.pop("well")) != pick["well"]:
        raise InvalidParameter("well", pick["well"], "a pick stays in its well")
    log = _log(fields)
    hole = holes.hole(pick["well"])
    _check_unit(fields, hole)
    fields.pop("depth_unit", None)
    if log is not None:
        _check_well(log, pick["well"])
        holes.note_reference(hole, log)
        fields["log"] = log["_id"]
    return fields


def warnings(fields: Mapping[str, Any], dip: Mapping[str, Any]) -> list[str]:
    """What the request gave and the pick does not use."""
    if fields.get("diameter") is None or dip["diameter_source"] in {None, "given"}:
        return []
    return [
        f"the diameter given is not used: the {dip['diameter_source']} says"
        f" {dip['diameter']:g} {dip['diameter_unit']}"
    ]


def _hole_of_fit(fields: Mapping[str, Any], log: Mapping[str, Any] | None) -> Hole:
    """The hole of the named well, or one of which nothing is known."""
    is_named = "well" in fields or log is not None
    hole = holes.hole_or_unknown(_well(fields, log) if is_named else "")
    _check_unit(fields, hole)
    return replace(hole, depth_unit=hole.depth_unit or fields.get("depth_unit"))


def _log(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    if fields.get("log") is None:
        return None
    log = holes.log_with_id(ObjectId(fields["log"]))
    if log is None:
        raise LogNotFound(f"there is no image log {fields['log']}")
    if log.get("axis"):
        reason = f"its columns are {log['axis']['name']}, not azimuths: it has no planes"
        raise InvalidParameter("log", str(log["_id"]), reason)
    return log


def _well(fields: Mapping[str, Any], log: Mapping[str, Any] | None) -> str:
    """The name of the well: as given, else that of the log."""
    if "well" not in fields:
        if log is None:
            raise InvalidParameter("well", "", "a well is needed: its name or its id")
        return str(log["well"])
    name = resolve(fields["well"])
    if log is not None:
        _check_well(log, name)
    return name


def _check_well(log: Mapping[str, Any], well: str) -> None:
    if log["well"] != well:
        raise InvalidParameter("log", str(log["_id"]), f"it is of the well {log['well']}")


def _check_unit(fields: Mapping[str, Any], hole: Hole) -> None:
    unit = fields.get("depth_unit")
    if unit is not None and hole.depth_unit not in {None, unit}:
        reason = f"the depths of the well are in {hole.depth_unit}"
        raise InvalidParameter("depth_unit", unit, reason)


def _trace(dip: Mapping[str, Any]) -> list[dict[str, float]]:
    """Points of the plane on the wall; empty where the height is not known."""
    if dip["height"] is None:
        return []
    azimuths = range(0, 361, TRACE_STEP_DEGREES)
    depths = geometry.trace(dip["depth"], dip["height"], dip["apparent_azimuth"] or 0.0, azimuths)
    pairs = zip(depths.tolist(), map(float, azimuths), strict=True)
    return [{"depth": depth, "azimuth": azimuth} for depth, azimuth in pairs]


def _residuals(pick: Mapping[str, Any]) -> dict[str, Any]:
    if pick["basis"] != Basis.POINTS:
        return {"residuals": None, "weights": None}
    found = fitting.fit(*zip(*pick["points"], strict=True))
    return {"residuals": found.residuals.tolist(), "weights": found.weights.tolist()}
