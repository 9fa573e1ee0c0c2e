"""Write the GridFS files of a log: the pixels and depths of the log and of its overviews."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import NamedTuple, Self

import numpy as np
from bson import ObjectId

from images.arrays import DEPTH_TYPE, Block, Depths
from images.embedded import Overview, Statistics
from images.models import ImageLog
from images.store import chunks, overviews
from images.store.overviews import Pyramid
from images.store.value_statistics import ValueStatistics
from storage.bucket import Bucket
from storage.writer import Batch, Writer

PixelChunks = Callable[[int, int], Iterable[bytes]]
KeepAlive = Callable[[], None]
# Chunks that may wait to be added to the overviews while others are written: 8 MB of pixels.
MAX_WAITING_CHUNKS = 32


def new_ids(log: ImageLog) -> list[ObjectId]:
    """Make ids for all files of the log: pixels and depths of the log, then of each overview."""
    return [ObjectId() for _ in range(2 + 2 * len(_levels(log)))]


class Written(NamedTuple):
    """The values of the fields of a log that are known once its files are written."""

    overviews: list[Overview]
    crcs: list[bytes]
    statistics: Statistics | None
    nulls: int


def write(
    batch: Batch, log: ImageLog, depths: Depths, pixel_chunks: PixelChunks, keep_alive: KeepAlive
) -> Written:
    """Write all files of ``log`` into ``batch``, which the caller sends.

    ``depths`` is (rows,) float64, ascending. ``pixel_chunks(rows, chunk_rows)`` yields the pixels
    of the traces in the same order. ``keep_alive`` is called before each chunk of them.

    Raises StorageUnavailable, and what ``keep_alive`` raises.
    """
    with _OverviewWriter(log, batch) as overview_writer:
        pixels = Writer(batch, log.file_ids[0], _chunk_bytes(log))
        for chunk in overview_writer.add_all(pixel_chunks(log.rows, log.chunk_rows), depths):
            keep_alive()
            pixels.write(chunk)
        crcs = pixels.finish(*_named(log, "pixels"))
        crcs_of_depths = _write_depths(batch, log, log.file_ids[1], depths)
        return overview_writer.finish([crcs, crcs_of_depths])


def write_overviews(log: ImageLog, blocks: Iterable[Block]) -> Written:
    """Write only the overviews. ``blocks`` are the traces of the log in ascending depth.

    Raises StorageUnavailable, and what ``blocks`` raises.
    """
    batch = new_batch(log.files())
    with _OverviewWriter(log, batch) as overview_writer:
        for block in blocks:
            overview_writer.add(block)
        written = overview_writer.finish(log.crcs)
    batch.send()
    return written


def new_batch(bucket: Bucket) -> Batch:
    """A batch for a bucket, which gets its indexes. All threads can use it from now on."""
    bucket.ensure_indexes()
    return Batch(bucket)


def _chunk_bytes(log: ImageLog) -> int:
    return log.chunk_rows * log.width * log.dtype.itemsize


def _levels(log: ImageLog) -> range:
    return overviews.levels(log.top, log.base, log.sampling_interval)


class _OverviewWriter:
    """A context manager that makes the overviews of a log and the statistics of its values.

    The overviews are written as they are made.
    """

    def __init__(self, log: ImageLog, batch: Batch) -> None:
        self._log = log
        self._pyramid = Pyramid(log.top, log.sampling_interval or 0, _levels(log))
        self._statistics = ValueStatistics() if log.dtype != np.uint8 else None
        self._files = {level: _OverviewFiles(log, batch, level) for level in self._pyramid.levels}
        self._thread = ThreadPoolExecutor(1, "overviews")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def add(self, block: Block) -> None:
        """Add the next traces of the log, in ascending depth."""
        if self._statistics:
            self._statistics.add(block.traces)
        if self._files:
            self._write(self._pyramid.add(block))

    def add_all(self, pixels: Iterable[bytes], depths: Depths) -> Iterator[bytes]:
        """Yield the chunks of ``pixels`` unchanged, and add their traces in another thread."""
        pending: deque[Future[None]] = deque()
        for number, chunk in enumerate(pixels):
            if len(pending) == MAX_WAITING_CHUNKS:
                pending.popleft().result()
            traces = np.frombuffer(chunk, self._log.dtype).reshape(-1, self._log.width)
            start = number * self._log.chunk_rows
            block = Block(depths[start : start + self._log.chunk_rows], traces)
            # The context has the time limit of the commands to MongoDB.
            pending.append(self._thread.submit(copy_context().run, self.add, block))
            yield chunk
        for future in pending:
            future.result()

    def finish(self, crcs: list[bytes]) -> Written:
        """Finish the files once all traces are added. ``crcs`` are those of the log."""
        self._write(self._pyramid.finish())
        written = [files.finish() for files in self._files.values()]
        found = Statistics.of(self._statistics.summary()) if self._statistics else None
        return Written(written, crcs, found, found.nulls if found else 0)

    def _write(self, completed: Iterable[tuple[int, Block]]) -> None:
        for level, block in completed:
            self._files[level].add(block)


class _OverviewFiles:
    """The files of one overview. Its depths, 8 bytes a trace, stay in memory until ``finish``."""

    def __init__(self, log: ImageLog, batch: Batch, level: int) -> None:
        self._log = log
        self._batch = batch
        self._level = level
        self._ids = log.file_ids[2 * level : 2 * level + 2]
        self._depths: list[Depths] = []
        self._pixels = Writer(batch, self._ids[0], _chunk_bytes(log))

    def add(self, block: Block) -> None:
        """Add the next traces, in ascending depth."""
        self._depths.append(block.depths)
        self._pixels.write(block.traces.astype(self._log.dtype, copy=False).tobytes())

    def finish(self) -> Overview:
        log, suffix = self._log, f" of overview {self._level}"
        crcs = self._pixels.finish(*_named(log, f"pixels{suffix}"))
        depths = np.concatenate(self._depths)
        return Overview(
            level=self._level,
            rows=len(depths),
            file_ids=self._ids,
            chunk_tops=chunks.encode_tops(depths, log.chunk_rows),
            crcs=[crcs, _write_depths(self._batch, log, self._ids[1], depths, suffix)],
        )


def _write_depths(
    batch: Batch, log: ImageLog, file_id: ObjectId, depths: Depths, suffix: str = ""
) -> bytes:
    """Write a file of depths; return the CRC-32s of its chunks. ``suffix`` ends its name."""
    writer = Writer(batch, file_id, DEPTH_TYPE.itemsize * log.chunk_rows)
    for chunk in chunks.encode_depths(depths, log.chunk_rows):
        writer.write(chunk)
    return writer.finish(*_named(log, f"depths{suffix}"))


def _named(log: ImageLog, what: str) -> tuple[str, dict[str, object]]:
    """The name of a file of ``log``, and its metadata."""
    return f"{log.pk}/{what}", {"log": log.pk, "what": what}
