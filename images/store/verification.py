"""An image log against its files: all of it is read, and what is wrong named and, often, mended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from bson import ObjectId

from images.models import ImageLog, Level
from images.store import chunks, completion, overviews
from images.store.chunks import CHUNK_ROWS, DEPTH_TYPE
from images.store.statistics import histogram
from storage import verify
from storage.bucket import Bucket
from storage.damage import Damage
from storage.errors import translated

Watch = Callable[[bytes], None]

LOST = "delete it and upload its file again"


@translated()
def ready_ids() -> list[ObjectId]:
    """The ids of the logs to examine. Raises StorageUnavailable."""
    return [*ImageLog.objects.filter(state=ImageLog.State.READY).values_list("pk", flat=True)]


@translated()
def examine(log_id: ObjectId, fix: bool) -> list[Damage]:
    """What is wrong with a log; with ``fix``, what can be made from its traces is made anew.

    A log that is deleted or completed meanwhile has nothing wrong with it. Raises SpoolFull,
    StorageUnavailable.
    """
    ready = {"_id": log_id, "state": ImageLog.State.READY}
    for log in ImageLog.find(ready):
        examined = _Examined(log)
        if examined.any and ImageLog.find({**ready, "file_ids": log.file_ids}):
            return examined.damages(fix)
    return []


class _Examined:
    """A log that has been read through, and what was found: ``lost`` are faults of its traces,
    ``stale`` are facts of the catalogue that its depths contradict, ``derived`` are faults of what
    is made from its traces."""

    def __init__(self, log: ImageLog) -> None:
        self._log = log
        self.lost: list[str] = []
        self.stale: dict[str, Any] = {}
        self.derived: list[str] = []
        own, *others = log.levels()
        self._examine_own(own)
        self._examine_overviews(others)

    @property
    def any(self) -> bool:
        return bool(self.lost or self.stale or self.derived)

    def damages(self, fix: bool) -> list[Damage]:
        label = self._log.label
        found = [Damage(f"{label}: {fault}", LOST) for fault in self.lost]
        mend = fix and not self.lost
        if self.stale:
            if mend:
                self._log.change({"state": ImageLog.State.READY}, **self.stale)
            names = ", ".join(self.stale)
            what = f"{label}: its depths contradict {names} in the catalogue"
            found.append(Damage.repairable(what, mend))
        if self.derived:
            if mend:
                completion.complete(ImageLog.objects.get(pk=self._log.pk))
            found += [Damage.repairable(f"{label}: {fault}", mend) for fault in self.derived]
        return found

    def _examine_own(self, level: Level) -> None:
        log, depths = self._log, _Depths()
        grays = np.zeros(256, np.int64)

        def count(data: bytes) -> None:
            # In whatever shape, since a damaged chunk may not hold whole traces.
            np.add(grays, histogram(np.frombuffer(data, np.uint8).reshape(1, -1)), out=grays)

        self.lost = _pair_faults(level, "", depths, count)
        if self.lost:
            return
        facts = {"chunk_tops": depths.tops, "top": depths.first, "base": depths.last}
        self.stale = {name: fact for name, fact in facts.items() if getattr(log, name) != fact}
        if log.histogram is None:
            self.derived.append("it has no overviews and statistics")
        elif log.gray_histogram().tolist() != grays.tolist():
            self.derived.append("its histogram is not that of its pixels")

    def _examine_overviews(self, levels: list[Level]) -> None:
        log = self._log
        if log.histogram is None:
            return
        expected = overviews.levels(log.top, log.base, log.sampling_interval)
        if not self.stale and [level.number for level in levels] != [*expected]:
            self.derived.append("it has not the overviews that it should have")
        named = [file_id for level in levels for file_id in level.file_ids]
        if log.file_ids[2:] != named:
            self.derived.append("its files are not those of its overviews")
        for level in levels:
            depths, which = _Depths(), f" of overview {level.number}"
            faults = _pair_faults(level, which, depths)
            if not faults and depths.tops != level.tops.tobytes():
                faults = [f"its depths contradict the chunk_tops{which}"]
            self.derived += faults


@dataclass
class _Depths:
    """What the depths of a level say, chunk by chunk."""

    first: float | None = None
    last: float | None = None
    tops: bytes = b""
    ascending: bool = True

    def add(self, data: bytes) -> None:
        whole = data[: len(data) // DEPTH_TYPE.itemsize * DEPTH_TYPE.itemsize]
        depths = np.frombuffer(whole, DEPTH_TYPE)
        if not len(depths):
            return
        before = depths[0] if self.last is None else self.last
        self.ascending &= bool((np.diff(depths, prepend=before) >= 0).all())
        self.first = float(depths[0]) if self.first is None else self.first
        self.last = float(depths[-1])
        self.tops += chunks.tops(depths[:1])


def _pair_faults(
    level: Level, which: str, depths: _Depths, pixels: Watch = lambda _: None
) -> list[str]:
    """What is wrong with the pixels and the depths of a level, which are given to the others."""
    parts = (("pixels", level.width, pixels), ("depths", DEPTH_TYPE.itemsize, depths.add))
    found = []
    for file_id, (what, row_bytes, watch) in zip(level.file_ids, parts, strict=True):
        faults = _file_faults(level, file_id, row_bytes, watch)
        found += [f"in its {what}{which}, {fault}" for fault in faults]
    if not found and not depths.ascending:
        found.append(f"its depths{which} are not ascending")
    return found


def _file_faults(level: Level, file_id: ObjectId, row_bytes: int, watch: Watch) -> list[str]:
    bucket = Bucket(level.bucket)
    entry = bucket.files.find_one({"_id": file_id})
    if entry is None:
        return [f"the file {file_id} is missing"]
    expected = {"length": level.rows * row_bytes, "chunkSize": row_bytes * CHUNK_ROWS}
    for name, value in expected.items():
        if entry.get(name) != value:
            return [f"the {name} of the file {file_id} is {entry.get(name)} instead of {value}"]
    return verify.read_through(bucket, entry, watch).faults
