"""The wells that dips are computed in, brought up to date with the logs they depend on.

Caliper curves come and go with uploads, and the reference of a log may be corrected. Each time that
dips are read, the curves and references in the document of the well are compared with the catalogue
of logs. If they differ, the well gets a new generation, and all dips are computed from it from then
on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bson import ObjectId
from django.utils import timezone

from dips.picks import calipers
from images.models import ImageLog
from storage.documents import collection
from storage.errors import translated
from wells.errors import WellNotFound
from wells.hole import Hole
from wells.models import PastWell, Well, change

_FIELDS = {"name": 1, "unit": 1, "kind": 1, "well": 1, "azimuth_reference": 1, "axis.name": 1}


@translated()
def hole(well: str) -> Hole:
    """The well of this name as it is now. Raises WellNotFound, StorageUnavailable."""
    found = Well.document(name=well)
    if found is None:
        raise WellNotFound(f"there is no well {well}")
    return Hole.of(refreshed(found))


def hole_or_unknown(well: str) -> Hole:
    """The well of this name, or one of which nothing is known. Raises StorageUnavailable."""
    try:
        return hole(well)
    except WellNotFound:
        now = timezone.now()
        return Hole.of({"_id": ObjectId(), "name": well, "generation": 0, "changed_at": now})


@translated()
def holes(wells: Iterable[str]) -> dict[str, Hole]:
    """The wells of these names. Raises StorageUnavailable."""
    names = [*wells]
    found = collection(Well).find({"name": {"$in": names}}) if names else ()
    return {well["name"]: Hole.of(refreshed(well)) for well in found}


@translated()
def past(current: Hole, generation: int) -> Hole:
    """A former generation of a well, or ``current`` if there is none.

    Raises StorageUnavailable.
    """
    if generation >= current.generation:
        return current
    kept = collection(PastWell).find_one({"well": current.well_id, "generation": generation})
    if kept is None:
        return current
    identity = {"_id": current.well_id, "name": current.name, "generation": generation}
    return Hole.of(kept["was"], **identity)


def refreshed(well: dict[str, Any]) -> dict[str, Any]:
    """The document of a well; with a new generation if its logs have changed."""
    logs = _logs(well)
    new: dict[str, Any] = {}
    for log in logs:
        reference = log.get("azimuth_reference")
        if well["references"].get(str(log["_id"]), reference) != reference:
            new[f"references.{log['_id']}"] = reference
    curves = calipers.in_order(log for log in logs if log["well"] == well["name"])
    of_logs = {log["_id"]: log.get("unit") for log in logs}
    units = [of_logs[log_id] for log_id in curves]
    if curves != well["calipers"]:
        new |= {"calipers": curves, "caliper_units": units}
    elif curves and not well.get("caliper_units"):  # from before units were noted
        collection(Well).update_one(
            {"_id": well["_id"], "generation": well["generation"]},
            {"$set": {"caliper_units": units}},
        )
        well = {**well, "caliper_units": units}
    elif units != well.get("caliper_units", []):
        new["caliper_units"] = units
    return change(well["_id"], new) if new else well


@translated()
def note_reference(hole: Hole, log: Mapping[str, Any]) -> Hole:
    """Note what the azimuths of a log are measured from, as its first pick is made.

    This begins no generation, because no dip has to be computed again.
    """
    key, reference = str(log["_id"]), log.get("azimuth_reference")
    if key not in hole.references:
        missing = {"name": hole.name, f"references.{key}": {"$exists": False}}
        collection(Well).update_one(missing, {"$set": {f"references.{key}": reference}})
    return replace(hole, references={key: reference, **hole.references})


@translated()
def log_with_id(log_id: ObjectId) -> dict[str, Any] | None:
    """The fields of a log that picks need; None if there is no such log.

    Raises StorageUnavailable.
    """
    query = {"_id": log_id, "state": ImageLog.State.READY}
    found: dict[str, Any] | None = collection(ImageLog).find_one(query, _FIELDS)
    return found


def _logs(well: dict[str, Any]) -> list[dict[str, Any]]:
    """The caliper curves of a well, and the logs that have picks."""
    picked = [ObjectId(log_id) for log_id in well["references"]]
    curves = {"well": well["name"], "kind": "curve", "name": {"$in": calipers.SPELLINGS}}
    query = {"state": ImageLog.State.READY, "$or": [curves, {"_id": {"$in": picked}}]}
    return list(collection(ImageLog).find(query, _FIELDS).sort("_id"))
