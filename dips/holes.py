"""The wells that dips are computed in, brought up to date with the logs they depend on.

Curves of the diameter come and go with uploads, and the reference of a log may be corrected. Who
reads dips compares what the well has noted with what the catalogue says, and where that differs,
notes it as a new generation of the well: from then on all dips are those of the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bson import ObjectId
from django.db import connection

from images.models import ImageLog
from storage.errors import translated
from wells.changes import change
from wells.errors import WellNotFound
from wells.hole import Hole
from wells.models import PastWell, Well, collection

# Curves of the diameter, as they are called; the first of these is asked first.
CALIPER_NAMES = (
    *("CALIPER", "CALI", "CAL", "CALS", "HCAL", "CALX", "CALY", "LCAL", "BCAL", "MCAL", "ACAL"),
    *("SCAL", "CAL1", "CAL2", "C1", "C2", "HDAR", "CALIPER_MEAN", "CALI_MEAN", "CAL_MEAN"),
)
_FIELDS = {"name": 1, "unit": 1, "kind": 1, "well": 1, "azimuth_reference": 1}


@translated()
def hole(well: str) -> Hole:
    """The well of this name as it is now. Raises WellNotFound, StorageUnavailable."""
    found = Well.document(name=well)
    if found is None:
        raise WellNotFound(f"there is no well {well}")
    return Hole.of(observed(found))


@translated()
def holes(wells: Iterable[str]) -> dict[str, Hole]:
    """The wells of these names. Raises StorageUnavailable."""
    found = collection(Well).find({"name": {"$in": [*wells]}})
    return {well["name"]: Hole.of(observed(well)) for well in found}


@translated()
def past(current: Hole, generation: int) -> Hole:
    """A generation that is over, or ``current`` if it is not. Raises StorageUnavailable."""
    if generation >= current.generation:
        return current
    kept = collection(PastWell).find_one({"well": current.well_id, "generation": generation})
    if kept is None:
        return current
    identity = {"_id": current.well_id, "name": current.name, "generation": generation}
    return Hole.of(kept["was"], **identity)


def observed(well: dict[str, Any]) -> dict[str, Any]:
    """The document of a well, noting what the logs say where that has changed."""
    logs = _logs(well)
    new: dict[str, Any] = {
        f"references.{log['_id']}": reference
        for log in logs
        if well["references"].get(str(log["_id"]), reference := log.get("azimuth_reference"))
        != reference
    }
    calipers = _calipers(well, logs)
    if calipers != well["calipers"]:
        new["calipers"] = calipers
    return change(well["_id"], new) if new else well


@translated()
def refer(hole: Hole, log: Mapping[str, Any]) -> Hole:
    """Note from what the azimuths of a log are measured, as its first pick is made.

    No generation begins: there is nothing yet that would have to be computed anew.
    """
    key, reference = str(log["_id"]), log.get("azimuth_reference")
    if key not in hole.references:
        missing = {"_id": hole.well_id, f"references.{key}": {"$exists": False}}
        collection(Well).update_one(missing, {"$set": {f"references.{key}": reference}})
    return replace(hole, references={key: reference, **hole.references})


@translated()
def log_with_id(log_id: ObjectId) -> dict[str, Any] | None:
    """What picks have to know of a log, None where there is none. Raises StorageUnavailable."""
    query = {"_id": log_id, "state": ImageLog.State.READY}
    found: dict[str, Any] | None = _collection().find_one(query, _FIELDS)
    return found


def _logs(well: dict[str, Any]) -> list[dict[str, Any]]:
    """The curves of the diameter, and the logs that have picks."""
    picked = [ObjectId(log_id) for log_id in well["references"]]
    curves = {"well": well["name"], "kind": "curve", "name": {"$in": [*_spellings()]}}
    query = {"state": ImageLog.State.READY, "$or": [curves, {"_id": {"$in": picked}}]}
    return list(_collection().find(query, _FIELDS).sort("_id"))


def _calipers(well: Mapping[str, Any], logs: Iterable[Mapping[str, Any]]) -> list[ObjectId]:
    ranks = {
        log["_id"]: CALIPER_NAMES.index(name)
        for log in logs
        if log["well"] == well["name"]
        and log.get("kind") == "curve"
        and (name := str(log.get("name")).upper()) in CALIPER_NAMES
    }
    return sorted(ranks, key=lambda log_id: (ranks[log_id], log_id))


def _spellings() -> Iterable[str]:
    for name in CALIPER_NAMES:
        yield from (name, name.lower(), name.capitalize())


def _collection() -> Any:
    return connection.database[ImageLog._meta.db_table]
