"""The wells that dips are computed in, brought up to date with the logs they depend on.

Curves of the diameter come and go with uploads, and the reference of a log may be corrected. Who
reads dips compares what the well has noted with what the catalogue says, and where that differs,
notes it as a new generation of the well: from then on all dips are those of the new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from bson import ObjectId
from django.db import connection

from dips.picks.computation import Calipers
from dips.planes.geometry import Floats
from images.errors import LogNotFound, NothingInRange
from images.models import ImageLog
from images.store.window import open_window
from storage.errors import FileMissing, translated
from wells.errors import WellNotFound
from wells.hole import Hole
from wells.models import PastWell, Well, change, collection
from wells.units import length_unit

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


# Depths of so many sampling intervals without a pick in between are not read.
APART = 2_000


def calipers(picks: Sequence[Mapping[str, Any]], hole: Hole) -> Calipers | None:
    """The diameters that were measured at the depths of picks, None without such a curve.

    Between two readings the diameter is interpolated; beyond one sampling interval from the nearest
    it is not known, and the next curve is asked. Raises StorageUnavailable, FileCorrupt.
    """
    if not hole.calipers or not picks:
        return None
    depth = np.array([pick["depth"] for pick in picks], np.float64)
    diameter = np.full(len(picks), np.nan)
    units: list[str | None] = [None] * len(picks)
    logs: list[Any] = [None] * len(picks)
    found = {log.pk: log for log in ImageLog.find({"_id": {"$in": [*hole.calipers]}})}
    for log in (found[log_id] for log_id in hole.calipers if log_id in found):
        unit = length_unit(log.unit)
        missing = np.flatnonzero(np.isnan(diameter))
        if unit is None or not len(missing):
            continue
        measured = _sampled(log, depth[missing])
        for place in missing[np.isfinite(measured)].tolist():
            units[place], logs[place] = unit, log.pk
        diameter[missing] = measured
    return Calipers(diameter, units, logs)


def _sampled(log: ImageLog, depths: Floats) -> Floats:
    """The values (n,) of a curve at these depths (n,), nan where there is none near."""
    reach = log.sampling_interval or 0.0
    order = np.argsort(depths)
    ordered = depths[order]
    values = np.full(len(depths), np.nan)
    ends = np.flatnonzero(np.diff(ordered) > APART * reach) + 1
    for part in np.split(np.arange(len(ordered)), ends):
        known, measured = _read(log, ordered[part[0]] - reach, ordered[part[-1]] + reach)
        if len(known):
            values[order[part]] = _interpolated(ordered[part], known, measured, reach)
    return values


def _interpolated(depths: Floats, known: Floats, measured: Floats, reach: float) -> Floats:
    right = np.clip(np.searchsorted(known, depths), 0, len(known) - 1)
    left = np.maximum(right - 1, 0)
    apart = np.minimum(np.abs(known[left] - depths), np.abs(known[right] - depths))
    found = np.interp(depths, known, measured)
    # Across a gap the nearest reading says more than the line to the other side.
    gap = known[right] - known[left] > 2 * reach * (1 + 1e-9)
    nearest = np.where(np.abs(known[left] - depths) < np.abs(known[right] - depths), left, right)
    found = np.where(gap, measured[nearest], found)
    return np.where(apart <= reach * (1 + 1e-9), found, np.nan)


def _read(log: ImageLog, top: float, base: float) -> tuple[Floats, Floats]:
    """Depths and diameters of a curve, (m,) each, without nulls and what is no diameter."""
    try:
        blocks = list(open_window([log], top, base).blocks)
    except (NothingInRange, LogNotFound, FileMissing):  # deleted meanwhile, or not so deep
        blocks = []
    depth = np.concatenate([np.empty(0), *(block.depths for block in blocks)])
    value = np.concatenate([np.empty(0), *(block.traces[:, 0] for block in blocks)])
    good = np.isfinite(value) & (value > 0)
    return depth[good], value[good]
