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
from storage.writer import Writer, write_file

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
    log: ImageLog, depths: Depths, pixel_chunks: PixelChunks, keep_alive: KeepAlive
) -> Written:
    """Write all files of ``log``.

    ``depths`` is (rows,) float64, ascending. ``pixel_chunks(rows, chunk_rows)`` yields the pixels
    of the traces in the same order. ``keep_alive`` is called before each chunk.

    Raises StorageUnavailable, and what ``keep_alive`` raises.
    """
    with _OverviewWriter(log, bucket := _prepared(log)) as overview_writer:
        pixels = overview_writer.add_all(pixel_chunks(log.rows, log.chunk_rows), depths)
        filename, metadata = _named(log, "pixels")
        data = _kept_alive(pixels, keep_alive)
        pixel_id, depth_id = log.file_ids[:2]
        crcs = write_file(bucket, pixel_id, filename, _chunk_bytes(log), data, metadata)
        crcs_of_depths = _write_depths(log, bucket, depth_id, "", depths, keep_alive)
        return overview_writer.finish([crcs, crcs_of_depths], keep_alive)


def write_overviews(log: ImageLog, blocks: Iterable[Block]) -> Written:
    """Write only the overviews. ``blocks`` are the traces of the log in ascending depth.

    Raises StorageUnavailable, and what ``blocks`` raises.
    """
    with _OverviewWriter(log, _prepared(log)) as overview_writer:
        for block in blocks:
            overview_writer.add(block)
        return overview_writer.finish(log.crcs, lambda: None)


def _prepared(log: ImageLog) -> Bucket:
    """The bucket of ``log`` with its indexes. It can be used in all threads from now on."""
    bucket = log.files()
    bucket.ensure_indexes()
    return bucket


def _chunk_bytes(log: ImageLog) -> int:
    return log.chunk_rows * log.width * log.dtype.itemsize


def _levels(log: ImageLog) -> range:
    return overviews.levels(log.top, log.base, log.sampling_interval)


class _OverviewWriter:
    """A context manager that makes the overviews of a log and the statistics of its values.

    The overviews are written as they are made.
    """

    def __init__(self, log: ImageLog, bucket: Bucket) -> None:
        self._log = log
        self._pyramid = Pyramid(log.top, log.sampling_interval or 0, _levels(log))
        self._statistics = ValueStatistics() if log.dtype != np.uint8 else None
        self._files = {level: _OverviewFiles(log, bucket, level) for level in self._pyramid.levels}
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

    def finish(self, crcs: list[bytes], keep_alive: KeepAlive) -> Written:
        """Make the files visible once all traces are added. ``crcs`` are those of the log."""
        self._write(self._pyramid.finish())
        written = [files.finish(keep_alive) for files in self._files.values()]
        found = Statistics.of(self._statistics.summary()) if self._statistics else None
        return Written(written, crcs, found, found.nulls if found else 0)

    def _write(self, completed: Iterable[tuple[int, Block]]) -> None:
        for level, block in completed:
            self._files[level].add(block)


class _OverviewFiles:
    """The files of one overview. Its depths, 8 bytes a trace, stay in memory until ``finish``."""

    def __init__(self, log: ImageLog, bucket: Bucket, level: int) -> None:
        self._log = log
        self._bucket = bucket
        self._level = level
        self._ids = log.file_ids[2 * level : 2 * level + 2]
        self._depths: list[Depths] = []
        self._pixels = Writer(bucket, self._ids[0], _chunk_bytes(log))

    def add(self, block: Block) -> None:
        """Add the next traces, in ascending depth."""
        self._depths.append(block.depths)
        self._pixels.write(block.traces.astype(self._log.dtype, copy=False).tobytes())

    def finish(self, keep_alive: KeepAlive) -> Overview:
        """Send the rest, and make the files visible."""
        keep_alive()
        log, suffix = self._log, f" of overview {self._level}"
        crcs = self._pixels.finish(*_named(log, f"pixels{suffix}"))
        depths = np.concatenate(self._depths)
        crcs_of_depths = _write_depths(log, self._bucket, self._ids[1], suffix, depths, keep_alive)
        return Overview(
            level=self._level,
            rows=len(depths),
            file_ids=self._ids,
            chunk_tops=chunks.encode_tops(depths, log.chunk_rows),
            crcs=[crcs, crcs_of_depths],
        )


def _write_depths(
    log: ImageLog,
    bucket: Bucket,
    file_id: ObjectId,
    suffix: str,
    depths: Depths,
    keep_alive: KeepAlive,
) -> bytes:
    """Write a file of depths; return the CRC-32s of its chunks. ``suffix`` ends its name."""
    filename, metadata = _named(log, f"depths{suffix}")
    data = _kept_alive(chunks.encode_depths(depths, log.chunk_rows), keep_alive)
    chunk_size = DEPTH_TYPE.itemsize * log.chunk_rows
    return write_file(bucket, file_id, filename, chunk_size, data, metadata)


def _named(log: ImageLog, what: str) -> tuple[str, dict[str, object]]:
    """The name of a file of ``log``, and its metadata."""
    return f"{log.pk}/{what}", {"log": log.pk, "what": what}


def _kept_alive(data: Iterable[bytes], keep_alive: KeepAlive) -> Iterator[bytes]:
    for chunk in data:
        keep_alive()
        yield chunk
