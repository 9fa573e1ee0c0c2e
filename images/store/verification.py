"""Check an image log against its stored files, and repair what can be repaired."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from bson import ObjectId

from images.arrays import DEPTH_TYPE, Values
from images.models import ImageLog, Level
from images.store import chunks, completion, overviews
from images.store.statistics import histogram
from images.store.value_statistics import ValueStatistics
from storage.bucket import Bucket
from storage.errors import translated
from storage.verify import Damage, ReadThrough, read_through

# Receives the bytes of each chunk of a file, in order.
OnChunk = Callable[[bytes], None]

# How far apart two quantiles of one rank may be, in places of a list of QUANTILES.
PLACES = 3
LOST = "delete it and upload its file again"


@translated()
def ready_ids() -> list[ObjectId]:
    """Return the ids of the logs to check. Raises StorageUnavailable."""
    return [*ImageLog.objects.filter(state=ImageLog.State.READY).values_list("pk", flat=True)]


@translated()
def check(log_id: ObjectId, fix: bool) -> list[Damage]:
    """Read all files of a log and return what is wrong. With ``fix``, repair what can be repaired.

    Overviews, statistics and facts in the catalogue can be made again from the traces. A log that
    is deleted or completed meanwhile has no damage.

    Raises StorageUnavailable.
    """
    ready = {"_id": log_id, "state": ImageLog.State.READY}
    for log in ImageLog.find(ready):
        checked = _Check(log)
        if checked.any and ImageLog.find({**ready, "file_ids": log.file_ids}):
            return checked.damages(fix)
    return []


class _Check:
    """Reads all files of a log, and holds the faults that it finds.

    ``lost`` are faults of the traces. ``stale`` are the fields of the catalogue that the depths
    contradict, with the right values. ``derived`` are faults of overviews and statistics. ``crcs``
    are the CRC-32s of the chunks of each file; ``crcs_differ`` says that the catalogue has others.
    """

    def __init__(self, log: ImageLog) -> None:
        self._log = log
        self.lost: list[str] = []
        self.stale: dict[str, Any] = {}
        self.derived: list[str] = []
        self.crcs: dict[ObjectId, bytes] = {}
        log_level, *overview_levels = log.levels()
        self._check_log(log_level)
        self._check_overviews(overview_levels)
        intact = [] if self.lost else [log_level, *([] if self.derived else overview_levels)]
        self.crcs_differ = any(
            level.crcs.get(f) != self.crcs[f] for level in intact for f in level.file_ids
        )

    @property
    def any(self) -> bool:
        """Whether there is any fault."""
        return bool(self.lost or self.stale or self.derived or self.crcs_differ)

    def damages(self, fix: bool) -> list[Damage]:
        """List the faults. With ``fix``, repair them first, unless traces are lost."""
        label = self._log.label
        found = [Damage(f"{label}: {fault}", LOST) for fault in self.lost]
        repair = fix and not self.lost
        if self.stale:
            if repair:
                self._log.change({"state": ImageLog.State.READY}, **self.stale)
            names = ", ".join(self.stale)
            what = f"{label}: its depths contradict {names} in the catalogue"
            found.append(Damage.repairable(what, repair))
        if self.crcs_differ:
            if repair:
                self._store_crcs()
            what = f"{label}: the catalogue does not hold the CRC-32 of its chunks"
            found.append(Damage.repairable(what, repair))
        if self.derived:
            if repair:
                completion.complete(ImageLog.objects.get(pk=self._log.pk))
            found += [Damage.repairable(f"{label}: {fault}", repair) for fault in self.derived]
        return found

    def _store_crcs(self) -> None:
        log = self._log
        log.crcs = [self.crcs[file_id] for file_id in log.file_ids[:2]]
        for overview in log.overviews or []:
            overview.crcs = [self.crcs.get(file_id, b"") for file_id in overview.file_ids]
        where = {"state": ImageLog.State.READY, "file_ids": log.file_ids}
        log.change(where, crcs=log.crcs, overviews=log.overviews)

    def _check_log(self, level: Level) -> None:
        log, depths = self._log, _DepthFacts()
        pixels = _GrayFacts() if level.dtype == np.uint8 else _ValueFacts()
        self.lost = self._read_level(level, "", depths, pixels.add)
        if self.lost:
            return
        facts = {"chunk_tops": depths.tops, "top": depths.first, "base": depths.last}
        self.stale = {name: fact for name, fact in facts.items() if getattr(log, name) != fact}
        if log.lacks_statistics:
            self.derived.append("it has no overviews and statistics")
        elif fault := pixels.fault_of(log):
            self.derived.append(fault)

    def _check_overviews(self, levels: list[Level]) -> None:
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
            depths, suffix = _DepthFacts(), f" of overview {level.number}"
            faults = self._read_level(level, suffix, depths)
            if not faults and depths.tops != level.tops.tobytes():
                faults = [f"its depths contradict the chunk_tops{suffix}"]
            self.derived += faults

    def _read_level(
        self, level: Level, suffix: str, depths: "_DepthFacts", on_pixels: OnChunk = lambda _: None
    ) -> list[str]:
        """Read both files of a level and return their faults.

        The chunks go to ``depths`` and ``on_pixels``; ``suffix`` ends the names in messages.
        """
        parts = (
            ("pixels", level.width * level.dtype.itemsize, on_pixels),
            ("depths", DEPTH_TYPE.itemsize, depths.add),
        )
        found = []
        for file_id, (what, row_bytes, on_chunk) in zip(level.file_ids, parts, strict=True):
            read = _read_file(file_id, level, row_bytes, on_chunk)
            self.crcs[file_id] = read.crcs
            found += [f"in its {what}{suffix}, {fault}" for fault in read.faults]
        if not found and not depths.ascending:
            found.append(f"its depths{suffix} are not ascending")
        return found


class _GrayFacts:
    """The histogram of stored grays."""

    def __init__(self) -> None:
        self._histogram = np.zeros(256, np.int64)

    def add(self, data: bytes) -> None:
        # As one row: a damaged chunk may not hold whole traces.
        self._histogram += histogram(np.frombuffer(data, np.uint8).reshape(1, -1))

    def fault_of(self, log: ImageLog) -> str | None:
        same = log.gray_histogram().tolist() == self._histogram.tolist()
        return None if same else "its histogram is not that of its pixels"


class _ValueFacts:
    """The statistics of stored values."""

    def __init__(self) -> None:
        self._statistics = ValueStatistics()

    def add(self, data: bytes) -> None:
        whole = data[: len(data) // 4 * 4]
        self._statistics.add(np.frombuffer(whole, "<f4").reshape(1, -1))

    def fault_of(self, log: ImageLog) -> str | None:
        actual, stored = self._statistics.summary(), log.value_summary()
        # The last digits of sums may differ between machines; counts may not.
        (*one, _), (*other, _) = astuple(actual), astuple(stored)
        same = log.nulls == actual.nulls and np.allclose(one, other, 1e-9, 0, equal_nan=True)
        if same and _near(stored.quantiles, actual.quantiles):
            return None
        return "its statistics are not those of its values"


def _near(some: Values, others: Values) -> bool:
    """Whether quantiles are the same but for the samples that they come from, which may differ
    between versions of NumPy: in both, each is right to 0.1 % of rank."""
    if len(some) != len(others) or np.isnan(others).all():
        return np.array_equal(some, others, equal_nan=True)
    places = np.arange(len(others))
    low, high = (others[np.clip(places + apart, 0, len(others) - 1)] for apart in (-PLACES, PLACES))
    return bool(((low <= some) & (some <= high)).all())


@dataclass
class _DepthFacts:
    """The facts of the catalogue about stored depths, and whether the depths ascend."""

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


def _read_file(file_id: ObjectId, level: Level, row_bytes: int, on_chunk: OnChunk) -> ReadThrough:
    expected = {"length": level.rows * row_bytes, "chunkSize": row_bytes * level.chunk_rows}
    return read_through(Bucket(level.bucket), file_id, expected, on_chunk)
