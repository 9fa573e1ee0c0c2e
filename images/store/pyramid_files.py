"""Write the GridFS files of a log: the pixels and depths of the log and of its overviews."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import NamedTuple, Self

import numpy as np
from bson import ObjectId

from images.arrays import DEPTH_TYPE, Block, Depths
from images.models import ImageLog, Overview, Statistics
from images.store import chunks, overviews
from images.store.overviews import Pyramid
from images.store.spool import TraceSpool
from images.store.value_statistics import ValueStatistics
from storage.writer import write_file

PixelChunks = Callable[[int, int], Iterable[bytes]]
KeepAlive = Callable[[], None]
# Chunks that may wait to be added to the overviews while others are written: 4 MB of pixels.
MAX_WAITING_CHUNKS = 16


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

    Raises SpoolFull, StorageUnavailable, and what ``keep_alive`` raises.
    """
    log.files().ensure_indexes()
    with _OverviewWriter(log) as overview_writer:
        pixels = overview_writer.add_all(pixel_chunks(log.rows, log.chunk_rows), depths)
        crcs = _write_pair(log, log.file_ids[:2], "", pixels, depths, keep_alive)
        return overview_writer.write(crcs, keep_alive)


def write_overviews(log: ImageLog, blocks: Iterable[Block]) -> Written:
    """Write only the overviews. ``blocks`` are the traces of the log in ascending depth.

    Raises SpoolFull, StorageUnavailable, and what ``blocks`` raises.
    """
    log.files().ensure_indexes()
    with _OverviewWriter(log) as overview_writer:
        for block in blocks:
            overview_writer.add(block)
        return overview_writer.write(log.crcs, lambda: None)


def _levels(log: ImageLog) -> range:
    return overviews.levels(log.top, log.base, log.sampling_interval)


class _OverviewWriter:
    """A context manager that makes the overviews of a log and the statistics of its values.

    Each overview is in temporary files until all traces have been added.
    """

    def __init__(self, log: ImageLog) -> None:
        self._log = log
        self._pyramid = Pyramid(log.top, log.sampling_interval or 0, _levels(log))
        self._statistics = ValueStatistics() if log.dtype != np.uint8 else None
        self._spools: dict[int, TraceSpool] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack as stack:
            for level in self._pyramid.levels:
                spool = TraceSpool(self._log.width, self._log.dtype)
                self._spools[level] = stack.enter_context(closing(spool))
            # Entered last and so left first: the thread has ended before a spool is closed.
            self._thread = stack.enter_context(ThreadPoolExecutor(1, "overviews"))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, block: Block) -> None:
        """Add the next traces of the log, in ascending depth."""
        if self._statistics:
            self._statistics.add(block.traces)
        if self._spools:
            self._spool(self._pyramid.add(block))

    def add_all(self, pixels: Iterable[bytes], depths: Depths) -> Iterator[bytes]:
        """Yield the chunks of ``pixels`` unchanged, and add their traces in another thread."""
        pending: deque[Future[None]] = deque()
        for number, chunk in enumerate(pixels):
            if len(pending) == MAX_WAITING_CHUNKS:
                pending.popleft().result()
            traces = np.frombuffer(chunk, self._log.dtype).reshape(-1, self._log.width)
            start = number * self._log.chunk_rows
            block = Block(depths[start : start + self._log.chunk_rows], traces)
            pending.append(self._thread.submit(self.add, block))
            yield chunk
        for future in pending:
            future.result()

    def write(self, crcs: list[bytes], keep_alive: KeepAlive) -> Written:
        """Write the files, after all traces have been added. ``crcs`` are those of the log."""
        self._spool(self._pyramid.finish())
        written = [self._write(level, spool, keep_alive) for level, spool in self._spools.items()]
        found = Statistics.of(self._statistics.summary()) if self._statistics else None
        return Written(written, crcs, found, found.nulls if found else 0)

    def _spool(self, completed: Iterable[tuple[int, Block]]) -> None:
        for level, block in completed:
            self._spools[level].append(*block)

    def _write(self, level: int, spool: TraceSpool, keep_alive: KeepAlive) -> Overview:
        depths = spool.sort()
        file_ids = self._log.file_ids[2 * level : 2 * level + 2]
        chunk_rows = self._log.chunk_rows
        pixels, suffix = spool.chunks(len(depths), chunk_rows), f" of overview {level}"
        crcs = _write_pair(self._log, file_ids, suffix, pixels, depths, keep_alive)
        tops = chunks.encode_tops(depths, chunk_rows)
        return Overview(
            level=level, rows=len(depths), file_ids=file_ids, chunk_tops=tops, crcs=crcs
        )


def _write_pair(
    log: ImageLog,
    file_ids: list[ObjectId],
    suffix: str,
    pixels: Iterable[bytes],
    depths: Depths,
    keep_alive: KeepAlive,
) -> list[bytes]:
    """Write a file of pixels and one of depths; return the CRC-32s of the chunks of each file.

    ``suffix`` ends the names of the files.
    """
    parts = (
        ("pixels", log.width * log.dtype.itemsize, pixels),
        ("depths", DEPTH_TYPE.itemsize, chunks.encode_depths(depths, log.chunk_rows)),
    )
    return [
        write_file(
            log.files(),
            file_id,
            f"{log.pk}/{what}{suffix}",
            row_bytes * log.chunk_rows,
            _kept_alive(data, keep_alive),
            {"log": log.pk, "what": f"{what}{suffix}"},
        )
        for file_id, (what, row_bytes, data) in zip(file_ids, parts, strict=True)
    ]


def _kept_alive(data: Iterable[bytes], keep_alive: KeepAlive) -> Iterator[bytes]:
    for chunk in data:
        keep_alive()
        yield chunk
