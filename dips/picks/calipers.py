"""Caliper curves: the diameter of the hole, measured against depth."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from bson import ObjectId

from dips.picks.computation import Calipers
from images.errors import LogNotFound, NothingInRange
from images.models import ImageLog
from images.store.window import open_window
from storage.errors import FileMissing
from tables.units import length_unit
from wells.hole import Hole
from wells.survey import Floats

# Names of caliper curves. Where a well has several, the first in this list is used first.
NAMES = (
    *("CALIPER", "CALI", "CAL", "CALS", "HCAL", "CALX", "CALY", "LCAL", "BCAL", "MCAL", "ACAL"),
    *("SCAL", "CAL1", "CAL2", "C1", "C2", "HDAR", "CALIPER_MEAN", "CALI_MEAN", "CAL_MEAN"),
)
SPELLINGS = [spelt for name in NAMES for spelt in (name, name.lower(), name.capitalize())]
# A gap of more sampling intervals between two picks is not read.
APART = 2_000


def in_order(logs: Iterable[Mapping[str, Any]]) -> list[ObjectId]:
    """The ids of the caliper curves among logs, in the order in which they are used."""
    ranks = {
        log["_id"]: NAMES.index(name)
        for log in logs
        if log.get("kind") == "curve" and (name := str(log.get("name")).upper()) in NAMES
    }
    return sorted(ranks, key=lambda log_id: (ranks[log_id], log_id))


def calipers(picks: Sequence[Mapping[str, Any]], hole: Hole) -> Calipers | None:
    """The diameters that were measured at the depths of picks, None without such a curve.

    Between two readings the diameter is interpolated. More than one sampling interval away from any
    reading it is not known, and the next curve is used. Raises StorageUnavailable, FileCorrupt.
    """
    if not hole.calipers or not picks:
        return None
    depth = np.array([pick["depth"] for pick in picks], np.float64)
    diameter = np.full(len(picks), np.nan)
    units: list[str | None] = [None] * len(picks)
    logs: list[Any] = [None] * len(picks)
    found = {log.pk: log for log in ImageLog.find({"_id": {"$in": [*hole.calipers]}})}
    noted = dict(zip(hole.calipers, hole.caliper_units, strict=False))
    for log in (found[log_id] for log_id in hole.calipers if log_id in found):
        unit = length_unit(noted.get(log.pk, log.unit))
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
    to_left, to_right = np.abs(known[left] - depths), np.abs(known[right] - depths)
    nearest = np.where(to_left < to_right, left, right)
    limit = reach * (1 + 1e-9)
    # Across a gap the nearest reading is better than a line to the other side.
    gap = known[right] - known[left] > 2 * limit
    found = np.where(gap, measured[nearest], np.interp(depths, known, measured))
    return np.where(np.minimum(to_left, to_right) <= limit, found, np.nan)


def _read(log: ImageLog, top: float, base: float) -> tuple[Floats, Floats]:
    """Depths and diameters of a curve, (m,) each, without nulls and values of 0 or less."""
    try:
        blocks = list(open_window([log], top, base).blocks)
    except (NothingInRange, LogNotFound, FileMissing):  # deleted meanwhile, or not so deep
        blocks = []
    depth = np.concatenate([np.empty(0), *(block.depths for block in blocks)])
    value = np.concatenate([np.empty(0), *(block.traces[:, 0] for block in blocks)])
    good = np.isfinite(value) & (value > 0)
    return depth[good], value[good]
