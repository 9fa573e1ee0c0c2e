"""Compare an image log with its files: read them whole, name faults, and repair many."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from bson import ObjectId

from images.arrays import DEPTH_TYPE
from images.models import ImageLog, Level
from images.store import chunks, completion, overviews
from images.store.statistics import histogram
from images.store.value_statistics import ValueStatistics
from storage.bucket import Bucket
from storage.damage import Damage
from storage.errors import translated
from storage.verify import ReadThrough, read_through

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
    is made from its traces; ``crcs`` are those of its files, where nothing was lost."""

    def __init__(self, log: ImageLog) -> None:
        self._log = log
        self.lost: list[str] = []
        self.stale: dict[str, Any] = {}
        self.derived: list[str] = []
        self.crcs: dict[ObjectId, bytes] = {}
        own, *others = log.levels()
        self._examine_own(own)
        self._examine_overviews(others)
        compared = [] if self.lost else [own, *(others if not self.derived else [])]
        self.unchecked = any(
            level.crcs.get(f) != self.crcs[f] for level in compared for f in level.file_ids
        )

    @property
    def any(self) -> bool:
        return bool(self.lost or self.stale or self.derived or self.unchecked)

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
        if self.unchecked:
            if mend:
                self._keep_crcs()
            what = f"{label}: the catalogue does not hold the CRC-32 of its chunks"
            found.append(Damage.repairable(what, mend))
        if self.derived:
            if mend:
                completion.complete(ImageLog.objects.get(pk=self._log.pk))
            found += [Damage.repairable(f"{label}: {fault}", mend) for fault in self.derived]
        return found

    def _keep_crcs(self) -> None:
        log = self._log
        log.crcs = [self.crcs[file_id] for file_id in log.file_ids[:2]]
        for overview in log.overviews or []:
            overview.crcs = [self.crcs.get(file_id, b"") for file_id in overview.file_ids]
        as_found = {"state": ImageLog.State.READY, "file_ids": log.file_ids}
        log.change(as_found, crcs=log.crcs, overviews=log.overviews)

    def _examine_own(self, level: Level) -> None:
        log, depths = self._log, _Depths()
        pixels = _Grays() if level.dtype == np.uint8 else _Values()
        self.lost = self._pair_faults(level, "", depths, pixels.add)
        if self.lost:
            return
        facts = {"chunk_tops": depths.tops, "top": depths.first, "base": depths.last}
        self.stale = {name: fact for name, fact in facts.items() if getattr(log, name) != fact}
        if log.lacks_statistics:
            self.derived.append("it has no overviews and statistics")
        elif fault := pixels.fault_of(log):
            self.derived.append(fault)

    def _examine_overviews(self, levels: list[Level]) -> None:
        log = self._log
        if log.lacks_statistics:
            return
        expected = overviews.levels(log.top, log.base, log.sampling_interval)
        if not self.stale and [level.number for level in levels] != [*expected]:
            self.derived.append("it has not the overviews that it should have")
        named = [file_id for level in levels for file_id in level.file_ids]
        if log.file_ids[2:] != named:
            self.derived.append("its files are not those of its overviews")
        for level in levels:
            depths, which = _Depths(), f" of overview {level.number}"
            faults = self._pair_faults(level, which, depths)
            if not faults and depths.tops != level.tops.tobytes():
                faults = [f"its depths contradict the chunk_tops{which}"]
            self.derived += faults

    def _pair_faults(
        self, level: Level, which: str, depths: "_Depths", pixels: Watch = lambda _: None
    ) -> list[str]:
        """What is wrong with the pixels and the depths of a level, which the others are given."""
        parts = (
            ("pixels", level.width * level.dtype.itemsize, pixels),
            ("depths", DEPTH_TYPE.itemsize, depths.add),
        )
        found = []
        for file_id, (what, row_bytes, watch) in zip(level.file_ids, parts, strict=True):
            read = _read(file_id, level, row_bytes, watch)
            self.crcs[file_id] = read.crcs
            found += [f"in its {what}{which}, {fault}" for fault in read.faults]
        if not found and not depths.ascending:
            found.append(f"its depths{which} are not ascending")
        return found


class _Grays:
    """The histogram of the pixels, as they are stored."""

    def __init__(self) -> None:
        self._histogram = np.zeros(256, np.int64)

    def add(self, data: bytes) -> None:
        # The shape does not matter, and a damaged chunk may not hold whole traces.
        self._histogram += histogram(np.frombuffer(data, np.uint8).reshape(1, -1))

    def fault_of(self, log: ImageLog) -> str | None:
        same = log.gray_histogram().tolist() == self._histogram.tolist()
        return None if same else "its histogram is not that of its pixels"


class _Values:
    """The statistics of the values, as they are stored."""

    def __init__(self) -> None:
        self._statistics = ValueStatistics()

    def add(self, data: bytes) -> None:
        whole = data[: len(data) // 4 * 4]
        self._statistics.add(np.frombuffer(whole, "<f4").reshape(1, -1))

    def fault_of(self, log: ImageLog) -> str | None:
        found, noted = self._statistics.summary(), log.value_summary()
        # Sums may differ in their last digits from machine to machine; what is counted does not.
        same = log.nulls == found.nulls and np.allclose(
            np.hstack(astuple(found)), np.hstack(astuple(noted)), rtol=1e-9, atol=0, equal_nan=True
        )
        return None if same else "its statistics are not those of its values"


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
        self.tops += chunks.encode_tops(depths[:1], 1)


def _read(file_id: ObjectId, level: Level, row_bytes: int, watch: Watch) -> ReadThrough:
    bucket = Bucket(level.bucket)
    entry = bucket.files.find_one({"_id": file_id})
    if entry is None:
        return ReadThrough([f"the file {file_id} is missing"], b"")
    expected = {"length": level.rows * row_bytes, "chunkSize": row_bytes * level.chunk_rows}
    for name, value in expected.items():
        if entry.get(name) != value:
            found = f"the {name} of the file {file_id} is {entry.get(name)} instead of {value}"
            return ReadThrough([found], b"")
    return read_through(bucket, entry, watch)
